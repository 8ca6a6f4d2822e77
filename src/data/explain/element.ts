import { type Malformed, malformed } from '#bytes/malformed.ts';
import { tagText } from '#tlv/tlv.ts';
import { layoutOf, otherReadings } from '../bits.ts';
import type { Currency } from '../currencies.ts';
import { type Book, type Element, elementName, lookUp, meanings } from '../dictionary.ts';
import { maskBySensitivity, sensitivityOf } from '../mask.ts';
import { explainLayout, listLayout } from './bits.ts';
import { booksText, bookText } from './books.ts';
import type { ElementFacts, Explanation, Finding } from './explanation.ts';
import { count } from './lists.ts';
import { explainFormat } from './plain.ts';
import { readers } from './readers.ts';

export interface ExplainOptions {
  /** The kernel that reads the value; without it, a tag with several meanings has them all. */
  readonly book?: Book | undefined;
  /** Account data itself instead of what masking leaves of it. */
  readonly showAccountData?: boolean;
  /** For amounts: what the same data say of their currency. */
  readonly currency?: Currency | undefined;
}

/** A primitive value in words. `offset`: of its tag, where it was part of something longer. */
export const explainPrimitive = (
  tag: number,
  value: Uint8Array,
  options: ExplainOptions = {},
  offset: number | null = null,
): Explanation =>
  overMeanings(tag, options, value.length, (row) => explainAs(row, tag, value, options, offset));

/** What a tag is, without a value: its facts, and all that its bits can say. */
export const explainTag = (tag: number, options: ExplainOptions = {}): Explanation =>
  overMeanings(tag, options, undefined, (row) => {
    const layout = row && layoutOf(row, options.book);
    return {
      ...blank(tag, row),
      details: layout ? listLayout(layout, options.book) : [],
      remarks: row && layout ? ownReadings(row, options.book) : [],
    };
  });

export const blank = (tag: number, row: Element | undefined): Explanation => ({
  tag: tagText(tag),
  title: row?.title ?? null,
  facts: row ? factsOf(row) : null,
  offset: null,
  length: null,
  value: null,
  meaning: null,
  details: [],
  remarks: [],
  malformed: null,
  objects: [],
  alternatives: [],
});

/** The rows that a tag can mean here: one, where a book or the base books decide. */
export const rowsFor = (tag: number, book?: Book): readonly Element[] => {
  const row = lookUp(tag, book);
  return row === undefined ? meanings(tag) : [row];
};

const overMeanings = (
  tag: number,
  { book }: ExplainOptions,
  length: number | undefined,
  explain: (row: Element | undefined) => Explanation,
): Explanation => {
  // Meanings that the length speaks against come last.
  const rows = rowsFor(tag, book).toSorted(
    (a, b) => Number(fits(b, length)) - Number(fits(a, length)),
  );
  const [first, ...others] = rows;
  const stranger = book !== undefined && first !== undefined && lookUp(tag, book) === undefined;
  const explained = explain(first);
  return {
    ...explained,
    remarks: stranger
      ? [`not an element of ${bookText(book)}`, ...explained.remarks]
      : explained.remarks,
    alternatives: others.map(explain),
  };
};

const explainAs = (
  row: Element | undefined,
  tag: number,
  value: Uint8Array,
  { book, showAccountData = false, currency }: ExplainOptions,
  offset: number | null,
): Explanation => {
  const sensitivity = sensitivityOf(tag, book);
  const shown = showAccountData && sensitivity !== 'secret';
  const bare = shown || sensitivity === 'open';
  // Of several meanings, one that the length speaks against isn't worth its details.
  const stray = row !== undefined && meanings(tag).length > 1 && !fits(row, value.length);
  const finding =
    value.length === 0 || !row || stray ? {} : findingsOf(row, value, book, bare, currency);
  const lengthRemark = row ? wrongLength(row, value) : undefined;
  return {
    ...blank(tag, row),
    offset,
    length: sensitivity === 'secret' ? null : value.length,
    value: maskBySensitivity(shown ? 'open' : sensitivity, value),
    meaning: value.length === 0 ? 'empty' : (finding.meaning ?? null),
    details: finding.details ?? [],
    remarks: [...(lengthRemark ? [lengthRemark] : []), ...(finding.remarks ?? [])],
    malformed: finding.malformed ? named(finding.malformed, tag) : null,
  };
};

const findingsOf = (
  row: Element,
  value: Uint8Array,
  book: Book | undefined,
  bare: boolean,
  currency: Currency | undefined,
): Finding => {
  const name = elementName(row);
  const reader = name && readers[name];
  const layout = layoutOf(row, book);
  if (!reader && !layout) {
    return bare ? explainFormat(row, value, currency) : {};
  }
  // Readers mask what they must. What they say stands beside the bits, not in their place.
  const read = reader?.(value, { book, shown: bare }) ?? {};
  const bits = layout && bare ? explainLayout(layout, value, book ?? soleBook(row)) : [];
  return {
    ...read,
    details: [...bits, ...(read.details ?? [])],
    remarks: [...(layout ? ownReadings(row, book) : []), ...(read.remarks ?? [])],
  };
};

// A row of one kernel alone is read by that kernel, asked for or not.
const soleBook = (row: Element): Book | undefined =>
  row.books.size === 1 ? [...row.books][0] : undefined;

const ownReadings = (row: Element, book: Book | undefined): readonly string[] => {
  const layout = layoutOf(row, book);
  if (book !== undefined || layout === undefined) return [];
  const books = [...new Set(otherReadings(row, layout))].sort();
  return books.length === 0 ? [] : [`read in another way by ${booksText(books)}`];
};

const fits = ({ min, max }: Pick<Element, 'min' | 'max'>, length: number | undefined): boolean =>
  length === undefined || (length >= min && length <= (max ?? length));

const wrongLength = ({ min, max }: Element, value: Uint8Array): string | undefined => {
  if (fits({ min, max }, value.length)) return undefined;
  const expected = min === max ? `${min}` : max === null ? `${min} or more` : `${min} to ${max}`;
  return `${count(value.length, 'byte')}, where ${expected} are expected`;
};

const factsOf = ({ source, layout, min, max, books }: Element): ElementFacts => ({
  source,
  format: `${layout}, ${lengthText(min, max)}`,
  books: booksText(books),
});

const lengthText = (min: number, max: number | null): string => {
  if (min === max) return count(min, 'byte');
  if (max === null) return min === 0 ? 'any length' : `${min} bytes or more`;
  return min === 0 ? `up to ${max} bytes` : `${min} to ${max} bytes`;
};

// What went wrong inside a list is named after the element that holds it; its offset counts from
// the value's first byte.
const named = ({ path, offset, problem }: Malformed, tag: number): Malformed =>
  malformed([tagText(tag), ...path], offset, problem);
