// What the versions of key blocks do with their protection key. ANSI X9.143, key block binding.
import { concat } from '#bytes/bytes.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { aesCbcDecrypt, aesCbcEncrypt } from './aes.ts';
import { aesCmac, tdesCmac } from './cmac.ts';
import { desCbcDecrypt, desCbcEncrypt } from './des.ts';
import type { KeyBlockHeader } from './key-block-header.ts';

/** What a version does with the two keys that it makes of the protection key. */
export interface Suite {
  readonly encrypt: (payload: Uint8Array, iv: Uint8Array) => Uint8Array;
  readonly decrypt: (ciphertext: Uint8Array, iv: Uint8Array) => Uint8Array;
  readonly mac: (data: Uint8Array) => Uint8Array;
  /** Whether the MAC is over the ciphertext (A, C) or over what it holds (B, D). */
  readonly overCiphertext: boolean;
  readonly iv: (headerText: string, mac: Uint8Array) => Uint8Array;
}

/** How a version protects a key, under a protection key that it can have. */
export const suiteFor = (
  { version }: Pick<KeyBlockHeader, 'version'>,
  protection: Uint8Array,
): Suite | Malformed => {
  const lengths = version === 'D' ? [16, 24, 32] : [16, 24];
  if (!lengths.includes(protection.length)) {
    const problem = `${protection.length} bytes are no protection key for version ${version}`;
    return malformed(['key block', 'protection key'], 0, problem);
  }
  if (version === 'D') return aesSuite(protection);
  return version === 'B' ? tdesSuite(protection) : variantSuite(protection);
};

/** Versions A and C: the keys are the protection key with every byte XORed by 45 or 4D. */
const variantSuite = (protection: Uint8Array): Suite => {
  const encryption = protection.map((byte) => byte ^ 0x45);
  const authentication = protection.map((byte) => byte ^ 0x4d);
  return {
    encrypt: (payload, iv) => desCbcEncrypt(encryption, payload, iv),
    decrypt: (ciphertext, iv) => desCbcDecrypt(encryption, ciphertext, iv),
    mac: (data) => desCbcEncrypt(authentication, data).slice(-8, -4),
    overCiphertext: true,
    iv: (headerText) => ascii(headerText.slice(0, 8)),
  };
};

const tdesSuite = (protection: Uint8Array): Suite => {
  const algorithm = protection.length === 16 ? 0 : 1;
  const made = (usage: number) => derived(tdesCmac, protection, usage, algorithm);
  const [encryption, authentication] = [made(ENCRYPTION), made(AUTHENTICATION)];
  return {
    encrypt: (payload, iv) => desCbcEncrypt(encryption, payload, iv),
    decrypt: (ciphertext, iv) => desCbcDecrypt(encryption, ciphertext, iv),
    mac: (data) => tdesCmac(authentication, data),
    overCiphertext: false,
    iv: (_, mac) => mac,
  };
};

const aesSuite = (protection: Uint8Array): Suite => {
  const made = (usage: number) => derived(aesCmac, protection, usage, protection.length / 8);
  const [encryption, authentication] = [made(ENCRYPTION), made(AUTHENTICATION)];
  return {
    encrypt: (payload, iv) => aesCbcEncrypt(encryption, payload, iv),
    decrypt: (ciphertext, iv) => aesCbcDecrypt(encryption, ciphertext, iv),
    mac: (data) => aesCmac(authentication, data),
    overCiphertext: false,
    iv: (_, mac) => mac,
  };
};

const ENCRYPTION = 0;
const AUTHENTICATION = 1;

/** Versions B and D: CMACs of counter, usage, 00, algorithm and length in bits, put together. */
const derived = (
  cmac: (key: Uint8Array, data: Uint8Array) => Uint8Array,
  protection: Uint8Array,
  usage: number,
  algorithm: number,
): Uint8Array => {
  const { length } = protection;
  const parts = [1, 2, 3].map((counter) =>
    cmac(protection, Uint8Array.of(counter, 0, usage, 0, 0, algorithm, length >> 5, 8 * length)),
  );
  return concat(...parts).slice(0, length);
};

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
