import type { ErrorCondition, PaymentReceipt, Response } from '#nexo/index.ts';
import type { Followed } from './follow.ts';
import type { TransactionReference } from './types.ts';

/**
 * "refusedByShop": what the shop doesn't take now, before anybody was charged; `alternatives` says
 * what it does. "aborted": by this till. "cancelled": by the shopper, at the terminal, or by nobody
 * paying in time.
 */
export type OutcomeStatus =
  | 'approved'
  | 'partlyApproved'
  | 'declined'
  | 'refusedByShop'
  | 'aborted'
  | 'cancelled'
  | 'busy'
  | 'failed';

export interface Told {
  readonly status: OutcomeStatus;
  /** Why not, in nexo's word. */
  readonly errorCondition?: ErrorCondition;
  /** Why not, for the cashier; empty when it was approved. */
  readonly reason: string;
  /** What AdditionalResponse says, by name. */
  readonly additional: Readonly<Record<string, string>>;
}

/** How a payment, a refund or a reversal ended. */
export interface PaymentOutcome extends Told {
  readonly serviceId: string;
  /** The connection was lost: this is what the terminal said when it was asked. */
  readonly asked: boolean;
  /** The terminal's own id of it: for a refund or a reversal later. */
  readonly transaction?: TransactionReference;
  /** Main unit of the currency; what was approved, all told. */
  readonly amount?: number;
  readonly currency?: string;
  readonly tip?: number;
  readonly cashback?: number;
  /** What else the shop takes, where it refused this: "insert", "cash", "qr:alipay". */
  readonly alternatives: readonly string[];
  readonly brand?: string;
  readonly maskedPan?: string;
  readonly token?: string;
  readonly approvalCode?: string;
  readonly receipts: readonly TillReceipt[];
}

export interface TillReceipt {
  readonly copy: 'merchant' | 'customer' | 'other';
  readonly toBeSigned: boolean;
  readonly lines: readonly TillReceiptLine[];
}

export interface TillReceiptLine {
  /** "totalAmount", "authCode"; "filler" for an empty line. */
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly bold: boolean;
}

export const paymentOutcome = (followed: Followed<'Payment'>): PaymentOutcome => {
  const { PaymentResult: result, POIData, Response: response } = followed.body;
  const amounts = result?.AmountsResp;
  const card = result?.PaymentInstrumentData?.CardData;
  return {
    ...common(followed, response, followed.body.PaymentReceipt),
    ...transactionOf(POIData.POITransactionID),
    ...some('amount', amounts?.AuthorizedAmount),
    ...some('currency', amounts?.Currency),
    ...some('tip', amounts?.TipAmount),
    ...some('cashback', amounts?.CashBackAmount),
    ...some('brand', card?.PaymentBrand),
    ...some('maskedPan', card?.MaskedPan),
    ...some('token', card?.PaymentToken?.TokenValue),
    ...some('approvalCode', result?.PaymentAcquirerData?.ApprovalCode),
  };
};

export const reversalOutcome = (followed: Followed<'Reversal'>): PaymentOutcome => {
  const { POIData, ReversedAmount, Response: response, PaymentReceipt } = followed.body;
  return {
    ...common(followed, response, PaymentReceipt),
    ...transactionOf(POIData?.POITransactionID),
    ...some('amount', ReversedAmount),
  };
};

export interface AcquisitionOutcome extends Told {
  readonly serviceId: string;
  /** To pay with this card: PayOrder's `acquisition`. */
  readonly transaction?: TransactionReference;
  readonly brand?: string;
  readonly maskedPan?: string;
  readonly token?: string;
  readonly alternatives: readonly string[];
}

export const acquisitionOutcome = (followed: Followed<'CardAcquisition'>): AcquisitionOutcome => {
  const { POIData, PaymentBrand, PaymentInstrumentData, Response: response } = followed.body;
  const card = PaymentInstrumentData?.CardData;
  const { receipts: _none, asked: _asked, ...told } = common(followed, response, undefined);
  return {
    ...told,
    ...transactionOf(POIData.POITransactionID),
    ...some('brand', PaymentBrand?.[0] ?? card?.PaymentBrand),
    ...some('maskedPan', card?.MaskedPan),
    ...some('token', card?.PaymentToken?.TokenValue),
  };
};

/** What a Response says, whatever it is about. */
export const toldOf = ({ Result, ErrorCondition, AdditionalResponse }: Response): Told => {
  const additional = Object.fromEntries(new URLSearchParams(AdditionalResponse ?? ''));
  const { message, errors, refusalReason } = additional;
  const success = Result !== 'Failure';
  const status = Result === 'Partial' ? 'partlyApproved' : 'approved';
  const reason = message ?? errors ?? refusalReason ?? ErrorCondition ?? '';
  return {
    status: success ? status : (STATUS[ErrorCondition ?? 'UnavailableService'] ?? 'failed'),
    ...some('errorCondition', ErrorCondition),
    reason: success ? '' : reason,
    additional,
  };
};

const STATUS: Partial<Record<ErrorCondition, OutcomeStatus>> = {
  Aborted: 'aborted',
  Busy: 'busy',
  Cancel: 'cancelled',
  InvalidCard: 'declined',
  PaymentRestriction: 'refusedByShop',
  Refusal: 'declined',
  WrongPIN: 'declined',
};

const common = (
  { serviceId, asked }: Pick<Followed<'Payment'>, 'serviceId' | 'asked'>,
  response: Response,
  receipts: readonly PaymentReceipt[] | undefined,
) => {
  const told = toldOf(response);
  const { alternatives = '' } = told.additional;
  return {
    ...told,
    serviceId,
    asked,
    alternatives: alternatives.split(',').filter((one) => one !== ''),
    receipts: (receipts ?? []).map(receiptOf),
  };
};

const COPIES: Readonly<Record<string, TillReceipt['copy']>> = {
  CashierReceipt: 'merchant',
  CustomerReceipt: 'customer',
};

const receiptOf = (receipt: PaymentReceipt): TillReceipt => ({
  copy: COPIES[receipt.DocumentQualifier] ?? 'other',
  toBeSigned: receipt.RequiredSignatureFlag ?? false,
  lines: (receipt.OutputContent.OutputText ?? []).map(({ Text, CharacterStyle }) => {
    const { key = '', name = '', value = '' } = Object.fromEntries(new URLSearchParams(Text));
    return { key, name, value, bold: CharacterStyle === 'Bold' };
  }),
});

const transactionOf = (
  reference: { readonly TransactionID: string; readonly TimeStamp: string } | undefined,
) =>
  reference && {
    transaction: { id: reference.TransactionID, timeStamp: reference.TimeStamp },
  };

const some = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [key in K]?: V };
