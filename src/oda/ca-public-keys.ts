import { type RsaPublicKey, rsaPublicKey } from '#crypto/rsa.ts';

/** A certification authority public key, as a payment scheme publishes it. Book 2 §11.2.2 */
export interface CaPublicKey {
  /** Registered application provider identifier, 5 bytes. */
  readonly rid: Uint8Array;
  /** Certification Authority Public Key Index, 0 to 255. */
  readonly index: number;
  /** 64 to 248 bytes. */
  readonly modulus: Uint8Array;
  /** 3 or 65537. */
  readonly exponent: number;
  /** Last day of use, "2030-12-31". */
  readonly expires?: string | undefined;
}

/** A certification authority key ready for use. */
export interface CaKey {
  readonly rsa: RsaPublicKey;
  /** Last day of use as YYYYMMDD, such as 20301231; none has no end. */
  readonly expires?: number;
}

export interface CaPublicKeys {
  /** The key for a RID (5 bytes) and an index; undefined if there is none. */
  readonly find: (rid: Uint8Array, index: number) => CaKey | undefined;
}

/**
 * Keys to look up by RID and index. A key that RSA can't use (see `rsaPublicKey`) is left out; of
 * two with the same RID and index the last one counts. The configuration refuses both.
 */
export const caPublicKeys = (keys: readonly CaPublicKey[]): CaPublicKeys => {
  const byName = new Map<number, CaKey>();
  for (const { rid, index, modulus, exponent, expires } of keys) {
    const rsa = rsaPublicKey(modulus, exponent);
    if (rsa === undefined) continue;
    const end = expires === undefined ? undefined : Number(expires.replaceAll('-', ''));
    byName.set(keyName(rid, index), { rsa, ...(end === undefined ? {} : { expires: end }) });
  }
  return { find: (rid, index) => byName.get(keyName(rid, index)) };
};

/** RID and index as one number: 48 bits, which a double holds exactly. */
export const keyName = (rid: Uint8Array, index: number): number => {
  let name = 0;
  for (let i = 0; i < 5; i++) name = name * 256 + (rid[i] ?? 0);
  return name * 256 + index;
};
