import type { ComponentChildren } from 'preact';
import { T } from '../texts.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorWords } from './field.tsx';

interface ConfirmationProps {
  readonly title: string;
  /** What the button does, as a verb. */
  readonly yes: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly busyWords: string;
  readonly problem?: string | undefined;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly children: ComponentChildren;
}

/** Asks once more before something happens that can't be taken back by a second press. */
export const Confirmation = (props: ConfirmationProps) => {
  const { title, yes, danger = false, busy, busyWords, problem } = props;
  return (
    <Dialog title={title} onClose={busy ? () => undefined : props.onNo}>
      <div class="dialog-body">{props.children}</div>
      <div role="alert">
        {problem !== undefined && <ErrorWords id="confirmation-problem">{problem}</ErrorWords>}
      </div>
      <div class="actions dialog-actions">
        <Button
          kind={danger ? 'danger' : 'primary'}
          busy={busy}
          busyWords={busyWords}
          onPress={props.onYes}
        >
          {yes}
        </Button>
        <Button onPress={props.onNo}>{T.cancel}</Button>
      </div>
    </Dialog>
  );
};
