import { concatMap, filter, ignoreElements, merge, type Observable, timer } from 'rxjs';
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
 * What the journal wants while nobody pays: once after a start, all of its chain is looked at, a
 * small part at a time; now and then settled payments that are too old, or too many, are removed.
 */
export const journalUpkeep$ = (parts: UpkeepParts): Observable<never> => {
  const { clock, idle } = parts;
  let next: number | undefined = 1;
  const inspection$ = timer(INSPECTION_MS, INSPECTION_MS, clock.scheduler).pipe(
    filter(() => next !== undefined && idle()),
    concatMap(async () => {
      next = next === undefined ? undefined : await inspected(next, parts);
    }),
  );
  const retention$ = timer(RETENTION_MS.first, RETENTION_MS.every, clock.scheduler).pipe(
    filter(idle),
    concatMap(() => retained(parts)),
  );
  return merge(inspection$, retention$).pipe(ignoreElements());
};

const INSPECTION_MS = 250;
const INSPECTED_AT_ONCE = 500;
const RETENTION_MS = { first: 60_000, every: 3_600_000 } as const;

const inspected = async (
  from: number,
  { journal, log }: UpkeepParts,
): Promise<number | undefined> => {
  const found = await journal.inspect(from, INSPECTED_AT_ONCE);
  if (isFault(found)) {
    log.error({ problem: found }, 'the journal could not be looked through');
    return undefined;
  }
  const { state, next } = found;
  if (state.chain === 'broken') {
    const { sequence, problem } = state;
    log.error({ sequence, problem }, 'the journal was tampered with or damaged');
    return undefined;
  }
  return next;
};

const retained = async ({ journal, clock, log, ...keep }: UpkeepParts): Promise<void> => {
  const nowMs = clock.wallMs();
  const removed = await journal.retain({
    olderThanMs: nowMs - keep.keepMs,
    largerThanBytes: keep.keepBytes,
    nowMs,
  });
  if (isFault(removed)) log.error({ problem: removed }, 'no old payment could be removed');
  else if (removed > 0) log.info({ removed }, 'old payments were removed from the journal');
};
