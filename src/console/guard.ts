import { isSameSecret } from '#crypto/secrets.ts';

/** What the rules look at: a request's head. */
export interface Head {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export const TOKEN_HEADER = 'x-countertap-token';

/** Why a request is turned away before anybody asks who sent it. */
export interface Turned {
  readonly status: number;
  readonly error: string;
}

/**
 * DNS rebinding: a foreign site points its own name at our address, and its pages would then read
 * ours as "same origin". The Host header still carries the foreign name; an address can't be
 * rebound.
 * @param names in small letters
 */
export const wrongHost = ({ headers }: Head, names: readonly string[]): Turned | undefined => {
  const name = nameIn(text(headers['host']));
  if (name !== undefined && (isAddress(name) || names.includes(name))) return undefined;
  return { status: 421, error: 'The console is not served under that host name.' };
};

/** A page of another site that asks for ours, by what browsers say of it. */
export const foreign = ({ method, headers }: Head): Turned | undefined => {
  const site = text(headers['sec-fetch-site']);
  const origin = text(headers['origin']);
  const changes = method !== 'GET' && method !== 'HEAD';
  // "none": the person typed the address.
  const sites: readonly string[] = changes ? ['same-origin'] : ['same-origin', 'none'];
  const ours =
    (site === undefined || sites.includes(site)) &&
    (origin === undefined || origin === `https://${text(headers['host'])}`) &&
    !(changes && site === undefined && origin === undefined);
  return ours ? undefined : { status: 403, error: 'The console is not for pages of other sites.' };
};

/** A request that changes something must show what only our own page was told. */
export const forged = ({ headers }: Head, token: string): Turned | undefined => {
  const shown = text(headers[TOKEN_HEADER]);
  if (shown !== undefined && isSameSecret(shown, token)) return undefined;
  return { status: 403, error: 'This request does not come from the console page. Load it again.' };
};

/** What is sent must say that it is JSON: forms of other sites can't. */
export const notJson = ({ headers }: Head): Turned | undefined => {
  const type = text(headers['content-type']);
  const length = text(headers['content-length']);
  const empty = (length === undefined || length === '0') && !headers['transfer-encoding'];
  if (type === undefined && empty) return undefined;
  if (/^application\/json\s*(;|$)/i.test(type ?? '')) return undefined;
  return { status: 415, error: 'Only application/json is understood here.' };
};

const text = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/** The name or address in a Host header, without port and brackets, in small letters. */
const nameIn = (header: string | undefined): string | undefined => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase();
};

// Only addresses have colons, and a name's last part is never a number (RFC 3696).
const isAddress = (name: string): boolean =>
  name.includes(':') || /^(?:\d{1,3}\.){3}\d{1,3}$/.test(name);
