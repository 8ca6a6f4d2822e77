import { elements } from './elements.ts';
import type { Book, Element } from './row.ts';

export type { Book, Element, Format, Sensitivity, Source } from './row.ts';
export type ElementName = keyof typeof elements;

/** Tags by the books' names: `tag.applicationCryptogram` is 9F26. */
export const tag = Object.fromEntries(
  Object.entries(elements).map(([name, element]) => [name, element.tag]),
) as { readonly [name in ElementName]: number };

export const element = (name: ElementName): Element => elements[name];

/** The name of a row in the table. */
export const elementName = (row: Element): ElementName | undefined => names.get(row);

/**
 * The row for a tag as one book means it. Falls back to the base books, then Entry Point; without
 * a book, to the only row there is. Undefined for a tag nobody knows, or one that is ambiguous.
 */
export const lookUp = (tagNumber: number, book?: Book): Element | undefined => {
  const rows = byTag.get(tagNumber);
  if (rows === undefined) return undefined;
  const known = (wanted: Book) => rows.find((row) => row.books.has(wanted));
  if (book !== undefined) return known(book) ?? known('EMV') ?? known('EP');
  return known('EMV') ?? known('EP') ?? (rows.length === 1 ? rows[0] : undefined);
};

/** All meanings a tag has. */
export const meanings = (tagNumber: number): readonly Element[] => byTag.get(tagNumber) ?? [];

/** Every element one book knows, by tag. */
export const elementsOf = (book: Book): ReadonlyMap<number, Element> =>
  new Map(
    Object.values<Element>(elements)
      .filter((row) => row.books.has(book))
      .map((row) => [row.tag, row]),
  );

const names = new Map<Element, ElementName>();
for (const [name, row] of Object.entries<Element>(elements)) names.set(row, name as ElementName);

const byTag = new Map<number, Element[]>();
for (const row of Object.values<Element>(elements)) {
  const rows = byTag.get(row.tag);
  if (rows) rows.push(row);
  else byTag.set(row.tag, [row]);
}
