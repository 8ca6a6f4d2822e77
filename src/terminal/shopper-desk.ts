import { finalize, ignoreElements, merge, type Observable, Subject, tap, timer } from 'rxjs';
import type { ShopperAnswer, ShopperQuestion } from '#ports/shopper-question.ts';
import type { ShopperDesk } from './desks.ts';
import type { Now } from './now.ts';
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

/** See QuestionDesk. `now` says whether a payment is taken, and how many displays look at us. */
export const createShopperDesk = ({ display, clock }: DeskParts, now: Now): QuestionDesk => {
  const outside = new Subject<TerminalEvent>();
  const tellOutside = (event: TerminalEvent) => outside.next(event);
  let open: Open | undefined;
  let asked = 0;

  const start = ({ withinMs, ask }: ShopperQuestion): Showing => {
    asked += 1;
    const id = `question-${asked}`;
    const within = timer(withinMs, clock.scheduler).subscribe(() => {
      if (open?.showing.id === id) open.end({ kind: 'timedOut' });
    });
    const untilMs = clock.monotonicMs() + withinMs;
    return { id, untilMs, kind: ask.kind, stopClock: () => within.unsubscribe() };
  };
  const begin = (
    question: ShopperQuestion,
    signal: AbortSignal,
    inPayment: boolean,
    emit: Emit,
  ) => {
    const { promise, resolve } = Promise.withResolvers<ShopperAnswer>();
    const takeBack = () => mine.end({ kind: 'aborted' });
    const mine: Open = {
      inPayment,
      showing: start(question),
      end: (answer) => {
        open = undefined;
        signal.removeEventListener('abort', takeBack);
        const { kind, stopClock } = mine.showing;
        stopClock();
        emit({ event: 'questionEnded', kind, how: howOf(answer) });
        resolve(answer);
      },
    };
    open = mine;
    signal.addEventListener('abort', takeBack, { once: true });
    emit(shown(question, mine));
    return promise;
  };
  const ask = async (
    question: ShopperQuestion,
    signal: AbortSignal,
    inPayment: boolean,
    emit: Emit,
  ): Promise<ShopperAnswer> => {
    if (signal.aborted || now.closing) return { kind: 'aborted' };
    if (open !== undefined || (!inPayment && now.current !== undefined)) return { kind: 'busy' };
    if (!now.running || now.status.displays === 0) return { kind: 'noDisplay' };
    return begin(question, signal, inPayment, emit);
  };
  return {
    ask: (question, signal) => ask(question, signal, false, tellOutside),
    askDuringPayment: (question, signal, emit) => ask(question, signal, true, emit),
    askInstead: (question) => {
      // A till never sees what a payment asks for by itself.
      if (open === undefined || open.inPayment) return false;
      open.showing.stopClock();
      open.showing = start(question);
      tellOutside(shown(question, open));
      return true;
    },
    tell: (notice) => {
      if (now.current !== undefined || !now.running) return false;
      tellOutside({ event: 'notice', ...(notice === undefined ? {} : { notice }) });
      return true;
    },
    makeWay: () => open?.end({ kind: 'aborted' }),
    work$: merge(
      outside,
      display.answers$.pipe(
        tap(({ id, answer }) => {
          if (open?.showing.id === id) open.end(answer);
        }),
        ignoreElements(),
      ),
    ).pipe(finalize(() => open?.end({ kind: 'aborted' }))),
  };
};

type Emit = (event: TerminalEvent) => void;

/** What is asked now. */
interface Open {
  readonly inPayment: boolean;
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

const shown = (question: ShopperQuestion, { showing, inPayment }: Open): TerminalEvent => ({
  event: 'question',
  ...{ id: showing.id, question, untilMs: showing.untilMs, inPayment },
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
