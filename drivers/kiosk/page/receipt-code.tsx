import type { ReceiptToScan } from '#ports/customer-display.ts';
import { QrCode } from './qr-code.tsx';
import { ownTexts } from './texts.ts';

interface ReceiptCodeProps {
  readonly receipt: ReceiptToScan;
  readonly language: string;
}

/** The receipt for who wants it: smaller than a code to pay with, which nobody is to miss. */
export const ReceiptCode = ({ receipt: { content, words }, language }: ReceiptCodeProps) => (
  <figure class="receipt">
    <QrCode content={content} name={ownTexts(language).code.name} />
    <figcaption>{words}</figcaption>
  </figure>
);
