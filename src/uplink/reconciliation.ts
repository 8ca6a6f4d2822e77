import { BehaviorSubject, firstValueFrom, map, type Observable, race, Subject, timer } from 'rxjs';
import { text } from '#iso8583/index.ts';
import {
  amountOf,
  type Change,
  type InTurn,
  isWalletPayment,
  type PaymentRecord,
  states,
  toJson,
  transmissionTime,
} from '#payment/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Debt, Debts } from './debts.ts';
import { reconciliationRequest } from './requests.ts';
import { responseCode } from './response-codes.ts';
import type { Reconciled, ReconciledCurrency, Totals, UplinkConfig, UplinkParts } from './types.ts';

/** The end of a period: written, then asked until the host has answered, across restarts. */
export interface Reconciliation {
  /** The foremost message of one that is open. Replays. */
  readonly debts$: Observable<readonly Debt[]>;
  /** Finds out from the journal whether one is open, until that could be read. */
  load(): Promise<void>;
  /** See Uplink.reconcile. `inTurn` keeps payments away while the sums are taken. */
  reconcile(debts: Debts, inTurn: InTurn): Promise<Reconciled | Fault>;
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

/** One that is open: its messages, and the answers that came so far. */
interface Open {
  readonly asked: Asked;
  /** By the run before this one. */
  readonly sentBefore: boolean;
  readonly answers: readonly ReconciledCurrency[];
}

export const createReconciliation = (parts: UplinkParts): Reconciliation => {
  const { config } = parts;
  const open = new BehaviorSubject<Open | undefined>(undefined);
  const ended = createEnded(parts);
  const answered = async (now: Open, one: ReconciledCurrency): Promise<boolean> => {
    const { asked } = now;
    const all = [...now.answers, one];
    if (all.length < asked.batches.length) {
      open.next({ ...now, answers: all });
      return true;
    }
    const result = { period: asked.period, currencies: all };
    if (isFault(await close(result, parts))) return false;
    open.next(undefined);
    ended.tell(result);
    return true;
  };
  const begin = (asked: Asked, sentBefore: boolean) =>
    open.next({ asked, sentBefore, answers: [] });
  const closed = async (debts: Debts, inTurn: InTurn): Promise<Reconciled | Fault> => {
    if (open.value === undefined && !(await debts.gone(() => true, config.answerWithinMs))) {
      return fault('timeout', 'the host has not taken everything that it is owed: try later');
    }
    const begunNow = await inTurn(async () => {
      if (open.value !== undefined) return undefined;
      const asked = await begun(parts);
      if (!isFault(asked) && asked.batches.length > 0) begin(asked, false);
      return asked;
    });
    if (begunNow === undefined) debts.tryNow();
    else if (isFault(begunNow)) return begunNow;
    else if (begunNow.batches.length === 0) return { period: begunNow.period, currencies: [] };
    return ended.next();
  };
  let loaded = false;
  return {
    debts$: open.pipe(map((now) => (now === undefined ? [] : foremost(now, answered, config)))),
    load: async () => {
      if (loaded) return;
      const asked = await openIn(parts);
      if (loaded || isFault(asked)) return;
      loaded = true;
      if (asked !== undefined) begin(asked, true);
    },
    reconcile: async (debts, inTurn) => {
      const earlier = ended.untold();
      const result = await closed(debts, inTurn);
      if (earlier === undefined) return result;
      if (!isFault(result)) return { ...result, earlier };
      ended.tell(earlier);
      return result;
    },
  };
};

/** How periods end: told to whoever waits for it, and else kept until somebody asks. */
const createEnded = ({ clock, config }: UplinkParts) => {
  const ended = new Subject<Reconciled>();
  let kept: Reconciled | undefined;
  const untold = (): Reconciled | undefined => {
    const result = kept;
    kept = undefined;
    return result;
  };
  return {
    untold,
    tell: (result: Reconciled): void => {
      if (ended.observed) ended.next(result);
      else kept = result;
    },
    next: async (): Promise<Reconciled | Fault> => {
      const late$ = timer(config.answerWithinMs, clock.scheduler).pipe(
        map(() => fault('timeout', 'the host has not answered: the reconciliation goes on')),
      );
      return untold() ?? firstValueFrom(race(ended, late$));
    },
  };
};

/** The first message that has no answer yet, as a debt. */
const foremost = (
  open: Open,
  answered: (open: Open, one: ReconciledCurrency) => Promise<boolean>,
  config: UplinkConfig,
): readonly Debt[] => {
  const { period, transmitted, batches } = open.asked;
  const batch = batches[open.answers.length];
  if (batch === undefined) return [];
  const { currency, totals } = batch;
  const stan = batch.stan.toString().padStart(6, '0');
  const message = reconciliationRequest(totals, currency, { stan, transmitted }, config);
  const debt: Debt = {
    id: `reconciliation ${period} ${currency}`,
    first: true,
    about: { owed: 'reconciliation', period, stan },
    sentBefore: open.sentBefore,
    identity: message,
    message: async () => message,
    answered: async (answer) => {
      const code = text(answer, 39) ?? '';
      // DE 66 says it in 1987 (1: in balance), DE 39 alone in the editions after it (95: out). A
      // host that won't hear of it must not keep the shop from paying: people have to look at it.
      const inBalance = code === '00' && (text(answer, 66) ?? '1') === '1';
      const later = responseCode(code).retry === 'later';
      return !later && answered(open, { currency, totals, inBalance });
    },
  };
  return [debt];
};

const begun = async ({ books, clock }: UplinkParts): Promise<Asked | Fault> => {
  const { period } = books;
  // A wallet's payments are settled with the wallet, and wait for nobody here.
  const underWay = (await firstValueFrom(books.open$)).find((one) => !isWalletPayment(one));
  if (underWay !== undefined) {
    const { meaning } = states[underWay.state];
    return fault('timeout', `payment ${underWay.id}: ${meaning}; try later`);
  }
  const unsettled = await books.unsettled();
  if (isFault(unsettled)) return unsettled;
  const counting = unsettled.filter(
    (one) => one.state === 'approved' && one.period === period && !isWalletPayment(one),
  );
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
  if (currencies.length === 0) {
    const settled = await books.record(walletsSettled(unsettled, period));
    return isFault(settled) ? settled : asked;
  }
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
    (one) =>
      one.state === 'approved' &&
      !isWalletPayment(one) &&
      one.period === result.period &&
      balanced.some(({ currency }) => currency === one.currency),
  );
  return books.record(
    [
      ...closed.map((payment) => ({ payment, event: 'reconciled' as const })),
      ...walletsSettled(unsettled, result.period),
    ],
    { own: { event: 'reconciliationAnswered', data: toJson(result) } },
  );
};

// The acquirer has never heard of them. They end with the period they were taken in, whatever came
// of its sums: else they would stay unsettled for ever.
const walletsSettled = (unsettled: readonly PaymentRecord[], period: number): readonly Change[] =>
  unsettled
    .filter((one) => one.state === 'approved' && isWalletPayment(one))
    .filter((one) => (one.period ?? 0) <= period)
    .map((payment) => ({ payment, event: 'reconciled' }));

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
