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
  skip,
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
  /** Resolves to whether all were acknowledged before `withinMs` passed or `signal` aborted. */
  settled(withinMs: number, signal: AbortSignal): Promise<boolean>;
}

// Reversed, reversed before, or the original never arrived: in each case it is off the books.
const DONE: ReadonlySet<string> = new Set(['00', '25', '79']);

export const createReversals = (parts: UplinkParts, conversation: Conversation): Reversals => {
  const { clock } = parts;
  const queue = new BehaviorSubject<readonly Message[]>([]);
  const open$ = queue.pipe(map(({ length }) => length));
  return {
    add: (reversal) => queue.next([...queue.value, reversal]),
    open$,
    delivery$: queue.pipe(
      map(([oldest]) => oldest),
      distinctUntilChanged(),
      concatMap((oldest) =>
        oldest === undefined
          ? EMPTY
          : deliver(oldest, parts, conversation).pipe(
              tap(() => queue.next(queue.value.filter((reversal) => reversal !== oldest))),
            ),
      ),
      ignoreElements(),
    ),
    settled: async (withinMs, signal) =>
      !signal.aborted &&
      firstValueFrom(
        race(
          open$.pipe(
            filter((open) => open === 0),
            map(() => true),
          ),
          merge(timer(withinMs, clock.scheduler), fromEvent(signal, 'abort')).pipe(
            map(() => false),
          ),
        ),
      ),
  };
};

/** Emits once, when the host has acknowledged. */
const deliver = (
  reversal: Message,
  { link, clock, log, config }: UplinkParts,
  conversation: Conversation,
): Observable<boolean> => {
  const stan = text(reversal, 11);
  let handedOver = 0;
  const sending$ = defer(async () => {
    // The same identity on each repeat: only the MTI says that it is one.
    const repeated: Message = { ...reversal, mti: handedOver === 0 ? '0400' : '0401' };
    const problem = await conversation.send(repeated);
    if (!isFault(problem)) handedOver += 1;
    log.info({ stan, mti: repeated.mti, problem }, 'reversal sent');
  });
  const pauseMs = (repeats: number) =>
    Math.min(config.repeatAfterMs.last, config.repeatAfterMs.first * 2 ** (repeats - 1));
  const linkIsBack$ = link.state$.pipe(
    skip(1),
    filter((state) => state.link === 'up'),
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
    sending$.pipe(
      repeat({
        delay: (repeats) => race(timer(pauseMs(repeats), clock.scheduler), linkIsBack$),
      }),
      ignoreElements(),
    ),
  ).pipe(first((done) => done));
};
