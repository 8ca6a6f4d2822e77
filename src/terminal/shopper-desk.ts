import { finalize, ignoreElements, merge, type Observable, Subject, tap, timer } from 'rxjs';
import type { ShopperAnswer, ShopperQuestion } from '#ports/shopper-question.ts';
import type { ShopperDesk } from './desks.ts';
import type { TerminalEvent, TerminalParts } from './types.ts';

/** Where questions to the shopper arrive, and their answers: one question at a time. */
export interface QuestionDesk extends ShopperDesk {
  /**
   * Asks while a payment is taken and no card is asked for: `emit` is the payment's own. Resolves
   * as ShopperDesk.ask does.
   */
  askDuringPayment(
    question: ShopperQuestion,
    signal: AbortSignal,
    emit: (event: TerminalEvent) => void,
  ): Promise<ShopperAnswer>;
  /**
   * A payment is about to begin. A till waits for its answer first; a cashier at the command line
   * goes before: what is still asked then ends as "aborted".
   */
  makeWay(): void;
  /** Listens while somebody is subscribed; emits what is asked and told outside of payments. */
  readonly work$: Observable<TerminalEvent>;
}

type DeskParts = Pick<TerminalParts, 'display' | 'clock'>;

/** What of the present it looks at. */
export interface DeskNow {
  readonly running: boolean;
  readonly closing: boolean;
  /** A payment is taken. */
  readonly current: unknown;
  /** How many displays look at us. */
  readonly status: { readonly displays: number };
}

/** See QuestionDesk. */
export const createShopperDesk = ({ display, clock }: DeskParts, now: DeskNow): QuestionDesk => {
  const outside = new Subject<TerminalEvent>();
  const tellOutside = (event: TerminalEvent) => outside.next(event);
  const hand = createHand(clock);
  const whyNot = (signal: AbortSignal, inPayment: boolean): WhyNot | undefined => {
    if (signal.aborted || now.closing) return 'aborted';
    if (hand.held() !== undefined || (!inPayment && now.current !== undefined)) return 'busy';
    return !now.running || now.status.displays === 0 ? 'noDisplay' : undefined;
  };
  const ask = async (
    question: ShopperQuestion,
    signal: AbortSignal,
    asker: Asker,
  ): Promise<ShopperAnswer> => {
    const kind = whyNot(signal, asker.inPayment);
    return kind === undefined ? hand.take(question, signal, asker) : { kind };
  };
  const till: Asker = { inPayment: false, emit: tellOutside };
  return {
    ask: (question, signal) => ask(question, signal, till),
    askDuringPayment: (question, signal, emit) => ask(question, signal, { inPayment: true, emit }),
    askInstead: (question) => {
      // A till never sees what a payment asks for by itself.
      if (hand.held()?.asker.inPayment !== false) return false;
      hand.change(question);
      return true;
    },
    tell: (notice) => {
      if (now.current !== undefined || !now.running) return false;
      tellOutside({ event: 'notice', ...(notice === undefined ? {} : { notice }) });
      return true;
    },
    makeWay: () => hand.held()?.end({ kind: 'aborted' }),
    work$: merge(
      outside,
      display.answers$.pipe(
        tap(({ id, answer }) => {
          const held = hand.held();
          if (held?.showing.id === id) held.end(answer);
        }),
        ignoreElements(),
      ),
    ).pipe(finalize(() => hand.held()?.end({ kind: 'aborted' }))),
  };
};

type WhyNot = 'aborted' | 'busy' | 'noDisplay';

/** One question at most, from when it is shown to its end. */
const createHand = (clock: DeskParts['clock']) => {
  let held: Held | undefined;
  let asked = 0;
  const start = ({ withinMs, ask }: ShopperQuestion): Showing => {
    asked += 1;
    const id = `question-${asked}`;
    const within = timer(withinMs, clock.scheduler).subscribe(() => {
      if (held?.showing.id === id) held.end({ kind: 'timedOut' });
    });
    const untilMs = clock.monotonicMs() + withinMs;
    return { id, untilMs, kind: ask.kind, stopClock: () => within.unsubscribe() };
  };
  return {
    held: () => held,
    take: (question: ShopperQuestion, signal: AbortSignal, asker: Asker) => {
      const { promise, resolve } = Promise.withResolvers<ShopperAnswer>();
      const takeBack = () => mine.end({ kind: 'aborted' });
      const mine: Held = {
        asker,
        showing: start(question),
        end: (answer) => {
          held = undefined;
          signal.removeEventListener('abort', takeBack);
          const { kind, stopClock } = mine.showing;
          stopClock();
          asker.emit({ event: 'questionEnded', kind, how: howOf(answer) });
          resolve(answer);
        },
      };
      held = mine;
      signal.addEventListener('abort', takeBack, { once: true });
      asker.emit(shown(question, mine));
      return promise;
    },
    change: (question: ShopperQuestion) => {
      if (held === undefined) return;
      held.showing.stopClock();
      held.showing = start(question);
      held.asker.emit(shown(question, held));
    },
  };
};

/** Whose question it is, and where its events go. */
interface Asker {
  readonly inPayment: boolean;
  readonly emit: (event: TerminalEvent) => void;
}

/** What is asked now. */
interface Held {
  readonly asker: Asker;
  readonly end: (answer: ShopperAnswer) => void;
  showing: Showing;
}

/** A question as it is shown; another one may take its place before it is answered. */
interface Showing {
  readonly id: string;
  readonly untilMs: number;
  readonly kind: ShopperQuestion['ask']['kind'];
  readonly stopClock: () => void;
}

const shown = (question: ShopperQuestion, { showing, asker }: Held): TerminalEvent => ({
  event: 'question',
  ...{ id: showing.id, question, untilMs: showing.untilMs },
  inPayment: asker.inPayment,
});

const howOf = ({ kind }: ShopperAnswer) => {
  switch (kind) {
    case 'cancelled':
    case 'timedOut':
    case 'aborted':
      return kind;
    default:
      return 'answered';
  }
};
