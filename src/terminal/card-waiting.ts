import { firstValueFrom, fromEvent, map, type Observable, of, race, timer } from 'rxjs';
import type { Activation } from '#entry-point/run.ts';
import type { StartPoint } from '#kernels/shared/outcome.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import type { Course } from './course.ts';
import { removal$ } from './runner.ts';

/** End Application with a start point: once the card has left, the payment goes on with it. */
export const presentAgain = async (
  course: Course,
  start: StartPoint,
): Promise<{ readonly step: 'restart'; readonly activation: Activation }> => {
  const { emit, parts } = course.context;
  if (!(await cardGone(course, 0))) {
    emit({ event: 'ui', ui: uiRequest('21', 'processing') });
    await cardGone(course, course.cardDeadlineMs - parts.clock.monotonicMs());
  }
  return { step: 'restart', activation: { ...course.first, start } };
};

/** End Application without one: another card may do, once the message was there to be read. */
export const nextCard = async (course: Course): Promise<void> => {
  const { parts } = course.context;
  await cardGone(course, course.cardDeadlineMs - parts.clock.monotonicMs());
  await firstValueFrom(race(timer(ANOTHER_CARD_MS, parts.clock.scheduler), aborted$(course.stop)));
};

/** A card that paid before and still lies on the reader must not pay again by lying there. */
export const lastCardGone = async (course: Course): Promise<void> => {
  const { servedCardMs, emit, parts } = course.context;
  if (await gone(course, servedCardMs, 0)) return;
  emit({ event: 'ui', ui: uiRequest('10', 'notReady') });
  await gone(course, servedCardMs, parts.settings.cardTimeoutMs);
};

const ANOTHER_CARD_MS = 1500;

const cardGone = (course: Course, withinMs: number): Promise<boolean> =>
  gone(course, course.cardSeenMs ?? -1, withinMs);

/** Waits until that card has left; false if it is still there after `withinMs`, or on cancel. */
const gone = (
  { context: { parts }, stop }: Course,
  seenAtMs: number,
  withinMs: number,
): Promise<boolean> =>
  firstValueFrom(
    race(
      removal$(parts.reader, seenAtMs).pipe(map(() => true)),
      timer(Math.max(0, withinMs), parts.clock.scheduler).pipe(map(() => false)),
      aborted$(stop),
    ),
  );

const aborted$ = (signal: AbortSignal): Observable<false> =>
  signal.aborted ? of(false as const) : fromEvent(signal, 'abort').pipe(map(() => false as const));
