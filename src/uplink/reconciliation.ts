import { BehaviorSubject, firstValueFrom, map, type Observable, race, Subject, timer } from 'rxjs';
import { type Message, text } from '#iso8583/index.ts';
import { amountOf, type PaymentRecord, toJson, transmissionTime } from '#payment/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Debt, Debts } from './debts.ts';
import { reconciliationRequest } from './requests.ts';
import type { Reconciled, ReconciledCurrency, Totals, UplinkParts } from './types.ts';

/** The end of a period: written, then asked until the host has answered, across restarts. */
export interface Reconciliation {
  /** The foremost message of one that is open. Replays. */
  readonly debts$: Observable<readonly Debt[]>;
  /** Finds out from the journal whether one is open. */
  load(): Promise<void>;
  /** See Uplink.reconcile. */
  reconcile(debts: Debts): Promise<Reconciled | Fault>;
}

/** One message of a reconciliation: what stands in one currency. */
interface Batch {
  readonly currency: number;
  readonly totals: Totals;
  readonly stan: number;
}

interface Asked {
  readonly period: number;
  readonly transmitted: string;
  readonly batches: readonly Batch[];
}

export const createReconciliation = (parts: UplinkParts): Reconciliation => {
  const { clock, config } = parts;
  const asked = new BehaviorSubject<Asked | undefined>(undefined);
  const ended = new Subject<Reconciled>();
  const answers: ReconciledCurrency[] = [];
  const left = new BehaviorSubject<readonly Debt[]>([]);
  const begin = (open: Asked): void => {
    asked.next(open);
    answers.length = 0;
    left.next(open.batches.map((batch) => debtOf(batch, open)));
  };
  const debtOf = (batch: Batch, open: Asked): Debt => {
    const stan = batch.stan.toString().padStart(6, '0');
    const { transmitted } = open;
    const message = reconciliationRequest(
      batch.totals,
      batch.currency,
      { stan, transmitted },
      config,
    );
    return {
      id: `reconciliation ${open.period} ${batch.currency}`,
      first: true,
      about: { owed: 'reconciliation', period: open.period, stan },
      sentBefore: false,
      identity: message,
      message: async () => message,
      answered: (answer) => answered(batch, answer),
    };
  };
  const answered = async (batch: Batch, answer: Message): Promise<boolean> => {
    const open = asked.value;
    if (open === undefined || text(answer, 39) !== '00') return false;
    // DE 66. 1: in balance.
    answers.push({ ...batch, inBalance: text(answer, 66) === '1' });
    if (left.value.length > 1) {
      left.next(left.value.slice(1));
      return true;
    }
    const result = { period: open.period, currencies: [...answers] };
    const written = await close(result, parts);
    if (isFault(written)) {
      answers.pop();
      return false;
    }
    asked.next(undefined);
    left.next([]);
    ended.next(result);
    return true;
  };
  return {
    debts$: left.pipe(map(([foremost]) => (foremost === undefined ? [] : [foremost]))),
    load: async () => {
      const open = await openIn(parts);
      if (open !== undefined && !isFault(open)) begin(open);
    },
    reconcile: async (debts) => {
      const { answerWithinMs } = config;
      if (asked.value === undefined) {
        if (!(await debts.gone(() => true, answerWithinMs))) {
          return fault('timeout', 'the host has not taken everything that it is owed: try later');
        }
        const next = await begun(parts);
        if (isFault(next)) return next;
        if (next.batches.length === 0) return { period: next.period, currencies: [] };
        begin(next);
      } else debts.tryNow();
      const late$ = timer(answerWithinMs, clock.scheduler).pipe(
        map(() => fault('timeout', 'the host has not answered: the reconciliation goes on')),
      );
      return firstValueFrom(race(ended, late$));
    },
  };
};

const begun = async ({ books, clock }: UplinkParts): Promise<Asked | Fault> => {
  const { period } = books;
  const unsettled = await books.unsettled();
  if (isFault(unsettled)) return unsettled;
  const counting = unsettled.filter((one) => one.state === 'approved' && one.period === period);
  const currencies = [...new Set(counting.map(({ currency }) => currency))];
  const asked: Asked = {
    period,
    transmitted: transmissionTime(clock.wallMs()),
    batches: currencies.map((currency) => ({
      currency,
      totals: totalsOf(counting.filter((one) => one.currency === currency)),
      stan: books.nextStan(),
    })),
  };
  if (currencies.length === 0) return asked;
  const data = toJson({ ...asked, stan: asked.batches.at(-1)?.stan });
  const written = await books.record([], { own: { event: 'reconciliationAsked', data } });
  return isFault(written) ? written : asked;
};

const openIn = async ({ books }: UplinkParts): Promise<Asked | undefined | Fault> => {
  const asked = await books.latestOwn('reconciliationAsked');
  const answered = await books.latestOwn('reconciliationAnswered');
  if (asked === undefined || isFault(asked)) return asked;
  if (isFault(answered)) return answered;
  const open = asked.data as unknown as Asked;
  return open.period === answered?.data['period'] ? undefined : open;
};

// What the host has other sums for stays unsettled: somebody has to look at it.
const close = async (
  result: Reconciled,
  { books, log }: UplinkParts,
): Promise<readonly PaymentRecord[] | Fault> => {
  const unsettled = await books.unsettled();
  if (isFault(unsettled)) return unsettled;
  const balanced = result.currencies.filter(({ inBalance }) => inBalance);
  for (const { currency, inBalance } of result.currencies) {
    if (!inBalance) log.error({ period: result.period, currency }, 'out of balance with the host');
  }
  const closed = unsettled.filter(
    ({ state, period, currency }) =>
      state === 'approved' &&
      period === result.period &&
      balanced.some((one) => one.currency === currency),
  );
  return books.record(
    closed.map((payment) => ({ payment, event: 'reconciled' as const })),
    { own: { event: 'reconciliationAnswered', data: toJson(result) } },
  );
};

const totalsOf = (payments: readonly PaymentRecord[]): Totals => {
  const sum = (some: readonly PaymentRecord[]) => ({
    count: some.length,
    amountMinor: some.reduce((total, one) => total + amountOf(one), 0),
  });
  return {
    debits: sum(payments.filter(({ kind }) => kind !== 'refund')),
    credits: sum(payments.filter(({ kind }) => kind === 'refund')),
  };
};
