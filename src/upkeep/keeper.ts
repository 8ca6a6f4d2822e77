import {
  BehaviorSubject,
  concat,
  defer,
  EMPTY,
  exhaustMap,
  filter,
  firstValueFrom,
  from,
  merge,
  type Observable,
  of,
  race,
  Subject,
  take,
  tap,
  timer,
} from 'rxjs';
import type { Clock } from '#ports/clock.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Upkeep, UpkeepOrder, UpkeepStanding } from '#ports/upkeep.ts';
import { type FirmwareTurn, type FirmwareWork, firmwareTurn } from './firmware-turn.ts';
import { rollBack } from './health.ts';
import type { Known } from './known.ts';
import { type Job, type Outcome, type Progress, problemOf } from './outcome.ts';
import { type ProbationParts, probation$, sayHealthy$ } from './probation.ts';
import { isRefusal } from './refusal.ts';
import { lookOf, standingOf } from './standing.ts';
import { readState } from './state-file.ts';
import type { State } from './types.ts';

export interface KeeperParts extends Pick<ProbationParts, 'place' | 'complaint' | 'floor'> {
  readonly clock: Clock;
  readonly log: Log;
  /** Of the release that runs. */
  readonly version: string;
  readonly healthyWithinMs: number;
  /** Does a job in a process of its own, with low priority; aborting `signal` ends it. */
  readonly worker: (
    job: Job,
    tell: (progress: Progress) => void,
    signal: AbortSignal,
  ) => Promise<Outcome>;
  readonly known: () => Promise<Known>;
  readonly counter: {
    /** No payment, no question, no result that somebody still reads. */
    readonly quiet: () => boolean;
    /** Whenever that may have changed. */
    readonly changes$: Observable<unknown>;
  };
  /** Whether the shop lets a release become current now. */
  readonly inWindow: () => boolean;
  /** When it looks by itself: after its start, then each time; undefined: never. */
  readonly looks: { readonly firstMs: number; readonly everyMs: number } | undefined;
  /** After releases, and as quietly; absent where the configuration names no peripherals. */
  readonly firmware?: FirmwareWork;
  /** Takes no payment from now on and ends the terminal orderly; the launcher starts it again. */
  readonly leave: (why: string) => void;
}

/** Updates of a running terminal, and what came of one order. */
export interface Keeper extends Upkeep {
  /** As `order`, but resolves when the work is done; "broken" where it wasn't taken up. */
  done(job: Job & { readonly atOnce: boolean }): Promise<Outcome>;
  /** Whether the release that runs has lasted its probation. */
  proved(): boolean;
  close(): Promise<void>;
}

/** Looks, has releases installed beside the running one, and lets them take over when none pays. */
export const openKeeper = async (parts: KeeperParts): Promise<Keeper | Fault> => {
  const state = await readState(parts.place.disk, parts.place.root);
  if (isRefusal(state)) return fault('disk', state.detail);
  if (state === 'absent') return fault('disk', `${parts.place.root} holds no state of releases`);
  const { lastLook } = await parts.known();
  const now: Now = {
    state,
    standing$: new BehaviorSubject(standingOf(parts.version, state, lastLook)),
    looked$: new Subject(),
    working: undefined,
    atOnce: false,
    leaving: undefined,
    isOver: false,
    proved: state.phase !== 'probation',
    firmware: parts.firmware && firmwareTurn(parts.firmware, parts),
  };
  const running = concat(
    sayHealthy$(probationOf(parts, now), state),
    merge(
      probation$(probationOf(parts, now), state),
      unfinished$(parts, now),
      looks$(parts, now),
      turns$(parts, now),
    ),
  ).subscribe();
  const done: Keeper['done'] = (job) => runJob(parts, now, job);
  return {
    standing$: now.standing$.asObservable(),
    standing: () => now.standing$.value,
    done,
    order: (order) => obey(parts, now, order),
    proved: () => now.proved,
    close: async () => {
      running.unsubscribe();
      now.working?.abort.abort();
      // It tidies up at its own low priority, and ends whether or not we are there.
      const late$ = timer(WORKER_ENDS_MS, parts.clock.scheduler);
      if (now.working) await firstValueFrom(race(from(now.working.ended), late$));
      now.standing$.complete();
    },
  };
};

