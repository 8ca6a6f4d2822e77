import {
  BehaviorSubject,
  concatMap,
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
  Subject,
  share,
  tap,
  timer,
} from 'rxjs';
import { equal } from '#bytes/bytes.ts';
import { describeMalformed, isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { type Message, macInput, splitMac, withMac } from '#iso8583/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { LinkState } from '#ports/host-link.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import { answerKey, answers, keyOf } from './answers.ts';
import type { Unanswered, UplinkParts } from './types.ts';

export interface Asked {
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/** Messages to and from one host. */
export interface Conversation {
  /** Sends a request and waits for the answer that belongs to it. */
  ask(request: Message, asked: Asked): Promise<Message | Unanswered>;
  /**
   * Sends a request; its answers come by `answersTo`. `wanted` is asked when its bytes are ready:
   * what was taken back meanwhile must not go out behind its own reversal.
   */
  send(request: Message, wanted: () => boolean): Promise<Fault | undefined>;
  /** Every answer to a request and its repeats, early or late. */
  answersTo(request: Message): Observable<Message>;
  /** Whether the host answered when it was last asked. */
  readonly hostAnswers$: Observable<boolean | undefined>;
  /** When it last did, monotonic milliseconds. */
  lastAnswerMs(): number | undefined;
  /** Emits on every message sent or received. */
  readonly traffic$: Observable<unknown>;
  /** Logs what arrives and nobody waits for: late, twice, unknown, or no message at all. */
  readonly strays$: Observable<unknown>;
}

/** What a conversation needs of the uplink's parts. */
export type ConversationParts = Pick<UplinkParts, 'link' | 'codec' | 'clock' | 'log'> & {
  readonly keys: Pick<KeyStore, 'mac'>;
};

export const createConversation = (parts: ConversationParts): Conversation => {
  const { link, codec, clock } = parts;
  let lastAnswerMs: number | undefined;
  const hostAnswers = new BehaviorSubject<boolean | undefined>(undefined);
  const sent = new Subject<void>();
  const awaited = createAwaited();
  const arrived$ = link.received$.pipe(
    // One after another: an answer may not overtake the one before it while its MAC is checked.
    concatMap((bytes) => received(bytes, parts)),
    share(),
  );
  const answersTo = (request: Message): Observable<Message> => {
    const key = answerKey(request);
    return defer(() => {
      awaited.add(key);
      return arrived$;
    }).pipe(
      filter((message): message is Message => !isMalformed(message)),
      filter((message) => keyOf(message.mti, message) === key && answers(message, request)),
      finalize(() => awaited.remove(key)),
      tap(() => {
        lastAnswerMs = clock.monotonicMs();
        hostAnswers.next(true);
      }),
    );
  };
  const send: Conversation['send'] = async (request, wanted) => {
    const bytes = codec.encode(request);
    if (isMalformed(bytes)) return fault('protocol', `not sent: ${describeMalformed(bytes)}`);
    const authentic = codec.mac ? await authenticated(bytes, parts) : bytes;
    if (isFault(authentic)) return authentic;
    if (!wanted()) return fault('aborted', 'not sent: it is not wanted any more');
    sent.next();
    return link.send(authentic);
  };
  return {
    send,
    answersTo,
    ask: async (request, asked) => {
      const outcome = await ask(request, asked, { send, answersTo }, parts);
      if ('kind' in outcome && outcome.fault.fault === 'timeout') hostAnswers.next(false);
      return outcome;
    },
    hostAnswers$: hostAnswers.asObservable(),
    lastAnswerMs: () => lastAnswerMs,
    traffic$: merge(sent, arrived$),
    strays$: arrived$.pipe(tap((message) => logStray(message, awaited.has, parts.log))),
  };
};

const ask = async (
  request: Message,
  { withinMs, signal }: Asked,
  { send, answersTo }: Pick<Conversation, 'send' | 'answersTo'>,
  { link, clock }: ConversationParts,
): Promise<Message | Unanswered> => {
  if (signal?.aborted === true) {
    const why = fault('aborted', 'cancelled before it was sent');
    return { kind: 'unanswered', fault: why, mayHaveArrived: false };
  }
  let mayHaveArrived = false;
  let over = false;
  const wanted = () => {
    mayHaveArrived = !over;
    return mayHaveArrived;
  };
  const sending$ = defer(() => send(request, wanted)).pipe(
    filter((problem) => problem !== undefined),
    tap(() => {
      mayHaveArrived = false;
    }),
  );
  // Everything that can end the wait is listened to before the request goes out.
  const outcome = await firstValueFrom(
    merge(
      answersTo(request),
      timer(withinMs, clock.scheduler).pipe(
        map(() => fault('timeout', `the host did not answer within ${withinMs} ms`)),
      ),
      signal === undefined ? EMPTY : aborted(signal),
      link.state$.pipe(mergeMap(down)),
      sending$,
    ),
  );
  over = true;
  return isFault(outcome) ? { kind: 'unanswered', fault: outcome, mayHaveArrived } : outcome;
};

const authenticated = async (
  bytes: Uint8Array,
  { keys }: ConversationParts,
): Promise<Uint8Array | Fault> => {
  const mac = await keys.mac(macInput(bytes));
  if (isFault(mac)) return fault('keys', `not sent: ${mac.detail}`);
  const whole = withMac(bytes, mac);
  return isMalformed(whole) ? fault('protocol', `not sent: ${describeMalformed(whole)}`) : whole;
};

// A message whose MAC is wrong counts as none at all. acquirer interface §9
const received = async (
  bytes: Uint8Array,
  { codec, keys }: ConversationParts,
): Promise<Message | Malformed> => {
  const message = codec.decode(bytes);
  if (isMalformed(message) || !codec.mac) return message;
  const parts = splitMac(bytes);
  if (isMalformed(parts)) return parts;
  const { covered, mac } = parts;
  const expected = await keys.mac(covered);
  if (isFault(expected)) return malformed(['MAC'], covered.length, expected.detail);
  return equal(mac, expected) ? message : malformed(['MAC'], covered.length, 'is wrong');
};

/** Keys of the answers that somebody waits for, each as often as it is waited for. */
const createAwaited = () => {
  const counts = new Map<string, number>();
  return {
    has: (key: string): boolean => counts.has(key),
    add: (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1),
    remove: (key: string): void => {
      const left = (counts.get(key) ?? 1) - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    },
  };
};

const logStray = (
  message: Message | Malformed,
  awaited: (key: string) => boolean,
  log: Log,
): void => {
  if (isMalformed(message)) {
    log.warn({ problem: describeMalformed(message) }, 'no message of this dialect: ignored');
    return;
  }
  const key = keyOf(message.mti, message);
  if (awaited(key)) return;
  const [mti, stan] = key.split(' ');
  log.warn({ mti, stan }, 'nobody waits for this message: ignored');
};

const aborted = (signal: AbortSignal): Observable<Fault> =>
  fromEvent(signal, 'abort').pipe(
    map(() => fault('aborted', 'cancelled while the host was asked')),
  );

const down = (state: LinkState): Observable<Fault> =>
  state.link === 'down' ? of(state.why) : EMPTY;
