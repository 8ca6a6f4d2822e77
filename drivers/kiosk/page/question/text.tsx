import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { QuestionWords } from '#ports/customer-display.ts';
import type { Asked } from '#ports/shopper-question.ts';
import { isTyped } from '../../fitting-answer.ts';
import { Done } from './done.tsx';
import { capitalOf, lettersOf, SIGNS } from './keyboards.ts';
import { Backspace, Capitals } from './signs.tsx';
import { keepFocus, TypedLine } from './typed-line.tsx';
import type { Answering } from './use-answer.ts';

type AskText = Extract<Asked, { kind: 'text' }>;

interface FreeTextProps extends Pick<Answering, 'answer'> {
  readonly ask: AskText;
  readonly words: QuestionWords;
  readonly language: string;
  readonly asks: string;
  readonly cancel: ComponentChildren;
}

/** A line to type into and a keyboard of the language. */
export function FreeText({ ask, words, language, asks, answer, cancel }: FreeTextProps) {
  const [typed, setTyped] = useState(() => asTyped(ask, ask.initial));
  const whole = typed.normalize('NFC').trim();
  const ready = isTyped(ask, whole);
  const done = () => ready && answer({ kind: 'text', typed: whole });
  return (
    <>
      <div class="line">
        <TypedLine
          name={asks}
          value={typed}
          masked={ask.masked}
          onValue={(value) => {
            const kept = asTyped(ask, value);
            setTyped(kept);
            return kept;
          }}
          onDone={done}
        />
        <button type="button" onPointerDown={keepFocus} onClick={() => setTyped('')}>
          <span>{words.clear}</span>
        </button>
        <Done words={words.done} ready={ready} onDone={done} />
      </div>
      <Keys
        words={words}
        language={language}
        cancel={cancel}
        onLetter={(letter) => setTyped((now) => asTyped(ask, now + letter))}
        onDelete={() => setTyped((now) => [...now].slice(0, -1).join(''))}
      />
    </>
  );
}

interface KeysProps {
  readonly words: QuestionWords;
  readonly language: string;
  /** At the start of the last row: a row of its own would leave the keys too small. */
  readonly cancel: ComponentChildren;
  readonly onLetter: (letter: string) => void;
  readonly onDelete: () => void;
}

function Keys({ words, language, cancel, onLetter, onDelete }: KeysProps) {
  const letters = lettersOf(language);
  const [signs, setSigns] = useState(false);
  const [capitals, setCapitals] = useState(false);
  const keyboard = signs ? SIGNS : letters;
  const large = capitals && keyboard.capitals;
  const type = (letter: string) => {
    onLetter(letter);
    setCapitals(false);
  };
  const rows = keyboard.rows.map((row) => (large ? row.map(capitalOf) : row));
  return (
    <div class="keyboard">
      {rows.map((row) => (
        <div class="keys" key={row.join('')}>
          {row.map((letter) => (
            <Key key={letter} onTouch={() => type(letter)}>
              <span>{letter}</span>
            </Key>
          ))}
        </div>
      ))}
      <div class="keys">
        {cancel}
        {keyboard.capitals && (
          <Key wide name={words.capitals} pressed={large} onTouch={() => setCapitals(!capitals)}>
            <Capitals />
          </Key>
        )}
        <Key wide onTouch={() => setSigns(!signs)}>
          <span>{signs ? letters.name : SIGNS.name}</span>
        </Key>
        <Key space onTouch={() => type(' ')}>
          <span>{words.space}</span>
        </Key>
        <Key wide name={words.delete} onTouch={onDelete}>
          <Backspace />
        </Key>
      </div>
    </div>
  );
}

interface KeyProps {
  readonly wide?: boolean;
  readonly space?: boolean;
  /** Where there is only a sign on it. */
  readonly name?: string;
  readonly pressed?: boolean;
  readonly onTouch: () => void;
  readonly children: ComponentChildren;
}

const Key = ({ wide, space, name, pressed, onTouch, children }: KeyProps) => (
  <button
    type="button"
    class={`key${wide ? ' wide' : ''}${space ? ' space' : ''}`}
    aria-label={name}
    aria-pressed={pressed}
    onPointerDown={keepFocus}
    onClick={onTouch}
  >
    {children}
  </button>
);

const asTyped = ({ maxLength }: AskText, text: string): string =>
  [...text.replace(/\p{Cc}/gu, '')].slice(0, maxLength).join('');
