import type { ErrorView } from '../api.ts';
import { T } from './texts.ts';

/** Why nothing came of a request, ready to be shown. */
export interface Refusal {
  readonly refused: true;
  /** 0: no answer came at all. */
  readonly status: number;
  readonly error: string;
  readonly field?: string;
  readonly retryAfterMs?: number;
}

export type Answer<T> = T | Refusal;

export const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === 'object' && answer !== null && 'refused' in answer;

export type Method = 'POST' | 'PUT' | 'DELETE';

export interface Client {
  /** @param path below /api/, such as "payments?search=12" */
  get<T>(path: string): Promise<Answer<T>>;
  /** An answer without content is `undefined`. */
  send<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>>;
}

interface ClientOptions {
  /** Proves that a request comes from this page; absent before signing in. */
  readonly token?: string;
  /** The session ended: nothing more will be answered. */
  readonly onSignedOut?: () => void;
}

const READ_WITHIN_MS = 15_000;
/** A refund or a void waits for the host, which may take its time. */
const ACT_WITHIN_MS = 120_000;

export const openClient = ({ token, onSignedOut }: ClientOptions = {}): Client => {
  const ask = async <T>(path: string, request: RequestInit): Promise<Answer<T>> => {
    const response = await fetch(`api/${path}`, { cache: 'no-store', ...request }).catch(noAnswer);
    if (response === undefined) return { refused: true, status: 0, error: T.trouble.noAnswer };
    const body = response.status === 204 ? undefined : await bodyOf(response);
    if (response.ok) return body as T;
    const refusal = refusalOf(response.status, body);
    // With a field it is about what was typed, such as the present PIN, and the session goes on.
    if (refusal.status === 401 && refusal.field === undefined) onSignedOut?.();
    return refusal;
  };
  return {
    get: (path) => ask(path, { signal: AbortSignal.timeout(READ_WITHIN_MS) }),
    send: (method, path, body) =>
      ask(path, {
        method,
        headers: {
          ...(token === undefined ? {} : { 'x-countertap-token': token }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ACT_WITHIN_MS),
      }),
  };
};

const noAnswer = (): undefined => undefined;

const bodyOf = (response: Response): Promise<unknown> => response.json().catch(noAnswer);

const refusalOf = (status: number, body: unknown): Refusal => {
  const { error, field, retryAfterMs } = (body ?? {}) as Partial<ErrorView>;
  return {
    refused: true,
    status,
    error: error ?? T.trouble.withoutWords.replace('{status}', `${status}`),
    ...(field === undefined ? {} : { field }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
};
