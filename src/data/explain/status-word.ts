import type { Book } from '../dictionary.ts';
import { optionsStatusWords, statusWords } from '../values.ts';
import { bookText } from './books.ts';
import { type Detail, detail, type Explanation } from './explanation.ts';

/** True for what a card can answer a command with: 6xxx and 9xxx (ISO 7816-3). */
export const isStatusWordText = (text: string): boolean =>
  /^(6[1-9A-F]|9[0-9A-F])[0-9A-F]{2}$/.test(text);

/** A status word in words, and what kernels make of it. */
export const explainStatusWord = (
  sw: number,
  book?: Book,
  offset: number | null = null,
): Explanation => {
  const value = sw.toString(16).toUpperCase().padStart(4, '0');
  return {
    tag: 'SW',
    title: 'Status word',
    facts: null,
    offset,
    length: 2,
    value,
    meaning: meaningOf(sw),
    details: consequences(sw, book),
    remarks: [],
    malformed: null,
    objects: [],
    alternatives: [],
  };
};

const meaningOf = (sw: number): string => {
  const known = statusWords[sw];
  if (known !== undefined) return known;
  const low = sw & 0xff;
  if ((sw & 0xfff0) === 0x63c0) return `verification failed, ${sw & 15} tries left`;
  switch (sw >> 8) {
    case 0x61:
      return `${low} bytes more to fetch with GET RESPONSE`;
    case 0x6c:
      return `wrong Le: ${low} bytes would be right`;
    case 0x62:
    case 0x63:
      return 'a warning';
    default:
      return 'an error that is not assigned';
  }
};

const consequences = (sw: number, book: Book | undefined): readonly Detail[] =>
  Object.entries(optionsStatusWords)
    .filter(([name]) => book === undefined || name === book)
    .flatMap(([name, actions]) => {
      const action = actions[sw];
      return action === undefined
        ? []
        : [detail(bookText(name as Book), `after GET PROCESSING OPTIONS: ${action}`)];
    });
