import * as v from 'valibot';
import { flag, port, text } from './pieces.ts';

const WSS = 'a wss address, or a ws address of this machine';

// What a relay is sent is a till's message, and a token: nobody in between may read them.
const isSafe = (address: string): boolean => {
  try {
    const { protocol, hostname, username, password } = new URL(address);
    const own = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
    const secure = protocol === 'wss:' || (protocol === 'ws:' && own);
    return secure && username === '' && password === '';
  } catch {
    return false;
  }
};

const COMMON_NAME = 'a name such as "V400m-123456789.test.terminal.adyen.com"';
const POI_ID = 'letters, digits and hyphens, such as "V400m-123456789"';

const pair = {
  /** PEM files; relative paths start at the configuration's folder. */
  certificate: text(4096, 'the path of a certificate'),
  privateKey: text(4096, 'the path of its private key'),
};

/** The terminal connects out to it, for tills that can't reach the terminal itself. */
const relay = v.pipe(
  v.strictObject({
    address: v.pipe(text(2048, WSS), v.check(isSafe, WSS)),
    /** A file with the bearer token, read at each connection. */
    tokenFile: v.optional(text(4096, 'the path of a file with a token')),
    /** What is shown instead of a token, or beside it. */
    certificate: v.optional(v.strictObject(pair)),
    /** The one authority that the relay's certificate may come from; the system's unless stated. */
    certificationAuthority: v.optional(text(4096, 'a path')),
  }),
  v.check(
    ({ tokenFile, certificate }) => tokenFile !== undefined || certificate !== undefined,
    'a tokenFile, a certificate or both',
  ),
);

/**
 * How tills reach the terminal: on this machine alone, and encrypted, unless stated. Relative paths
 * start at the configuration's folder.
 */
export const tillSection = v.strictObject({
  host: v.optional(text(253, 'an address to listen on'), '127.0.0.1'),
  port: v.optional(port, 8443),
  /** POIID, by which tills name this terminal; made of the terminal identification if absent. */
  poiId: v.optional(v.pipe(v.string(POI_ID), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, POI_ID))),
  /** Whether messages are taken that are not encrypted with a shared key. */
  plain: v.optional(flag, false),
  /** Whether the reference till is served, under /till/. */
  page: v.optional(flag, false),
  /** In the certificate that is made; Adyen's libraries look at nothing else of it. */
  commonName: v.optional(
    v.pipe(
      v.string(COMMON_NAME),
      v.regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/, COMMON_NAME),
    ),
  ),
  /** PEM files of the shop's own; one is made unless stated. */
  certificate: v.optional(v.strictObject(pair)),
  /** PEM: a till needs a certificate of this authority. None needs one unless stated. */
  clientCertificates: v.optional(text(4096, 'the path of an authority for client certificates')),
  relay: v.optional(relay),
});

export type TillConfig = v.InferOutput<typeof tillSection>;

/** What tills call this terminal: as configured, else a name in the form of Adyen's. */
export const poiIdOf = (
  { poiId }: Pick<TillConfig, 'poiId'>,
  terminal: { readonly id: string },
): string => poiId ?? `Countertap-${terminal.id}`;

/**
 * The common name of a certificate that is made. Adyen's libraries, given a certificate to trust,
 * look for a terminal's name in it, and for nothing else.
 */
export const commonNameOf = (
  till: Pick<TillConfig, 'poiId' | 'commonName'>,
  terminal: { readonly id: string },
): string => till.commonName ?? `${poiIdOf(till, terminal)}.test.terminal.adyen.com`;
