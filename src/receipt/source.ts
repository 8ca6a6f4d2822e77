import type { ReceiptWords } from '#config/receipts-config.ts';
import type { PaymentRecord } from '#payment/record.ts';

/** Of what shopper and till were told, what a receipt repeats. A SaleResult has it. */
export interface Told {
  readonly status?: string;
  readonly cvm?: 'none' | 'noCvm' | 'obtainSignature' | 'onlinePin' | 'confirmationCodeVerified';
  readonly retrievalReference?: string;
}

export const toldOf = ({ result }: PaymentRecord): Told => (result ?? {}) as Told;

export type ReceiptCopy = 'customer' | 'merchant';

export interface ReceiptShop {
  readonly merchant: string;
  /** DE 42. */
  readonly merchantId: string;
  /** DE 41. */
  readonly terminalId: string;
}

export interface ReceiptOptions {
  readonly copy: ReceiptCopy;
  /** It was printed before: this is one more of the same. */
  readonly duplicate?: boolean;
  readonly shop: ReceiptShop;
  /** Two letters, of `words`. */
  readonly language: string;
  readonly words: ReceiptWords;
  /** What the shop's clock shows, as if it were UTC. @param ms since 1970 UTC */
  readonly localMs: (ms: number) => number;
  /** A data element of the tap by its tag, for what no message to the host has. */
  readonly elements?: ((tag: number) => Uint8Array | undefined) | undefined;
  /** A code at the end, such as the address of the receipt's page. */
  readonly code?: { readonly content: string; readonly caption?: string } | undefined;
}
