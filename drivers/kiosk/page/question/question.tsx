import { useEffect } from 'preact/hooks';
import type { QuestionToAnswer } from '#ports/customer-display.ts';
import { Confirmation } from './confirmation.tsx';
import { Digits } from './digits.tsx';
import { Menu } from './menu.tsx';
import { SignatureField } from './signature.tsx';
import { FreeText } from './text.tsx';
import { type Answering, useAnswer } from './use-answer.ts';

export interface QuestionProps {
  readonly question: QuestionToAnswer;
  readonly run: string;
  readonly language: string;
  /** What is asked, as a name for the field to type into. */
  readonly asks: string;
}

/** The form beneath a question; it begins anew with each id, so the caller gives that as key. */
export function Question({ question, run, language, asks }: QuestionProps) {
  const answering = useAnswer({ run, id: question.id });
  const { answer, sent } = answering;
  useEffect(() => {
    const cancel = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') answer({ kind: 'cancelled' });
    };
    window.addEventListener('keydown', cancel);
    return () => window.removeEventListener('keydown', cancel);
  });
  return (
    <section class="question" aria-label={asks} data-sent={sent && ''} aria-busy={!!sent}>
      <Form {...{ question, language, asks, ...answering }} />
    </section>
  );
}

interface FormProps extends Answering, Omit<QuestionProps, 'run'> {}

function Form({ question, language, asks, answer, sent }: FormProps) {
  const { ask, words } = question;
  const cancel = <Cancel words={words.cancel} answer={answer} />;
  switch (ask.kind) {
    case 'confirmation':
      return <Confirmation {...{ words, answer, sent, cancel }} />;
    case 'digits':
      return <Digits {...{ ask, words, language, asks, answer, cancel }} />;
    case 'text':
      return <FreeText {...{ ask, words, language, asks, answer, cancel }} />;
    case 'menu':
      return <Menu {...{ ask, words, answer, sent, cancel }} />;
    case 'signature':
      return <SignatureField {...{ words, answer, cancel }} />;
  }
}

const Cancel = ({ words, answer }: Pick<Answering, 'answer'> & { readonly words: string }) => (
  <button type="button" class="quiet" onClick={() => answer({ kind: 'cancelled' })}>
    <span>{words}</span>
  </button>
);
