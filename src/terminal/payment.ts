import { firstValueFrom, timer } from 'rxjs';
import { transactionData } from '#contactless/transaction-data.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { Activation, ActivationEnd, EntryPointState } from '#entry-point/run.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { accountIn, offlineRefusal, protect } from '#payment/index.ts';
import type { Screen } from '#ports/customer-display.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { newTape, recorded } from '#transcript/index.ts';
import type { Answered, Kernel, Payment, Unanswered } from '#uplink/index.ts';
import { finish } from './after-host.ts';
import { describeCard } from './card-summary.ts';
import { lastCardGone, nextCard, presentAgain } from './card-waiting.ts';
import { conclude } from './conclusion.ts';
import {
  type Course,
  type Decision,
  over,
  type PaymentContext,
  type PaymentEnd,
  takenBack,
} from './course.ts';
import { localTime } from './local-time.ts';
import { refundByReference } from './refund-by-reference.ts';
import { type RunnerParts, run } from './runner.ts';
import type { TapTimes, TerminalParts } from './types.ts';

/** One payment from the amount to the result, written down before it is told. */
export const takePayment = async (context: PaymentContext): Promise<PaymentEnd> => {
  const course = begin(context);
  context.parts.uplink.prepare();
  const decision =
    context.original === undefined
      ? await taps(course)
      : await refundByReference(course, context.original);
  return conclude(course, decision);
};

type Next =
  | Decision
  | { readonly step: 'restart'; readonly activation: Activation }
  | { readonly step: 'anotherCard' };

const begin = (context: PaymentContext): Course => {
  const { parts, request, record } = context;
  const time = localTime(parts.clock.wallMs());
  const transaction = {
    type: Number.parseInt(transactionType(context), 16),
    amountAuthorised: request.amountMinor,
    amountOther: 0,
    currency: request.currency,
  };
  const data = transactionData(transaction, time, Number(time.slice(4)) % 100_000_000);
  return {
    context,
    time,
    first: { start: 'A', transaction, transactionData: data },
    contactless: parts.contactless,
    cardDeadlineMs: parts.clock.monotonicMs() + parts.settings.cardTimeoutMs,
    tape: newTape(),
    record,
    known: {},
  };
};

// Tag 9C.
const transactionType = ({ record }: PaymentContext): string =>
  record.kind === 'refund' ? '20' : '00';

/** Tap, authorise, tap again where a kernel asks. */
const taps = async (course: Course): Promise<Decision> => {
  const { context } = course;
  const { parts } = context;
  await lastCardGone(context);
  let activation: Activation = course.first;
  let state: EntryPointState = newTransaction;
  for (let attempt = 1; ; ) {
    const step = activate(course.contactless, state, activation);
    const end = await run(
      recorded(step, course.tape),
      runnerParts(context, course),
      context.signal,
    );
    if (end === undefined) return cancelled(course);
    if (end.outcome === null) return stopped(course, 'timedOut', await whyNobodyPaid(parts));
    course.outcome = end.outcome;
    const next = await follow(course, end, end.outcome);
    if (next.step === 'ended') return next;
    if (next.step === 'anotherCard') {
      if (++attempt > parts.settings.attempts) {
        return over('declined', 'no card that was presented can be used', 'anotherCard');
      }
      await nextCard(course);
    }
    if (context.signal.aborted) return cancelled(course);
    state = next.step === 'restart' ? end.state : newTransaction;
    activation = next.step === 'restart' ? next.activation : course.first;
  }
};

const runnerParts = ({ parts, emit }: PaymentContext, course: Course): RunnerParts => ({
  reader: parts.reader,
  clock: parts.clock,
  entropy: parts.entropy,
  log: parts.log,
  exchangeDeadlineMs: parts.settings.exchangeDeadlineMs,
  cardDeadlineMs: course.cardDeadlineMs,
  ui: (ui) => emit({ event: 'ui', ui }),
  cardSeen: (seenAtMs) => {
    course.cardSeenMs = seenAtMs;
  },
  cardRead: (times: TapTimes) => {
    course.known = { ...course.known, tap: times };
    emit({ event: 'cardRead', times });
  },
});

