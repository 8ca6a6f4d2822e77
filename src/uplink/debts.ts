import {
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  finalize,
  first,
  firstValueFrom,
  fromEvent,
  ignoreElements,
  map,
  merge,
  type Observable,
  race,
  repeat,
  Subject,
  skip,
  startWith,
  switchMap,
  timer,
} from 'rxjs';
import type { Message } from '#iso8583/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Conversation } from './conversation.ts';
import { repeated } from './requests.ts';
import type { UplinkParts } from './types.ts';

/** Something that the host has to be told until it says that it knows. */
export interface Debt {
  /** The same for the same debt: delivery goes on while the list around it changes. */
  readonly id: string;
  /** A payment may not overtake it: a reversal, or the end of a period. */
  readonly first: boolean;
  /** For the log. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Whether it may have been sent before this start: then it goes as a repeat. */
  readonly sentBefore: boolean;
  /** The message without account data: what its answer is known by. */
  readonly identity: Message;
  /** The message, the same each time; made when it is sent, and forgotten then. */
  message(): Promise<Message | Fault>;
  /**
   * Takes an answer in; false when that doesn't end the debt, and it is to be repeated.
   * @param again whether it was sent more than once: "duplicate" is then what one expects
   */
  answered(answer: Message, again: boolean): Promise<boolean>;
  /** It can't be sent now, and others may go first. */
  unsendable?(why: Fault): void;
}

export interface Debts {
  /** Delivers, one after another, for as long as somebody is subscribed. */
  readonly delivery$: Observable<never>;
  /** Sends the foremost at once, and starts its pauses from the shortest again. */
  tryNow(): void;
  /**
   * Tries at once. Resolves to whether nothing that `counts` was left before `withinMs` passed or
   * `signal` aborted.
   */
  gone(counts: (debt: Debt) => boolean, withinMs: number, signal?: AbortSignal): Promise<boolean>;
  /** What is owed at this moment, foremost first. */
  now(): Promise<readonly Debt[]>;
}

/** Delivers what is owed, in the order of the list. `debts$` replays. */
export const createDebts = (
  parts: UplinkParts,
  conversation: Conversation,
  debts$: Observable<readonly Debt[]>,
): Debts => {
  const { clock } = parts;
  const now = new Subject<void>();
  // A debt that another one was put before is still one that was sent.
  const handedOver = new Set<string>();
  return {
    delivery$: debts$.pipe(
      map(([foremost]) => foremost),
      distinctUntilChanged((a, b) => a?.id === b?.id),
      switchMap((debt) =>
        debt === undefined ? EMPTY : deliver(debt, { now$: now, handedOver }, parts, conversation),
      ),
      ignoreElements(),
    ),
    tryNow: () => now.next(),
    now: () => firstValueFrom(debts$),
    gone: async (counts, withinMs, signal) => {
      if (signal?.aborted === true) return false;
      if (!(await firstValueFrom(debts$)).some(counts)) return true;
      // A host that is well again is not waited for until the pause is over.
      now.next();
      const none$ = debts$.pipe(
        filter((debts) => !debts.some(counts)),
        map(() => true),
      );
      const aborted$ = signal === undefined ? EMPTY : fromEvent(signal, 'abort');
      const late$ = merge(timer(withinMs, clock.scheduler), aborted$).pipe(map(() => false));
      return firstValueFrom(race(none$, late$));
    },
  };
};

/** Emits once, when the host has said that it knows, and that was written. */
const deliver = (
  debt: Debt,
  { now$, handedOver }: { readonly now$: Observable<void>; readonly handedOver: Set<string> },
  { link, clock, log, config }: UplinkParts,
  conversation: Conversation,
): Observable<boolean> => {
  if (debt.sentBefore) handedOver.add(debt.id);
  let underWay: Promise<void> | undefined;
  let over = false;
  let times = handedOver.has(debt.id) ? 1 : 0;
  const send = async (): Promise<void> => {
    const message = await debt.message();
    const again = handedOver.has(debt.id);
    const { mti } = again ? repeated(debt.identity) : debt.identity;
    const problem = isFault(message)
      ? message
      : await conversation.send(again ? repeated(message) : message, () => !over);
    if (problem === undefined) log.info({ ...debt.about, mti }, 'told the host what is owed');
    else log.warn({ ...debt.about, mti, problem }, 'what is owed could not be sent');
    if (problem === undefined) {
      handedOver.add(debt.id);
      times += 1;
    }
    underWay = undefined;
    if (isFault(message)) debt.unsendable?.(message);
  };
  const sending$ = defer(() => {
    underWay ??= send();
    return underWay;
  });
  const pauseMs = (repeats: number) =>
    Math.min(config.repeatAfterMs.last, config.repeatAfterMs.first * 2 ** (repeats - 1));
  const linkIsBack$ = link.state$.pipe(
    skip(1),
    filter((state) => state.link === 'up'),
  );
  const repeating$ = sending$.pipe(
    repeat({ delay: (repeats) => timer(pauseMs(repeats), clock.scheduler) }),
  );
  return merge(
    conversation
      .answersTo(debt.identity)
      .pipe(concatMap((answer) => debt.answered(answer, times > 1))),
    merge(linkIsBack$, now$).pipe(
      startWith(undefined),
      switchMap(() => repeating$),
      ignoreElements(),
    ),
  ).pipe(
    first((done) => done),
    finalize(() => {
      over = true;
    }),
  );
};
