// The part of a key block that everybody can read. ANSI X9.143 (was TR-31).
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import {
  type OptionalBlock,
  PADDING_BLOCK,
  paddingBlock,
  readOptionalBlocks,
  writeOptionalBlock,
} from './key-block-options.ts';

/** A, C: variants of the protection key (C is A under another name); B: TDES; D: AES. */
export type KeyBlockVersion = 'A' | 'B' | 'C' | 'D';

/** All but the key: the words are the standard's, the values its characters. */
export interface KeyBlockHeader {
  readonly version: KeyBlockVersion;
  /** Two characters: B1 DUKPT initial key, K1 key block protection key, M3 and M6 MAC, P0 PIN… */
  readonly usage: string;
  /** A AES, D DES, E elliptic curve, H HMAC, R RSA, T TDES. */
  readonly algorithm: string;
  /** B, E, D encipher both ways or one, C, G, V MAC both or one, N any, S sign, X derive… */
  readonly modeOfUse: string;
  /** Two characters, 00 for none. */
  readonly keyVersion: string;
  /** E under a key of this form, N not, S sensitive: under any other. */
  readonly exportability: string;
  /** 0 storage or exchange, 1 storage, 2 exchange, and a reserved 0: two characters. */
  readonly context: string;
  /** Padding (PB) is left out: it is made and removed here. */
  readonly optionalBlocks: readonly OptionalBlock[];
}

/** A header as read, and how many characters it takes. */
export interface ReadHeader {
  readonly header: KeyBlockHeader;
  readonly end: number;
}

/** Lengths in bytes: of a cipher block, and of the MAC. */
export const SIZES = {
  A: { block: 8, mac: 4 },
  B: { block: 8, mac: 8 },
  C: { block: 8, mac: 4 },
  D: { block: 16, mac: 16 },
} as const;

/** Reads a header off a key block's text. Malformed offsets count characters. */
export const readHeader = (text: string): ReadHeader | Malformed => {
  if (text.length < FIXED) return wrong('header', 0, `${text.length} characters are too few`);
  const version = text.charAt(0);
  if (!isVersion(version)) return wrong('version', 0, 'none of A, B, C and D');
  const length = Number.parseInt(digits(text.slice(1, 5)), 10);
  if (length !== text.length) {
    return wrong('length', 1, `not the ${text.length} characters that there are`);
  }
  const odd = oddField(text);
  if (odd !== undefined) return odd;
  const count = Number.parseInt(text.slice(12, 14), 10);
  const read = readOptionalBlocks(text, count);
  if (isMalformed(read)) return read;
  const { blocks, end } = read;
  if ((end - FIXED) % SIZES[version].block !== 0) {
    return wrong('optional blocks', FIXED, `${end - FIXED} characters don't fill cipher blocks`);
  }
  const header = {
    version,
    usage: text.slice(5, 7),
    algorithm: text.charAt(7),
    modeOfUse: text.charAt(8),
    keyVersion: text.slice(9, 11),
    exportability: text.charAt(11),
    context: text.slice(14, 16),
    optionalBlocks: blocks.filter(({ id }) => id !== PADDING_BLOCK),
  };
  return { header, end };
};

/**
 * A header's text, optional blocks padded to whole cipher blocks by one more, PB.
 * @param rest characters that follow it: ciphertext and MAC
 */
export const writeHeader = (header: KeyBlockHeader, rest: number): string | Malformed => {
  const { version, usage, algorithm, modeOfUse, keyVersion, exportability, context } = header;
  const ids = header.optionalBlocks.map(({ id }) => id);
  if (new Set(ids).size < ids.length) return wrong('optional blocks', FIXED, 'one is there twice');
  const blocks: string[] = [];
  for (const block of header.optionalBlocks) {
    const text = writeOptionalBlock(block);
    if (typeof text !== 'string') return text;
    blocks.push(text);
  }
  const used = blocks.join('').length;
  const { block } = SIZES[version];
  if (used % block !== 0) blocks.push(paddingBlock(used, block));
  const length = FIXED + blocks.join('').length + rest;
  if (length > 9999) return wrong('length', 1, `${length} characters are more than 9999`);
  const count = String(blocks.length).padStart(2, '0');
  const fields = `${usage}${algorithm}${modeOfUse}${keyVersion}${exportability}${count}${context}`;
  const text = `${version}${String(length).padStart(4, '0')}${fields}${blocks.join('')}`;
  if (fields.length !== FIXED - 5) return wrong('header', 5, 'fields of other lengths');
  return oddField(text) ?? text;
};

const FIXED = 16;

const wrong = (name: string, offset: number, problem: string): Malformed =>
  malformed(['key block', name], offset, problem);

const isVersion = (text: string): text is KeyBlockVersion => /^[ABCD]$/.test(text);

const digits = (text: string): string => (/^[0-9]+$/.test(text) ? text : '');

// Each is looked at with the character behind it, which a field of one character leaves free.
const FIELDS: readonly { name: string; at: number; form: RegExp }[] = [
  { name: 'key usage', at: 5, form: /^[0-9A-Z]{2}$/ },
  { name: 'algorithm', at: 7, form: /^[0-9A-Z]/ },
  { name: 'mode of use', at: 8, form: /^[0-9A-Z]/ },
  // A small c stands before the number of a key component.
  { name: 'key version', at: 9, form: /^[0-9A-Zc][0-9A-Z]$/ },
  { name: 'exportability', at: 11, form: /^[0-9A-Z]/ },
  { name: 'number of optional blocks', at: 12, form: /^[0-9]{2}$/ },
  { name: 'context', at: 14, form: /^[0-9A-Z]{2}$/ },
];

const oddField = (text: string): Malformed | undefined => {
  const odd = FIELDS.find(({ at, form }) => !form.test(text.slice(at, at + 2)));
  return odd === undefined ? undefined : wrong(odd.name, odd.at, 'characters that it never has');
};
