import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json<T>(): T;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; bytes and texts as they are. */
  readonly body?: unknown;
  readonly cookie?: string | undefined;
  readonly token?: string | undefined;
  /** Which address of this machine it comes from. */
  readonly from?: string;
}

export interface HttpsClient {
  /** One request, its path sent exactly as given. A change bears the page's own origin. */
  ask(method: string, path: string, asking?: Asking): Promise<Answer>;
  /** The answer's head; its body is the caller's to read. */
  open(method: string, path: string, asking?: Asking): Promise<IncomingMessage>;
  close(): void;
}

/** Trusts the console's own certificate and nothing else. */
export const httpsClient = (url: string, certificate: string): HttpsClient => {
  const { hostname, port, host } = new URL(url);
  const agents = new Map<string, Agent>();
  const agentOf = (from: string): Agent => {
    const agent = agents.get(from) ?? new Agent({ keepAlive: true, maxSockets: 8 });
    agents.set(from, agent);
    return agent;
  };
  const open: HttpsClient['open'] = (method, path, asking = {}) =>
    new Promise((resolve, reject) => {
      const { body, cookie, token, from = '127.0.0.1' } = asking;
      const content = contentOf(body);
      const headers: Record<string, string> = {
        ...(method === 'GET' ? {} : { origin: `https://${host}` }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...(content === undefined ? {} : { 'content-length': `${content.length}` }),
        ...(cookie === undefined ? {} : { cookie: `${COOKIE}=${cookie}` }),
        ...(token === undefined ? {} : { 'x-countertap-token': token }),
        ...asking.headers,
      };
      for (const [name, value] of Object.entries(headers)) if (value === '') delete headers[name];
      const options: RequestOptions = {
        method,
        path,
        hostname,
        port,
        headers,
        ca: certificate,
        // Whatever the Host header says: it is the certificate that is looked at.
        servername: 'localhost',
      };
      const agent = agentOf(from);
      const sent = httpsRequest({ ...options, agent, localAddress: from }, resolve);
      sent.once('error', reject);
      sent.end(content);
    });
  return {
    open,
    ask: async (method, path, asking) => {
      const response = await open(method, path, asking);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const { statusCode: status = 0, headers } = response;
      return { status, headers, text, json: () => JSON.parse(text) };
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
};

export const COOKIE = '__Host-countertap';

/** The session's id in an answer; empty when it takes one away, undefined when it sets none. */
export const cookieIn = ({ headers }: Answer): string | undefined =>
  headers['set-cookie']
    ?.map((one) => new RegExp(`^${COOKIE}=([^;]*)`).exec(one)?.[1])
    .find((one) => one !== undefined);

const contentOf = (body: unknown): Buffer | undefined => {
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
};
