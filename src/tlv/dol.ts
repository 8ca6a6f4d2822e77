import { concat } from '#bytes/bytes.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { tagAt, tagLengthAt, tagText } from './tlv.ts';

/** One entry of a data object list: which element, in how many bytes. */
export interface DolEntry {
  readonly tag: number;
  readonly length: number;
}

/** What a DOL's filler must know of an element: its value, and on which side to cut and pad. */
export interface DolValue {
  readonly value: Uint8Array;
  readonly format: 'n' | 'cn' | 'other';
}

/** Splits a data object list (Book 3 §5.4). A list that ends inside an entry is malformed. */
export const parseDol = (
  bytes: Uint8Array,
  base = 0,
  path: readonly string[] = [],
): DolEntry[] | Malformed => {
  const entries: DolEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tagLength = tagLengthAt(bytes, at);
    if (tagLength === undefined) return malformed(path, base + at, 'tag runs past the end');
    const tag = tagAt(bytes, at, tagLength);
    const length = bytes[at + tagLength];
    if (length === undefined) {
      return malformed([...path, tagText(tag)], base + at, 'length is missing');
    }
    entries.push({ tag, length });
    at += tagLength + 1;
  }
  return entries;
};

/** Splits a list of tags, such as 9F4A. A list that ends inside a tag is malformed. */
export const parseTagList = (
  bytes: Uint8Array,
  base = 0,
  path: readonly string[] = [],
): number[] | Malformed => {
  const tags: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = tagLengthAt(bytes, at);
    if (length === undefined) return malformed(path, base + at, 'tag runs past the end');
    tags.push(tagAt(bytes, at, length));
    at += length;
  }
  return tags;
};

/**
 * The values a DOL asks for, side by side (Book 3 §5.4): an unknown element is zeros; a longer
 * value loses its leftmost bytes if numeric, else its rightmost; a shorter one is padded with
 * leading zeros (n), trailing FF (cn) or trailing zeros.
 */
export const fillDol = (
  entries: readonly DolEntry[],
  lookUp: (tag: number, length: number) => DolValue | undefined,
): Uint8Array => {
  return concat(...entries.map(({ tag, length }) => fitted(lookUp(tag, length), length)));
};

const fitted = (found: DolValue | undefined, length: number): Uint8Array => {
  if (found === undefined) return new Uint8Array(length);
  const { value, format } = found;
  if (value.length === length) return value;
  if (value.length > length) {
    return format === 'n' ? value.subarray(value.length - length) : value.subarray(0, length);
  }
  const padded = new Uint8Array(length).fill(format === 'cn' ? 0xff : 0);
  padded.set(value, format === 'n' ? length - value.length : 0);
  return padded;
};
