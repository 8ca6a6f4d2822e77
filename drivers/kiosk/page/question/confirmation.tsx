import type { ComponentChildren } from 'preact';
import type { QuestionWords } from '#ports/customer-display.ts';
import { Cross, Tick } from './signs.tsx';
import type { Answering } from './use-answer.ts';

interface ConfirmationProps extends Answering {
  readonly words: QuestionWords;
  readonly cancel: ComponentChildren;
}

/** Two large buttons, told apart by place, sign and word. */
export const Confirmation = ({ words, answer, sent, cancel }: ConfirmationProps) => {
  const button = (confirmed: boolean) => (
    <button
      type="button"
      data-taken={sent?.kind === 'confirmation' && sent.confirmed === confirmed ? '' : undefined}
      onClick={() => answer({ kind: 'confirmation', confirmed })}
    >
      {confirmed ? <Tick /> : <Cross />}
      <span>{confirmed ? words.yes : words.no}</span>
    </button>
  );
  return (
    <>
      <div class="two">
        {button(true)}
        {button(false)}
      </div>
      <div class="actions">{cancel}</div>
    </>
  );
};
