import type { ReceiptLine } from '#nexo/index.ts';
import type { Receipt, ReceiptPart } from '#ports/receipt-printer.ts';

/**
 * A receipt in the lines that tills lay out.
 * @param keyOf what a till finds a label by, in whatever language it is: "totalAmount"
 */
export const receiptLines = (
  { parts }: Receipt,
  keyOf: (label: string) => string | undefined = () => undefined,
): readonly ReceiptLine[] => parts.flatMap((part) => lineOf(part, keyOf));

const FILLER: ReceiptLine = { key: 'filler' };

const lineOf = (
  part: ReceiptPart,
  keyOf: (label: string) => string | undefined,
): readonly ReceiptLine[] => {
  switch (part.part) {
    case 'title':
      return [{ key: 'header1', name: part.text, bold: true }];
    case 'line':
      return [{ key: keyOf(part.text) ?? 'line', name: part.text, bold: part.strong === true }];
    case 'pair': {
      const { label: name, value, strong = false } = part;
      return [{ key: keyOf(name) ?? 'pair', name, value, bold: strong }];
    }
    case 'rule':
    case 'space':
      return [FILLER];
    case 'signature':
      return [{ key: 'signature', name: part.label }];
    case 'qr':
      // A till draws no code: its caption has said what it is for.
      return part.caption === undefined ? [] : [{ key: 'line', name: part.caption }];
  }
};
