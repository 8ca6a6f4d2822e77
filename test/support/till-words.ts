import { currencyByNumeric } from '#data/currencies.ts';
import { serviceKey } from '#nexo/index.ts';
import type { SaleResult } from '#terminal/types.ts';

/** What a till wants, as far as its messages say so. */
export interface TillWish {
  readonly tillId: string;
  readonly kind: 'purchase' | 'refund' | 'preAuthorisation' | 'completion';
  readonly amountMinor: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly partial: boolean;
  readonly original?: string;
}

/** The till's name, and that of the terminal, in every message. */
export const SALE_ID = 'POS 1';
export const POI_ID = 'V400m-123456789';

/** Under which id the terminal's books have what was asked for under a ServiceID. */
export const tillIdOf = (serviceId: string): string =>
  serviceKey({ SaleID: SALE_ID, ServiceID: serviceId });

/** The ServiceID in such an id. */
export const serviceIdOf = ({ tillId }: Pick<TillWish, 'tillId'>): string =>
  tillId.slice(tillId.lastIndexOf(':') + 1);

/** A request. @param category "Payment"; the body is what stands under "PaymentRequest" */
export const message = (category: string, ServiceID: string, body: object, SaleID = SALE_ID) => ({
  SaleToPOIRequest: {
    MessageHeader: {
      ...{ ProtocolVersion: '3.0', MessageClass: 'Service', MessageCategory: category },
      ...{ MessageType: 'Request', ServiceID, SaleID, POIID: POI_ID },
    },
    [`${category}Request`]: body,
  },
});

/** A transaction by its id. */
export const transaction = (TransactionID: string) => ({
  TransactionID,
  TimeStamp: '2026-06-15T09:00:00.000Z',
});

/** A payment's request; undefined when it is about one that the till doesn't know. */
export const paymentOf = (wish: TillWish, original: string | undefined): object | undefined => {
  if (wish.original !== undefined && original === undefined) return undefined;
  const tender = wish.partial ? { SaleToAcquirerData: PARTIAL } : {};
  return {
    SaleData: { SaleTransactionID: transaction(serviceIdOf(wish)), ...tender },
    PaymentTransaction: {
      AmountsReq: { Currency: codeOf(wish), RequestedAmount: wish.amountMinor / 100 },
      ...(original === undefined
        ? {}
        : { OriginalPOITransaction: { POITransactionID: transaction(original) } }),
    },
    PaymentData: { PaymentType: TYPES[wish.kind] },
  };
};

const PARTIAL = 'tenderOption=AllowPartialAuthorisation';

const TYPES = {
  purchase: 'Normal',
  refund: 'Refund',
  preAuthorisation: 'FirstReservation',
  completion: 'Completion',
} as const;

export interface StatusBody {
  readonly Response: { readonly Result: string; readonly ErrorCondition?: string };
  readonly RepeatedMessageResponse?: {
    readonly MessageHeader: Json;
    readonly RepeatedResponseMessageBody: Json;
  };
}

type Json = Readonly<Record<string, unknown>>;

/** What the till makes of a payment's answer, in the words of the loop. */
export const resultIn = (wish: TillWish, answered: unknown): SaleResult => {
  if (answered === undefined) return nothing(wish, 'busy', 'no answer');
  const body = answered as PaymentBody;
  const { Result, ErrorCondition: condition = '', AdditionalResponse = '' } = body.Response;
  const { TransactionID: transactionId } = body.POIData.POITransactionID;
  const status = Result === 'Failure' ? (STATUS.get(condition) ?? 'error') : 'approved';
  const reason = new URLSearchParams(AdditionalResponse).get('message') ?? condition;
  const known = { ...nothing(wish, status, reason), transactionId };
  if (status !== 'approved') return known;
  const approvedMinor = Math.round((body.PaymentResult?.AmountsResp?.AuthorizedAmount ?? 0) * 100);
  return approvedMinor === wish.amountMinor ? known : { ...known, approvedMinor };
};

/** The ErrorCondition in an answer. */
export const conditionIn = (answered: unknown): string | undefined =>
  (answered as PaymentBody | undefined)?.Response.ErrorCondition;

interface PaymentBody {
  readonly Response: {
    readonly Result: string;
    readonly ErrorCondition?: string;
    readonly AdditionalResponse?: string;
  };
  readonly POIData: { readonly POITransactionID: { readonly TransactionID: string } };
  readonly PaymentResult?: { readonly AmountsResp?: { readonly AuthorizedAmount: number } };
}

// What is not here says nothing of the payment itself: it is asked for again.
const STATUS: ReadonlyMap<string, SaleResult['status']> = new Map([
  ['Refusal', 'declined'],
  ['PaymentRestriction', 'declined'],
  ['InvalidCard', 'declined'],
  ['WrongPIN', 'declined'],
  ['Cancel', 'cancelled'],
  ['Aborted', 'cancelled'],
  ['Busy', 'busy'],
  ['InProgress', 'busy'],
]);

/** Nothing was told that stands. */
export const nothing = (
  wish: TillWish,
  status: SaleResult['status'],
  reason: string,
): SaleResult => ({
  ...{ status, reason, transactionId: 'none', tillId: wish.tillId },
  ...{ amountMinor: wish.amountMinor, currency: codeOf(wish) },
});

const codeOf = ({ currency }: TillWish): string => currencyByNumeric(currency)?.code ?? 'USD';
