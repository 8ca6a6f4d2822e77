import type { IncomingMessage } from 'node:http';
import { type Observable, Subject } from 'rxjs';
import type { AnswerGiven, DisplayView } from '#ports/customer-display.ts';
import type { Log } from '#ports/log.ts';
import { fittingAnswer } from './fitting-answer.ts';
import type { Refusal } from './guard.ts';
import { malformed, type Posted, readerOf } from './posted.ts';

export interface Answers {
  /** What can be answered from now on: the question of this view alone. */
  offer(view: DisplayView): void;
  /** Takes what a display posts; the refusal when it can't be taken, undefined when it was. */
  take(request: IncomingMessage): Promise<Refusal | undefined>;
  readonly answers$: Observable<AnswerGiven>;
  close(): void;
}

interface Setup {
  readonly log: Log;
  /** The name of this run of the terminal. */
  readonly run: string;
}

const ANSWER: Posted = {
  what: 'An answer',
  has: 'the id of the question and an answer',
  // The longest signature there may be takes 28 kB.
  mostBytes: 64 * 1024,
  mostASecond: 10,
};

const TOO_LATE: Refusal = { status: 409, sentence: 'That is not asked now.' };
const UNFIT: Refusal = { status: 422, sentence: 'That is no answer to what is asked.' };

/**
 * What shoppers answer. The first answer that fits counts, whichever display it comes from; what
 * doesn't fit leaves the question open.
 */
export function openAnswers({ log, run }: Setup): Answers {
  const given$ = new Subject<AnswerGiven>();
  const read = readerOf(ANSWER);
  let open: DisplayView['question'];
  let answered: string | undefined;

  return {
    offer({ question }) {
      open = question;
    },
    async take(request) {
      const posted = await read(request);
      if ('refusal' in posted) return posted.refusal;
      const { run: ofRun, id, answer: value } = posted.value;
      if (typeof id !== 'string' || (ofRun !== undefined && typeof ofRun !== 'string')) {
        return malformed(ANSWER.what, ANSWER.has).refusal;
      }
      const ours = ofRun === undefined || ofRun === run;
      if (!ours || open?.id !== id || answered === id) return TOO_LATE;
      const answer = fittingAnswer(open.ask, value);
      if (answer === undefined) return UNFIT;
      answered = id;
      // What was answered may be the shopper's secret.
      log.info({ question: id, kind: answer.kind }, 'a shopper answered');
      given$.next({ id, answer });
      return undefined;
    },
    answers$: given$.asObservable(),
    close: () => given$.complete(),
  };
}
