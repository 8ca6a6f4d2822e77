import type { Receipt } from '#ports/receipt-printer.ts';
import { layOut } from '#receipt/layout.ts';
import { CODE_PAGE, inCodePage, isLatin } from './letters.ts';

/** Which paper, and which letters. */
export interface Paper {
  /** 58 mm: 32 or 35. 80 mm: 42, 44 or 48. */
  readonly columns: 32 | 35 | 42 | 44 | 48;
  /** The printer's number of code page 858 (ESC t n); 19 unless stated. */
  readonly codePage?: number;
  /** Lines to feed before the cut, so that it is cut below the last line. */
  readonly feedLines?: number;
}

/**
 * The receipt in the language that a printer with Latin code pages has letters for: ESC/POS prints
 * neither Arabic, whose letters have to be joined, nor the signs of East Asia from a code page.
 * Undefined when there is none.
 */
export const legible = ({ inLatin, ...receipt }: Receipt): Receipt | undefined =>
  isLatin(receipt.language) ? receipt : inLatin;

/** ESC/POS for the whole receipt, from the reset to the cut. */
export const encodeReceipt = async (receipt: Receipt, paper: Paper): Promise<Uint8Array> => {
  // It takes 7 MB, and nobody needs it before the first receipt.
  const { default: Encoder } = await import('@point-of-sale/receipt-printer-encoder');
  const { columns, codePage = CODE_PAGE.number, feedLines = 4 } = paper;
  const encoder = new Encoder({
    language: 'esc-pos',
    columns,
    codepageMapping: { [CODE_PAGE.name]: codePage },
    feedBeforeCut: feedLines,
    newline: '\n',
  });
  // One page for all: to look for the best of several takes the encoder 200 ms, and all wait.
  encoder.initialize().codepage(CODE_PAGE.name);
  for (const one of layOut(written(receipt), columns)) {
    if (one.laid === 'qr') {
      encoder.align('center').qrcode(one.content, { model: 2, size: 6, errorlevel: 'm' });
      encoder.align('left');
    } else {
      encoder.bold(one.strong).height(one.tall ? 2 : 1);
      // An empty text would be no line at all.
      if (one.text === '') encoder.newline();
      else encoder.line(one.text);
      encoder.height(1).bold(false);
    }
  }
  return encoder.cut('partial').encode();
};

// Before the lines are laid out: what is written another way may be longer.
const written = (receipt: Receipt): Receipt => ({
  ...receipt,
  parts: receipt.parts.map((part) => {
    switch (part.part) {
      case 'title':
      case 'line':
        return { ...part, text: inCodePage(part.text) };
      case 'pair':
        return { ...part, label: inCodePage(part.label), value: inCodePage(part.value) };
      case 'signature':
        return { ...part, label: inCodePage(part.label) };
      case 'qr':
        return part.caption === undefined ? part : { ...part, caption: inCodePage(part.caption) };
      default:
        return part;
    }
  }),
});
