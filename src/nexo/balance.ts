import { formEncoded } from './additional-response.ts';
import { decimalOf } from './amounts.ts';
import { instrumentOf } from './card-data.ts';
import type { ErrorCondition } from './enumerations.ts';
import { errorConditionOf } from './error-condition-of.ts';
import { answerHeader, type NexoRequest, type NexoResponse } from './messages.ts';
import type { BalanceInquiryRequest } from './payment-messages.ts';
import type { NotDone } from './payment-order.ts';
import { failure } from './refusals.ts';
import { LARGEST_DECIMAL, oneLine } from './scalars.ts';
import type { TransactionIdentification } from './structures.ts';
import { timeStamp } from './times.ts';
import type { ToldPayment } from './told-payment.ts';

/** Whose balance a till asks for. */
export interface BalanceOrder {
  readonly account: 'default' | 'savings' | 'cheque' | 'credit';
  /** The card acquisition whose card is to be asked about. */
  readonly acquisition?: TransactionIdentification;
}

/** How an inquiry ended, and what the host told. */
export interface ToldBalance
  extends Pick<ToldPayment, 'reason' | 'restriction' | 'scheme' | 'maskedPan'> {
  readonly status: 'told' | 'cancelled' | 'timedOut' | 'busy' | 'declined' | 'error';
  readonly balance?: {
    readonly kind: 'available' | 'ledger';
    /** Negative where the account is overdrawn. */
    readonly amountMinor: number;
    /** Three letters. */
    readonly currency: string;
  };
  readonly hostUnreachable?: boolean;
  readonly errorCondition?: ErrorCondition;
  readonly responseCode?: string;
  readonly retrievalReference?: string;
}

/** What else the answer says. */
export interface BalanceFacts {
  readonly endedMs: number;
  /** DE 42 and DE 41. */
  readonly merchantId: string;
  readonly terminalId: string;
  /** The till has broken it off, and no shopper. */
  readonly abortedByTill: boolean;
}

/**
 * What a till's BalanceInquiryRequest asks for. Without a word of whose account it is that of the
 * card; one of a gift card or a loyalty programme is none that this terminal knows.
 */
export const balanceOrder = (request: BalanceInquiryRequest): BalanceOrder | NotDone => {
  if (request.LoyaltyAccountReq !== undefined) return notDone('loyalty accounts');
  const { AccountType, CardAcquisitionReference, PaymentInstrumentData } =
    request.PaymentAccountReq ?? {};
  const { PaymentInstrumentType = 'Card' } = PaymentInstrumentData ?? {};
  if (PaymentInstrumentType !== 'Card') return notDone(`accounts of type ${PaymentInstrumentType}`);
  const account = ACCOUNTS.get(AccountType ?? 'Default');
  if (account === undefined) return notDone(`${AccountType} accounts`);
  return {
    account,
    ...(CardAcquisitionReference === undefined ? {} : { acquisition: CardAcquisitionReference }),
  };
};

/**
 * The answer to an inquiry. The schema knows no negative balance and none beyond its largest
 * amount: what stands in CurrentBalance is what can be spent, 0 where the account is overdrawn, and
 * AdditionalResponse says so.
 */
export const balanceResponse = (
  { header }: NexoRequest<'BalanceInquiry'>,
  told: ToldBalance,
  facts: BalanceFacts,
): NexoResponse<'BalanceInquiry'> => {
  const condition = errorConditionOf(told, facts.abortedByTill);
  const { balance } = told;
  const Response =
    condition === undefined
      ? { Result: 'Success' as const, AdditionalResponse: formEncoded(detailsOf(balance)) }
      : failure(condition, reasonsOf(told));
  const instrument = instrumentOf(told);
  const amount = balance && decimalOf(Math.max(0, balance.amountMinor), balance.currency);
  return {
    category: 'BalanceInquiry',
    header: answerHeader(header),
    body: {
      Response,
      ...(instrument === undefined
        ? {}
        : {
            PaymentAccountStatus: {
              PaymentInstrumentData: instrument,
              CurrentBalance: amount === undefined ? undefined : Math.min(amount, LARGEST_DECIMAL),
              Currency: balance?.currency,
              PaymentAcquirerData: acquirerOf(told, facts),
            },
          }),
    },
  };
};

const notDone = (what: string): NotDone => ({
  notDone: 'UnavailableService',
  why: `balances of ${what} are not asked for here`,
});

// EpurseCard, Investment, Universal and CardTotals are left: no host of ours is asked for them.
const ACCOUNTS: ReadonlyMap<string, BalanceOrder['account']> = new Map([
  ['Default', 'default'],
  ['Savings', 'savings'],
  ['Checking', 'cheque'],
  ['CreditCard', 'credit'],
]);

const detailsOf = (balance: ToldBalance['balance']) => ({
  balanceType: balance?.kind,
  overdrawn: balance !== undefined && balance.amountMinor < 0 ? true : undefined,
});

const reasonsOf = ({ reason, restriction, responseCode }: ToldBalance) => ({
  message: restriction?.cashier ?? reason,
  refusalReason: responseCode === undefined ? undefined : `${responseCode} ${reason}`,
  decision: restriction?.decision,
  alternatives: restriction?.alternatives.join(','),
});

const acquirerOf = ({ retrievalReference }: ToldBalance, facts: BalanceFacts) => {
  const reference = oneLine(retrievalReference);
  return {
    MerchantID: oneLine(facts.merchantId) ?? 'none',
    AcquirerPOIID: oneLine(facts.terminalId) ?? 'none',
    AcquirerTransactionID:
      reference === undefined
        ? undefined
        : { TransactionID: reference, TimeStamp: timeStamp(facts.endedMs) },
  };
};
