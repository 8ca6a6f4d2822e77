import type { IncomingMessage } from 'node:http';
import { type Observable, Subject } from 'rxjs';
import type { Choice, DisplayView } from '#ports/customer-display.ts';
import type { Log } from '#ports/log.ts';
import type { Refusal } from './guard.ts';
import type { Touch } from './message.ts';

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

/** A touch takes about 100 bytes. */
const MOST_BYTES = 1024;
/** More than fingers can do, on all displays together. */
const MOST_A_SECOND = 10;

const NOT_JSON: Refusal = { status: 415, sentence: 'A choice comes as application/json.' };
const TOO_LONG: Refusal = {
  status: 413,
  sentence: `A choice has at most ${MOST_BYTES} bytes.`,
  headers: { Connection: 'close' },
};
const MALFORMED: Refusal = { status: 400, sentence: 'A choice has a sequence and an id.' };
const TOO_LATE: Refusal = { status: 409, sentence: 'That is not to be chosen now.' };
const TOO_MANY: Refusal = {
  status: 429,
  sentence: 'Too many choices at once.',
  headers: { 'Retry-After': '1' },
};

/**
 * What shoppers touch. A choice is of one view: it counts once, for as long as that view is the
 * latest, and whatever came too late changes nothing.
 */
export function openChoices({ log, run }: Setup): Choices {
  const chosen$ = new Subject<Choice['id']>();
  const mayTouch = limit(MOST_A_SECOND);
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
      if (!mayTouch()) return TOO_MANY;
      if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return NOT_JSON;
      const body = await bodyOf(request);
      if (body === undefined) return TOO_LONG;
      const touch = touchIn(body);
      if (touch === undefined) return MALFORMED;
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

/** The whole body, or undefined when it is longer than a choice can be; then it is not read on. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Left alone when it is too long: destroyed, its connection couldn't carry the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > MOST_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return ''; // Whoever posted it went away: there is nobody left to answer.
  }
  return Buffer.concat(chunks).toString();
}

function touchIn(body: string): Touch | undefined {
  try {
    const { run, sequence, id }: Record<string, unknown> = Object(JSON.parse(body));
    if (!Number.isSafeInteger(sequence) || typeof id !== 'string') return undefined;
    if (run !== undefined && typeof run !== 'string') return undefined;
    return { ...(run === undefined ? {} : { run }), sequence: Number(sequence), id };
  } catch {
    return undefined;
  }
}

/** Answers whether there may be one more, so many a second. */
function limit(aSecond: number): () => boolean {
  let left = aSecond;
  let atMs = performance.now();
  return () => {
    const nowMs = performance.now();
    left = Math.min(aSecond, left + ((nowMs - atMs) / 1000) * aSecond);
    atMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
