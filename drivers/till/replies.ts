import { type ServerResponse, STATUS_CODES } from 'node:http';

/** An HTTP error: one short sentence as JSON. */
export const refuse = (
  response: ServerResponse,
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const body = JSON.stringify({ error });
  response.writeHead(status, { ...headersOf(body), ...headers });
  response.end(body);
};

/** The same as the last bytes of a connection. */
export const refusalText = (
  status: number,
  error: string,
  headers: Readonly<Record<string, string>>,
): string => {
  const body = JSON.stringify({ error });
  const all = { ...headersOf(body), ...headers, connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
};

const headersOf = (body: string) => ({
  ...ALWAYS,
  ...JSON_TYPE,
  'content-length': `${Buffer.byteLength(body)}`,
});

/** An answer of the desk; nothing where nexo has none. */
export const answer = (response: ServerResponse, body: Uint8Array | undefined): void => {
  const type = body === undefined ? {} : JSON_TYPE;
  response.writeHead(200, { ...ALWAYS, ...type, 'content-length': body?.length ?? 0 });
  // Who doesn't take it is not waited for; the till may ask for it again.
  response.setTimeout(READ_WITHIN_MS, () => response.destroy());
  response.end(body);
};

/** A page has to be told not to guess, and nothing here is for a cache. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;
const READ_WITHIN_MS = 30_000;
