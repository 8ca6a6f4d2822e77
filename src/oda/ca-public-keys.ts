import type { EcSdsaSuite } from '#crypto/ec-sdsa.ts';
import { isOnCurve, type PointBytes } from '#crypto/elliptic-curve.ts';
import { type RsaPublicKey, rsaPublicKey } from '#crypto/rsa.ts';
import { certificateSuite } from './ecc-suites.ts';

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

/** The same on an elliptic curve. C-8, CA Public Key Database */
export interface CaEccPublicKey {
  readonly rid: Uint8Array;
  readonly index: number;
  /** Algorithm suite indicator, 0x10: EC-SDSA with SHA-256 on P-256. */
  readonly suite: number;
  /** x||y */
  readonly point: PointBytes;
  readonly expires?: string | undefined;
}

/** A certification authority key ready for use. */
export interface CaKey {
  readonly rsa: RsaPublicKey;
  /** Last day of use as YYYYMMDD, such as 20301231; none has no end. */
  readonly expires?: number;
}

export interface CaEccKey {
  readonly indicator: number;
  readonly suite: EcSdsaSuite;
  readonly point: PointBytes;
  readonly expires?: number;
}

export interface CaPublicKeys {
  /** The RSA key for a RID (5 bytes) and an index; undefined if there is none. */
  readonly find: (rid: Uint8Array, index: number) => CaKey | undefined;
  /** The key on an elliptic curve, likewise. A RID and index mean one key, of either kind. */
  readonly findEcc: (rid: Uint8Array, index: number) => CaEccKey | undefined;
}

/**
 * Keys to look up by RID and index. A key that can't be used (see `rsaPublicKey`; a point off its
 * curve) is left out; of two with the same RID and index the last one counts. The configuration
 * refuses both.
 */
export const caPublicKeys = (keys: readonly (CaPublicKey | CaEccPublicKey)[]): CaPublicKeys => {
  const byName = new Map<number, CaKey | CaEccKey>();
  for (const key of keys) {
    const ready = 'point' in key ? eccKey(key) : rsaKey(key);
    if (ready === undefined) continue;
    const { expires } = key;
    const end = expires === undefined ? undefined : Number(expires.replaceAll('-', ''));
    byName.set(keyName(key.rid, key.index), {
      ...ready,
      ...(end === undefined ? {} : { expires: end }),
    });
  }
  const found = (rid: Uint8Array, index: number) => byName.get(keyName(rid, index));
  return {
    find: (rid, index) => {
      const key = found(rid, index);
      return key !== undefined && 'rsa' in key ? key : undefined;
    },
    findEcc: (rid, index) => {
      const key = found(rid, index);
      return key !== undefined && 'point' in key ? key : undefined;
    },
  };
};

const rsaKey = ({ modulus, exponent }: CaPublicKey): CaKey | undefined => {
  const rsa = rsaPublicKey(modulus, exponent);
  return rsa && { rsa };
};

const eccKey = ({ suite: indicator, point }: CaEccPublicKey): CaEccKey | undefined => {
  const suite = certificateSuite(indicator);
  return suite !== undefined && isOnCurve(suite.curve, point)
    ? { indicator, suite, point }
    : undefined;
};

/** RID and index as one number: 48 bits, which a double holds exactly. */
export const keyName = (rid: Uint8Array, index: number): number => {
  let name = 0;
  for (let i = 0; i < 5; i++) name = name * 256 + (rid[i] ?? 0);
  return name * 256 + index;
};
