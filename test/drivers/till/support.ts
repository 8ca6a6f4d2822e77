import { request } from 'node:https';
import { WebSocket } from 'ws';
import type { HttpsOptions } from '#drivers/http/index.ts';
import { createTillLine, type TillLineOptions } from '#drivers/till/index.ts';
import { certificateIn, newFolder, openListener, tlsTo } from '../http/support.ts';
import { fakeDesk } from './fake-desk.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the client shows of itself, as PEM. */
  readonly certificate?: { readonly certificate: string; readonly key: string } | undefined;
}

/** A line for tills with a desk that echoes, over real TLS. */
export const openLine = async (
  listening: Partial<HttpsOptions> = {},
  options: Partial<TillLineOptions> = {},
  folder = newFolder(),
) => {
  const desk = fakeDesk();
  let line: ReturnType<typeof createTillLine> | undefined;
  const opened = await openListener(folder, {
    name: 'line for tills',
    longestAnswerMs: 0,
    ...listening,
    app: async () => {
      line = createTillLine({ desk, log: logTo(opened.lines), wallMs: Date.now, ...options });
      return line;
    },
  });
  const { port, listener } = opened;
  const ca = certificateIn(folder);
  return {
    ...opened,
    ...{ desk, folder, ca },
    tls: (localAddress = '127.0.0.1') => tlsTo({ port, certificate: ca, localAddress }),
    ask: (body: string | Uint8Array, asked: Asked = {}) => ask(port, ca, body, asked),
    events: (query = '', headers = {}) =>
      new WebSocket(`wss://127.0.0.1:${port}/nexo/events${query}`, { ca, headers }),
    close: async () => {
      line?.close();
      await listener.close();
    },
  };
};

type Lines = Awaited<ReturnType<typeof openListener>>['lines'];

const logTo = (lines: Lines) => {
  const at = (level: string) => (fields: object, message: string) => {
    (lines as { level: string; message: string }[]).push({
      ...{ level, message: `${message} ${JSON.stringify(fields)}` },
    });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

/** One request on a connection of its own. */
const ask = (port: number, ca: string, body: string | Uint8Array, asked: Asked): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method = 'POST', path = '/nexo/', headers = {}, certificate } = asked;
    const client = certificate && { cert: certificate.certificate, key: certificate.key };
    const sent = request(
      { host: '127.0.0.1', port, ca, method, path, headers, agent: false, ...client },
      (response) => {
        let text = '';
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () => {
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, body: text, headers: got });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
