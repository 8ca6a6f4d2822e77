import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '#ports/log.ts';
import { createFaultPlan, type FaultPlan, type FaultTarget, type Twist } from './faults.ts';

export interface WebRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface WebReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request understood: what it asks for, what books it, and how the answer is told. */
export interface Understood {
  readonly on: FaultTarget;
  readonly book: () => Promise<(twist?: Twist) => WebReply>;
}

export interface WebHostOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly log: Log;
  readonly understand: (request: WebRequest) => Understood;
  /** What the fault `restart` does. */
  readonly restart: () => void;
}

/** An HTTP server on the loopback that can go away, come back, and go wrong on command. */
export interface WebHost {
  readonly port: number;
  readonly plan: FaultPlan;
  /** Set by people. */
  readonly mood: { slowMs: number; lateMs: number };
  present(): Promise<void>;
  absent(): Promise<void>;
  listening(): boolean;
}

export const openWebHost = async (options: WebHostOptions): Promise<WebHost> => {
  const plan = createFaultPlan();
  const mood = { slowMs: 0, lateMs: 20_000 };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    serve(request, response, { ...options, plan, mood }).catch((error: unknown) => {
      options.log.error({ detail: String(error) }, 'a request was not answered');
      response.destroy();
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  let { port } = options;
  const present = async (): Promise<void> => {
    if (server.listening) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await present();
  return {
    port,
    plan,
    mood,
    present,
    absent: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    listening: () => server.listening,
  };
};

type Serving = WebHostOptions & Pick<WebHost, 'plan' | 'mood'>;

const LONGEST_BODY = 64 * 1024;

const serve = async (
  incoming: IncomingMessage,
  response: ServerResponse,
  { understand, plan, mood, restart }: Serving,
): Promise<void> => {
  if (Number(incoming.headers['content-length'] ?? 0) > LONGEST_BODY) {
    response.destroy();
    return;
  }
  const body = (await buffer(incoming)).toString('utf8');
  const headers = incoming.headers as WebRequest['headers'];
  const { method = '', url: target = '' } = incoming;
  const { on, book } = understand({ method, target, headers, body });
  const fault = plan.take(on);
  const tell = fault?.booked === 0 ? undefined : await book();
  if (fault?.booked === 2) await book();
  const heldMs = mood.slowMs + (fault?.delivery === 'late' ? mood.lateMs : 0);
  if (heldMs > 0) await pause(heldMs, undefined, { ref: false });
  switch (fault?.delivery) {
    case 'never':
      return;
    case 'restart':
      restart();
      response.destroy();
      return;
    case 'hang up':
      response.destroy();
      return;
    case 'error':
      send(response, { status: 500, headers: {}, body: 'internal error' });
      return;
    case 'garbage':
      send(response, { status: 200, headers: { 'content-type': 'text/html' }, body: PROXY_PAGE });
      return;
    default:
  }
  const reply = tell?.(fault?.twist);
  if (reply === undefined) response.destroy();
  else if (fault?.delivery === 'half') sendHalf(response, reply);
  else send(response, reply);
};

const PROXY_PAGE = '<html><body>Please sign in to this network.</body></html>';

const send = (response: ServerResponse, { status, headers, body }: WebReply): void => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

const sendHalf = (response: ServerResponse, { status, headers, body }: WebReply): void => {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
};
