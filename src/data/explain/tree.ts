import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { isConstructed, readTlv, sizeOf, type Tlv, tagAt, tagLengthAt, tagText } from '#tlv/tlv.ts';
import type { currencyByNumeric } from '../currencies.ts';
import { tag as tags } from '../dictionary.ts';
import { statusWords } from '../values.ts';
import { blank, type ExplainOptions, explainPrimitive, rowsFor } from './element.ts';
import type { Explanation } from './explanation.ts';
import { currencyOf } from './plain.ts';
import { explainStatusWord } from './status-word.ts';

/** A whole TLV string in words. */
export interface TlvExplanation {
  readonly objects: readonly Explanation[];
  /** Where reading the outermost level had to stop; what stood before it is in `objects`. */
  readonly malformed: Malformed | null;
}

/**
 * Reads the objects of `bytes`, and those inside templates. A status word at the end of a card's
 * answer is told from an object. Where something is malformed, what stood before it on the same
 * level is explained, and reading goes on behind the template around it.
 */
export const explainTlvs = (bytes: Uint8Array, options: ExplainOptions = {}): TlvExplanation => {
  const currency = options.currency ?? currencyIn(bytes);
  return level(bytes, 0, [], { ...options, currency });
};

/** A value of any tag: primitive, or a template with objects inside. */
export const explainValue = (
  tag: number,
  value: Uint8Array,
  options: ExplainOptions = {},
): Explanation =>
  isConstructed(tag)
    ? template(tag, value, null, 0, [], options)
    : explainPrimitive(tag, value, options);

const level = (
  bytes: Uint8Array,
  base: number,
  path: readonly string[],
  options: ExplainOptions,
): TlvExplanation => {
  const objects: Explanation[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      at += 1;
      continue;
    }
    if (path.length === 0 && isStatusWord(bytes, at)) {
      objects.push(explainStatusWord(statusWordAt(bytes, at), options.book, base + at));
      break;
    }
    const object = readTlv(bytes, at, base, path);
    if (isMalformed(object)) {
      const begun = begunTemplate(bytes, at, base, path, options);
      return { objects: begun ? [...objects, begun] : objects, malformed: object };
    }
    objects.push(explainObject(object, path, options));
    at += sizeOf(object);
  }
  return { objects, malformed: null };
};

const explainObject = (
  { tag, value, offset, valueOffset }: Tlv,
  path: readonly string[],
  options: ExplainOptions,
): Explanation => {
  if (isConstructed(tag)) return template(tag, value, offset, valueOffset, path, options);
  const explained = explainPrimitive(tag, value, options, offset);
  return explained.malformed === null
    ? explained
    : { ...explained, malformed: within(explained.malformed, path, valueOffset) };
};

const template = (
  tag: number,
  value: Uint8Array,
  offset: number | null,
  valueOffset: number,
  path: readonly string[],
  options: ExplainOptions,
): Explanation => {
  const [row] = rowsFor(tag, options.book);
  const inside = [...path, tagText(tag)];
  const deep = inside.length > DEEPEST;
  const found: TlvExplanation = deep
    ? { objects: [], malformed: malformed(inside, valueOffset, 'templates nested too deeply') }
    : level(value, valueOffset, inside, options);
  return {
    ...blank(tag, row),
    offset,
    length: value.length,
    meaning: value.length === 0 ? 'empty' : null,
    ...found,
  };
};

// A template that runs past the end still holds what came before it did.
const begunTemplate = (
  bytes: Uint8Array,
  at: number,
  base: number,
  path: readonly string[],
  options: ExplainOptions,
): Explanation | undefined => {
  const tagLength = tagLengthAt(bytes, at);
  if (tagLength === undefined) return undefined;
  const tag = tagAt(bytes, at, tagLength);
  const length = bytes[at + tagLength] ?? 0x80;
  if (!isConstructed(tag) || length === 0x80 || length > 0x82) return undefined;
  const start = at + tagLength + (length > 0x80 ? length - 0x7f : 1);
  return start < bytes.length
    ? template(tag, bytes.subarray(start), base + at, base + start, path, options)
    : undefined;
};

// Of a list inside a value: its own path and offset begin there.
const within = (
  { path, offset, problem }: Malformed,
  outer: readonly string[],
  valueOffset: number,
): Malformed => malformed([...outer, ...path], valueOffset + offset, problem);

// The last two bytes of an answer. 90 is a tag too, but a certificate without a byte is none; 6x xx
// could only be a template that runs past the end, or an empty one.
const isStatusWord = (bytes: Uint8Array, at: number): boolean => {
  if (bytes.length - at !== 2) return false;
  const sw = statusWordAt(bytes, at);
  return sw === 0x9000 || sw in statusWords || (sw & 0xfff0) === 0x63c0;
};

const statusWordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);

// 5F2A anywhere in the string says what the amounts are in.
const currencyIn = (bytes: Uint8Array, depth = 0): ReturnType<typeof currencyByNumeric> => {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      at += 1;
      continue;
    }
    const object = readTlv(bytes, at, 0, []);
    if (isMalformed(object)) return undefined;
    if (object.tag === tags.transactionCurrencyCode) return currencyOf(object.value);
    if (isConstructed(object.tag) && depth < DEEPEST) {
      const found = currencyIn(object.value, depth + 1);
      if (found !== undefined) return found;
    }
    at += sizeOf(object);
  }
  return undefined;
};

// Real answers nest four deep; a string made to nest by the thousand must not exhaust the stack.
const DEEPEST = 32;