interface Now {
  state: State;
  readonly standing$: BehaviorSubject<UpkeepStanding>;
  /** What is to be done may be done now. */
  readonly looked$: Subject<void>;
  working: { readonly abort: AbortController; readonly ended: Promise<unknown> } | undefined;
  /** What is ready needn't wait for the window: staff said so. */
  atOnce: boolean;
  /** Another release is current: this process ends as soon as nobody pays. */
  leaving: string | undefined;
  /** What is written of the current release is no longer about this one. */
  isOver: boolean;
  proved: boolean;
  readonly firmware: FirmwareTurn | undefined;
}

const MINUTE_MS = 60_000;
const WORKER_ENDS_MS = 2_000;

const say = ({ standing$ }: Now, change: Partial<UpkeepStanding>): void => {
  standing$.next({ ...standing$.value, ...change });
};

const sayState = (parts: KeeperParts, now: Now, state: State): void => {
  now.state = state;
  const { lastLook } = now.standing$.value;
  now.standing$.next(standingOf(parts.version, state, lastLook));
};

const reread = async (parts: KeeperParts, now: Now): Promise<void> => {
  const state = await readState(parts.place.disk, parts.place.root);
  if (isRefusal(state) || state === 'absent') {
    parts.log.error({ problem: state }, 'the state of the releases can not be read');
    say(now, { work: 'none' });
  } else sayState(parts, now, state);
};

const probationOf = (parts: KeeperParts, now: Now): ProbationParts => ({
  ...parts,
  isOver: () => now.isOver,
  changed: (state) => {
    now.proved ||= state.phase === 'settled';
    sayState(parts, now, state);
  },
  giveUp: (why) => {
    parts.log.error({ why }, 'this release is not healthy: it starts again');
    now.leaving = why;
    now.looked$.next();
  },
});

const turns$ = (parts: KeeperParts, now: Now): Observable<unknown> =>
  merge(parts.counter.changes$, now.looked$, timer(0, MINUTE_MS, parts.clock.scheduler)).pipe(
    exhaustMap(() => takeTurn(parts, now)),
  );

const looks$ = (parts: KeeperParts, now: Now): Observable<unknown> => {
  const { looks, clock } = parts;
  if (looks === undefined) return merge();
  return timer(looks.firstMs, looks.everyMs, clock.scheduler).pipe(
    exhaustMap(() => free$(now)),
    exhaustMap(() => {
      const inProbation = /switched|probation/.test(now.state.phase);
      const what = inProbation ? 'look' : 'install';
      return runJob(parts, now, { do: what, evenIfFailed: false, atOnce: false });
    }),
  );
};

// A transfer can last for minutes, and the next look may be hours away.
const free$ = (now: Now): Observable<unknown> =>
  defer(() => (now.working === undefined ? of(undefined) : now.looked$)).pipe(
    filter(() => now.working === undefined),
    take(1),
  );

// A device in its bootloader is of no use to the shop: it doesn't wait for the first look.
const unfinished$ = ({ firmware, looks }: KeeperParts, now: Now): Observable<unknown> => {
  if (firmware === undefined || looks === undefined) return EMPTY;
  return defer(firmware.isUnfinished).pipe(
    filter((isUnfinished) => isUnfinished),
    tap(() => {
      now.firmware?.want();
      now.looked$.next();
    }),
  );
};

const obey = async (
  parts: KeeperParts,
  now: Now,
  order: UpkeepOrder,
): Promise<undefined | Fault> => {
  if (now.leaving !== undefined) return fault('aborted', `the terminal is ending: ${now.leaving}`);
  if (now.working !== undefined) return fault('aborted', UNDER_WAY);
  if (order.order === 'rollBack') return goBack(parts, now, order.why);
  const isInstall = order.order === 'install';
  void runJob(parts, now, {
    do: order.order,
    evenIfFailed: isInstall,
    atOnce: isInstall && order.atOnce,
    ...(isInstall && order.from !== undefined ? { from: order.from } : {}),
  });
  return undefined;
};

const UNDER_WAY = 'an update is under way already: `countertap update status` says how far it is';

