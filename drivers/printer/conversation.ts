import {
  defer,
  EMPTY,
  filter,
  firstValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
  share,
  switchMap,
  take,
  timer,
} from 'rxjs';
import type { ByteLine } from '#ports/byte-line.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { type Report, statusReader } from './status.ts';

/** What a printer is asked, over a line that may go away. */
export interface Conversation {
  /** Whatever the printer says, unasked too. Never errors. */
  readonly reports$: Observable<Report>;
  /**
   * Writes, and waits for the first report that `answer` makes something of. Undefined when none
   * came within `withinMs` of the bytes being taken; a Fault when the line is down or goes down.
   */
  ask<Answer>(
    question: Question,
    answer: (report: Report) => Answer | undefined,
  ): Promise<Answer | Fault | undefined>;
}

export interface Question {
  readonly bytes: Uint8Array;
  /** For the bytes to be taken. */
  readonly deadlineMs: number;
  /** For the answer after that. */
  readonly withinMs: number;
}

export const converse = (line: ByteLine, scheduler: SchedulerLike): Conversation => {
  // After an interruption the rest of a status never comes.
  const reports$ = line.state$.pipe(
    switchMap(({ line: state }) => {
      if (state === 'down') return EMPTY;
      const read = statusReader();
      return line.received$.pipe(mergeMap((bytes) => read(bytes)));
    }),
    share(),
  );
  const down$ = line.state$.pipe(
    mergeMap((state) => (state.line === 'down' ? of(state.why) : EMPTY)),
  );
  return {
    reports$,
    ask: ({ bytes, deadlineMs, withinMs }, answer) => {
      const answers$ = reports$.pipe(
        map(answer),
        filter((one) => one !== undefined),
      );
      const taken$ = defer(() => line.write(bytes, deadlineMs));
      const silence$ = taken$.pipe(
        switchMap((refused) =>
          isFault(refused) ? of(refused) : timer(withinMs, scheduler).pipe(map(() => undefined)),
        ),
      );
      // In this order: whoever asks must be listening before the question is out.
      return firstValueFrom(merge(answers$, down$, silence$).pipe(take(1)));
    },
  };
};