// Book A 6.3: what the reader does with each Final Outcome.
const follow = async (course: Course, end: ActivationEnd, outcome: Outcome): Promise<Next> => {
  const { emit, parts } = course.context;
  const second = course.answer !== undefined;
  emit({ event: 'outcome', outcome: outcome.outcome, why: outcome.why });
  course.known = {
    ...course.known,
    outcome: outcome.outcome,
    // What the first tap wants still counts where a second one has no preference.
    cvm: second && outcome.cvm === 'none' ? (course.known.cvm ?? 'none') : outcome.cvm,
    ...describeCard(end),
  };
  // The card's part is over, unless it is wanted again; a hold time that runs is not cut short.
  if (outcome.fieldOffMs === null && !staysPowered(outcome)) await parts.reader.fieldOff(0);
  if (isRefund(course) && !second && hasAccount(outcome)) return authorise(course, end, outcome);
  switch (outcome.outcome) {
    case 'onlineRequest':
      return second ? finish(course) : authorise(course, end, outcome);
    case 'approved':
      // After the host's approval the kernel's second answer only confirms it.
      return second ? finish(course) : approvedByKernel(course, end, outcome);
    case 'endApplication':
      if (outcome.start !== 'none') return presentAgain(course, outcome.start);
      return second ? finish(course) : { step: 'anotherCard' };
    case 'tryAnotherInterface':
      return refused(course, outcome, 'insertCard');
    default:
      return refused(course, outcome, 'declined');
  }
};

// For a refund the card only says which account it is for: it declines with an AAC, or asks to go
// online, and both are as good.
const isRefund = ({ record }: Course): boolean => record.kind === 'refund';

const hasAccount = ({ outcome, dataRecord }: Outcome): boolean =>
  ['approved', 'declined', 'onlineRequest'].includes(outcome) &&
  accountIn(dataOf(dataRecord)) !== undefined;

// A refusal at the second tap overrules the host's approval, which is taken back. Book A 6.3.10
const refused = (course: Course, outcome: Outcome, screen: Screen): Decision =>
  course.answer?.approved
    ? takenBack('declined', whyOf(outcome), 'cardDeclined', 'notCompleted')
    : over('declined', whyOf(outcome), screen);

// Start D, "present and hold": the card stays in the field while the host is asked. Book A 6.3
const staysPowered = ({ outcome, start }: Outcome): boolean =>
  (outcome === 'endApplication' && start !== 'none') ||
  (outcome === 'onlineRequest' && start === 'D');

const authorise = async (course: Course, end: ActivationEnd, outcome: Outcome): Promise<Next> => {
  const next = await askHost(course, end, outcome);
  if (next.step === 'ended' && staysPowered(outcome)) {
    await course.context.parts.reader.fieldOff(0);
  }
  return next;
};

const askHost = async (course: Course, end: ActivationEnd, outcome: Outcome): Promise<Next> => {
  const { context } = course;
  const payment = await paymentOf(course, end, outcome);
  if (isFault(payment)) return over('declined', payment.detail);
  context.emit({ event: 'authorising' });
  const removal = removalTimeout(context, outcome);
  const authorisation = await context.parts.uplink.authorise(payment, context.signal);
  removal?.unsubscribe();
  course.record = authorisation.record;
  return authorisation.outcome.kind === 'unanswered'
    ? withoutAnswer(course, authorisation.outcome, payment)
    : afterHost(course, outcome, authorisation.outcome);
};

// The account number is sealed before anything else is done with what the kernel handed over.
const paymentOf = async (
  course: Course,
  end: ActivationEnd,
  { dataRecord, outcome }: Outcome,
): Promise<Payment | Fault> => {
  const { context, record } = course;
  const data = dataOf(dataRecord);
  const account = accountIn(data);
  if (account === undefined) {
    return { fault: 'protocol', detail: 'the card gave no account number' };
  }
  const sealed = await protect(account, record.id, context.parts.keys);
  if (isFault(sealed)) return sealed;
  course.account = sealed;
  return {
    record: { ...record, card: { ...course.record.card, ...cardOf(course) } },
    transactionType: transactionType(context),
    localTime: course.time,
    sealed: sealed.sealed,
    tap: {
      kernel: `K${Number(end.selected?.combination.kernelId ?? '0')}` as Kernel,
      data,
      // What a refund's AAC covers is nothing that a host could verify.
      cryptogram: !isRefund(course) || outcome === 'onlineRequest',
    },
  };
};

