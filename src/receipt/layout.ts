import type { Receipt, ReceiptPart } from '#ports/receipt-printer.ts';

/** A line of a receipt on paper of so many columns, or a code in its place. */
export type LaidOut =
  | {
      readonly laid: 'text';
      readonly text: string;
      readonly strong: boolean;
      readonly tall: boolean;
    }
  | { readonly laid: 'qr'; readonly content: string };

/** Columns of the usual papers, 80 and 58 mm, in the printers' font A. */
export const COLUMNS = { wide: 42, narrow: 32 } as const;

/** The receipt line by line: headings in the middle, values at the right, nothing cut off. */
export const layOut = ({ parts }: Receipt, columns: number): readonly LaidOut[] =>
  parts.flatMap((part) => laidOut(part, columns));

/** The same as plain text, as a preview: a code is its content. */
export const receiptText = (receipt: Receipt, columns: number): string =>
  layOut(receipt, columns)
    .map((line) => (line.laid === 'text' ? line.text : line.content))
    .map((text) => text.trimEnd())
    .join('\n');

/** How many columns a text takes: signs of East Asia two each, what stands above another none. */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const sign of text) columns += NONE.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1;
  return columns;
};

const NONE = /^[\p{M}\u200B-\u200F\u2060\uFEFF]$/u;
const WIDE = new RegExp(
  `^[${[
    '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}',
    // Their punctuation, and letters that are drawn as wide.
    '\\u3000-\\u303E\\u30FB\\u30FC\\uFF01-\\uFF60\\uFFE0-\\uFFE6',
  ].join('')}]$`,
  'u',
);

const laidOut = (part: ReceiptPart, columns: number): readonly LaidOut[] => {
  switch (part.part) {
    case 'title':
      return folded(part.text, columns).map((text) => line(centred(text, columns), true, true));
    case 'line':
      return folded(part.text, columns).map((text) => line(centred(text, columns), part.strong));
    case 'pair':
      return pair(part.label, part.value, columns).map((text) => line(text, part.strong));
    case 'rule':
      return [line('-'.repeat(columns))];
    case 'space':
      return [line('')];
    case 'signature': {
      const dots = '.'.repeat(Math.max(0, columns - columnsOf(part.label) - 1));
      return [line(''), line(''), line(`${part.label} ${dots}`)];
    }
    case 'qr': {
      const caption = part.caption === undefined ? [] : folded(part.caption, columns);
      return [
        { laid: 'qr', content: part.content },
        ...caption.map((text) => line(centred(text, columns))),
      ];
    }
  }
};

const line = (text: string, strong = false, tall = false): LaidOut => ({
  laid: 'text',
  text,
  strong,
  tall,
});

const centred = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - columnsOf(text)) >> 1) + text;

// What doesn't fit beside its label stands beneath it.
const pair = (label: string, value: string, columns: number): readonly string[] => {
  const blank = columns - columnsOf(label) - columnsOf(value);
  if (blank >= 1) return [`${label}${' '.repeat(blank)}${value}`];
  const right = (text: string) => ' '.repeat(columns - columnsOf(text)) + text;
  return [...folded(label, columns), ...folded(value, columns).map(right)];
};

/** Broken between words where there are any, else anywhere. */
const folded = (text: string, columns: number): readonly string[] => {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(/\s+/).flatMap((one) => pieces(one, columns))) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (columnsOf(longer) <= columns) {
      current = longer;
    } else {
      lines.push(current);
      current = word;
    }
  }
  return current === '' ? lines : [...lines, current];
};

const pieces = (word: string, columns: number): readonly string[] => {
  if (columnsOf(word) <= columns) return [word];
  const found: string[] = [];
  let current = '';
  for (const sign of word) {
    if (columnsOf(current + sign) > columns) {
      found.push(current);
      current = '';
    }
    current += sign;
  }
  return [...found, current];
};
