import { setTimeout as sleep } from 'node:timers/promises';
import {
  combineLatest,
  distinctUntilChanged,
  endWith,
  filter,
  firstValueFrom,
  fromEvent,
  map,
  merge,
  type Observable,
  race,
} from 'rxjs';
import type { ActivatedCard, CardReader, Exchange, ReaderState } from '#ports/card-reader.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { openCues } from './cues.ts';
import type { ReplyTo, Request } from './messages.ts';
import type { ProcessLink } from './process-link.ts';
import { defaultSocketPath } from './service-probe.ts';
import { type KnownReader, type SeenCard, stateOf } from './sightings.ts';
import { monotonicMs } from './slot.ts';
import { type Situation, type Supervisor, superviseReaderProcess } from './supervisor.ts';

export { findReader } from './find-reader.ts';
export { compileReaderProcess } from './process-link.ts';
export { type EscapeCommand, QUIRKS, quirksOf, type ReaderQuirks } from './quirks.ts';
export { defaultSocketPath, serviceAnswers } from './service-probe.ts';

export interface PcscOptions {
  readonly log: Log;
  /** CLOCK_MONOTONIC in milliseconds; the reader process stamps cards with the same clock. */
  readonly monotonicMs?: () => number;
  /** Beginning of the reader's name; without it the first contactless reader is taken. */
  readonly readerName?: string;
  /** pcscd's socket; without it libpcsclite's own default. */
  readonly socketPath?: string;
  /** Opened silent: no card is touched before somebody calls `silence(false)`. */
  readonly silent?: boolean;
}

/**
 * The PC/SC reader. Returns at once; the service may come and go as it likes. Cards are powered
 * with exclusive access, and nothing is connected to before `activate`.
 */
export const openPcscReader = (options: PcscOptions): CardReader => {
  const now = options.monotonicMs ?? monotonicMs;
  const supervisor = openSupervisor(options, now);
  let active: Activation | undefined;
  let spoilt: number | undefined;
  let fieldOffUntilMs = 0;
  let silences = 0;
  const cues = openCues(options.log, supervisor, () => active !== undefined);
  supervisor.situation$.subscribe(({ reader }) => {
    if (reader !== undefined && reader.card === undefined) spoilt = undefined;
  });

  const activate = async (signal: AbortSignal): Promise<ActivatedCard | Fault> => {
    for (;;) {
      const field = await cardInField(supervisor, signal);
      if (isFault(field)) return field;
      const again = spoilt === field.card.number;
      await pause(Math.max(fieldOffUntilMs - now(), again ? RETRY_EVERY_MS : 0), signal);
      const isStale = supervisor.situation() !== field.situation || supervisor.isSilent();
      if (isStale || signal.aborted) continue;
      const silencesBefore = silences;
      const powered = await powerUp(field, again ? undefined : POWER_UP_WITHIN_MS, signal);
      // Silenced meanwhile: the reader process has powered the card down, or will in its turn.
      if (silences !== silencesBefore) continue;
      if (!isFault(powered)) {
        active = powered.activation;
        return powered.card;
      }
      if (powered.fault === 'aborted') continue;
      spoilt = field.card.number;
      if (!again && !isAbsence(powered)) return powered;
    }
  };

  const exchange = async (command: Uint8Array, deadlineMs: number): Promise<Exchange | Fault> => {
    if (active === undefined) return supervisor.isSilent() ? SILENCED : NO_CARD;
    const { card } = active;
    const answer = await transmit(active, command, deadlineMs);
    if (!isFault(answer)) return answer;
    active = undefined;
    if (answer.fault !== 'aborted') spoilt = card;
    return answer;
  };

  const fieldOff = async (holdMs: number): Promise<void> => {
    const last = active;
    active = undefined;
    if (last !== undefined) await powerDown(last);
    fieldOffUntilMs = now() + holdMs;
  };

  return {
    state$: supervisor.situation$.pipe(map(toState), distinctUntilChanged()),
    activate: (signal) => cues.during(activate(signal)),
    exchange,
    fieldOff: (holdMs) => cues.during(fieldOff(holdMs)),
    silence: (silent) => {
      // The reader process powers it down, after the command under way if there is one.
      if (silent) active = undefined;
      silences += silent ? 1 : 0;
      return supervisor.silence(silent);
    },
    signal: cues.signal,
    close: async () => {
      if (active !== undefined) await fieldOff(0);
      await cues.close();
      await supervisor.close();
    },
  };
};

const openSupervisor = (options: PcscOptions, now: () => number): Supervisor =>
  superviseReaderProcess({
    log: options.log,
    monotonicMs: now,
    readerName: options.readerName,
    socketPath: options.socketPath ?? defaultSocketPath(),
    silent: options.silent ?? false,
  });

