import {
  BehaviorSubject,
  combineLatest,
  filter,
  firstValueFrom,
  ignoreElements,
  map,
  merge,
  type Observable,
  ReplaySubject,
  race,
  share,
  timer,
} from 'rxjs';
import { describe, type Message } from '#iso8583/index.ts';
import {
  createTurns,
  isWalletPayment,
  owed,
  type PaymentRecord,
  priceOf,
  reveal,
  states,
} from '#payment/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { JsonObject, SealedData } from '#ports/journal.ts';
import { readAnswer } from './answers.ts';
import { inquire } from './balance.ts';
import { type Conversation, createConversation } from './conversation.ts';
import { createDebts, type Debt, type Debts } from './debts.ts';
import { echo, networkManagement$ } from './network.ts';
import { forwardsOwed, reversalsOwed } from './owed-by-payments.ts';
import { createReconciliation, type Reconciliation } from './reconciliation.ts';
import { identityOf, type Manner, messageOf, requestFor } from './requests.ts';
import type {
  Answered,
  Authorisation,
  Payment,
  Unanswered,
  Uplink,
  UplinkParts,
  UplinkState,
} from './types.ts';

/** An uplink over a link that its owner opens and closes. */
export const createUplink = (parts: UplinkParts): Uplink => {
  const { books, clock } = parts;
  const conversation = createConversation(parts);
  const reconciliation = createReconciliation(parts);
  const debts = createDebts(parts, conversation, owed$(parts, reconciliation));
  const asking = new BehaviorSubject(0);
  // What counts in a period is settled by one at a time: nothing may slip in while its sums are
  // taken.
  const inTurn = createTurns();
  const work: Work = { conversation, debts, reconciliation };
  void reconciliation.load();
  return {
    authorise: async (payment, signal) => {
      asking.next(asking.value + 1);
      try {
        await reconciliation.load();
        return await inTurn(() => authorise(payment, signal, parts, work));
      } finally {
        asking.next(asking.value - 1);
      }
    },
    inquire: (inquiry, signal) => inquire(inquiry, signal, parts, conversation),
    accept: (payment, why, result, completes) =>
      inTurn(() => accept({ payment, why, result, completes }, parts)),
    takeBack: (record) =>
      inTurn(async () =>
        books.closing
          ? fault('journal', 'its period is being closed: try again when the host has answered')
          : books.note(record, 'reversalOwed', owed('voided', clock.wallMs(), record.state)),
      ),
    reversed: (id, withinMs) => debts.gone((debt) => debt.id === `reversal ${id}`, withinMs),
    reconcile: async () => {
      await reconciliation.load();
      return reconciliation.reconcile(debts, inTurn);
    },
    prepare: () => {
      parts.link.hurry?.();
      debts.tryNow();
    },
    settled: async (withinMs) => {
      const startedMs = clock.monotonicMs();
      // A payment that is being asked may leave a reversal behind.
      const quiet$ = asking.pipe(filter((count) => count === 0));
      await firstValueFrom(race(quiet$, timer(withinMs, clock.scheduler)));
      const leftMs = withinMs - (clock.monotonicMs() - startedMs);
      return asking.value === 0 && debts.gone(({ first }) => first, Math.max(0, leftMs));
    },
    echo: (signal) => echo(parts, conversation, signal),
    lastAnswerMs: conversation.lastAnswerMs,
    state$: stateAndWork(parts, work),
  };
};

interface Work {
  readonly conversation: Conversation;
  readonly debts: Debts;
  readonly reconciliation: Reconciliation;
}

// Reversals, then the end of a period, then what was approved without the host: it counts in the
// next one.
const owed$ = (parts: UplinkParts, { debts$ }: Reconciliation): Observable<readonly Debt[]> => {
  const { open$ } = parts.books;
  const putOff = new Map<string, number>();
  const unreadable = new BehaviorSubject<ReadonlySet<string>>(new Set());
  let sentBefore: ReadonlySet<string> | undefined;
  return combineLatest([open$, debts$, unreadable]).pipe(
    map(([open, reconciliation]) => {
      // Whatever was open when the program started may have been sent by the run before.
      sentBefore ??= new Set(
        open.map(({ id }) => id).filter((id) => !parts.books.interrupted.has(id)),
      );
      const told = { sentBefore, putOff, unreadable };
      return [
        ...reversalsOwed(open, told, parts),
        ...reconciliation,
        ...forwardsOwed(open, told, parts),
      ];
    }),
  );
};

const stateAndWork = (
  parts: UplinkParts,
  { conversation, debts }: Work,
): Observable<UplinkState> => {
  const count = (debt: 'reversal' | 'forward') => (open: readonly PaymentRecord[]) =>
    open.filter((one) => states[one.state].owes === debt && !isWalletPayment(one)).length;
  return merge(
    // First, so that it sees a message before whoever waits for it has stopped waiting.
    conversation.strays$.pipe(ignoreElements()),
    combineLatest([parts.link.state$, conversation.hostAnswers$, parts.books.open$]).pipe(
      map(([link, hostAnswers, open]) => ({
        link,
        hostAnswers,
        openReversals: count('reversal')(open),
        toForward: count('forward')(open),
      })),
    ),
    debts.delivery$,
    networkManagement$(parts, conversation),
  ).pipe(share({ connector: () => new ReplaySubject<UplinkState>(1) }));
};

