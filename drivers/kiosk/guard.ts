import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is turned away: an HTTP status and one sentence for whoever reads it. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sent with every answer. The page holds no inline script, and nothing may frame it. */
export const GUARD_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Decides whether a request may be answered at all; undefined when it may. */
export function refusalOf(
  request: IncomingMessage,
  host: string,
  methods: readonly string[],
): Refusal | undefined {
  if (!methods.includes(request.method ?? '')) {
    const sentence = `Only ${methods.join(' and ')}.`;
    return { status: 405, sentence, headers: { Allow: methods.join(', ') } };
  }
  if (!isOurName(nameIn(request.headers.host), host)) {
    return { status: 421, sentence: 'This display is not served under that host name.' };
  }
  // Browsers say where a request comes from: a page of another site is no display of ours.
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  if (site === 'cross-site' || site === 'same-site' || !isOwnOrigin(origin, request)) {
    return { status: 403, sentence: 'This display is not for pages of other sites.' };
  }
  return undefined;
}

// A browser that says no more than an origin: that of the very page it was given by us. One that
// says nothing is no browser with somebody else's page in it, or only reads.
const isOwnOrigin = (origin: string | undefined, { headers }: IncomingMessage): boolean =>
  origin === undefined || origin.toLowerCase() === `http://${headers.host}`.toLowerCase();

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);
const EVERY_INTERFACE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

// DNS rebinding: a foreign site points its own name at our address, and its pages would then read
// the shopper's amounts as "same origin". The Host header still carries the foreign name. An
// address can't be rebound, so any address will do where we listen on every interface.
function isOurName(name: string | undefined, host: string): boolean {
  if (name === undefined) return false;
  if (LOOPBACK.has(name) || name === host.toLowerCase()) return true;
  return EVERY_INTERFACE.has(host) && isIP(name) !== 0;
}

/** The name or address in a Host header, without port and brackets, in small letters. */
function nameIn(header: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
