import {
  BehaviorSubject,
  defer,
  EMPTY,
  filter,
  finalize,
  firstValueFrom,
  fromEvent,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  share,
  tap,
  timer,
} from 'rxjs';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { decode, dialects, encode, type Message } from '#iso8583/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { LinkState } from '#ports/host-link.ts';
import { answerKey, keyOf } from './answers.ts';
import type { UplinkParts } from './types.ts';

/** No answer. `mayHaveArrived`: the host may have acted on the request all the same. */
export interface Unanswered {
  readonly fault: Fault;
  readonly mayHaveArrived: boolean;
}

export interface Asked {
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/** Messages to and from one host. */
export interface Conversation {
  /** Sends a request and waits for the answer that belongs to it. */
  ask(request: Message, asked: Asked): Promise<Message | Unanswered>;
  /** Sends a request; its answers come by `answersTo`. */
  send(request: Message): Promise<Fault | undefined>;
  /** Every answer to a request and its repeats, early or late. */
  answersTo(request: Message): Observable<Message>;
  /** Whether the host answered when it was last asked. */
  readonly hostAnswers$: Observable<boolean | undefined>;
  /** Emits on every message sent or received. */
  readonly traffic$: Observable<unknown>;
  /** Logs what arrives and nobody waits for: late, twice, unknown, or no message at all. */
  readonly strays$: Observable<unknown>;
}

export const createConversation = ({ link, clock, log, config }: UplinkParts): Conversation => {
  const dialect = dialects[config.dialect];
  const hostAnswers = new BehaviorSubject<boolean | undefined>(undefined);
  const sent = new BehaviorSubject<number>(0);
  const awaited = new Map<string, number>();
  const arrived$ = link.received$.pipe(
    map((bytes) => decode(bytes, dialect)),
    share(),
  );
  const messages$ = arrived$.pipe(filter((message): message is Message => !isMalformed(message)));

  const answersTo = (request: Message): Observable<Message> => {
    const key = answerKey(request);
    return defer(() => {
      awaited.set(key, (awaited.get(key) ?? 0) + 1);
      return messages$.pipe(filter((message) => keyOf(message.mti, message) === key));
    }).pipe(
      finalize(() => {
        const left = (awaited.get(key) ?? 1) - 1;
        if (left > 0) awaited.set(key, left);
        else awaited.delete(key);
      }),
      tap(() => hostAnswers.next(true)),
    );
  };

  const send = async (request: Message): Promise<Fault | undefined> => {
    const bytes = encode(request, dialect);
    if (isMalformed(bytes)) return fault('protocol', `not sent: ${describeMalformed(bytes)}`);
    sent.next(sent.value + 1);
    return link.send(bytes);
  };

  const ask = async (request: Message, { withinMs, signal }: Asked) => {
    if (signal?.aborted === true) return unsent(fault('aborted', 'cancelled before it was sent'));
    let mayHaveArrived = false;
    // Everything that can end the wait is listened to before the request goes out.
    const outcome = await firstValueFrom(
      merge(
        answersTo(request),
        timer(withinMs, clock.scheduler).pipe(
          map(() => fault('timeout', `the host did not answer within ${withinMs} ms`)),
        ),
        signal === undefined ? EMPTY : aborted(signal),
        link.state$.pipe(mergeMap(down)),
        defer(() => {
          mayHaveArrived = true;
          return send(request);
        }).pipe(
          mergeMap((problem) => {
            if (problem === undefined) return EMPTY;
            mayHaveArrived = false;
            return of(problem);
          }),
        ),
      ),
    );
    if (!isFault(outcome)) return outcome;
    if (outcome.fault === 'timeout') hostAnswers.next(false);
    return { fault: outcome, mayHaveArrived };
  };

  return {
    ask,
    send,
    answersTo,
    hostAnswers$: hostAnswers.asObservable(),
    traffic$: merge(sent, arrived$),
    strays$: arrived$.pipe(
      tap((message) => {
        if (isMalformed(message)) {
          log.warn({ problem: describeMalformed(message) }, 'no message of this dialect: ignored');
        } else if (!awaited.has(keyOf(message.mti, message))) {
          const [mti, stan, reference] = keyOf(message.mti, message).split(' ');
          log.warn({ mti, stan, reference }, 'nobody waits for this message: ignored');
        }
      }),
    ),
  };
};

const unsent = (problem: Fault): Unanswered => ({ fault: problem, mayHaveArrived: false });

const aborted = (signal: AbortSignal): Observable<Fault> =>
  fromEvent(signal, 'abort').pipe(
    map(() => fault('aborted', 'cancelled while the host was asked')),
  );

const down = (state: LinkState): Observable<Fault> =>
  state.link === 'down' ? of(state.why) : EMPTY;
