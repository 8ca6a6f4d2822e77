import { filter, firstValueFrom, race, timer } from 'rxjs';
import { splitResponse, swText } from '#apdu/response.ts';
import { maskTlvs } from '#data/mask.ts';
import type { Answer, Ask, CardFault, CardSoFar, Step } from '#kernels/shared/step.ts';
import { type UiRequest, uiRequest } from '#kernels/shared/ui-request.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import { type FaultKind, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { commandName, type Stopwatch, startStopwatch } from './stopwatch.ts';
import type { TapTimes } from './types.ts';

export interface RunnerParts {
  readonly reader: CardReader;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly exchangeDeadlineMs: number;
  readonly ui: (request: UiRequest) => void;
  readonly cardRead: (times: TapTimes) => void;
  /** A card is powered up: when the reader first saw it, monotonic milliseconds. */
  readonly cardSeen: (seenAtMs: number) => void;
  /** A card is awaited. */
  readonly cardAwaited: () => void;
  /** The card is about to be asked for a cryptogram; whoever minds aborts. It waits meanwhile. */
  readonly clearance: (card: CardSoFar) => Promise<void> | undefined;
  /** When the time to present a card is over: monotonic milliseconds. */
  readonly cardDeadlineMs: number;
}

/**
 * Gives the contactless core what it asks for, until it returns: the only place where its
 * questions meet reader, display and entropy. Resolves to undefined when `signal` stopped it.
 */
export const run = async <Result>(
  step: Step<Result>,
  parts: RunnerParts,
  signal: AbortSignal,
): Promise<Result | undefined> => {
  const tap: Tap = { stopwatch: undefined, unsaid: undefined };
  let next = step.next();
  while (next.done !== true) {
    const answer = await answerTo(next.value, parts, tap, signal);
    if (signal.aborted) return undefined;
    next = step.next(answer);
  }
  return next.value;
};

interface Tap {
  stopwatch: Stopwatch | undefined;
  /** For the shopper, who reads it while the card works on its first command. */
  unsaid: UiRequest | undefined;
}

const answerTo = (
  ask: Ask,
  parts: RunnerParts,
  tap: Tap,
  signal: AbortSignal,
): Answer | Promise<Answer> => {
  if (ask.ask !== 'exchange') sayUnsaid(parts, tap);
  switch (ask.ask) {
    case 'exchange':
      return exchange(ask.command, parts, tap);
    case 'card':
      parts.cardAwaited();
      return waitForCard(parts, tap, signal);
    case 'clearance':
      // Without a wait where nobody has anything to find out: each turn of the loop is the tap's.
      return parts.clearance(ask.card)?.then(() => CLEARED) ?? CLEARED;
    case 'random':
      return { to: 'random', bytes: parts.entropy.bytes(ask.length) };
    case 'ui':
      tellUi(ask.request, parts, tap);
      return { to: 'ui' };
    case 'field':
      return field(ask.on, ask.holdMs, parts);
    case 'dataExchange':
      // This terminal never sets `dataExchange` in a kernel's input.
      throw new TypeError('nobody takes part in data exchange here');
    case 'kernel':
      // Test kernels are configured through the lab port alone, which has a runner of its own.
      throw new TypeError(`kernel ${ask.kernelId} has nobody to play it here`);
  }
};

const CLEARED: Answer = { to: 'clearance' };

const exchange = async (command: Uint8Array, parts: RunnerParts, tap: Tap): Promise<Answer> => {
  const name = commandName(command);
  const exchanging = parts.reader.exchange(command, parts.exchangeDeadlineMs);
  sayUnsaid(parts, tap);
  const exchanged = await exchanging;
  if (isFault(exchanged)) {
    parts.log.warn({ command: name, ...exchanged }, 'no answer from the card');
    return { to: 'exchange', fault: CARD_FAULTS[exchanged.fault] };
  }
  const { response, microseconds } = exchanged;
  tap.stopwatch?.spent(name, microseconds, parts.clock.monotonicMs());
  const { data, sw } = splitResponse(response);
  parts.log.debug(
    { command: name, microseconds, sw: swText(sw), answer: lazily(data) },
    'exchange',
  );
  return { to: 'exchange', response, microseconds };
};

