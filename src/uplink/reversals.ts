import {
  BehaviorSubject,
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
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
  tap,
  timer,
} from 'rxjs';
import { type Message, text } from '#iso8583/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Conversation } from './conversation.ts';
import { responseCode } from './response-codes.ts';
import type { UplinkParts } from './types.ts';

/**
 * Reversals that the host has not acknowledged, oldest first. They live in memory: the journal
 * makes them durable by writing each before its original is sent.
 */
export interface Reversals {
  /** Takes a 0400; it is sent, and repeated as 0401, until the host acknowledges it. */
  add(reversal: Message): void;
  readonly open$: Observable<number>;
  /** Delivers, for as long as somebody is subscribed. */
  readonly delivery$: Observable<never>;
  /** Sends the oldest at once, and starts its pauses from the shortest again. */
  tryNow(): void;
  /**
   * Tries at once. Resolves to whether all were acknowledged before `withinMs` passed or `signal`
   * aborted.
   */
  settled(withinMs: number, signal?: AbortSignal): Promise<boolean>;
}

// Reversed, reversed before, or the original never arrived: in each case it is off the books.
const DONE: ReadonlySet<string> = new Set(['00', '25', '79']);

export const createReversals = (parts: UplinkParts, conversation: Conversation): Reversals => {
  const { clock } = parts;
  const queue = new BehaviorSubject<readonly Message[]>([]);
  const open$ = queue.pipe(map(({ length }) => length));
  const now = new Subject<void>();
  const none$ = open$.pipe(
    filter((open) => open === 0),
    map(() => true),
  );
  return {
    add: (reversal) => queue.next([...queue.value, reversal]),
    open$,
    tryNow: () => now.next(),
    delivery$: queue.pipe(
      map(([oldest]) => oldest),
      distinctUntilChanged(),
      concatMap((oldest) =>
        oldest === undefined
          ? EMPTY
          : deliver(oldest, now, parts, conversation).pipe(
              tap(() => queue.next(queue.value.filter((reversal) => reversal !== oldest))),
            ),
      ),
      ignoreElements(),
    ),
    settled: async (withinMs, signal) => {
      if (signal?.aborted === true) return false;
      // A host that is well again is not waited for until the pause is over.
      now.next();
      const aborted$ = signal === undefined ? EMPTY : fromEvent(signal, 'abort');
      const late$ = merge(timer(withinMs, clock.scheduler), aborted$).pipe(map(() => false));
      return firstValueFrom(race(none$, late$));
    },
  };
};

/** Emits once, when the host has acknowledged. */
const deliver = (
  reversal: Message,
  now$: Observable<void>,
  { link, clock, log, config }: UplinkParts,
  conversation: Conversation,
): Observable<boolean> => {
  const stan = text(reversal, 11);
  let handedOver = 0;
  let underWay: Promise<void> | undefined;
  const send = async (): Promise<void> => {
    // The same identity on each repeat: only the MTI says that it is one.
    const repeated: Message = { ...reversal, mti: handedOver === 0 ? '0400' : '0401' };
    const problem = await conversation.send(repeated);
    if (!isFault(problem)) handedOver += 1;
    log.info({ stan, mti: repeated.mti, problem }, 'reversal sent');
    underWay = undefined;
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
    conversation.answersTo(reversal).pipe(
      map((answer) => {
        const code = text(answer, 39) ?? '';
        const done = DONE.has(code);
        const fields = { stan, code, meaning: responseCode(code).meaning };
        if (done) log.info(fields, 'reversal acknowledged');
        else log.warn(fields, 'reversal refused by the host: it will be repeated');
        return done;
      }),
    ),
    merge(linkIsBack$, now$).pipe(
      startWith(undefined),
      switchMap(() => repeating$),
      ignoreElements(),
    ),
  ).pipe(first((done) => done));
};
