import { concat, equal } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { aesCtr, aesEncrypt } from './aes.ts';
import { toBigInt, toBytes } from './big-integer.ts';
import { aesCmac } from './cmac.ts';
import { multipliedX, type PointBytes, p256, publicPoint } from './elliptic-curve.ts';

// The secure channel of suite 00: P-256 and AES-128. The card sends its key multiplied by a number
// of its own choice, so that nobody can tell cards apart; over the channel it then proves that it
// knows that number. Book E, its text not at hand: constants after two public implementations.

/** A terminal's key pair for one tap. */
export interface EphemeralKey {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** x||y, 64 bytes. */
  readonly publicKey: PointBytes;
}

/** SKc and SKi, 16 bytes each. */
export interface SessionKeys {
  readonly confidentiality: Uint8Array;
  readonly integrity: Uint8Array;
}

/** Entropy that a key pair is made of: 64 bits more than it has. SP 800-56A §5.6.1.2 */
export const EPHEMERAL_SEED_BYTES = 40;

/** The key pair that these bytes make: any bytes make one. */
export const ephemeralKey = (seed: Uint8Array): EphemeralKey => {
  const privateKey = toBytes((toBigInt(seed) % (p256.order - 1n)) + 1n, p256.fieldBytes);
  const publicKey = publicPoint(p256, privateKey);
  // Every scalar from 1 to n-1 has a point.
  if (publicKey === undefined) throw new RangeError('a private key out of range');
  return { privateKey, publicKey };
};

/** Session keys of both sides; undefined if the card's blinded key is no point's x. */
export const agreeOnKeys = (
  { privateKey }: EphemeralKey,
  blindedKey: Uint8Array,
): SessionKeys | undefined => {
  const shared = multipliedX(p256, privateKey, blindedKey);
  return shared === undefined ? undefined : sessionKeys(shared);
};

/** SKc and SKi from the shared x, 32 bytes. */
export const sessionKeys = (shared: Uint8Array): SessionKeys => {
  const derivation = aesCmac(NO_KEY, shared);
  const both = aesEncrypt(derivation, LABELS);
  return { confidentiality: both.subarray(0, 16), integrity: both.subarray(16) };
};

/** Encrypts or decrypts one message under its counter, 2 bytes, at the head of the block. */
export const channelCipher = (
  { confidentiality }: SessionKeys,
  counter: number,
  data: Uint8Array,
): Uint8Array => aesCtr(confidentiality, counterBlock(counter), data);

/** Left eight bytes of the CMAC over a counter and data. */
export const channelMac = (
  { integrity }: SessionKeys,
  counter: number,
  ...data: readonly Uint8Array[]
): Uint8Array => aesCmac(integrity, concat(counterBytes(counter), ...data)).subarray(0, 8);

/** Whether r·Qc is the key that the card sent: who knows r knew the certified key Qc. x alone. */
export const isBlindedBy = (
  blindingFactor: Uint8Array,
  cardKey: Uint8Array,
  blindedKey: Uint8Array,
): boolean => {
  const x = multipliedX(p256, blindingFactor, cardKey);
  return x !== undefined && equal(x, blindedKey);
};

export const counterBytes = (counter: number): Uint8Array =>
  Uint8Array.of(counter >> 8, counter & 0xff);

const counterBlock = (counter: number): Uint8Array => {
  const block = new Uint8Array(16);
  block.set(counterBytes(counter));
  return block;
};

const NO_KEY = new Uint8Array(16);

// One block a key: its number, 01 00, "T3J2YWw=", three A5, 0180 for 384 bits in all.
const LABELS = hex(
  '01 01 00 54 33 4A 32 59 57 77 3D A5 A5 A5 01 80 02 01 00 54 33 4A 32 59 57 77 3D A5 A5 A5 01 80',
);
