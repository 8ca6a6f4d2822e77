import { type Element, elementsOf } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';
import type { Kernel3Run } from './run.ts';

/**
 * What a card may send: kernel 3's own meaning of a tag before the base books' and Entry Point's.
 * Everything else a card sends is as if absent: unknown tags, and what belongs to terminal, issuer
 * or kernel. Book A 5.7
 */
export const cardElements: ReadonlyMap<number, Element> = new Map(
  [...elementsOf('EP'), ...elementsOf('EMV'), ...elementsOf('K3')].filter(
    ([, { source }]) => source === 'card' || source === 'card/terminal',
  ),
);

/**
 * Keeps what the card sent in GPO and records. An object without a value counts when it comes to
 * objects sent twice, and as absent for everything else (our choice: the book is silent).
 */
export const store = (run: Kernel3Run, objects: readonly Tlv[]): void => {
  for (const { tag, value } of objects) {
    const row = cardElements.get(tag);
    if (row === undefined) continue;
    const { length } = value;
    if (run.card.has(tag) || run.empty.has(tag)) run.duplicates.push(tag);
    else if (length === 0) run.empty.add(tag);
    else {
      run.card.set(tag, value);
      if (length < row.min || (row.max !== null && length > row.max)) run.wrongLength ??= tag;
    }
  }
};
