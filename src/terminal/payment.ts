import { firstValueFrom, fromEvent, map, type Observable, of, race, timer } from 'rxjs';
import { transactionData } from '#contactless/transaction-data.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { Activation, ActivationEnd, EntryPointState } from '#entry-point/run.ts';
import type { Outcome, StartPoint } from '#kernels/shared/outcome.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import type { Screen } from '#ports/customer-display.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Answered, Kernel } from '#uplink/index.ts';
import { describeCard } from './card-summary.ts';
import { localTime } from './local-time.ts';
import { type RunnerParts, removal$, run } from './runner.ts';
import type {
  SaleRequest,
  SaleResult,
  SaleStatus,
  TapTimes,
  TerminalEvent,
  TerminalParts,
} from './types.ts';

export interface PaymentContext {
  readonly parts: TerminalParts;
  readonly request: SaleRequest;
  readonly transactionId: string;
  readonly currencyCode: string;
  readonly signal: AbortSignal;
  readonly emit: (event: TerminalEvent) => void;
  /** When the last card that paid was first seen, monotonic: it must leave to pay again. */
  readonly servedCardMs: number;
}

/** How a payment ended, and what the shopper is to see of it. */
export interface PaymentEnd {
  readonly result: SaleResult;
  readonly screen: Screen;
  /** When its last card was first seen, monotonic milliseconds; undefined if there was none. */
  readonly cardSeenMs?: number;
}

/** One payment from the amount to the result: tap, authorise, tap again where a kernel asks. */
export const takePayment = async (context: PaymentContext): Promise<PaymentEnd> => {
  const { parts } = context;
  const time = localTime(parts.clock.wallMs());
  const payment = newPayment(context, time);
  parts.uplink.prepare();
  await lastCardGone(context);
  let activation: Activation = payment.first;
  let state: EntryPointState = newTransaction;
  for (let attempt = 1; ; ) {
    const end = await run(
      activate(parts.contactless, state, activation),
      runnerParts(context, payment),
      context.signal,
    );
    if (end === undefined) return cancelled(payment);
    if (end.outcome === null) return stopped(payment, 'timedOut', await whyNobodyPaid(parts));
    const next = await follow(payment, end, end.outcome);
    if (next.step === 'ended') return next;
    if (next.step === 'anotherCard') {
      if (++attempt > parts.settings.attempts) {
        return ended(payment, 'declined', 'no card that was presented can be used', 'anotherCard');
      }
      await nextCard(payment);
    }
    if (context.signal.aborted) return cancelled(payment);
    state = next.step === 'restart' ? end.state : newTransaction;
    activation = next.step === 'restart' ? next.activation : payment.first;
  }
};

interface Payment {
  readonly context: PaymentContext;
  readonly time: string;
  readonly first: Activation;
  readonly cardDeadlineMs: number;
  /** What is known of the card and its tap so far; goes into the result. */
  known: Partial<SaleResult>;
  cardSeenMs?: number;
  answer?: Answered;
}

type Next =
  | ({ readonly step: 'ended' } & PaymentEnd)
  | { readonly step: 'restart'; readonly activation: Activation }
  | { readonly step: 'anotherCard' };

const newPayment = (context: PaymentContext, time: string): Payment => {
  const { parts, request } = context;
  const transaction = {
    type: 0x00,
    amountAuthorised: request.amountMinor,
    amountOther: 0,
    currency: request.currency,
  };
  const data = transactionData(transaction, time, Number(time.slice(4)) % 100_000_000);
  return {
    context,
    time,
    first: { start: 'A', transaction, transactionData: data },
    cardDeadlineMs: parts.clock.monotonicMs() + parts.settings.cardTimeoutMs,
    known: {},
  };
};

const runnerParts = ({ parts, emit }: PaymentContext, payment: Payment): RunnerParts => ({
  reader: parts.reader,
  clock: parts.clock,
  entropy: parts.entropy,
  log: parts.log,
  exchangeDeadlineMs: parts.settings.exchangeDeadlineMs,
  cardDeadlineMs: payment.cardDeadlineMs,
  ui: (ui) => emit({ event: 'ui', ui }),
  cardSeen: (seenAtMs) => {
    payment.cardSeenMs = seenAtMs;
  },
  cardRead: (times: TapTimes) => {
    payment.known = { ...payment.known, tap: times };
    emit({ event: 'cardRead', times });
  },
});

