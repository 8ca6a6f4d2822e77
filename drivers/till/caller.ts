import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** A till's name for the log: of its certificate where it needs one, else its address. */
export const callerName = ({ socket }: IncomingMessage): string => {
  const name =
    'getPeerCertificate' in socket
      ? (socket as TLSSocket).getPeerCertificate().subject?.CN
      : undefined;
  // Several common names come as a list.
  const text = (Array.isArray(name) ? name[0] : name) ?? socket.remoteAddress ?? 'unknown';
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 64);
};

/**
 * A page of another site that sends us something from a till's own browser: what browsers say of
 * it, and tills don't. Where messages are plain, nothing else would keep it from paying.
 */
export const isForeign = ({ headers }: IncomingMessage): boolean => {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin !== undefined) return origin !== `https://${host}`;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
};

/** The path without its query, and the query. */
export const targetOf = ({ url = '/' }: IncomingMessage): { path: string; query: string } => {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
};
