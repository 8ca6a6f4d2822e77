import { equal } from '#bytes/bytes.ts';
import type { RsaPublicKey } from '#crypto/rsa.ts';
import type { CertifiedKey } from './certified-key.ts';

/** What an issuer's key was recovered from: the same four give the same key again. */
export interface IssuerKeySource {
  readonly caKey: RsaPublicKey;
  readonly certificate: Uint8Array;
  readonly remainder: Uint8Array;
  readonly exponent: Uint8Array;
}

/**
 * Issuers' keys recovered at earlier taps. It saves time and decides nothing: expiry, revocation
 * and issuer identifier are checked at each tap anew.
 */
export interface IssuerKeyCache {
  readonly find: (source: IssuerKeySource) => CertifiedKey | undefined;
  readonly keep: (source: IssuerKeySource, key: CertifiedKey) => void;
}

/** @param capacity how many keys to keep; the one longest not used goes first */
export const issuerKeyCache = (capacity = 32): IssuerKeyCache => {
  const entries = new Map<number, { source: IssuerKeySource; key: CertifiedKey }>();
  return {
    find: (source) => {
      const name = nameOf(source);
      const entry = entries.get(name);
      if (entry === undefined || !sameSource(entry.source, source)) return undefined;
      entries.delete(name);
      entries.set(name, entry);
      return entry.key;
    },
    keep: (source, key) => {
      const name = nameOf(source);
      entries.delete(name);
      entries.set(name, { source: copyOf(source), key });
      const [oldest] = entries.keys();
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
    },
  };
};

// A signature's bytes are as good as random: six of them tell certificates apart, and the
// comparison of the whole source makes sure.
const nameOf = ({ certificate }: IssuerKeySource): number => {
  let name = 0;
  for (let i = 1; i <= 6; i++) name = name * 256 + (certificate[certificate.length - i] ?? 0);
  return name;
};

const sameSource = (a: IssuerKeySource, b: IssuerKeySource): boolean =>
  equal(a.certificate, b.certificate) &&
  equal(a.remainder, b.remainder) &&
  equal(a.exponent, b.exponent) &&
  a.caKey.exponent === b.caKey.exponent &&
  a.caKey.modulus === b.caKey.modulus;

// The card's bytes are views into a buffer that may not be ours to keep.
const copyOf = ({ caKey, certificate, remainder, exponent }: IssuerKeySource): IssuerKeySource => ({
  caKey,
  certificate: Uint8Array.from(certificate),
  remainder: Uint8Array.from(remainder),
  exponent: Uint8Array.from(exponent),
});