// Level 1 knows three errors; a card that is gone is one that doesn't answer.
const CARD_FAULTS: Readonly<Record<FaultKind, CardFault>> = {
  timeout: 'timeout',
  cardLost: 'timeout',
  transmission: 'transmission',
  protocol: 'protocol',
  readerLost: 'transmission',
  serviceDown: 'transmission',
  linkDown: 'transmission',
  journal: 'transmission',
  keys: 'transmission',
  people: 'transmission',
  device: 'transmission',
  disk: 'transmission',
  aborted: 'transmission',
};

const waitForCard = async (parts: RunnerParts, tap: Tap, signal: AbortSignal): Promise<Answer> => {
  const armedMs = parts.clock.monotonicMs();
  const timeLeft = parts.cardDeadlineMs - armedMs;
  if (timeLeft <= 0) return { to: 'card', card: 'timeout' };
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  const timeout = timer(timeLeft, parts.clock.scheduler).subscribe(stop);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const card = await parts.reader.activate(waiting.signal);
    if (isFault(card)) {
      if (card.fault === 'aborted') return { to: 'card', card: 'timeout' };
      parts.log.warn({ ...card }, 'the card could not be powered up');
      await settle(parts, armedMs);
      return { to: 'card', card: 'fault' };
    }
    parts.cardSeen(card.seenAtMs);
    // A card that lay there before we were ready is seen when we are.
    tap.stopwatch = startStopwatch(Math.max(card.seenAtMs, armedMs));
    tap.stopwatch.spent('power up', card.microseconds, parts.clock.monotonicMs());
    tap.unsaid = uiRequest('16', 'processing');
    return { to: 'card', card: 'present' };
  } finally {
    timeout.unsubscribe();
    signal.removeEventListener('abort', stop);
  }
};

// A card that can't be powered up is left alone for a moment, or until it is taken away.
const settle = (parts: RunnerParts, armedMs: number): Promise<unknown> =>
  firstValueFrom(
    race(removal$(parts.reader, armedMs), timer(UNPOWERED_PAUSE_MS, parts.clock.scheduler)),
  );

const UNPOWERED_PAUSE_MS = 400;

/**
 * Emits when the card that was seen at `seenAtMs` has left: the field is empty, another card is in
 * it (a fast second tap), or no reader is there to tell.
 */
export const removal$ = (reader: CardReader, seenAtMs: number) =>
  reader.state$.pipe(
    filter(
      (state) => state.reader === 'absent' || state.card === 'absent' || state.sinceMs > seenAtMs,
    ),
  );

const tellUi = (request: UiRequest, parts: RunnerParts, tap: Tap): void => {
  if (request.status === 'cardReadSuccessfully' && tap.stopwatch !== undefined) {
    const times = tap.stopwatch.read(parts.clock.monotonicMs());
    tap.stopwatch = undefined;
    parts.ui(request);
    parts.cardRead(times);
    return;
  }
  parts.ui(request);
};

const sayUnsaid = (parts: RunnerParts, tap: Tap): void => {
  const { unsaid } = tap;
  tap.unsaid = undefined;
  if (unsaid !== undefined) parts.ui(unsaid);
};

const field = async (on: boolean, holdMs: number, parts: RunnerParts): Promise<Answer> => {
  // The field comes on by itself when the reader is asked for a card.
  if (!on) await parts.reader.fieldOff(holdMs);
  return { to: 'field' };
};

// Decoded only if somebody looks at debug lines.
const lazily = (data: Uint8Array) => ({ toJSON: () => maskTlvs(data) });
