import { type Book, lookUp } from '#data/dictionary.ts';
import { type DolEntry, fillDol } from '#tlv/dol.ts';

/** The values a card's DOL asks for, each cut and padded as its format in `book` wants it. */
export const dolValues = (
  entries: readonly DolEntry[],
  book: Book,
  find: (tag: number) => Uint8Array | undefined,
): Uint8Array =>
  fillDol(entries, (wanted, length) => {
    const value = find(wanted);
    if (value === undefined) return undefined;
    // Nothing to cut or to pad, whatever the format.
    if (value.length === length) return { value, format: 'other' };
    const format = lookUp(wanted, book)?.format;
    return { value, format: format === 'n' || format === 'cn' ? format : 'other' };
  });
