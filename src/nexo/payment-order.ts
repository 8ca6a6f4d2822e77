import type { Malformed } from '#bytes/malformed.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { type Currency, currencyByCode } from '#data/currencies.ts';
import { fieldFault, formDecoded } from './additional-response.ts';
import { minorOf } from './amounts.ts';
import type { ErrorCondition } from './enumerations.ts';
import type { PaymentRequest } from './payment-messages.ts';
import type { TransactionIdentification } from './structures.ts';

/** A payment as the terminal's loop takes it: its SaleRequest. */
export interface SaleOrder {
  readonly amountMinor: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly kind?: 'refund' | 'preAuthorisation';
  readonly partial?: boolean;
  readonly original?: string;
  readonly method?: 'card' | 'code';
  readonly wallet?: string;
}

/** The collection of an amount that is held: the loop's CompletionOrder. */
export interface HeldOrder {
  readonly original: string;
  readonly amountMinor: number;
  readonly currency: number;
}

/** What a till wants besides, and the loop doesn't know of. */
export interface Wishes {
  /** Of the amount, minor units. */
  readonly tipMinor: number;
  readonly cashBackMinor: number;
  /** The shopper is to be asked for a tip. */
  readonly askTip: boolean;
  readonly forceOnline: boolean;
  /** Brands that may be paid with; all when there is none. */
  readonly brands: readonly string[];
  readonly token?: 'Customer' | 'Transaction';
  /** The card acquisition whose card is to pay. */
  readonly acquisition?: TransactionIdentification;
  /** Two letters. */
  readonly language?: string;
  /** What SaleToAcquirerData holds, flat. */
  readonly data: ReadonlyMap<string, string>;
}

export type PaymentOrder =
  | { readonly order: 'sale'; readonly sale: SaleOrder; readonly wishes: Wishes }
  | { readonly order: 'completion'; readonly completion: HeldOrder; readonly wishes: Wishes };

/** A request that is well formed, and that this terminal doesn't do. */
export interface NotDone {
  readonly notDone: ErrorCondition;
  /** In words, for the till's log. */
  readonly why: string;
}

/** What this terminal can do, as far as an order depends on it. */
export interface Abilities {
  /** Names of the wallets that are taken by code. */
  readonly wallets: readonly string[];
}

/** What a till's PaymentRequest asks of the loop; pure: nothing is looked up. */
export const paymentOrder = (
  request: PaymentRequest,
  { wallets }: Abilities,
): PaymentOrder | NotDone | Malformed => {
  const currency = currencyByCode(request.PaymentTransaction.AmountsReq.Currency);
  if (!currency) return fieldFault(`${AMOUNTS}.Currency`, 'no such currency');
  const amountMinor = amountAt(request, 'RequestedAmount', currency);
  if (isMalformed(amountMinor)) return amountMinor;
  if (amountMinor === 0) return notDone('UnavailableService', 'there is nothing to pay');
  const wishes = wishesOf(request, currency, amountMinor);
  if (isMalformed(wishes)) return wishes;
  const kind = kindOf(request, wishes.data);
  if (typeof kind !== 'string') return kind;
  const original =
    request.PaymentTransaction.OriginalPOITransaction?.POITransactionID?.TransactionID;
  const money = { amountMinor, currency: currency.numeric };
  if (kind === 'completion') {
    return original === undefined
      ? fieldFault(`${TRANSACTION}.OriginalPOITransaction`, 'a completion is about a reservation')
      : { order: 'completion', completion: { original, ...money }, wishes };
  }
  const way = wayOf(request, wallets);
  if ('notDone' in way) return way;
  const partial = optionsIn(wishes.data).has('AllowPartialAuthorisation');
  return {
    order: 'sale',
    sale: {
      ...money,
      ...(kind === 'purchase' ? {} : { kind }),
      ...(partial ? { partial } : {}),
      ...(kind === 'refund' && original !== undefined ? { original } : {}),
      ...way,
    },
    wishes,
  };
};

export const isNotDone = (value: object): value is NotDone => 'notDone' in value;

const TRANSACTION = 'SaleToPOIRequest.PaymentRequest.PaymentTransaction';
const AMOUNTS = `${TRANSACTION}.AmountsReq`;

