import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { createPosts } from './posts.ts';
import { createTerminals } from './terminals.ts';
import { createTillSide } from './tills.ts';

export interface SimulatedRelayOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** The bearer token of each terminal, by the name that tills call it by. */
  readonly terminals: Readonly<Record<string, string>>;
  /** What tills show in X-API-Key. */
  readonly tillKey: string;
  readonly deliverWithinMs?: number;
  readonly answerWithinMs?: number;
}

export interface SimulatedRelay {
  readonly port: number;
  /** Terminals that are connected just now. */
  connected(): readonly string[];
  /** Cuts every terminal's connection. */
  drop(): void;
  /** Leaves connections as they are and says nothing on them any more, not even pong. */
  mute(): void;
  /** Whether answers are acknowledged; they are, at first. */
  acknowledge(yes: boolean): void;
  close(): Promise<void>;
}

/** Where tills in the cloud and terminals behind a shop's router meet. docs/till-relay.md */
export const openSimulatedRelay = async (
  options: SimulatedRelayOptions,
): Promise<SimulatedRelay> => {
  const { deliverWithinMs = 10_000, answerWithinMs = 180_000, tillKey } = options;
  const posts = createPosts({ deliverWithinMs, answerWithinMs });
  const terminals = createTerminals(posts, (saleId, text) => tills.tell(saleId, text));
  const tills = createTillSide({
    ...{ posts, tillKey, deliver: terminals.deliver },
    knows: (poiId) => Object.hasOwn(options.terminals, poiId),
  });
  const { certificate: cert, key } = options;
  const server = createServer({ cert, key }, (request, response) => {
    void tills.listener(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  server.on('upgrade', (request, socket, head) => {
    const poiId = whose(options.terminals, request.headers.authorization);
    if (request.url !== '/terminals' || poiId === undefined) {
      return void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    }
    sockets.handleUpgrade(request, socket, head, (one) => terminals.welcome(one, poiId));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    connected: terminals.names,
    drop: terminals.drop,
    mute: terminals.mute,
    acknowledge: terminals.acknowledge,
    close: () => {
      posts.close();
      for (const one of sockets.clients) one.terminate();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
};

const whose = (
  terminals: SimulatedRelayOptions['terminals'],
  authorization: string | undefined,
): string | undefined =>
  Object.entries(terminals).find(([, token]) => authorization === `Bearer ${token}`)?.[0];
