import type { ReceiptWords } from '#config/receipts-config.ts';
import type { PaymentRecord } from '#payment/record.ts';

/** What is on record of a payment by a wallet's code. */
export interface WalletOnRecord {
  /** As decisions and configuration name it: "alipay". */
  readonly name: string;
  /** As shoppers know it: "Alipay". */
  readonly title?: string;
  /** The wallet's own number of the payment. */
  readonly reference?: string;
  /** Who showed the code; "typed" when its digits were. */
  readonly way: string;
  /** What the wallet's offers gave of the amount, minor units. */
  readonly discountMinor?: number;
  /** Points, coupons and the like, ready to be read. */
  readonly notes?: readonly string[];
  /** As people may know the payer: masked. */
  readonly payer?: string;
}

export type ReceiptRecord = PaymentRecord & {
  readonly wallet?: WalletOnRecord | undefined;
};

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
