import type { IncomingMessage } from 'node:http';
import type { Subscription } from 'rxjs';
import type { WebSocket, WebSocketServer } from 'ws';
import { callerName, isForeign, targetOf } from './caller.ts';
import type { TillLimits, TillLineOptions } from './options.ts';
import { EVENTS } from './requests.ts';
import { sparingWarnings } from './sparing.ts';
import type { Upgrade } from './upgrade.ts';

/** What tills are told unasked, over a WebSocket each. */
export const createEvents = ({ desk, log, wallMs }: TillLineOptions, limits: TillLimits) => {
  const warn = sparingWarnings(log, wallMs);
  const listeners = new Map<WebSocket, Listener>();
  let loading: Promise<WebSocketServer> | undefined;
  let notified: Subscription | undefined;
  let pulse: NodeJS.Timeout | undefined;
  const listen = (socket: WebSocket, saleId: string | undefined) => {
    const listener: Listener = { saleId, alive: true };
    listeners.set(socket, listener);
    notified ??= desk.notifications$.subscribe((told) => {
      for (const [one, { saleId }] of listeners) {
        if (told.saleId === undefined || told.saleId === saleId) send(one, told.message);
      }
    });
    pulse ??= setInterval(() => check(listeners), limits.pingMs).unref();
    socket.on('pong', () => {
      listener.alive = true;
    });
    // Messages are posted: each has an answer then, which its till can't mistake.
    socket.on('message', () => socket.close(1003, 'POST messages to /nexo/'));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => listeners.delete(socket));
  };
  const upgrade: Upgrade = (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refused = whyNot(request, listeners.size >= limits.listeners);
    if (refused !== undefined) {
      warn({ from: callerName(request), refused }, 'a WebSocket for events is refused');
      return void socket.end(`HTTP/1.1 ${refused}\r\n${NOTHING_MORE}`, () => socket.destroy());
    }
    loading ??= load();
    void loading.then((server) => {
      if (socket.destroyed) return;
      const saleId = new URLSearchParams(targetOf(request).query).get('saleId') ?? undefined;
      server.handleUpgrade(request, socket as never, head, (one) => listen(one, saleId));
    });
  };
  return {
    upgrade,
    close: () => {
      clearInterval(pulse);
      notified?.unsubscribe();
      for (const socket of listeners.keys()) socket.terminate();
    },
  };
};

interface Listener {
  readonly saleId: string | undefined;
  alive: boolean;
}

const load = async (): Promise<WebSocketServer> => {
  const { WebSocketServer } = await import('ws');
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // Nobody has anything to say here.
    maxPayload: 4096,
  });
};

const whyNot = (request: IncomingMessage, full: boolean): string | undefined => {
  if (targetOf(request).path !== EVENTS) return '404 Not Found';
  if (isForeign(request)) return '403 Forbidden';
  return full ? '503 Service Unavailable' : undefined;
};

const NOTHING_MORE = 'Connection: close\r\nContent-Length: 0\r\n\r\n';

/** Who leaves so much unread has gone away without saying so. */
const MOST_UNREAD = 1024 * 1024;

const send = (socket: WebSocket, message: Uint8Array): void => {
  if (socket.bufferedAmount > MOST_UNREAD) socket.terminate();
  else socket.send(message, { binary: false });
};

const check = (listeners: ReadonlyMap<WebSocket, Listener>): void => {
  for (const [socket, listener] of listeners) {
    if (!listener.alive) {
      socket.terminate();
      continue;
    }
    listener.alive = false;
    socket.ping();
  }
};
