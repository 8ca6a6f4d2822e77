import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { toBigInt, toBytes } from '#crypto/big-integer.ts';
import { ecSdsaP256 } from '#crypto/ec-sdsa.ts';
import { p256 } from '#crypto/elliptic-curve.ts';
import { sha256 } from '#crypto/sha2.ts';
import { signEcSdsa } from './ec-sdsa.ts';
import type { EccKey } from './ecc-keys.ts';

export interface EccIssuerFacts {
  /** Leftmost 3 to 10 digits of the account numbers. */
  readonly identifier: string;
  readonly rid: Uint8Array;
  readonly index: number;
  /** Three bytes in hexadecimal. */
  readonly serial: string;
  /** YYYYMMDD */
  readonly expires?: string;
}

/** Issuer certificate (90) on P-256, 117 bytes. Book E 5.2 */
export const certifyEccIssuer = (
  authority: EccKey,
  issuer: EccKey,
  { identifier, rid, index, serial, expires = EXPIRES }: EccIssuerFacts,
): Uint8Array =>
  signed(
    authority,
    concat(
      hex('1200'),
      hex(identifier.padEnd(10, 'F')),
      hex('10'),
      hex(expires),
      hex(serial),
      rid,
      Uint8Array.of(index),
      issuer.publicKey.subarray(0, p256.fieldBytes),
    ),
  );

export interface EccIccFacts {
  /** SHA-256 of the card's static data. */
  readonly dataHash: Uint8Array;
  /** Six bytes in hexadecimal. */
  readonly serial?: string;
  /** YYYYMMDD and HHMM */
  readonly expires?: string;
  readonly expiresAt?: string;
}

/** ICC certificate (9F46) on P-256, 145 bytes. Book E 5.4 */
export const certifyEccIcc = (
  issuer: EccKey,
  card: EccKey,
  { dataHash, serial = '000000000001', expires = EXPIRES, expiresAt = '2359' }: EccIccFacts,
): Uint8Array =>
  signed(
    issuer,
    concat(
      hex('140000'),
      hex(expires),
      hex(expiresAt),
      hex(serial),
      hex('0102'),
      dataHash,
      card.publicKey.subarray(0, p256.fieldBytes),
    ),
  );

// Later than any card's own date: a card that is too old fails for that reason alone.
const EXPIRES = '20491231';

// k is made of key and message: another for each, and the same again for the same.
const signed = ({ privateKey }: EccKey, body: Uint8Array): Uint8Array => {
  const drawn = (toBigInt(sha256(privateKey, body)) % (p256.order - 1n)) + 1n;
  const k = toBytes(drawn, p256.fieldBytes);
  return concat(body, signEcSdsa(ecSdsaP256, privateKey, k, body));
};
