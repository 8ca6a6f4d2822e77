import type { Book } from '../dictionary.ts';

/** "kernel 3", "base books". */
export const bookText = (book: Book): string => TEXTS[book] ?? `kernel ${book.slice(1)}`;

/** The book of a kernel's number, as a person types it. */
export const bookOfKernel = (kernel: string): Book | undefined =>
  /^[2-8]$/.test(kernel) ? (`K${kernel}` as Book) : undefined;

/** "base books, kernels 2, 3" */
export const booksText = (books: Iterable<Book>): string => {
  const all = [...books];
  const kernels = all.filter((book) => TEXTS[book] === undefined).map((book) => book.slice(1));
  const others = all.filter((book) => TEXTS[book] !== undefined).map(bookText);
  const numbered =
    kernels.length === 0
      ? []
      : [`kernel${kernels.length === 1 ? '' : 's'} ${kernels.sort().join(', ')}`];
  return [...others, ...numbered].join(', ');
};

const TEXTS: Partial<Record<Book, string>> = {
  EMV: 'base books',
  EP: 'Entry Point',
  'K2-legacy': 'kernel 2 up to 2.11',
  INTERAC: 'Interac',
  'QR-CPM': 'QR code',
};