const dataOf = (dataRecord: Outcome['dataRecord']): ReadonlyMap<number, Uint8Array> =>
  new Map(dataRecord.map(({ tag, value }) => [tag, value]));

const cardOf = ({ known: { scheme, application }, account }: Course) => ({
  ...(scheme === undefined ? {} : { scheme }),
  ...(application === undefined ? {} : { application }),
  ...(account === undefined ? {} : { maskedPan: account.maskedPan, token: account.token }),
});

const approvedByKernel = async (
  course: Course,
  end: ActivationEnd,
  outcome: Outcome,
): Promise<Decision> => {
  const payment = await paymentOf(course, end, outcome);
  if (isFault(payment)) return over('declined', payment.detail);
  return offline(course, 'kernel', payment);
};

/** Approved without the host if the shop's rules allow; a refusal says why. */
const offline = async (
  course: Course,
  why: 'kernel' | 'deferred',
  payment: Payment,
): Promise<Decision> => {
  const { books, settings } = course.context.parts;
  const refusal = offlineRefusal(
    settings.offline,
    why,
    payment.record,
    await firstValueFrom(books.open$),
  );
  if (refusal !== undefined) return over('declined', refusal);
  const screen = course.known.cvm === 'obtainSignature' ? 'approvedSign' : 'approved';
  const reason = WITHOUT_HOST[why];
  return {
    step: 'ended',
    status: 'approved',
    reason,
    screen,
    how: { event: 'acceptedOffline', why, payment },
  };
};

const WITHOUT_HOST = {
  kernel: 'approved by card and terminal; the host will be told',
  deferred: 'approved by the shop; the host will be asked later',
} as const;

// A host that takes longer than the Removal Timeout lets the card go meanwhile. Book A 6.2
const removalTimeout = ({ parts, emit }: PaymentContext, { removalTimeoutMs }: Outcome) =>
  removalTimeoutMs === 0
    ? undefined
    : timer(removalTimeoutMs, parts.clock.scheduler).subscribe(() =>
        emit({ event: 'ui', ui: uiRequest('17', 'cardReadSuccessfully') }),
      );

// Unable to go online: no cryptogram was verified. Book A 6.3.7. Where the host may have booked it
// all the same it is taken back; where it has heard nothing, the shop may take the risk.
const withoutAnswer = async (
  course: Course,
  { fault, mayHaveArrived }: Unanswered,
  payment: Payment,
): Promise<Decision> => {
  const status = fault.fault === 'aborted' ? 'cancelled' : 'declined';
  const reason = status === 'cancelled' ? 'cancelled' : `unable to go online: ${fault.detail}`;
  if (mayHaveArrived) {
    return takenBack(
      status,
      `${reason}; what the host may have booked is being reversed`,
      status === 'cancelled' ? 'cancelled' : 'noAnswer',
      'notCompleted',
    );
  }
  if (fault.fault === 'linkDown' && course.context.parts.settings.offline.deferred) {
    return offline(course, 'deferred', { ...payment, record: course.record });
  }
  return over(status, reason);
};

const afterHost = (course: Course, outcome: Outcome, answer: Answered): Next => {
  course.answer = answer;
  const wanted =
    outcome.onlineResponseType === 'any' ||
    (outcome.onlineResponseType === 'emvData' && answer.issuerData !== undefined);
  if (outcome.start === 'none' || !wanted) return finish(course);
  const { first } = course;
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

const cancelled = async (course: Course): Promise<Decision> => {
  await course.context.parts.reader.fieldOff(0);
  return stopped(course, 'cancelled', 'cancelled');
};

// Once the host has answered it is too late to stop: a second tap would only have told the card.
const stopped = (course: Course, status: 'cancelled' | 'timedOut', reason: string): Decision =>
  course.answer === undefined ? over(status, reason) : finish(course);

const whyOf = (outcome: Outcome): string =>
  outcome.why.at(-1)?.why ?? `the card and this terminal ended with ${outcome.outcome}`;
