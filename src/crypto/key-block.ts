// Key blocks: a key under a key block protection key, bound to what it may do. ANSI X9.143, which
// was ANSI TR-31. Versions A and C are there for hosts that still send them.
import { timingSafeEqual } from 'node:crypto';
import { concat } from '#bytes/bytes.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { type KeyBlockHeader, readHeader, SIZES, writeHeader } from './key-block-header.ts';
import { suiteFor } from './key-block-suites.ts';

/** A key block's parts, as anybody can read them. */
export interface KeyBlock {
  readonly header: KeyBlockHeader;
  /** As it stands, optional blocks and their padding too: the MAC is over it. */
  readonly headerText: string;
  readonly ciphertext: Uint8Array;
  readonly mac: Uint8Array;
}

/** Secret: a key, and what its block says about it. */
export interface UnwrappedKey {
  readonly header: KeyBlockHeader;
  readonly key: Uint8Array;
}

/**
 * Takes a key block apart without looking into it. Malformed says which part is wrong and at which
 * character: header field, optional block, ciphertext or MAC.
 */
export const parseKeyBlock = (text: string): KeyBlock | Malformed => {
  const read = readHeader(text);
  if (isMalformed(read)) return read;
  const { header, end } = read;
  const { block, mac } = SIZES[header.version];
  const macAt = text.length - 2 * mac;
  const length = (macAt - end) / 2;
  if (length < block || length % block !== 0) {
    return wrong('ciphertext', end, `${macAt - end} characters are no blocks of ${block} bytes`);
  }
  const ciphertext = upperHex(text.slice(end, macAt));
  if (ciphertext === undefined) return wrong('ciphertext', end, 'not hexadecimal');
  const tag = upperHex(text.slice(macAt));
  if (tag === undefined) return wrong('MAC', macAt, 'not hexadecimal');
  return { header, headerText: text.slice(0, end), ciphertext, mac: tag };
};

/**
 * The key in a key block. Malformed when the block is, when its MAC is not the protection key's
 * (another key, or a changed block), or when what it holds is no key; never says what it holds.
 * The length is whatever the block says: see `fitsAlgorithm`.
 * @param protection key block protection key (KBPK): TDES, 16 or 24 bytes, for versions A, B and C;
 *   AES, 16, 24 or 32 bytes, for version D
 */
export const unwrapKey = (protection: Uint8Array, text: string): UnwrappedKey | Malformed => {
  const block = parseKeyBlock(text);
  if (isMalformed(block)) return block;
  const { header, headerText, ciphertext, mac } = block;
  const suite = suiteFor(header, protection);
  if (isMalformed(suite)) return suite;
  const payload = suite.decrypt(ciphertext, suite.iv(headerText, mac));
  const expected = suite.mac(
    concat(ascii(headerText), suite.overCiphertext ? ciphertext : payload),
  );
  if (!timingSafeEqual(expected, mac)) {
    return wrong('MAC', text.length - 2 * mac.length, 'not the one of this protection key');
  }
  const bits = 256 * (payload[0] ?? 0) + (payload[1] ?? 0);
  if (bits === 0 || bits % 8 !== 0 || bits / 8 > payload.length - 2) {
    return wrong('key length', headerText.length, `${bits} bits in ${payload.length} bytes`);
  }
  return { header, key: payload.slice(2, 2 + bits / 8) };
};

/**
 * A key block. Malformed for a header or a protection key that can't be, an empty key, or padding
 * of another length than `paddingLength` says.
 * @param protection as for `unwrapKey`
 * @param padding random bytes behind the key
 */
export const wrapKey = (
  protection: Uint8Array,
  header: KeyBlockHeader,
  key: Uint8Array,
  padding: Uint8Array,
): string | Malformed => {
  const suite = suiteFor(header, protection);
  if (isMalformed(suite)) return suite;
  const { block, mac: macLength } = SIZES[header.version];
  const length = 2 + key.length + padding.length;
  if (key.length === 0 || key.length > 0x1fff) return wrong('key', 0, `${key.length} bytes`);
  if (length % block !== 0) return wrong('padding', 0, `${padding.length} bytes fill no block`);
  const headerText = writeHeader(header, 2 * (length + macLength));
  if (isMalformed(headerText)) return headerText;
  const bits = 8 * key.length;
  const payload = concat(Uint8Array.of(bits >> 8, bits & 0xff), key, padding);
  if (suite.overCiphertext) {
    const ciphertext = suite.encrypt(payload, suite.iv(headerText, NO_MAC));
    const mac = suite.mac(concat(ascii(headerText), ciphertext));
    return headerText + toHex(ciphertext) + toHex(mac);
  }
  const mac = suite.mac(concat(ascii(headerText), payload));
  return headerText + toHex(suite.encrypt(payload, suite.iv(headerText, mac))) + toHex(mac);
};

/**
 * How many random bytes go behind a key. A block hides a short key's length unless told otherwise:
 * TDES keys take as much room as 24 bytes, AES keys as 32.
 */
export const paddingLength = (
  { version, algorithm }: Pick<KeyBlockHeader, 'version' | 'algorithm'>,
  keyLength: number,
  hideLength = true,
): number => {
  const { block } = SIZES[version];
  const shown = hideLength ? Math.max(keyLength, LONGEST[algorithm] ?? 0) : keyLength;
  return Math.ceil((2 + shown) / block) * block - 2 - keyLength;
};

const LONGEST: Readonly<Record<string, number>> = { A: 32, D: 24, T: 24 };

const NO_MAC = new Uint8Array(0);

const wrong = (name: string, offset: number, problem: string): Malformed =>
  malformed(['key block', name], offset, problem);

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Only upper case: no two texts are the same key block. */
const upperHex = (text: string): Uint8Array | undefined =>
  /[a-f\s]/.test(text) ? undefined : fromHex(text);
