import type { Book, ElementName } from './dictionary.ts';

/** Meanings of a number: of a bit field, or of a byte. */
export type Meanings = Readonly<Record<number, string>>;

interface PartOfBooks {
  readonly name: string;
  /** Only these books read the part so; absent: all that the layout is for. */
  readonly books?: ReadonlySet<Book>;
}

/** One bit that says yes or no. Bytes from 1, bit 8 the most significant, as the books count. */
export interface Flag extends PartOfBooks {
  readonly kind: 'flag';
  readonly byte: number;
  readonly bit: number;
}

/** Neighbouring bits of one byte, read as a number. */
export interface Choice extends PartOfBooks {
  readonly kind: 'choice';
  readonly byte: number;
  readonly high: number;
  readonly low: number;
  readonly values: Meanings;
}

/** `tenths`: of a second. `hundredths`: of a millisecond, as relay resistance counts. */
export type SpanFormat = 'hex' | 'text' | 'digits' | 'number' | 'tenths' | 'currency' | 'language';

/** Whole bytes: `length` of them, or all that are left. */
export interface Span extends PartOfBooks {
  readonly kind: 'span';
  readonly byte: number;
  readonly length: number | 'rest';
  readonly as: SpanFormat;
}

export type Part = Flag | Choice | Span;

/** What the bytes of one element mean to some books. Bits of no part are RFU. */
export interface Layout {
  readonly elements: readonly ElementName[];
  readonly books: ReadonlySet<Book>;
  readonly parts: readonly Part[];
}

export const layout = (
  elements: ElementName | readonly ElementName[],
  books: string,
  parts: readonly Part[],
): Layout => ({
  elements: typeof elements === 'string' ? [elements] : elements,
  books: new Set(books.split(' ') as Book[]),
  parts,
});

export const flag = (byte: number, bit: number, name: string, books?: string): Flag => ({
  kind: 'flag',
  byte,
  bit,
  name,
  ...only(books),
});

export const choice = (
  byte: number,
  [high, low]: readonly [number, number],
  name: string,
  values: Meanings = {},
  books?: string,
): Choice => ({ kind: 'choice', byte, high, low, name, values, ...only(books) });

/** A whole byte with a meaning for each value. */
export const code = (byte: number, name: string, values: Meanings, books?: string): Choice =>
  choice(byte, [8, 1], name, values, books);

export const span = (
  byte: number,
  length: number | 'rest',
  name: string,
  as: SpanFormat = 'hex',
  books?: string,
): Span => ({ kind: 'span', byte, length, name, as, ...only(books) });

const only = (books?: string): { books?: ReadonlySet<Book> } =>
  books === undefined ? {} : { books: new Set(books.split(' ') as Book[]) };
