import { useRef, useState } from 'preact/hooks';
import type { DisplayAnswer } from '#ports/shopper-question.ts';
import type { AnswerPosted } from '../../message.ts';
import { post } from '../post.ts';

export interface Answering {
  /** What was answered and is on its way, or has arrived: nothing else can be answered then. */
  readonly sent: DisplayAnswer | undefined;
  readonly answer: (answer: DisplayAnswer) => void;
}

/** Tells the terminal the answer to one question: once, unless it came to nothing. */
export function useAnswer({ run, id }: Pick<AnswerPosted, 'run' | 'id'>): Answering {
  const [sent, setSent] = useState<DisplayAnswer>();
  // Two touches may come before the first is drawn.
  const busy = useRef(false);
  const answer = (given: DisplayAnswer) => {
    if (busy.current) return;
    busy.current = true;
    setSent(given);
    const posted: AnswerPosted = { ...(run === undefined ? {} : { run }), id, answer: given };
    void post('answer', posted).then((arrived) => {
      if (arrived) return;
      busy.current = false;
      setSent(undefined);
    });
  };
  return { sent, answer };
}