// Book A 6.3: what the reader does with each Final Outcome.
const follow = async (payment: Payment, end: ActivationEnd, outcome: Outcome): Promise<Next> => {
  const { emit, parts } = payment.context;
  const second = payment.answer !== undefined;
  emit({ event: 'outcome', outcome: outcome.outcome, why: outcome.why });
  payment.known = {
    ...payment.known,
    outcome: outcome.outcome,
    // What the first tap wants still counts where a second one has no preference.
    cvm: second && outcome.cvm === 'none' ? (payment.known.cvm ?? 'none') : outcome.cvm,
    ...describeCard(end),
  };
  // The card's part is over, unless it is wanted again; a hold time that runs is not cut short.
  if (outcome.fieldOffMs === null && !staysPowered(outcome)) await parts.reader.fieldOff(0);
  switch (outcome.outcome) {
    case 'onlineRequest':
      return second ? finish(payment) : authorise(payment, end, outcome);
    case 'approved':
      // After the host's approval the kernel's second answer only confirms it. An approval without
      // the host needs a queue that forwards it, which this terminal hasn't got yet.
      if (second) return finish(payment);
      return {
        step: 'ended',
        ...ended(payment, 'declined', 'offline approval is not taken here', 'declined'),
      };
    case 'endApplication':
      if (outcome.start !== 'none') return presentAgain(payment, outcome.start);
      return second ? finish(payment) : { step: 'anotherCard' };
    case 'tryAnotherInterface':
      return refused(payment, outcome, 'insertCard');
    default:
      return refused(payment, outcome, 'declined');
  }
};

// A refusal at the second tap overrules the host's approval, which is taken back. Book A 6.3.10
const refused = (payment: Payment, outcome: Outcome, screen: Screen): Next => {
  if (payment.answer?.approved) payment.context.parts.uplink.takeBack(payment.answer);
  return { step: 'ended', ...ended(payment, 'declined', whyOf(outcome), screen) };
};

// Start D, "present and hold": the card stays in the field while the host is asked. Book A 6.3
const staysPowered = ({ outcome, start }: Outcome): boolean =>
  (outcome === 'endApplication' && start !== 'none') ||
  (outcome === 'onlineRequest' && start === 'D');

const authorise = async (payment: Payment, end: ActivationEnd, outcome: Outcome): Promise<Next> => {
  const answer = await askHost(payment, end, outcome);
  const next = isFault(answer)
    ? await withoutAnswer(payment, answer)
    : afterHost(payment, outcome, answer);
  if (next.step === 'ended' && staysPowered(outcome)) {
    await payment.context.parts.reader.fieldOff(0);
  }
  return next;
};

const askHost = async (payment: Payment, end: ActivationEnd, outcome: Outcome) => {
  const { context } = payment;
  const { parts, request, signal, transactionId } = context;
  context.emit({ event: 'authorising' });
  const removal = removalTimeout(context, outcome);
  const answer = await parts.uplink.authorise(
    {
      id: transactionId,
      amountMinor: request.amountMinor,
      currencyNumeric: request.currency.toString().padStart(3, '0'),
      transactionType: '00',
      localTime: payment.time,
      kernel: `K${Number(end.selected?.combination.kernelId ?? '0')}` as Kernel,
      data: new Map(outcome.dataRecord.map(({ tag, value }) => [tag, value])),
    },
    signal,
  );
  removal?.unsubscribe();
  return answer;
};

// A host that takes longer than the Removal Timeout lets the card go meanwhile. Book A 6.2
const removalTimeout = ({ parts, emit }: PaymentContext, { removalTimeoutMs }: Outcome) =>
  removalTimeoutMs === 0
    ? undefined
    : timer(removalTimeoutMs, parts.clock.scheduler).subscribe(() =>
        emit({ event: 'ui', ui: uiRequest('17', 'cardReadSuccessfully') }),
      );

// Unable to go online: no cryptogram was verified, so nothing is approved. Book A 6.3.7. Where the
// host may have booked it all the same, a reversal is under way, and nobody is told otherwise.
const withoutAnswer = async (payment: Payment, { fault, detail }: Fault): Promise<Next> => {
  const { openReversals } = await firstValueFrom(payment.context.parts.uplink.state$);
  const status = fault === 'aborted' ? 'cancelled' : 'declined';
  const reason = fault === 'aborted' ? 'cancelled' : `unable to go online: ${detail}`;
  const open = openReversals > 0;
  return {
    step: 'ended',
    ...ended(
      payment,
      status,
      open ? `${reason}; what the host may have booked is being reversed` : reason,
      open ? 'notCompleted' : status,
    ),
  };
};