const runJob = async (
  parts: KeeperParts,
  now: Now,
  { atOnce, ...job }: Job & { readonly atOnce: boolean },
): Promise<Outcome> => {
  if (now.working !== undefined || now.leaving !== undefined) {
    return { outcome: 'broken', why: UNDER_WAY };
  }
  const abort = new AbortController();
  const tell = (progress: Progress) => {
    say(now, { work: progress.event, ...offeredIn(progress) });
  };
  const doing = parts.worker(job, tell, abort.signal);
  now.working = { abort, ended: doing };
  say(now, { work: 'looking' });
  const outcome = await doing;
  const problem = problemOf(outcome);
  const lastLook = lookOf({ atMs: parts.clock.wallMs(), problem });
  parts.log.info({ ...outcome }, 'looked for updates');
  await reread(parts, now);
  say(now, { lastLook, ...(outcome.outcome === 'offered' ? { offered: outcome.version } : {}) });
  now.working = undefined;
  // Also what was ready before, where the repository doesn't answer now.
  now.atOnce ||= atOnce && now.state.phase === 'tried';
  if (job.do === 'install' && NO_RELEASE.has(outcome.outcome)) now.firmware?.want(job.from);
  now.looked$.next();
  return outcome;
};

/** What a look ends with that found no release to install. */
const NO_RELEASE: ReadonlySet<Outcome['outcome']> = new Set([
  ...(['nothingOffered', 'upToDate', 'failedBefore'] as const),
]);

const offeredIn = (progress: Progress): Partial<UpkeepStanding> =>
  'version' in progress ? { offered: progress.version } : {};

const goBack = async (parts: KeeperParts, now: Now, why: string): Promise<undefined | Fault> => {
  // Before it is written: from then on the probation would speak of the other release.
  now.isOver = true;
  const state = await rollBack(parts.place, why);
  if (isRefusal(state)) {
    now.isOver = false;
    return fault('aborted', state.detail);
  }
  sayState(parts, now, state);
  now.leaving = `the release before takes over: ${why}`;
  say(now, { work: 'switching' });
  now.looked$.next();
  return undefined;
};

// Whenever something may have changed. A payment that begins while the state is written goes on to
// its end: the next start is the new release's, this process is still the old one.
const takeTurn = async (parts: KeeperParts, now: Now): Promise<void> => {
  const quiet = parts.counter.quiet();
  if (now.leaving !== undefined) {
    if (quiet) parts.leave(now.leaving);
    return;
  }
  if (now.working !== undefined) return;
  if (now.state.phase === 'tried' && (await takeOver(parts, now, quiet))) return;
  if (quiet && now.firmware?.isDue()) loadFirmware(parts, now, now.firmware);
};

/** @returns whether it was taken up: nothing else may begin */
const takeOver = async (parts: KeeperParts, now: Now, quiet: boolean): Promise<boolean> => {
  const waitsFor = !now.atOnce && !parts.inWindow() ? 'window' : quiet ? undefined : 'payment';
  if (waitsFor !== undefined) {
    if (now.standing$.value.waitsFor !== waitsFor) say(now, { waitsFor });
    return false;
  }
  say(now, { work: 'switching' });
  // With all that unpacks a bundle: an idle terminal has no memory for it.
  const { switchOver } = await import('./install.ts');
  const state = await switchOver(parts.place);
  if (isRefusal(state)) {
    parts.log.error({ problem: state.detail }, 'the release that is ready can not become current');
    await reread(parts, now);
    return true;
  }
  const next = state.slots[state.current]?.version;
  now.leaving = `${next} takes over`;
  say(now, { phase: state.phase });
  if (parts.counter.quiet()) parts.leave(now.leaving);
  return true;
};

// Turns go on meanwhile: the terminal may want to end.
const loadFirmware = (parts: KeeperParts, now: Now, firmware: FirmwareTurn): void => {
  const abort = new AbortController();
  const ended = firmware.take(abort.signal).then(() => {
    now.working = undefined;
    sayState(parts, now, now.state);
    now.looked$.next();
  });
  now.working = { abort, ended };
  say(now, { work: 'firmware' });
};
