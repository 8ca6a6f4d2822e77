import { Tick } from './signs.tsx';

interface DoneProps {
  readonly words: string;
  /** Whether there is an answer yet. */
  readonly ready: boolean;
  readonly onDone: () => void;
}

export const Done = ({ words, ready, onDone }: DoneProps) => (
  <button type="button" class="done" aria-disabled={!ready} onClick={() => ready && onDone()}>
    <Tick />
    <span>{words}</span>
  </button>
);
