import type { ProductForm } from './gtin.ts';

/** What a wallet's codes look like. */
export type CodeForm =
  /** Digits alone; `begins` are ranges of leading digits, both ends included. */
  | {
      readonly form: 'digits';
      readonly least: number;
      readonly most: number;
      readonly begins: readonly { readonly from: string; readonly to: string }[];
    }
  /** Text that begins with `begins`; lengths are those of the whole text. */
  | {
      readonly form: 'text';
      readonly least: number;
      readonly most: number;
      readonly begins: string;
    }
  /** See retailer-token.ts. */
  | { readonly form: 'retailerToken' };

/** One wallet, and what its codes look like. A wallet may have several rows. */
export type WalletRow = CodeForm & {
  /** As decisions and configuration name it: "alipay". */
  readonly wallet: string;
  readonly symbologies: readonly string[];
};

/**
 * By what scanned texts are told apart. `symbologies` are beginnings of AIM identifiers without
 * their bracket (ISO/IEC 15424): "Q" is any QR code, "C0" plain Code 128. They count only where the
 * scanner tells the symbology; an empty list means all of them.
 */
export interface CodeTable {
  readonly wallets: readonly WalletRow[];
  /** EMVCo consumer-presented codes. */
  readonly emvConsumer: { readonly accepted: boolean; readonly symbologies: readonly string[] };
  /** Product barcodes. */
  readonly products: {
    readonly forms: readonly ProductForm[];
    readonly symbologies: readonly string[];
  };
}
