import { concatMap, filter, ignoreElements, merge, type Observable, repeat, timer } from 'rxjs';
import type { Clock } from '#ports/clock.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';

export interface UpkeepParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** Nothing of it happens while a payment is taken. */
  readonly idle: () => boolean;
  readonly keepMs: number;
  readonly keepBytes: number;
}

/**
 * What the journal wants while nobody pays. All of its chain is looked at after a start, a small
 * part at a time, and then what comes to it: that also empties its write-ahead log, so that no tap
 * waits for it. Now and then settled payments that are too old, or too many, are removed.
 */
export const journalUpkeep$ = (parts: UpkeepParts): Observable<never> => {
  const { clock, idle } = parts;
  let from: number | undefined = 1;
  let behind = true;
  const inspection$ = timer(INSPECTION_MS.behind, clock.scheduler).pipe(
    filter(() => from !== undefined && idle()),
    concatMap(async () => {
      const next = from === undefined ? undefined : await inspected(from, parts);
      behind = typeof next === 'number';
      from = next === 'end' ? from : next;
    }),
    repeat({
      delay: () => timer(behind ? 0 : INSPECTION_MS.atTheEnd, clock.scheduler),
    }),
  );
  const retention$ = timer(RETENTION_MS.first, RETENTION_MS.every, clock.scheduler).pipe(
    filter(idle),
    concatMap(() => retained(parts)),
  );
  return merge(inspection$, retention$).pipe(ignoreElements());
};

const INSPECTION_MS = { behind: 250, atTheEnd: 3_000 } as const;
const INSPECTED_AT_ONCE = 500;
const RETENTION_MS = { first: 60_000, every: 3_600_000 } as const;

/** Where to go on, or that there is no more for now; undefined when it makes no sense to go on. */
const inspected = async (
  from: number,
  { journal, log }: UpkeepParts,
): Promise<number | 'end' | undefined> => {
  const found = await journal.inspect(from, INSPECTED_AT_ONCE);
  // Payments are refused for the same reason, and say so.
  if (isFault(found)) return 'end';
  const { state, next } = found;
  if (state.chain === 'broken') {
    const { sequence, problem } = state;
    log.error({ sequence, problem }, 'the journal was tampered with or damaged');
    return undefined;
  }
  return next ?? 'end';
};

const retained = async ({ journal, clock, log, ...keep }: UpkeepParts): Promise<void> => {
  const nowMs = clock.wallMs();
  const removed = await journal.retain({
    olderThanMs: keep.keepMs,
    largerThanBytes: keep.keepBytes,
    nowMs,
  });
  if (isFault(removed)) log.error({ problem: removed }, 'no old payment could be removed');
  else if (removed > 0) log.info({ removed }, 'old payments were removed from the journal');
};
