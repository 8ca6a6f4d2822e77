import { concat } from '#bytes/bytes.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';

/** One BER-TLV object, as views into the bytes it was read from. */
export interface Tlv {
  /** The tag's bytes read as one number: 0x9f26. */
  readonly tag: number;
  readonly value: Uint8Array;
  /** Offset of the tag, and of the value, from the start of the outermost input. */
  readonly offset: number;
  readonly valueOffset: number;
}

/**
 * Reads the objects that stand side by side in `bytes`. '00' before, between and after them is
 * skipped (Book 3 Annex B1; Book B for card answers).
 * @param base offset of `bytes` in the outermost input; `path` names the templates around it
 */
export const parseTlvs = (
  bytes: Uint8Array,
  base = 0,
  path: readonly string[] = [],
): Tlv[] | Malformed => {
  const objects: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      at += 1;
      continue;
    }
    const object = readTlv(bytes, at, base, path);
    if ('malformed' in object) return object;
    objects.push(object);
    at += sizeOf(object);
  }
  return objects;
};

/** Tag, length and value together, as received: long-form lengths stay as they stand. */
export const rawOf = (object: Tlv): Uint8Array => {
  const { buffer, byteOffset } = object.value;
  const head = object.valueOffset - object.offset;
  return new Uint8Array(buffer, byteOffset - head, sizeOf(object));
};

/** How many bytes `rawOf` has. */
export const sizeOf = ({ value, offset, valueOffset }: Tlv): number =>
  valueOffset - offset + value.length;

/** Reads the object at `at`; whatever follows it is left alone. */
export const readTlv = (
  bytes: Uint8Array,
  at: number,
  base: number,
  path: readonly string[],
): Tlv | Malformed => {
  const tagLength = tagLengthAt(bytes, at);
  if (tagLength === undefined) return malformed(path, base + at, 'tag runs past the end');
  const tag = tagAt(bytes, at, tagLength);
  const first = bytes[at + tagLength];
  let length = first ?? 0;
  let start = at + tagLength + 1;
  if (first === undefined || first >= 0x80) {
    const long = longLength(bytes, start, first);
    if (typeof long === 'string') return malformed([...path, tagText(tag)], base + at, long);
    length = long;
    start += first === 0x81 ? 1 : 2;
  }
  const end = start + length;
  if (end > bytes.length) {
    const problem = `length ${length} runs past the end: only ${bytes.length - start} left`;
    return malformed([...path, tagText(tag)], base + at, problem);
  }
  const value = bytes.subarray(start, end);
  return { tag, value, offset: base + at, valueOffset: base + start };
};

// Book 3 Annex B2: one or two following bytes; 80, the indefinite form, isn't used in EMV.
const longLength = (bytes: Uint8Array, at: number, first: number | undefined): number | string => {
  if (first === undefined) return 'length is missing';
  if (first !== 0x81 && first !== 0x82) return 'length is coded in a form EMV excludes';
  const high = bytes[at];
  const low = bytes[at + 1];
  if (first === 0x81) return high ?? 'length runs past the end';
  return high === undefined || low === undefined ? 'length runs past the end' : high * 256 + low;
};

/** Book 3 Annex B1: bit 6 of the tag's first byte. */
export const isConstructed = (tag: number): boolean => {
  let first = tag;
  while (first > 0xff) first = Math.floor(first / 256);
  return (first & 0x20) !== 0;
};

/** "9F26" */
export const tagText = (tag: number): string => {
  const digits = tag.toString(16).toUpperCase();
  return digits.length % 2 === 0 ? digits : `0${digits}`;
};

export const tagBytes = (tag: number): Uint8Array => {
  const text = tagText(tag);
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
};

/** One object with the shortest form of its length. */
export const encodeTlv = (tag: number, ...value: readonly Uint8Array[]): Uint8Array => {
  const body = concat(...value);
  const length = body.length;
  const coded =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return concat(tagBytes(tag), Uint8Array.from(coded), body);
};

/**
 * How many bytes the tag at `at` has, at most four; undefined where the bytes end inside it. Book 3
 * Annex B1: bits 5-1 all set mean that more follow, the last of them with bit 8 clear.
 */
export const tagLengthAt = (bytes: Uint8Array, at: number): number | undefined => {
  if (((bytes[at] ?? 0) & 0x1f) !== 0x1f) return 1;
  for (let length = 2; length <= 4; length++) {
    const byte = bytes[at + length - 1];
    if (byte === undefined) return undefined;
    if (byte < 0x80) return length;
  }
  return undefined;
};

/** The tag at `at` as one number. */
export const tagAt = (bytes: Uint8Array, at: number, length: number): number => {
  let tag = 0;
  for (let i = 0; i < length; i++) tag = tag * 256 + (bytes[at + i] ?? 0);
  return tag;
};
