import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Keys } from './keys.ts';
import { type Identity, isProven, requestHeaders, type SignedResponse } from './signature.ts';

/** An answer whose signature was checked. */
export interface Exchanged {
  readonly status: number;
  readonly body: unknown;
}

export interface Question {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Below the base address: "/orders/…". */
  readonly path: string;
  readonly content?: object;
}

export interface Exchange {
  /** Loads what speaks HTTP. */
  prepare(): void;
  /**
   * One question, signed. Fault `timeout` after `deadlineMs`, `linkDown` when nobody answered
   * whole, `protocol` when the answer is not the host's or says that the host is in trouble.
   */
  ask(question: Question, deadlineMs: number): Promise<Exchanged | Fault>;
  close(): void;
}

export interface ExchangeOptions {
  readonly identity: Identity;
  /** https://wallet.shop.example/v1 */
  readonly baseUrl: string;
  readonly keys: Keys;
  readonly wallMs: () => number;
  /** PEM file of the authority behind the host's certificate, if it is none of the public ones. */
  readonly authorityPath?: string;
}

const LONGEST_ANSWER = 64 * 1024;

export const createExchange = (options: ExchangeOptions): Exchange => {
  const { identity, keys, wallMs } = options;
  const line = createLine(options);
  return {
    prepare: () => void line.open(),
    ask: async ({ method, path, content }, deadlineMs) => {
      const url = new URL(`${options.baseUrl.replace(/\/$/, '')}${path}`);
      const body = content === undefined ? '' : JSON.stringify(content);
      const nonce = randomBytes(16).toString('base64url');
      const timestamp = String(wallMs());
      const signed = { method, target: url.pathname, body, timestamp, nonce };
      const headers = requestHeaders(signed, identity, keys.privateKey);
      const response = await line.send(url, method, headers, body, deadlineMs);
      if (isFault(response)) return response;
      if (!isProven(response, nonce, keys.hostPublicKey)) {
        return fault('protocol', "the signature of the wallet host's answer is wrong");
      }
      return parsed(response);
    },
    close: () => line.close(),
  };
};

const parsed = ({ status, body }: SignedResponse): Exchanged | Fault => {
  try {
    return { status, body: JSON.parse(body) as unknown };
  } catch {
    return fault('protocol', "the wallet host's answer is no JSON");
  }
};

// HTTP without a library, and without what Node itself loads for fetch: one connection that stays.
const createLine = ({ baseUrl, authorityPath }: ExchangeOptions) => {
  const secure = baseUrl.startsWith('https:');
  const load = async () => {
    const { request, Agent } = secure ? await import('node:https') : await import('node:http');
    const ca = authorityPath === undefined ? {} : { ca: readFileSync(authorityPath) };
    // A connection that nobody used for so long may be dead without our knowing.
    const agent = new Agent({ keepAlive: true, maxSockets: 4, timeout: 4_000, ...ca });
    return { request, agent };
  };
  let opening: ReturnType<typeof load> | undefined;
  const open = () => {
    opening ??= load();
    return opening;
  };
  return {
    open,
    send: async (
      url: URL,
      method: string,
      headers: Readonly<Record<string, string>>,
      body: string,
      deadlineMs: number,
    ): Promise<SignedResponse | Fault> => {
      const { request, agent } = await open();
      return await new Promise((resolve) => {
        const type = body === '' ? {} : { 'content-type': 'application/json' };
        const length = { 'content-length': Buffer.byteLength(body) };
        const sent = request(url, { method, agent, headers: { ...headers, ...type, ...length } });
        const finish = (result: SignedResponse | Fault): void => {
          clearTimeout(patience);
          resolve(result);
          if (isFault(result)) sent.destroy();
        };
        const late = fault('timeout', `the wallet host did not answer within ${deadlineMs} ms`);
        const patience = setTimeout(() => finish(late), deadlineMs);
        sent.on('error', (error: NodeJS.ErrnoException) => finish(lost(error.code ?? error.name)));
        sent.on('response', (response) => collect(response, finish));
        sent.end(body);
      });
    },
    close: () => void opening?.then(({ agent }) => agent.destroy()),
  };
};

const collect = (
  response: IncomingMessage,
  finish: (result: SignedResponse | Fault) => void,
): void => {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_ANSWER) finish(fault('protocol', "the wallet host's answer has no end"));
  });
  response.on('error', (error: NodeJS.ErrnoException) => finish(lost(error.code ?? error.name)));
  response.on('end', () => {
    const { statusCode: status = 0, headers } = response;
    const body = Buffer.concat(chunks).toString('utf8');
    // Whoever stands in front of the host signs nothing: what it says is no answer.
    if (status >= 500)
      finish(fault('protocol', `the wallet host answers with HTTP status ${status}`));
    else finish({ status, headers, body });
  });
};

const lost = (reason: string): Fault =>
  fault('linkDown', `the wallet host can't be reached (${reason})`);
