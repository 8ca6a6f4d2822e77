import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request that wants another protocol, such as WebSocket, on its connection. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What is served: requests, and connections that go on as something else. */
export type HttpsApp =
  | RequestListener
  | { readonly request: RequestListener; readonly upgrade: Upgrade };
