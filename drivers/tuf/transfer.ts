import { setTimeout as pause } from 'node:timers/promises';
import type { Limits } from './limits.ts';
import { isPlainPath, type Opened, type Place, Refused } from './place.ts';

/** Where the bytes go. */
export interface Sink {
  write(piece: Uint8Array): Promise<void> | void;
  /** The place begins from the first byte again. */
  reset(): Promise<void> | void;
}

/**
 * Reads one file of a place, within all limits. What was read before a connection broke isn't asked
 * for again where the place knows ranges.
 * @param most bytes: one more, received or announced, is endless data
 * @returns the bytes received, or "absent"
 * Throws `Refused`.
 */
export const receive = async (
  place: Place,
  path: string,
  most: number,
  sink: Sink,
  limits: Limits,
  signal: AbortSignal,
): Promise<number | 'absent'> => {
  if (!isPlainPath(path)) return 'absent';
  const progress = { received: 0 };
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptTo(place, path, most, sink, limits, signal, progress);
    } catch (error) {
      if (signal.aborted) throw new Refused('unreachable', `reading ${place.name} was given up`);
      if (!(error instanceof Refused && error.isPassing) || attempt >= limits.attempts) throw error;
      // An abort ends the pause, and then the loop by the next attempt.
      await pause(limits.pauseMs * 2 ** (attempt - 1), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }
};

const attemptTo = async (
  place: Place,
  path: string,
  most: number,
  sink: Sink,
  limits: Limits,
  signal: AbortSignal,
  progress: { received: number },
): Promise<number | 'absent'> => {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const wait = patience(place, path, limits, signal);
  let opened: Opened | undefined;
  try {
    const found = await wait(place.open(path, progress.received, either), limits.connectMs);
    if (found === 'absent') return found;
    opened = found;
    if (found.start === 0 && progress.received > 0) {
      progress.received = 0;
      await sink.reset();
    }
    const announced = found.size ?? 0;
    if (announced > most) throw tooMuch(place, path, most, `announces ${announced}`);
    const pieces = found.pieces[Symbol.asyncIterator]();
    for (;;) {
      const step = await wait(pieces.next(), 0, (next) => (next.done ? 0 : next.value.length));
      if (step.done) return progress.received;
      progress.received += step.value.length;
      if (progress.received > most) throw tooMuch(place, path, most, 'sends more');
      await sink.write(step.value);
    }
  } finally {
    ending.abort();
    // Not waited for: a stick that hangs would hold us up here as well.
    void letGo(opened);
  }
};

const letGo = async (opened: Opened | undefined): Promise<void> => {
  try {
    await opened?.pieces[Symbol.asyncIterator]().return?.(undefined);
  } catch {
    // Whatever was wrong with it is told already.
  }
};

const tooMuch = (place: Place, path: string, most: number, does: string): Refused =>
  new Refused('endless', `${place.name} ${does} bytes for ${path}, where ${most} is the most`);

type Patience = <T>(
  promise: Promise<T>,
  extraMs: number,
  bytesIn?: (value: T) => number,
) => Promise<T>;

/** Waits for one piece after another: never long for one, and never too little for long. */
const patience = (place: Place, path: string, limits: Limits, signal: AbortSignal): Patience => {
  let waitedMs = 0;
  let bytes = 0;
  const slow = (how: string): Refused =>
    new Refused('slow', `${place.name} is too slow: ${how} for ${path}; try again later`);
  return async (promise, extraMs, bytesIn) => {
    const startMs = performance.now();
    const most = limits.silenceMs + extraMs;
    const value = await inTime(promise, most, signal, () => slow(`nothing in ${most} ms`));
    waitedMs += performance.now() - startMs;
    bytes += bytesIn?.(value) ?? 0;
    if (waitedMs >= limits.speedWindowMs) {
      const least = (limits.leastBytesPerSecond * waitedMs) / 1000;
      if (bytes < least) throw slow(`${bytes} bytes in ${Math.round(waitedMs)} ms`);
      waitedMs = 0;
      bytes = 0;
    }
    return value;
  };
};

const inTime = async <T>(
  promise: Promise<T>,
  mostMs: number,
  signal: AbortSignal,
  late: () => Refused,
): Promise<T> => {
  const { promise: end, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), mostMs);
  const abort = (): void => reject(new Refused('unreachable', 'given up'));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    promise.catch(() => undefined);
  }
};