type ConnectRequest = Extract<Request, { kind: 'connect' }>;

interface Activation {
  readonly process: ProcessLink;
  readonly activation: number;
  readonly card: number;
}

interface CardInField {
  readonly situation: Situation;
  readonly reader: KnownReader;
  readonly card: SeenCard;
  readonly process: ProcessLink;
}

const POWER_UP_WITHIN_MS = 2000;
const POWER_DOWN_WITHIN_MS = 1000;
/**
 * One fault a card: a card that failed is tried again without a word until it works or goes. That
 * also serves a quick second tap whose removal the service has overlooked. More than the 400 ms
 * after which pcscd looks again whether a card is there.
 */
const RETRY_EVERY_MS = 500;

/** The service saw a card, tried to power it up, and got no answer to reset. */
const NO_ATR = fault('protocol', 'the card gave no answer to reset');
const NO_CARD = fault('cardLost', 'no card is powered up');
const ABORTED = fault('aborted', 'nobody waits for a card any more');
const SILENCED = fault('aborted', 'the reader is silenced');
const CLOSED = fault('aborted', 'the reader was closed');

/** A command to a mute card can't be called back, nor the process that waits for it. */
const resetReader = (process: ProcessLink, why: Fault): void => {
  void process.kill(fault(why.fault, 'the reader is reset: it did not answer'));
};

const isAbsence = ({ fault }: Fault): boolean => fault === 'serviceDown' || fault === 'readerLost';

const toState = (situation: Situation): ReaderState =>
  situation.reader === undefined
    ? { reader: 'absent', why: situation.why, sinceMs: situation.sinceMs }
    : stateOf(situation.reader, situation.silenced);

/** A card that may be touched. */
const cardInField = (
  { situation$, silent$ }: Supervisor,
  signal: AbortSignal,
): Promise<CardInField | Fault> => {
  const card$ = combineLatest([situation$, silent$]).pipe(
    map(([situation, silent]) => (silent ? undefined : withCard(situation))),
    filter((field) => field !== undefined),
  );
  return signal.aborted
    ? Promise.resolve(ABORTED)
    : firstValueFrom(merge(card$.pipe(endWith(CLOSED)), abort$(signal)));
};

const withCard = (situation: Situation): CardInField | undefined => {
  if (situation.reader === undefined || situation.silenced !== undefined) return undefined;
  const { reader, process } = situation;
  return reader.card && { situation, reader, card: reader.card, process };
};

const abort$ = (signal: AbortSignal): Observable<Fault> =>
  fromEvent(signal, 'abort').pipe(map(() => ABORTED));

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
};

const powerUp = async (
  { process, reader, card }: CardInField,
  deadlineMs: number | undefined,
  signal: AbortSignal,
): Promise<{ readonly activation: Activation; readonly card: ActivatedCard } | Fault> => {
  const connecting = process.ask({ kind: 'connect', reader: reader.name }, deadlineMs);
  const reply = await firstValueFrom(race(connecting, abort$(signal)));
  if (isFault(reply)) {
    if (reply.fault === 'timeout') resetReader(process, reply);
    if (reply.fault === 'aborted') void connecting.then((late) => forget(process, card, late));
    return card.atr.length === 0 && reply.fault === 'cardLost' ? NO_ATR : reply;
  }
  const activation = { process, activation: reply.activation, card: card.number };
  if (card.atr.length === 0) {
    await powerDown(activation);
    return NO_ATR;
  }
  const { microseconds } = reply;
  return {
    activation,
    card: { atr: card.atr, seenAtMs: reader.sinceMs, microseconds },
  };
};

const transmit = async (
  { process, activation }: Activation,
  command: Uint8Array,
  deadlineMs: number,
): Promise<Exchange | Fault> => {
  const answer = await process.ask({ kind: 'transmit', activation, command }, deadlineMs);
  if (!isFault(answer)) {
    return { response: Uint8Array.from(answer.response), microseconds: answer.microseconds };
  }
  if (answer.fault === 'timeout') resetReader(process, answer);
  return answer;
};

/** Nobody waits for this power-up any more. */
const forget = async (
  process: ProcessLink,
  card: SeenCard,
  late: ReplyTo<ConnectRequest> | Fault,
): Promise<void> => {
  if (isFault(late)) return;
  await powerDown({ process, activation: late.activation, card: card.number });
};

const powerDown = async ({ process, activation }: Activation): Promise<void> => {
  const off = await process.ask({ kind: 'release', activation }, POWER_DOWN_WITHIN_MS);
  if (isFault(off) && off.fault === 'timeout') resetReader(process, off);
};
