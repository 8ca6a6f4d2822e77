import { filter, firstValueFrom, race, tap, timer } from 'rxjs';
import { select } from '#apdu/command.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { finding } from '#doctor/index.ts';
import type { CardReader, ReaderState } from '#ports/card-reader.ts';
import { fault, isFault } from '#ports/fault.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import type { Trial } from '../opening/reader-trials.ts';

/** A reader as it is looked at. */
export interface ReaderToLookAt {
  readonly state$: CardReader['state$'];
  readonly trial: Trial;
  /** Why no card may be touched now. */
  readonly hindrance: () => 'off' | 'paying' | undefined;
  /** Lays an emulated card there until `signal` is aborted; undefined at real readers. */
  readonly lay?: ((signal: AbortSignal) => void) | undefined;
}

/** Whether a reader is found; a service that has just started takes a moment to tell. */
export const readerProbe =
  ({ state$ }: Pick<ReaderToLookAt, 'state$'>, patienceMs: number): Probe =>
  async () => {
    const state = await settledState(state$, patienceMs);
    if (state.reader === 'absent') return finding('reader', 'absent', { why: state.why.detail });
    const { name, silenced } = state;
    return finding('reader', silenced === undefined ? 'well' : 'silenced', { name });
  };

/** SELECT PPSE to what lies on the reader, and its time. Book B 3.3.2.2 */
export const cardPathProbe =
  ({ state$, trial, hindrance, lay }: ReaderToLookAt, patienceMs: number): Probe =>
  async (signal) => {
    const state = await settledState(state$, patienceMs);
    if (state.reader === 'absent') return finding('cardPath', 'noReader');
    const why = state.silenced === undefined ? hindrance() : 'off';
    if (why !== undefined) return finding('cardPath', why);
    const own = new AbortController();
    const emulated = state.card === 'absent' && lay !== undefined;
    if (state.card === 'absent' && !emulated) return finding('cardPath', 'noCard');
    if (emulated) lay(own.signal);
    try {
      const until = AbortSignal.any([signal, AbortSignal.timeout(POWER_UP_WITHIN_MS)]);
      const tried = await trial(SELECT_PPSE, until);
      if (isFault(tried)) return finding('cardPath', 'failed', { why: tried.detail });
      const { response, microseconds } = tried.exchange;
      return judged(response, microseconds, emulated ? 'an emulated card' : 'the card there');
    } finally {
      own.abort();
    }
  };

const SELECT_PPSE = select(hex('325041592E5359532E4444463031'));

/** A reader with its card needs some tens of milliseconds; a phone that wakes up some more. */
const SLOW_MS = 300;
const POWER_UP_WITHIN_MS = 3000;

const judged = (response: Uint8Array, microseconds: number, what: string): Finding => {
  const sw = toHex(response.subarray(-2));
  if (sw !== '9000') return finding('cardPath', 'refused', { what: capital(what), sw });
  const milliseconds = Math.max(1, Math.round(microseconds / 1000));
  const kind = milliseconds > SLOW_MS ? 'slow' : 'well';
  return finding('cardPath', kind, { sw, milliseconds, what });
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// What is absent may be on its way: pcscd starts when it is asked, and looks for readers then.
const settledState = async (
  state$: CardReader['state$'],
  patienceMs: number,
): Promise<ReaderState> => {
  let last = NO_WORD;
  const watched$ = state$.pipe(
    tap((state) => {
      last = state;
    }),
  );
  return firstValueFrom(
    race(watched$.pipe(filter(({ reader }) => reader === 'present')), timer(patienceMs)),
  ).then(
    (state) => (typeof state === 'number' ? last : state),
    () => last,
  );
};

const NO_WORD: ReaderState = {
  reader: 'absent',
  why: fault('readerLost', 'the reader says nothing of itself'),
  sinceMs: 0,
};
