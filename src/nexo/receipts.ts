import { formEncoded } from './additional-response.ts';
import type { PaymentReceipt } from './payment-messages.ts';

/** One line of a receipt: what it says, and by which key a till finds it. */
export interface ReceiptLine {
  /** "totalAmount", "authCode", "pan"; "filler" for an empty line. */
  readonly key: string;
  /** In the receipt's language. */
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  readonly bold?: boolean;
}

/**
 * A receipt in an answer, as Adyen's terminals write it: each line is pairs in the form of a URL's
 * query, which the till lays out. The lines come from whoever knows receipts; numbers are masked.
 */
export const paymentReceipt = (
  copy: 'merchant' | 'customer',
  lines: readonly ReceiptLine[],
  toBeSigned = false,
): PaymentReceipt => ({
  DocumentQualifier: copy === 'merchant' ? 'CashierReceipt' : 'CustomerReceipt',
  RequiredSignatureFlag: toBeSigned,
  OutputContent: {
    OutputFormat: 'Text',
    OutputText: lines.map(({ key, name, value, bold }) => ({
      Text: formEncoded({ name, value, key }) ?? '',
      ...(bold ? { CharacterStyle: 'Bold' } : {}),
      EndOfLineFlag: true,
    })),
  },
});
