import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { QuestionWords } from '#ports/customer-display.ts';
import type { Asked } from '#ports/shopper-question.ts';
import { Done } from './done.tsx';
import { Box, Tick } from './signs.tsx';
import type { Answering } from './use-answer.ts';

/** From so many entries on they stand in two columns, where there is the width for it. */
const TWO_COLUMNS = 4;

interface MenuProps extends Answering {
  readonly ask: Extract<Asked, { kind: 'menu' }>;
  readonly words: QuestionWords;
  readonly cancel: ComponentChildren;
}

/** Entries to be touched: one is the answer at once; of several each has a box to tick. */
export function Menu({ ask, words, answer, sent, cancel }: MenuProps) {
  const { entries, several, initial } = ask;
  const [chosen, setChosen] = useState<readonly number[]>(initial);
  const toggle = (at: number) =>
    setChosen((now) => (now.includes(at) ? now.filter((one) => one !== at) : [...now, at]));
  const taken = sent?.kind === 'menu' ? sent.chosen : several ? [] : initial;
  return (
    <>
      <ul class="entries" data-many={entries.length >= TWO_COLUMNS ? '' : undefined}>
        {entries.map((entry, at) => (
          // Known by its place: two entries may say the same.
          <li key={at}>
            <button
              type="button"
              aria-pressed={several ? chosen.includes(at) : undefined}
              aria-current={!several && taken.includes(at) ? 'true' : undefined}
              onClick={() => (several ? toggle(at) : answer({ kind: 'menu', chosen: [at] }))}
            >
              {several ? <Box ticked={chosen.includes(at)} /> : taken.includes(at) && <Tick />}
              <span dir="auto">{entry}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="actions">
        {cancel}
        {several && (
          <Done words={words.done} ready onDone={() => answer({ kind: 'menu', chosen })} />
        )}
      </div>
    </>
  );
}
