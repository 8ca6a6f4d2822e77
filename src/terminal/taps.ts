import { firstValueFrom } from 'rxjs';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { Activation, ActivationEnd, EntryPointState } from '#entry-point/run.ts';
import { recorded } from '#transcript/record.ts';
import { acquired, known } from './acquired-card.ts';
import { finish } from './after-host.ts';
import { askBalance } from './balance.ts';
import { lastCardGone, nextCard, presentAgain } from './card-waiting.ts';
import { objectionTo, otherCardIn, refuseCard } from './clearance.ts';
import {
  type Course,
  type Decision,
  type Next,
  type Objection,
  over,
  type PaymentContext,
} from './course.ts';
import { dataOf, follow, pays } from './final-outcome.ts';
import { type Gate, openGate } from './gate.ts';
import { reprice } from './price.ts';
import { type RunnerParts, run } from './runner.ts';
import { refusedByShop } from './shop-refusal.ts';
import type { TapTimes, TerminalParts } from './types.ts';
import { walletsTaken } from './wallet-gate.ts';

/** Where a payment stands between two taps. */
interface Place {
  readonly state: EntryPointState;
  readonly activation: Activation;
  readonly attempt: number;
  /** The card before could not be used: it has to leave first. */
  readonly anotherCard: boolean;
}

/**
 * Tap, authorise, tap again where a kernel asks. A shopper who wants another way leaves it, as long
 * as no card was asked for its cryptogram: one that was goes first.
 */
export const taps = async (course: Course): Promise<Decision | Left> => {
  const { context } = course;
  const first = { state: newTransaction, activation: course.first, anotherCard: false };
  let place: Place = { ...first, attempt: 1 };
  for (;;) {
    // What the host has answered is settled, whatever the shop decides meanwhile.
    const gate = course.answer ? undefined : openGate(context.parts, context.request);
    const own = new AbortController();
    course.objection = undefined;
    course.stop = gate
      ? AbortSignal.any([context.signal, gate.signal, context.wishes.signal(), own.signal])
      : context.signal;
    const next = await tap(course, place, gate, own).finally(() => gate?.close());
    if ('step' in next) return next;
    place = next;
  }
};

const tap = async (
  course: Course,
  place: Place,
  gate: Gate | undefined,
  own: AbortController,
): Promise<Decision | Left | Place> => {
  const { context } = course;
  const { attempts } = context.parts.settings;
  // What the shop refused an earlier card is nothing about this one.
  const { restriction, errorCondition, ...known } = course.known;
  course.known = known;
  const end = await read(course, place, gate, own);
  const next = await after(course, end, gate);
  if (next.step === 'ended' || next.step === 'otherWay') return next;
  if (next.step === 'anotherCard' && place.attempt >= attempts) {
    return over('declined', noneOf(context), 'anotherCard');
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
  own: AbortController,
): Promise<ActivationEnd | undefined> => {
  const { context } = course;
  const { contactless: all } = course;
  const contactless = gate?.offer(all, activation.transaction.type) ?? all;
  if (course.stop.aborted) return undefined;
  if (anotherCard) await nextCard(course);
  if (attempt === 1 && course.answer === undefined) await lastCardGone(course);
  if (course.stop.aborted) return undefined;
  const step = activate(contactless, state, activation);
  return run(recorded(step, course.tape), runnerParts(context, course, gate, own), course.stop);
};

const after = async (
  course: Course,
  end: ActivationEnd | undefined,
  gate: Gate | undefined,
): Promise<Next> => {
  const { context } = course;
  if (end === undefined) {
    if (gate === undefined || context.signal.aborted) return cancelled(course);
    if (course.objection !== undefined) return objected(course, course.objection);
    const { refusal } = gate;
    if (refusal === undefined) {
      return context.wishes.waiting ? leave(course) : cancelled(course);
    }
    return refusal.whole && takesWallets(context) ? leave(course) : refusedByShop(course, refusal);
  }
  if (end.outcome === null) {
    return stopped(course, 'timedOut', await whyNobodyPaid(context.parts));
  }
  const late = pays(course, end.outcome) ? gate?.afterReading(end) : undefined;
  if (late !== undefined) return refusedByShop(course, late);
  const { dataRecord } = end.outcome;
  if (course.acquiring === 'card') return acquired(course, end, end.outcome);
  const other = course.answer ? undefined : await otherCardIn(course, dataOf(dataRecord));
  if (other?.what === 'otherCard') return refuseCard(course, other.because);
  if (course.acquiring !== undefined) {
    return askBalance(course, course.acquiring, end, end.outcome);
  }
  course.outcome = end.outcome;
  // Its cryptogram is of no use any more: whoever wants another way may have it.
  if (!pays(course, end.outcome) && course.answer === undefined) context.wishes.release();
  return follow(course, end, end.outcome);
};

const runnerParts = (
  { parts, emit, quiet, wishes }: PaymentContext,
  course: Course,
  gate: Gate | undefined,
  own: AbortController,
): RunnerParts => ({
  reader: parts.reader,
  clock: parts.clock,
  entropy: parts.entropy,
  log: parts.log,
  exchangeDeadlineMs: parts.settings.exchangeDeadlineMs,
  cardDeadlineMs: course.cardDeadlineMs,
  ui: (ui) => emit({ event: 'ui', ui }),
  cardAwaited: () => {
    gate?.awaitCard();
    if (gate !== undefined) wishes.release();
  },
  clearance: (card) => {
    gate?.clear(card);
    if (gate?.refusal !== undefined) return undefined;
    wishes.hold();
    const mind = (objection: Objection | undefined) => {
      course.objection = objection;
      if (objection === undefined) quiet.wait();
      else own.abort();
    };
    const found = objectionTo(course, card);
    if (found instanceof Promise) return found.then(mind);
    mind(found);
    return undefined;
  },
  cardSeen: (seenAtMs) => {
    course.cardSeenMs = seenAtMs;
  },
  cardRead: (times: TapTimes) => {
    course.known = { ...course.known, tap: times };
    emit({ event: 'cardRead', times });
  },
});

// Nobody has been asked for anything yet: the payment goes on as it can.
const objected = async (course: Course, objection: Objection): Promise<Next> => {
  switch (objection.what) {
    case 'known':
      return known(course);
    case 'otherCard':
      return refuseCard(course, objection.because);
    case 'otherPrice': {
      const { clock, reader, settings } = course.context.parts;
      await reader.fieldOff(0);
      course.repriced = true;
      reprice(course, { by: 'card', scheme: objection.scheme });
      course.cardDeadlineMs = clock.monotonicMs() + settings.cardTimeoutMs;
      return presentAgain(course, 'A');
    }
  }
};

const noneOf = ({ request: { brands, cardToken } }: PaymentContext): string => {
  if (cardToken !== undefined) return 'the card that the till has named was not presented';
  return brands === undefined
    ? 'no card that was presented can be used'
    : `no card that was presented can be used: ${brands.join(', ')} may pay`;
};

export interface Left {
  readonly step: 'otherWay';
}

const leave = async (course: Course): Promise<Left> => {
  await course.context.parts.reader.fieldOff(0);
  return { step: 'otherWay' };
};

const takesWallets = ({ parts, request }: PaymentContext): boolean =>
  walletsTaken(parts, parts.wallets, request).length > 0;

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
