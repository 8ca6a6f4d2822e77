import { firstValueFrom } from 'rxjs';
import { transactionData } from '#contactless/transaction-data.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { Activation, ActivationEnd, EntryPointState } from '#entry-point/run.ts';
import { newTape, recorded } from '#transcript/record.ts';
import { finish } from './after-host.ts';
import { lastCardGone, nextCard } from './card-waiting.ts';
import { conclude } from './conclusion.ts';
import {
  type Course,
  type Decision,
  type Next,
  over,
  type PaymentContext,
  type PaymentEnd,
  transactionType,
} from './course.ts';
import { follow, pays } from './final-outcome.ts';
import { type Gate, openGate } from './gate.ts';
import { localTime } from './local-time.ts';
import { refundByReference } from './refund-by-reference.ts';
import { type RunnerParts, run } from './runner.ts';
import { refusedByShop } from './shop-refusal.ts';
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
    stop: context.signal,
  };
};

/** Where a payment stands between two taps. */
interface Place {
  readonly state: EntryPointState;
  readonly activation: Activation;
  readonly attempt: number;
  /** The card before could not be used: it has to leave first. */
  readonly anotherCard: boolean;
}

/** Tap, authorise, tap again where a kernel asks. */
const taps = async (course: Course): Promise<Decision> => {
  const { context } = course;
  const first = { state: newTransaction, activation: course.first, anotherCard: false };
  let place: Place = { ...first, attempt: 1 };
  for (;;) {
    // What the host has answered is settled, whatever the shop decides meanwhile.
    const gate = course.answer ? undefined : openGate(context.parts, context.request);
    course.stop = gate ? AbortSignal.any([context.signal, gate.signal]) : context.signal;
    const next = await tap(course, place, gate).finally(() => gate?.close());
    if ('step' in next) return next;
    place = next;
  }
};

const tap = async (
  course: Course,
  place: Place,
  gate: Gate | undefined,
): Promise<Decision | Place> => {
  const { context } = course;
  const { attempts } = context.parts.settings;
  // What the shop refused an earlier card is nothing about this one.
  const { restriction, errorCondition, ...known } = course.known;
  course.known = known;
  const end = await read(course, place, gate);
  const next = await after(course, end, gate);
  if (next.step === 'ended') return next;
  if (next.step === 'anotherCard' && place.attempt >= attempts) {
    return over('declined', 'no card that was presented can be used', 'anotherCard');
  }
  if (context.signal.aborted) return cancelled(course);
  const attempt = place.attempt + 1;
  return next.step === 'restart'
    ? {
        ...place,
        state: end?.state ?? newTransaction,
        activation: next.activation,
        anotherCard: false,
      }
    : { state: newTransaction, activation: course.first, attempt, anotherCard: true };
};

/** Undefined when till, shopper or shop stopped it. */
const read = async (
  course: Course,
  { state, activation, attempt, anotherCard }: Place,
  gate: Gate | undefined,
): Promise<ActivationEnd | undefined> => {
  const { context } = course;
  const { contactless: all } = course;
  const contactless = gate?.offer(all, activation.transaction.type) ?? all;
  if (course.stop.aborted) return undefined;
  if (anotherCard) await nextCard(course);
  if (attempt === 1 && course.answer === undefined) await lastCardGone(course);
  if (course.stop.aborted) return undefined;
  const step = activate(contactless, state, activation);
  return run(recorded(step, course.tape), runnerParts(context, course, gate), course.stop);
};

const after = async (
  course: Course,
  end: ActivationEnd | undefined,
  gate: Gate | undefined,
): Promise<Next> => {
  const { context } = course;
  if (end === undefined) {
    return gate?.refusal === undefined || context.signal.aborted
      ? cancelled(course)
      : refusedByShop(course, gate.refusal);
  }
  if (end.outcome === null) {
    return stopped(course, 'timedOut', await whyNobodyPaid(context.parts));
  }
  const late = pays(course, end.outcome) ? gate?.afterReading(end) : undefined;
  if (late !== undefined) return refusedByShop(course, late);
  course.outcome = end.outcome;
  return follow(course, end, end.outcome);
};

const runnerParts = (
  { parts, emit, quiet }: PaymentContext,
  course: Course,
  gate: Gate | undefined,
): RunnerParts => ({
  reader: parts.reader,
  clock: parts.clock,
  entropy: parts.entropy,
  log: parts.log,
  exchangeDeadlineMs: parts.settings.exchangeDeadlineMs,
  cardDeadlineMs: course.cardDeadlineMs,
  ui: (ui) => emit({ event: 'ui', ui }),
  cardAwaited: () => gate?.awaitCard(),
  clearance: (card) => {
    gate?.clear(card);
    if (gate?.refusal === undefined) quiet.wait();
  },
  cardSeen: (seenAtMs) => {
    course.cardSeenMs = seenAtMs;
  },
  cardRead: (times: TapTimes) => {
    course.known = { ...course.known, tap: times };
    emit({ event: 'cardRead', times });
  },
});

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
