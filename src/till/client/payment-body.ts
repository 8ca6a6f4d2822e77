import type { PaymentRequest, RequestBody, ReversalRequest } from '#nexo/index.ts';
import { newServiceId, now } from './ids.ts';
import type { TransactionReference } from './types.ts';

/** What a till asks for. Amounts are in the currency's main unit: 12.5 is 12.50 €. */
export interface PayOrder {
  /** All of it, a tip and cashback included. */
  readonly amount: number;
  /** Three letters, ISO 4217. */
  readonly currency: string;
  /** The till's own id of the sale; a new one unless said. */
  readonly reference?: string | undefined;
  /** A purchase unless said. A completion collects what the pre-authorisation `original` holds. */
  readonly kind?: 'purchase' | 'preAuthorisation' | 'completion' | undefined;
  readonly original?: TransactionReference | undefined;
  /** Parts of the amount. */
  readonly tip?: number | undefined;
  readonly cashback?: number | undefined;
  /** The shopper is asked for a tip at the terminal, which comes on top. */
  readonly askTip?: boolean | undefined;
  /** Less may be approved than is asked for: the till takes the rest otherwise. */
  readonly partial?: boolean | undefined;
  /** By a tap only, or by a code only; by whatever the shop takes unless said. */
  readonly method?: 'card' | 'code' | undefined;
  /** Brands or wallets that may pay; all unless said. */
  readonly brands?: readonly string[] | undefined;
  /** A token for the card is wanted with the answer. */
  readonly token?: 'Customer' | 'Transaction' | undefined;
  /** The card acquisition whose card is to pay. */
  readonly acquisition?: TransactionReference | undefined;
  /** Two letters: what the display speaks at first. */
  readonly language?: string | undefined;
  readonly forceOnline?: boolean | undefined;
}

export interface RefundOrder
  extends Pick<PayOrder, 'amount' | 'currency' | 'reference' | 'method' | 'language'> {
  /** The payment whose card it goes back to; else the shopper's card is asked for. */
  readonly original?: TransactionReference | undefined;
}

export interface ReverseOrder {
  readonly original: TransactionReference;
  /** A part of it; all unless said. */
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
  /** "CustCancel" unless said. */
  readonly reason?: ReversalRequest['ReversalReason'] | undefined;
  readonly reference?: string | undefined;
}

export interface AcquireOrder {
  readonly amount?: number | undefined;
  readonly reference?: string | undefined;
  readonly brands?: readonly string[] | undefined;
  readonly language?: string | undefined;
  readonly token?: 'Customer' | 'Transaction' | undefined;
}

export const payBody = (order: PayOrder): PaymentRequest => ({
  SaleData: {
    ...saleData(order.reference),
    ...(order.token && { TokenRequestedType: order.token }),
    ...tenderOptions(order),
  },
  PaymentTransaction: {
    AmountsReq: {
      Currency: order.currency,
      RequestedAmount: order.amount,
      ...(order.tip ? { TipAmount: order.tip } : {}),
      ...(order.cashback ? { CashBackAmount: order.cashback } : {}),
    },
    ...(order.original && { OriginalPOITransaction: originalOf(order.original) }),
    TransactionConditions: conditionsOf(order),
  },
  PaymentData: {
    PaymentType: TYPES[order.kind ?? 'purchase'],
    ...(order.partial && { SplitPaymentFlag: true }),
    ...(order.acquisition && { CardAcquisitionReference: transaction(order.acquisition) }),
  },
});

export const refundBody = (order: RefundOrder): PaymentRequest => ({
  ...payBody(order),
  PaymentData: { PaymentType: 'Refund' },
});

export const reverseBody = (order: ReverseOrder): ReversalRequest => ({
  SaleData: {
    ...saleData(order.reference),
    ...(order.currency && { SaleToAcquirerData: `currency=${order.currency}` }),
  },
  OriginalPOITransaction: originalOf(order.original),
  ...(order.amount === undefined ? {} : { ReversedAmount: order.amount }),
  ReversalReason: order.reason ?? 'CustCancel',
});

export const acquireBody = (order: AcquireOrder): RequestBody<'CardAcquisition'> => ({
  SaleData: {
    ...saleData(order.reference),
    ...(order.token && { TokenRequestedType: order.token }),
  },
  CardAcquisitionTransaction: {
    ...(order.brands?.length ? { AllowedPaymentBrand: [...order.brands] } : {}),
    ...(order.language && { CustomerLanguage: order.language }),
    ...(order.amount === undefined ? {} : { TotalAmount: order.amount }),
  },
});

const TYPES = {
  purchase: 'Normal',
  preAuthorisation: 'OneTimeReservation',
  completion: 'Completion',
} as const;

const saleData = (reference: string = newServiceId()) => ({
  SaleTransactionID: { TransactionID: reference, TimeStamp: now() },
});

// Adyen Terminal API, SaleToAcquirerData.tenderOption.
const tenderOptions = ({ askTip, partial }: PayOrder) => {
  const wanted = [askTip && 'AskGratuity', partial && 'AllowPartialAuthorisation'].filter(Boolean);
  return wanted.length === 0 ? {} : { SaleToAcquirerData: `tenderOption=${wanted.join(',')}` };
};

const ENTRY_MODES = { card: ['Contactless'], code: ['Scanned'] } as const;

const conditionsOf = ({ brands, method, language, forceOnline }: PayOrder) => ({
  ...(brands?.length ? { AllowedPaymentBrand: [...brands] } : {}),
  ...(method && { ForceEntryMode: [...ENTRY_MODES[method]] }),
  ...(language && { CustomerLanguage: language }),
  ...(forceOnline && { ForceOnlineFlag: true }),
});

const originalOf = (original: TransactionReference) => ({
  POITransactionID: transaction(original),
});

const transaction = ({ id, timeStamp }: TransactionReference) => ({
  TransactionID: id,
  TimeStamp: timeStamp,
});
