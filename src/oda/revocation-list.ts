import { keyName } from './ca-public-keys.ts';

/** One revoked issuer certificate. Only issuers' certificates can be revoked. Book 2 §5.1.2 */
export interface RevokedCertificate {
  /** 5 bytes. */
  readonly rid: Uint8Array;
  /** Index of the certification authority's key that signed it. */
  readonly index: number;
  /** Certificate Serial Number, 3 bytes. */
  readonly serial: Uint8Array;
}

export interface RevocationList {
  readonly has: (rid: Uint8Array, index: number, serial: number) => boolean;
}

/** A list of any length; Book 2 asks for at least 30 entries a RID. */
export const revocationList = (entries: readonly RevokedCertificate[]): RevocationList => {
  const byKey = new Map<number, Set<number>>();
  for (const { rid, index, serial } of entries) {
    const name = keyName(rid, index);
    const serials = byKey.get(name) ?? new Set();
    byKey.set(name, serials.add(serialNumber(serial)));
  }
  return { has: (rid, index, serial) => byKey.get(keyName(rid, index))?.has(serial) ?? false };
};

/** The three bytes as a number. */
export const serialNumber = (bytes: Uint8Array, at = 0): number =>
  ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
