import {
  answerHeader,
  type CurrencyTotals,
  type ErrorCondition,
  formEncoded,
  type NexoRequest,
  type NexoResponse,
  paymentBrand,
  type TransactionTotals,
  transactionTotals,
} from '#nexo/index.ts';
import { amountOf, isWalletPayment, type PaymentRecord, stands } from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { codeOf } from '#terminal/format.ts';
import { refused, type Service, type Turn } from './turn.ts';

/**
 * What stands of the period that is open, a row a currency and brand, of the books: what the host
 * will be asked to agree to, and what wallets have taken.
 */
export const getTotals = async (turn: Turn<'GetTotals'>): Promise<NexoResponse<'GetTotals'>> => {
  const { desk, request } = turn;
  const { books } = desk.parts;
  const { TotalFilter: filter = {}, TotalDetails: details = [] } = request.body;
  // The books don't know who stood at the till.
  if (filter.OperatorID ?? filter.ShiftNumber ?? filter.TotalsGroupID) {
    return refused(turn, 'UnavailableService', 'totals are kept by till, not by operator or shift');
  }
  const unsettled = await books.unsettled();
  if (isFault(unsettled)) return refused(turn, 'UnavailableService', unsettled.detail);
  const { period } = books;
  const ours = filter.POIID === undefined || filter.POIID === desk.parts.poiId;
  const counting = unsettled
    .filter((one) => ours && stands(one) && (one.period ?? period) === period)
    .filter((one) => filter.SaleID === undefined || saleIdOf(one) === filter.SaleID);
  const rows = totalsOf(counting, desk.parts.poiId, details.includes('SaleID'));
  return {
    category: 'GetTotals',
    header: answerHeader(request.header),
    body: {
      Response: { Result: 'Success' },
      POIReconciliationID: String(period),
      ...(rows.length === 0 ? {} : { TransactionTotals: rows }),
    },
  };
};

/** Closes the period with the host. */
export const reconcile = async (
  service: Service<'Reconciliation'>,
): Promise<NexoResponse<'Reconciliation'>> => {
  const { desk, request } = service;
  const { ReconciliationType: type } = request.body;
  if (!CLOSING.has(type)) {
    return refused(service, 'UnavailableService', `${type} is not done here`);
  }
  const told = await desk.parts.terminal.reconcile();
  if (isFault(told)) return refused(service, conditionOf(told), told.detail);
  const { period, currencies } = told;
  const inBalance = currencies.every((one) => one.inBalance);
  const rows = currencies.flatMap(({ currency, totals }) =>
    transactionTotals([{ currency: codeOf(currency), ...totals }], desk.parts.poiId),
  );
  return {
    category: 'Reconciliation',
    header: answerHeader(request.header),
    body: {
      Response: { Result: 'Success', AdditionalResponse: formEncoded({ inBalance }) },
      ReconciliationType: type,
      POIReconciliationID: String(period),
      ...(rows.length === 0 ? {} : { TransactionTotals: rows }),
    },
  };
};

const CLOSING: ReadonlySet<NexoRequest<'Reconciliation'>['body']['ReconciliationType']> = new Set([
  'SaleReconciliation',
  'AcquirerReconciliation',
]);

// What was asked goes on until the host answers: asked again later, its end is told.
const conditionOf = ({ fault }: Fault): ErrorCondition =>
  fault === 'timeout' || fault === 'linkDown' ? 'UnreachableHost' : 'UnavailableService';

// A payment's id from a till holds whose it is: see `serviceKey`.
const saleIdOf = ({ tillId = '' }: PaymentRecord): string | undefined => {
  const [, saleId] = /^nexo:([^:]*):/.exec(tillId) ?? [];
  try {
    return saleId === undefined ? undefined : decodeURIComponent(saleId);
  } catch {
    // Somebody else's id, which only looks like ours.
    return undefined;
  }
};

const totalsOf = (
  payments: readonly PaymentRecord[],
  poiId: string,
  bySale: boolean,
): readonly TransactionTotals[] => {
  const groups = Map.groupBy(payments, (one) =>
    JSON.stringify([one.currency, brandOf(one) ?? '', bySale ? (saleIdOf(one) ?? '') : '']),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const brand = brandOf(first);
    const saleId = bySale ? saleIdOf(first) : undefined;
    return transactionTotals([sums(codeOf(first.currency), group)], poiId).map((row) => ({
      ...row,
      ...(brand ? { CardBrand: brand } : {}),
      ...(saleId ? { SaleID: saleId } : {}),
    }));
  });
};

const brandOf = (one: PaymentRecord): string | undefined => {
  if (isWalletPayment(one) || one.wallet) return one.wallet?.name;
  return one.card?.scheme === undefined ? undefined : paymentBrand(one.card.scheme);
};

const sums = (currency: string, payments: readonly PaymentRecord[]): CurrencyTotals => {
  const sum = (some: readonly PaymentRecord[]) => ({
    count: some.length,
    amountMinor: some.reduce((total, one) => total + amountOf(one), 0),
  });
  return {
    currency,
    debits: sum(payments.filter(({ kind }) => kind !== 'refund')),
    credits: sum(payments.filter(({ kind }) => kind === 'refund')),
  };
};
