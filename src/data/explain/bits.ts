import { toHex } from '#bytes/hex.ts';
import type { Book } from '../dictionary.ts';
import type { Choice, Flag, Layout, Part, Span } from '../layout.ts';
import { booksText } from './books.ts';
import { type Detail, detail } from './explanation.ts';

/**
 * A value's bits and fields in the order of its bytes. With a book, only what that book reads;
 * without, every reading, each with the book it belongs to.
 */
export const explainLayout = (
  layout: Layout,
  value: Uint8Array,
  book?: Book,
  from = 1,
): readonly Detail[] => {
  const parts = applicable(layout.parts, book);
  const placed: Placed[] = [
    ...parts.map((part): Placed => [placeOf(part), explainPart(part, value, book, from)]),
    ...reserved(parts, value, from),
  ];
  return placed.toSorted(([a], [b]) => a - b).flatMap(([, details]) => details);
};

/** All that a layout can say, whatever the value. */
export const listLayout = (layout: Layout, book?: Book): readonly Detail[] =>
  applicable(layout.parts, book).map((part) => {
    const { where, text } = listPart(part);
    return detail(where, text + whoseText(part, book));
  });

const listPart = (part: Part): { readonly where: string; readonly text: string } => {
  if (part.kind === 'flag') return { where: `B${part.byte} b${part.bit}`, text: part.name };
  if (part.kind === 'span') {
    const where = part.length === 'rest' ? `B${part.byte}-` : spanPlace(part, EMPTY, 1);
    return { where, text: part.name };
  }
  const values = Object.entries(part.values).map(
    ([value, text]) => `${Number(value).toString(16).toUpperCase()} ${text}`,
  );
  const list = values.length === 0 ? '' : `: ${values.join('; ')}`;
  return { where: choicePlace(part, 1), text: part.name + list };
};

// A part of one book's own takes the place of the common part that it overlaps.
const applicable = (parts: readonly Part[], book: Book | undefined): readonly Part[] => {
  if (book === undefined) return parts;
  const own = parts.filter((part) => part.books?.has(book));
  return parts.filter(
    (part) =>
      own.includes(part) ||
      (part.books === undefined &&
        !own.some((one) => one.byte === part.byte && (maskOf(one) & maskOf(part)) !== 0)),
  );
};

const explainPart = (
  part: Part,
  value: Uint8Array,
  book: Book | undefined,
  from: number,
): readonly Detail[] => {
  if (part.byte > value.length) return [];
  const whose = whoseText(part, book);
  switch (part.kind) {
    case 'flag':
      return [
        detail(
          `B${part.byte + from - 1} b${part.bit}`,
          part.name + whose,
          bitsOf(part, value) !== 0,
        ),
      ];
    case 'choice':
      return [explainChoice(part, value, whose, from)];
    case 'span':
      return [
        detail(spanPlace(part, value, from), `${part.name}: ${spanText(part, value)}${whose}`),
      ];
  }
};

const explainChoice = (part: Choice, value: Uint8Array, whose: string, from: number): Detail => {
  const { high, low, name, values } = part;
  const wholeByte = high === 8 && low === 1;
  const number = bitsOf(part, value) >> (low - 1);
  const plain = wholeByte ? number.toString(16).toUpperCase().padStart(2, '0') : `${number}`;
  const known = values[number];
  const named = Object.keys(values).length > 0;
  const text = known ?? (named && !NUMERIC.test(name) ? `${plain}, not assigned` : plain);
  return detail(choicePlace(part, from), `${name}: ${text}${whose}`);
};

const choicePlace = ({ byte, high, low }: Choice, from: number): string =>
  high === 8 && low === 1 ? `B${byte + from - 1}` : `B${byte + from - 1} b${high}-${low}`;

const whoseText = (part: Part, book: Book | undefined): string =>
  part.books === undefined || book !== undefined ? '' : ` (${booksText(part.books)})`;

// Fields that count: an unlisted value is a number, not an unknown code.
const NUMERIC = /tenths|Priority/;

const spanPlace = ({ byte, length }: Span, value: Uint8Array, from: number): string => {
  const first = byte + from - 1;
  const last = first + (length === 'rest' ? value.length - byte : length - 1);
  return first === last ? `B${first}` : `B${first}-${last}`;
};

const spanText = ({ byte, length, as }: Span, value: Uint8Array): string => {
  const bytes = value.subarray(byte - 1, length === 'rest' ? value.length : byte - 1 + length);
  const plain = toHex(bytes);
  switch (as) {
    case 'tenths':
      return /^[0-9]+$/.test(plain) ? `${Number(plain) / 10} s` : plain;
    case 'language':
    case 'text': {
      const text = String.fromCharCode(...bytes.filter((one) => one !== 0));
      return /^[\x20-\x7e]*$/.test(text) ? text || 'none' : plain;
    }
    default:
      return plain;
  }
};

const reserved = (parts: readonly Part[], value: Uint8Array, from: number): readonly Placed[] =>
  [...value].flatMap((byte, index) => {
    let unknown = byte;
    for (const part of parts) if (covers(part, index + 1)) unknown &= ~maskOf(part);
    return [8, 7, 6, 5, 4, 3, 2, 1]
      .filter((bit) => (unknown & (1 << (bit - 1))) !== 0)
      .map(
        (bit): Placed => [
          place(index + 1, bit),
          [detail(`B${index + from} b${bit}`, 'reserved for future use', true)],
        ],
      );
  });

// In the order of the bytes, and from bit 8 down.
type Placed = readonly [place: number, details: readonly Detail[]];
const place = (byte: number, bit: number): number => byte * 8 - bit;
const placeOf = (part: Part): number =>
  place(part.byte, part.kind === 'flag' ? part.bit : part.kind === 'choice' ? part.high : 8);

const covers = (part: Part, byte: number): boolean =>
  part.kind === 'span'
    ? byte >= part.byte && (part.length === 'rest' || byte < part.byte + part.length)
    : part.byte === byte;

const maskOf = (part: Part): number => {
  if (part.kind === 'flag') return 1 << (part.bit - 1);
  if (part.kind === 'span') return 0xff;
  return ((1 << (part.high - part.low + 1)) - 1) << (part.low - 1);
};

const bitsOf = (part: Flag | Choice, value: Uint8Array): number =>
  (value[part.byte - 1] ?? 0) & maskOf(part);

const EMPTY = new Uint8Array();