const notDone = (condition: ErrorCondition, why: string): NotDone => ({ notDone: condition, why });

const amountAt = (
  { PaymentTransaction: { AmountsReq } }: PaymentRequest,
  field: 'RequestedAmount' | 'TipAmount' | 'CashBackAmount',
  { code, exponent }: Currency,
): number | Malformed =>
  minorOf(AmountsReq[field] ?? 0, code) ??
  fieldFault(`${AMOUNTS}.${field}`, `more than ${exponent} decimal places in ${code}`);

// Tip and cashback are parts of the requested amount: nexo Retailer, AmountsReq.
const wishesOf = (
  request: PaymentRequest,
  currency: Currency,
  amountMinor: number,
): Wishes | Malformed => {
  const tipMinor = amountAt(request, 'TipAmount', currency);
  if (isMalformed(tipMinor)) return tipMinor;
  const cashBackMinor = amountAt(request, 'CashBackAmount', currency);
  if (isMalformed(cashBackMinor)) return cashBackMinor;
  if (tipMinor + cashBackMinor > amountMinor) {
    return fieldFault(`${AMOUNTS}.RequestedAmount`, 'less than its tip and cashback');
  }
  const { SaleData, PaymentTransaction, PaymentData } = request;
  const { TransactionConditions: conditions } = PaymentTransaction;
  const data = formDecoded(SaleData.SaleToAcquirerData ?? '');
  const { TokenRequestedType: token } = SaleData;
  const acquisition = PaymentData?.CardAcquisitionReference;
  const language = conditions?.CustomerLanguage;
  return {
    tipMinor,
    cashBackMinor,
    askTip: optionsIn(data).has('AskGratuity'),
    forceOnline: conditions?.ForceOnlineFlag ?? false,
    brands: conditions?.AllowedPaymentBrand ?? [],
    ...(token === undefined ? {} : { token }),
    ...(acquisition === undefined ? {} : { acquisition }),
    ...(language === undefined ? {} : { language }),
    data,
  };
};

// "AskGratuity,AllowPartialAuthorisation": Adyen Terminal API, SaleToAcquirerData.tenderOption.
const optionsIn = (data: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set((data.get('tenderOption') ?? '').split(',').map((option) => option.trim()));

const kindOf = (
  { PaymentData }: PaymentRequest,
  data: ReadonlyMap<string, string>,
): 'purchase' | 'refund' | 'preAuthorisation' | 'completion' | NotDone => {
  const type = PaymentData?.PaymentType ?? 'Normal';
  switch (type) {
    case 'Normal':
      return data.get('authorisationType') === 'PreAuth' ? 'preAuthorisation' : 'purchase';
    case 'Refund':
      return 'refund';
    case 'FirstReservation':
    case 'OneTimeReservation':
      return 'preAuthorisation';
    case 'Completion':
      return 'completion';
    default:
      return notDone('UnavailableService', `payments of type ${type} are not done here`);
  }
};

type Way = Pick<SaleOrder, 'method' | 'wallet'>;

const wayOf = (
  { PaymentTransaction: { TransactionConditions } }: PaymentRequest,
  wallets: readonly string[],
): Way | NotDone => {
  const { ForceEntryMode: modes = [], AllowedPaymentBrand: brands = [] } =
    TransactionConditions ?? {};
  const only = brands.length === 1 ? wallets.find((wallet) => wallet === brands[0]) : undefined;
  if (only !== undefined) return { method: 'code', wallet: only };
  if (modes.length === 0 || modes.includes('CheckReader')) return {};
  const ways = new Set(modes.flatMap((mode) => WAYS.get(mode) ?? []));
  if (ways.size === 0) {
    return notDone('UnavailableDevice', `no card is taken here by ${modes.join(', ')}`);
  }
  return ways.size > 1 ? {} : { method: ways.has('card') ? 'card' : 'code' };
};

/** What this terminal has for an entry mode; it has no slot, no magnetic head and no keypad. */
const WAYS: ReadonlyMap<string, 'card' | 'code'> = new Map([
  ['Contactless', 'card'],
  ['Tapped', 'card'],
  ['RFID', 'card'],
  ['Scanned', 'code'],
]);
