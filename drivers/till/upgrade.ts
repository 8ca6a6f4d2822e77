import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request that wants to go on as a WebSocket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
