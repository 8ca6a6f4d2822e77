import type { ErrorCondition } from './enumerations.ts';
import type { PaymentReceipt } from './payment-messages.ts';

/** How a payment ended: what an answer needs of the loop's SaleResult. No account data. */
export interface ToldPayment {
  readonly status: 'approved' | 'declined' | 'cancelled' | 'timedOut' | 'busy' | 'error';
  readonly transactionId: string;
  readonly kind?: 'refund' | 'preAuthorisation' | 'completion';
  readonly amountMinor: number;
  readonly approvedMinor?: number;
  /** Three letters. */
  readonly currency: string;
  readonly reason: string;
  readonly cashier?: string;
  readonly errorCondition?: ErrorCondition;
  readonly retry?: string;
  readonly restriction?: {
    readonly decision?: string;
    readonly cashier?: string;
    readonly alternatives: readonly string[];
  };
  readonly offline?: string;
  readonly repeated?: string;
  readonly scheme?: string;
  readonly application?: string;
  readonly maskedPan?: string;
  readonly wallet?: {
    readonly name: string;
    readonly way: 'shopperCode' | 'shopCode' | 'typed';
    readonly reference?: string;
  };
  readonly discountMinor?: number;
  readonly cvm?: string;
  readonly responseCode?: string;
  readonly authorisationCode?: string;
  readonly retrievalReference?: string;
}

/** What else an answer says. */
export interface PaymentFacts {
  /** When the payment ended, milliseconds since 1970 UTC. */
  readonly endedMs: number;
  /** The reconciliation period. */
  readonly period: number;
  /** DE 42 and DE 41. */
  readonly merchantId: string;
  readonly terminalId: string;
  /** The till has broken it off, and no shopper. */
  readonly abortedByTill?: boolean;
  /** Parts of what was approved, minor units. */
  readonly tipMinor?: number;
  readonly cashBackMinor?: number;
  readonly surchargeMinor?: number;
  /** The key store's token, where the till asked for one. */
  readonly token?: { readonly type: 'Customer' | 'Transaction'; readonly value: string };
  readonly receipts?: readonly PaymentReceipt[];
  /** The language that the shopper was spoken to in, two letters. */
  readonly language?: string;
}
