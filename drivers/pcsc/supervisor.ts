import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BehaviorSubject, type Observable } from 'rxjs';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type ProcessLink, startReaderProcess } from './process-link.ts';
import { serviceTrouble } from './service-probe.ts';
import {
  chooseReader,
  isKnown,
  type KnownReader,
  noReader,
  type View,
  withSighting,
} from './sightings.ts';
import { keepSilence, type Silenced } from './silence.ts';

/** Where we are: without a reader, or with one and a process that talks to it. */
export type Situation =
  | { readonly reader: undefined; readonly why: Fault; readonly sinceMs: number }
  | {
      readonly reader: KnownReader;
      readonly process: ProcessLink;
      /** Undefined while cards may be talked to. */
      readonly silenced: Silenced | undefined;
    };

export interface SupervisorOptions {
  readonly log: Log;
  readonly monotonicMs: () => number;
  readonly readerName: string | undefined;
  readonly socketPath: string;
  readonly silent: boolean;
}

export interface Supervisor {
  /** Replays the present situation, then each change; completes when closed. */
  readonly situation$: Observable<Situation>;
  situation(): Situation;
  /** Whether silence is wanted, which holds from that moment on. Completes when closed. */
  readonly silent$: Observable<boolean>;
  isSilent(): boolean;
  /** Resolves when the reader that is there has done what it can, or none is there. */
  silence(silent: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Keeps a reader process alive as long as the service answers, and says what it sees. */
export const superviseReaderProcess = (options: SupervisorOptions): Supervisor => {
  const { log, monotonicMs, readerName, socketPath } = options;
  const closing = new AbortController();
  const silence = keepSilence(log, options.silent);
  const start = fault('serviceDown', 'the smart card service was not asked yet');
  const situations = new BehaviorSubject<Situation>(without(start, monotonicMs()));
  const become = (next: Situation): void => {
    if (sameSituation(situations.value, next)) return;
    if (!closing.signal.aborted) tell(log, situations.value, next);
    situations.next(next);
  };
  /** What the process that lives now sees. */
  let look = (): void => {};
  const lookAt = (view: View, process: ProcessLink): void => {
    const reader = chooseReader(view, readerName);
    // A reader is told first whether to be silent; nobody hears of it before.
    const isSo = silence.isSo(process, reader?.name, () => look());
    if (reader === undefined) become(without(noReader(view, readerName), monotonicMs()));
    else if (isSo && isKnown(reader)) become({ reader, process, silenced: silence.silenced() });
  };
  /** One life of a reader process. Resolves when it is over, to how long it lasted. */
  const live = async (): Promise<number> => {
    let view: View = [];
    const startedMs = monotonicMs();
    const process = startReaderProcess(socketPath, silence.wanted(), (sighting) => {
      view = withSighting(view, sighting);
      lookAt(view, process);
    });
    look = () => {
      if (view.length > 0) lookAt(view, process);
      else silence.isSo(process, undefined, () => {});
    };
    const stop = (): void => void process.kill(CLOSED);
    closing.signal.addEventListener('abort', stop);
    void keepWatch(process, socketPath, () => {
      if (view.length === 0) lookAt(view, process);
    });
    const why = await process.ended;
    look = () => {};
    become(without(why, monotonicMs()));
    closing.signal.removeEventListener('abort', stop);
    await process.kill(why);
    return monotonicMs() - startedMs;
  };

  const over = again(closing.signal, async () => {
    const trouble = await serviceTrouble(socketPath, PROBE_WITHIN_MS);
    if (closing.signal.aborted) return 0;
    if (trouble === undefined) return live();
    become(without(fault('serviceDown', trouble), monotonicMs()));
    return undefined;
  });
  return {
    situation$: situations.asObservable(),
    situation: () => situations.value,
    silent$: silence.silent$,
    isSilent: silence.wanted,
    silence: async (silent) => {
      silence.want(silent);
      look();
      await silence.settled();
    },
    close: async () => {
      closing.abort();
      await over;
      situations.complete();
      silence.close();
    },
  };
};

/** Lives on and on; `life` says how long it lasted, or nothing if there was none. */
const again = async (
  signal: AbortSignal,
  life: () => Promise<number | undefined>,
): Promise<void> => {
  let failures = 0;
  while (!signal.aborted) {
    const lastedMs = await life();
    failures = lastedMs === undefined ? 1 : lastedMs > STABLE_AFTER_MS ? 0 : failures + 1;
    const pauseMs = Math.min(failures * PAUSE_STEP_MS, LONGEST_PAUSE_MS);
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
};

const tell = (log: Log, now: Situation, next: Situation): void => {
  if (next.reader === undefined) log.warn({ fault: next.why }, 'no card reader');
  else if (now.reader?.name !== next.reader.name)
    log.info({ reader: next.reader.name, pid: next.process.pid }, 'card reader is there');
};

/** From fork to an open service; the service answered just before. */
const READY_WITHIN_MS = 3000;
/** A service without readers says nothing, so we wait for readers this long. */
const FIRST_SIGHTING_WITHIN_MS = 300;
const PROBE_WITHIN_MS = 1500;
/** How often an idle service and process are asked whether they are still there. */
const WATCH_EVERY_MS = 1000;
const STABLE_AFTER_MS = 5000;
const PAUSE_STEP_MS = 150;
const LONGEST_PAUSE_MS = 600;

const CLOSED = fault('aborted', 'the reader was closed');

const without = (why: Fault, sinceMs: number): Situation => ({ reader: undefined, why, sinceMs });

/** The first of equal reasons stays, and with it since when. */
const sameSituation = (a: Situation, b: Situation): boolean =>
  a.reader === undefined
    ? b.reader === undefined && a.why.fault === b.why.fault && a.why.detail === b.why.detail
    : a.reader === b.reader && a.process === b.process && a.silenced === b.silenced;

/** Ends a process that is stuck, or whose service is: nobody would notice while no card comes. */
const keepWatch = async (
  process: ProcessLink,
  socketPath: string,
  settled: () => void,
): Promise<void> => {
  let alive = true;
  void process.ended.then(() => {
    alive = false;
  });
  const pause = (ms: number): Promise<unknown> =>
    Promise.race([process.ended, sleep(ms, undefined, { ref: false })]);
  const isReady = process.ready.then(() => true);
  if ((await Promise.race([isReady, pause(READY_WITHIN_MS)])) !== true) return process.kill(STUCK);
  const socket = await identityOf(socketPath);
  await pause(FIRST_SIGHTING_WITHIN_MS);
  if (alive) settled();
  while (alive) {
    await pause(WATCH_EVERY_MS);
    // The addon may miss that its service was replaced while it handled something else.
    if ((await identityOf(socketPath)) !== socket) return process.kill(REPLACED);
    if (await serviceTrouble(socketPath, PROBE_WITHIN_MS)) return process.kill(HUNG);
    // A request under way has a deadline of its own.
    if (process.pending() > 0) continue;
    if (isFault(await process.ask({ kind: 'ping' }, PROBE_WITHIN_MS))) return process.kill(STUCK);
  }
};

/** Another one when the service was restarted and has made its socket anew. */
const identityOf = async (path: string): Promise<string> => {
  const found = await stat(path).catch(() => undefined);
  return `${found?.ino} ${found?.birthtimeMs}`;
};

const REPLACED = fault('serviceDown', 'the smart card service was restarted');
const STUCK = fault('serviceDown', 'the reader process is stuck');
const HUNG = fault('serviceDown', 'the smart card service does not answer');
