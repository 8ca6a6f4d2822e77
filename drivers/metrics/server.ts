import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Exposition } from './exposition.ts';
import type { Family } from './families.ts';

export interface MetricsOptions {
  /** TCP port on the loopback interface; 0 takes any free one (tests). */
  readonly port: number;
  readonly log: Log;
  /** Asked at each scrape. */
  readonly families: () => Promise<readonly Family[]>;
}

export interface Metrics {
  /** Such as "http://127.0.0.1:9464/metrics". */
  readonly url: string;
  close(): Promise<void>;
}

// An import of node:http would bring Node's WebSocket client along, with 6 MB that stay.
const { createServer } = process.getBuiltinModule('node:http');

/**
 * Serves `GET /metrics` on 127.0.0.1 and nowhere else. prom-client is loaded by the first scrape.
 * A Fault `serviceDown` when the port can't be listened on.
 */
export const openMetrics = (options: MetricsOptions): Promise<Metrics | Fault> => {
  const { port, log } = options;
  const answer = answerer(options);
  const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000 }, (request, reply) => {
    answer(request, reply).catch((error: unknown) => {
      log.warn({ why: String(error) }, 'a scrape of the metrics failed');
      reply.destroy();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((resolve) => {
    server.once('error', (error) =>
      resolve(fault('serviceDown', `metrics can't be served at port ${port}: ${error.message}`)),
    );
    server.listen({ host: '127.0.0.1', port }, () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
      log.info({ url }, 'metrics are served');
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ url, close });
    });
  });
};

const MOST_CONNECTIONS = 8;
const OWN_NAME = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/;

const answerer = ({ families }: MetricsOptions) => {
  let loaded: Exposition | undefined;
  return async (
    { method, url, headers }: IncomingMessage,
    reply: ServerResponse,
  ): Promise<void> => {
    // A page in this machine's browser that calls itself by another name and leads here.
    if (!OWN_NAME.test(headers.host ?? '')) return end(reply, 403, 'Ask for 127.0.0.1.\n');
    if (url !== '/metrics') return end(reply, 404, 'Metrics are at /metrics.\n');
    if (method !== 'GET' && method !== 'HEAD') return end(reply, 405, 'GET is what is answered.\n');
    loaded ??= (await import('./exposition.ts')).createExposition();
    const text = await loaded.text(await families());
    reply.writeHead(200, { 'content-type': loaded.contentType, 'cache-control': 'no-store' });
    reply.end(method === 'HEAD' ? undefined : text);
  };
};

const end = (reply: ServerResponse, status: number, text: string): void => {
  reply.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', allow: 'GET, HEAD' });
  reply.end(text);
};