const afterHost = (payment: Payment, outcome: Outcome, answer: Answered): Next => {
  payment.answer = answer;
  const wanted =
    outcome.onlineResponseType === 'any' ||
    (outcome.onlineResponseType === 'emvData' && answer.issuerData !== undefined);
  if (outcome.start === 'none' || !wanted) return finish(payment);
  const { first } = payment;
  return {
    step: 'restart',
    activation: {
      ...first,
      start: outcome.start,
      ...(answer.issuerData ? { issuerData: answer.issuerData } : {}),
    },
  };
};

const whyNobodyPaid = async ({ reader }: TerminalParts): Promise<string> => {
  const state = await firstValueFrom(reader.state$);
  return state.reader === 'present'
    ? 'nobody presented a card'
    : `there is no card reader: ${state.why.detail}`;
};

const cancelled = async (payment: Payment): Promise<PaymentEnd> => {
  await payment.context.parts.reader.fieldOff(0);
  return stopped(payment, 'cancelled', 'cancelled');
};

// Once the host has answered it is too late to stop: a second tap would only have told the card.
const stopped = (payment: Payment, status: 'cancelled' | 'timedOut', reason: string): PaymentEnd =>
  payment.answer === undefined ? ended(payment, status, reason, status) : finish(payment);

/** The host has spoken: its word is the result. */
const finish = (payment: Payment): Next & PaymentEnd => {
  const { answer } = payment;
  if (answer === undefined)
    throw new TypeError('a payment is finished only after the host answered');
  const signature = answer.approved && payment.known.cvm === 'obtainSignature';
  payment.known = {
    ...payment.known,
    responseCode: answer.responseCode,
    retrievalReference: answer.retrievalReference,
    ...(answer.authorisationCode ? { authorisationCode: answer.authorisationCode } : {}),
  };
  const status = answer.approved ? 'approved' : 'declined';
  const screen = signature ? 'approvedSign' : answer.shopper;
  return { step: 'ended', ...ended(payment, status, answer.meaning, screen) };
};

// End Application with a start point: once the card has left, the same payment goes on with it.
const presentAgain = async (payment: Payment, start: StartPoint): Promise<Next> => {
  const { emit, parts } = payment.context;
  if (!(await cardGone(payment, 0))) {
    emit({ event: 'ui', ui: uiRequest('21', 'processing') });
    await cardGone(payment, payment.cardDeadlineMs - parts.clock.monotonicMs());
  }
  return { step: 'restart', activation: { ...payment.first, start } };
};

// End Application without one: another card may do. Its message stays long enough to be read.
const nextCard = async (payment: Payment): Promise<void> => {
  const { parts, signal } = payment.context;
  await cardGone(payment, payment.cardDeadlineMs - parts.clock.monotonicMs());
  await firstValueFrom(race(timer(ANOTHER_CARD_MS, parts.clock.scheduler), aborted$(signal)));
};

const ANOTHER_CARD_MS = 1500;

const cardGone = ({ context, cardSeenMs }: Payment, withinMs: number): Promise<boolean> =>
  gone(context, cardSeenMs ?? -1, withinMs);

/** Waits until that card has left; false if it is still there after `withinMs`, or on cancel. */
const gone = (
  { parts, signal }: PaymentContext,
  seenAtMs: number,
  withinMs: number,
): Promise<boolean> =>
  firstValueFrom(
    race(
      removal$(parts.reader, seenAtMs).pipe(map(() => true)),
      timer(Math.max(0, withinMs), parts.clock.scheduler).pipe(map(() => false)),
      aborted$(signal),
    ),
  );

const aborted$ = (signal: AbortSignal): Observable<false> =>
  signal.aborted ? of(false as const) : fromEvent(signal, 'abort').pipe(map(() => false as const));

// A card that paid before and still lies on the reader must not pay again by lying there.
const lastCardGone = async (context: PaymentContext): Promise<void> => {
  if (await gone(context, context.servedCardMs, 0)) return;
  context.emit({ event: 'ui', ui: uiRequest('10', 'notReady') });
  await gone(context, context.servedCardMs, context.parts.settings.cardTimeoutMs);
};

const whyOf = (outcome: Outcome): string =>
  outcome.why.at(-1)?.why ?? `the card and this terminal ended with ${outcome.outcome}`;

const ended = (
  payment: Payment,
  status: SaleStatus,
  reason: string,
  screen: Screen,
): PaymentEnd => ({
  screen,
  ...(payment.cardSeenMs === undefined ? {} : { cardSeenMs: payment.cardSeenMs }),
  result: {
    status,
    transactionId: payment.context.transactionId,
    amountMinor: payment.context.request.amountMinor,
    currency: payment.context.currencyCode,
    reason,
    ...payment.known,
  },
});
