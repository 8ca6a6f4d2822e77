import { type Book, type Element, elementsOf } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';

/** What a kernel keeps of a card's answers. */
export interface CardObjects {
  /** Recognised objects with a value. */
  readonly card: Map<number, Uint8Array>;
  /** Tags of recognised objects without a value. */
  readonly empty: Set<number>;
  /** Recognised objects that came more than once, by tag. */
  readonly duplicates: number[];
  /** The first of those that a kernel uses whose length is not the dictionary's. */
  wrongLength: number | undefined;
}

/** What one kernel takes from a card, and of which it counts the bytes. */
export interface Recognised {
  readonly elements: ReadonlyMap<number, Element>;
  /**
   * What the kernel reads. Anything else may be of any length: real cards carry odd ones, and the
   * books validate only what they use.
   */
  readonly used: ReadonlySet<number>;
}

export const noObjects = (): CardObjects => ({
  card: new Map(),
  empty: new Set(),
  duplicates: [],
  wrongLength: undefined,
});

/**
 * What a card may send: the kernel's own meaning of a tag before the base books' and Entry Point's.
 * Everything else a card sends is as if absent: unknown tags, and what belongs to terminal, issuer
 * or kernel. Book A 5.7
 */
export const recognised = (book: Book, used: readonly number[]): Recognised => ({
  elements: new Map(
    [...elementsOf('EP'), ...elementsOf('EMV'), ...elementsOf(book)].filter(
      ([, { source }]) => source === 'card' || source === 'card/terminal',
    ),
  ),
  used: new Set(used),
});

/**
 * Keeps what the card sent in GPO and records. An object without a value counts when it comes to
 * objects sent twice, and as absent for everything else (our choice: the books are silent).
 */
export const keep = (
  into: CardObjects,
  { elements, used }: Recognised,
  objects: readonly Tlv[],
): void => {
  for (const { tag: found, value } of objects) {
    const row = elements.get(found);
    if (row === undefined) continue;
    const { length } = value;
    if (into.card.has(found) || into.empty.has(found)) into.duplicates.push(found);
    else if (length === 0) into.empty.add(found);
    else {
      into.card.set(found, value);
      const wrong = length < row.min || (row.max !== null && length > row.max);
      if (wrong && used.has(found)) into.wrongLength ??= found;
    }
  }
};