const authorise = async (
  payment: Payment,
  signal: AbortSignal,
  parts: UplinkParts,
  { conversation, debts }: Work,
): Promise<Authorisation> => {
  const { books, clock, config } = parts;
  // No new payment overtakes a reversal: the host would hold two open for one terminal. Where the
  // host is away nobody waits for it.
  const link = await firstValueFrom(parts.link.state$);
  const waitMs = link.link === 'up' ? config.reversalsWithinMs : 0;
  if (!(await debts.gone(({ first }) => first, waitMs, signal))) {
    const late = fault('timeout', `the host has not acknowledged ${await foremost(debts)}`);
    const why = link.link === 'up' ? late : link.why;
    const cancelled = fault('aborted', 'cancelled before the host was asked');
    return { record: payment.record, outcome: unsent(signal.aborted ? cancelled : why) };
  }
  // Written before it is sent: from here on a crash ends in a reversal.
  const record = await books.note(
    payment.record,
    'asked',
    { request: drafted(payment, 'online', parts), ...insteadOfWallet(payment) },
    besides(payment),
  );
  if (isFault(record)) return { record: payment.record, outcome: unsent(record) };
  const message = await onlineMessage(record, payment, parts);
  if (isFault(message)) return { record, outcome: unsent(message) };
  const about = { payment: record.id, stan: record.request?.fields['11'] };
  const { amountMinor, currency } = record;
  parts.log.info({ ...about, amountMinor, currency }, 'host asked');
  parts.log.debug({ ...about, message: describe(message) }, 'request');
  const startedMs = clock.monotonicMs();
  const answer = await conversation.ask(message, { withinMs: config.answerWithinMs, signal });
  const milliseconds = Math.round(clock.monotonicMs() - startedMs);
  const outcome = 'mti' in answer ? outcomeOf(message, answer, milliseconds) : answer;
  logOutcome(outcome, answer, { ...about, milliseconds }, parts);
  return { record, outcome };
};

const foremost = async (debts: Debts): Promise<string> => {
  const about = (await debts.now()).find(({ first }) => first)?.about ?? {};
  const { payment, period } = about;
  return payment === undefined ? `the end of period ${period}` : `the reversal of ${payment}`;
};

const accept = async (
  { payment, why, result, completes }: Acceptance,
  parts: UplinkParts,
): Promise<PaymentRecord | Fault> => {
  const request = drafted(payment, why, parts);
  const patch = { request, ...insteadOfWallet(payment), offline: why, result };
  const accepted = { payment: payment.record, event: 'acceptedOffline' as const, patch };
  const ended =
    completes === undefined ? [] : [{ payment: completes, event: 'completed' as const }];
  const written = await parts.books.record([accepted, ...ended], besides(payment));
  if (isFault(written)) return written;
  return written[0] ?? fault('journal', 'nothing was written');
};

interface Acceptance {
  readonly payment: Payment;
  readonly why: 'kernel' | 'deferred' | 'completion';
  readonly result: JsonObject;
  readonly completes: PaymentRecord | undefined;
}

const unsent = (why: Fault): Unanswered => ({
  kind: 'unanswered',
  fault: why,
  mayHaveArrived: false,
});

const drafted = (payment: Payment, manner: Manner, { books, clock, config }: UplinkParts) => {
  const identity = identityOf(payment.localTime, books.nextStan(), clock.wallMs());
  return requestFor(payment, manner, identity, config);
};

// The shopper had begun with a wallet, whose order is closed: a card may cost something else.
const insteadOfWallet = ({ record }: Payment) => {
  const { wallet, card } = record;
  if (wallet === undefined) return {};
  return { wallet: undefined, ...(card === undefined ? {} : { card }), ...priceOf(record) };
};

const besides = ({ record, sealed, transcript }: Payment) => ({
  sealed,
  ...(transcript === undefined ? {} : { transcripts: [{ payment: record.id, text: transcript }] }),
});

// The account is at hand as it was sealed: it needs not be read again.
const onlineMessage = async (
  record: PaymentRecord,
  { sealed }: Payment,
  { keys }: UplinkParts,
): Promise<Message | Fault> => {
  const read = async (wanted: SealedData['name']) =>
    sealed.find(({ name }) => name === wanted)?.value ?? undefined;
  const account = await reveal(record.id, read, keys);
  if (isFault(account)) return account;
  if (record.request === undefined) throw new TypeError('a payment is asked with its request');
  return messageOf(record.request, account);
};

const outcomeOf = (
  request: Message,
  answer: Message,
  milliseconds: number,
): Answered | Unanswered => {
  const read = readAnswer(request, answer, milliseconds);
  return isFault(read) ? { kind: 'unanswered', fault: read, mayHaveArrived: true } : read;
};

const logOutcome = (
  outcome: Answered | Unanswered,
  answer: Message | Unanswered,
  about: Readonly<Record<string, unknown>>,
  { log }: UplinkParts,
): void => {
  if (outcome.kind === 'unanswered') {
    const { fault, detail } = outcome.fault;
    log.warn({ ...about, fault, detail }, 'no answer from the host');
    return;
  }
  const { code, meaning } = outcome.row;
  log.info({ ...about, approved: outcome.approved, responseCode: code, meaning }, 'host answered');
  if ('mti' in answer) log.debug({ ...about, message: describe(answer) }, 'answer');
};
