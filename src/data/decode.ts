import { toHex } from '#bytes/hex.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';
import type { Element, Format } from './row.ts';

/** A value as its format means it. */
export type Decoded =
  | { readonly kind: 'number'; readonly value: number }
  /** Format n with more digits than a number holds exactly. */
  | { readonly kind: 'bigint'; readonly value: bigint }
  /** Format cn, without its padding. */
  | { readonly kind: 'digits'; readonly value: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'date'; readonly year: number; readonly month: number; readonly day: number }
  | {
      readonly kind: 'time';
      readonly hour: number;
      readonly minute: number;
      readonly second: number;
    }
  | { readonly kind: 'objects'; readonly value: readonly Tlv[] }
  | { readonly kind: 'bytes'; readonly value: Uint8Array };

/**
 * Reads a value by its row's format (Book 3 §4.3). Lengths aren't checked: the dictionary's come
 * from one source for rarely used elements, so only a kernel that needs a length insists on it.
 * @returns Malformed for a digit that is none, a day or hour that doesn't exist, a character
 *   outside the format; its problem quotes no part of the value
 */
export const decode = (element: Element, value: Uint8Array): Decoded | Malformed => {
  const { format, layout, tag } = element;
  if (isConstructed(tag)) {
    const objects = parseTlvs(value, 0, [tagText(tag)]);
    return 'malformed' in objects ? objects : { kind: 'objects', value: objects };
  }
  if (layout.endsWith('YYMMDD')) return date(element, value);
  if (layout.endsWith('HHMMSS')) return time(element, value);
  if (format === 'n') return numeric(element, value);
  if (format === 'cn') return compressed(element, value);
  if (format === 'a' || format === 'an' || format === 'ans') return characters(element, value);
  return { kind: 'bytes', value };
};

/** Years of two digits: 00 to 49 are this century's (Book 4 §6.7.3). */
export const fullYear = (twoDigits: number): number =>
  twoDigits < 50 ? 2000 + twoDigits : 1900 + twoDigits;

const numeric = (element: Element, value: Uint8Array): Decoded | Malformed => {
  const digits = toHex(value);
  const wrong = digits.search(/[^0-9]/);
  if (wrong >= 0) return bad(element, wrong >> 1, 'a digit above 9 in a numeric value');
  return digits.length <= SAFE_DIGITS
    ? { kind: 'number', value: Number(digits) }
    : { kind: 'bigint', value: BigInt(digits) };
};

const compressed = (element: Element, value: Uint8Array): Decoded | Malformed => {
  const digits = toHex(value).replace(/F+$/, '');
  const wrong = digits.search(/[^0-9]/);
  return wrong >= 0
    ? bad(element, wrong >> 1, 'no digit, and no padding at the end')
    : { kind: 'digits', value: digits };
};

// Issuers pad an and ans with blanks or zeros; the books' character sets are those of ISO 8859,
// of which the first, printable part is common to all.
const characters = (element: Element, value: Uint8Array): Decoded | Malformed => {
  const end = value.findLastIndex((byte) => byte !== 0) + 1;
  const text = value.subarray(0, end);
  const wrong = text.findIndex((byte) => !ALLOWED[element.format](byte));
  return wrong >= 0
    ? bad(element, wrong, `no character of format ${element.format}`)
    : { kind: 'text', value: String.fromCharCode(...text) };
};

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
const isLetter = (byte: number) => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
const isPrintable = (byte: number) => (byte >= 0x20 && byte <= 0x7e) || byte >= 0xa0;
const ALLOWED: Readonly<Record<Format, (byte: number) => boolean>> = {
  b: () => true,
  n: () => true,
  cn: () => true,
  var: () => true,
  a: isLetter,
  an: (byte) => isLetter(byte) || isDigit(byte),
  ans: isPrintable,
};

const date = (element: Element, value: Uint8Array): Decoded | Malformed => {
  const [yy, month, day] = pairs(value);
  if (value.length !== 3 || yy === undefined || month === undefined || day === undefined) {
    return bad(element, 0, 'no six digits YYMMDD');
  }
  const year = fullYear(yy);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
    ? { kind: 'date', year, month, day }
    : bad(element, 0, 'no day of the calendar');
};

const time = (element: Element, value: Uint8Array): Decoded | Malformed => {
  const [hour, minute, second] = pairs(value);
  if (value.length !== 3 || hour === undefined || minute === undefined || second === undefined) {
    return bad(element, 0, 'no six digits HHMMSS');
  }
  return hour < 24 && minute < 60 && second < 60
    ? { kind: 'time', hour, minute, second }
    : bad(element, 0, 'no time of the day');
};

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;

// Each byte as two decimal digits; undefined where it isn't.
const pairs = (value: Uint8Array): (number | undefined)[] =>
  [...value].map((byte) =>
    byte >> 4 > 9 || (byte & 15) > 9 ? undefined : (byte >> 4) * 10 + (byte & 15),
  );

const bad = ({ tag }: Element, offset: number, problem: string): Malformed =>
  malformed([tagText(tag)], offset, problem);

const SAFE_DIGITS = 15;
