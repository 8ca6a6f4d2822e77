import type { DeviceList } from './devices.ts';
import type { Fault } from './fault.ts';

/** One line or block of a receipt, ready to be printed: no account data but masked. */
export type ReceiptPart =
  | { readonly part: 'title'; readonly text: string }
  | { readonly part: 'line'; readonly text: string; readonly strong?: true }
  /** A label at the left, a value at the right. */
  | {
      readonly part: 'pair';
      readonly label: string;
      readonly value: string;
      readonly strong?: true;
    }
  | { readonly part: 'rule' }
  | { readonly part: 'space' }
  /** A line to sign on. */
  | { readonly part: 'signature'; readonly label: string }
  | { readonly part: 'qr'; readonly content: string; readonly caption?: string };

export interface Receipt {
  /** Two letters; Arabic runs from right to left. */
  readonly language: string;
  readonly parts: readonly ReceiptPart[];
  /** The same in Latin letters, for a printer that has no letters of `language`. */
  readonly inLatin?: Receipt;
}

export interface ReceiptPrinter extends DeviceList {
  /** Resolves when the printer has taken it, to a Fault `device` that says why not (no paper). */
  print(receipt: Receipt): Promise<Fault | undefined>;
  close(): Promise<void>;
}
