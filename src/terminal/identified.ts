/**
 * What a scanned or typed text is; told by the codes' own table, which the terminal is given a
 * function for. A wallet's code and a consumer's code are money: never logged.
 */
export type Identified =
  | { readonly kind: 'wallet'; readonly wallet: string; readonly code: string }
  /** EMVCo consumer-presented: what each application of it holds, in the shopper's order. */
  | { readonly kind: 'emvConsumer'; readonly code: ConsumerCode }
  | { readonly kind: 'product' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string };

export interface ConsumerCode {
  readonly applications: readonly ConsumerApplication[];
}

export interface ConsumerApplication {
  /** 4F. */
  readonly aid: Uint8Array;
  /** By tag. */
  readonly data: ReadonlyMap<number, Uint8Array>;
}

/** @param symbology the AIM identifier where the scanner tells it, or undefined */
export type Identify = (text: string, symbology: string | undefined) => Identified;

/** For staff and log: what it is, and nothing of the text. */
export const identifiedWords = (code: Identified): string => {
  switch (code.kind) {
    case 'wallet':
      return `a code of ${code.wallet}`;
    case 'emvConsumer':
      return 'a payment code of a card scheme';
    case 'product':
      return 'the barcode of a product';
    case 'ambiguous':
      return `a code that may be of ${code.candidates.join(' or ')}: nothing is guessed`;
    case 'unknown':
      return `no code that this shop takes: ${code.why}`;
  }
};
