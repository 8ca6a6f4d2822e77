import type { IncomingMessage } from 'node:http';
import { type Observable, Subject } from 'rxjs';
import type { Choice, DisplayView } from '#ports/customer-display.ts';
import type { Log } from '#ports/log.ts';
import type { Refusal } from './guard.ts';
import type { Touch } from './message.ts';
import { malformed, type Posted, readerOf } from './posted.ts';

export interface Choices {
  /** What can be touched from now on: the choices of this view alone. */
  offer(view: DisplayView): void;
  /** Takes what a display posts; the refusal when it can't be taken, undefined when it was. */
  take(request: IncomingMessage): Promise<Refusal | undefined>;
  readonly choices$: Observable<Choice['id']>;
  close(): void;
}

interface Setup {
  readonly log: Log;
  /** The name of this run of the terminal. */
  readonly run: string;
}

const TOUCH: Posted = {
  what: 'A choice',
  has: 'a sequence and an id',
  // A touch takes about 100 bytes; more than ten a second are more than fingers can do.
  mostBytes: 1024,
  mostASecond: 10,
};

const TOO_LATE: Refusal = { status: 409, sentence: 'That is not to be chosen now.' };
/**
 * What shoppers touch. A choice is of one view: it counts once, for as long as that view is the
 * latest, and whatever came too late changes nothing.
 */
export function openChoices({ log, run }: Setup): Choices {
  const chosen$ = new Subject<Choice['id']>();
  const read = readerOf(TOUCH);
  let offered: DisplayView | undefined;
  /** The sequence of the view of which something was chosen. */
  let touched: number | undefined;

  return {
    offer(view) {
      offered = view;
      // The same picture shown again is no second chance to touch it.
      if (view.sequence !== touched) touched = undefined;
    },
    async take(request) {
      const posted = await read(request);
      if ('refusal' in posted) return posted.refusal;
      const touch = touchIn(posted.value);
      if (touch === undefined) return malformed(TOUCH.what, TOUCH.has).refusal;
      const choice = offered?.choices?.find(({ id }) => id === touch.id);
      const ours = touch.run === undefined || touch.run === run;
      if (!ours || offered?.sequence !== touch.sequence || choice === undefined) return TOO_LATE;
      if (touched === touch.sequence) return TOO_LATE;
      touched = touch.sequence;
      log.info({ choice: choice.id, screen: offered.screen }, 'a shopper chose');
      chosen$.next(choice.id);
      return undefined;
    },
    choices$: chosen$.asObservable(),
    close: () => chosen$.complete(),
  };
}

function touchIn({ run, sequence, id }: Record<string, unknown>): Touch | undefined {
  if (!Number.isSafeInteger(sequence) || typeof id !== 'string') return undefined;
  if (run !== undefined && typeof run !== 'string') return undefined;
  return { ...(run === undefined ? {} : { run }), sequence: Number(sequence), id };
}
