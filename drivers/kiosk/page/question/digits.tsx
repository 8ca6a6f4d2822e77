import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { QuestionWords } from '#ports/customer-display.ts';
import type { Asked } from '#ports/shopper-question.ts';
import { isTyped } from '../../fitting-answer.ts';
import { Done } from './done.tsx';
import { Backspace } from './signs.tsx';
import { keepFocus, TypedLine } from './typed-line.tsx';
import type { Answering } from './use-answer.ts';

type AskDigits = Extract<Asked, { kind: 'digits' }>;

interface DigitsProps extends Pick<Answering, 'answer'> {
  readonly ask: AskDigits;
  readonly words: QuestionWords;
  readonly language: string;
  readonly asks: string;
  readonly cancel: ComponentChildren;
}

/** A keypad as on a telephone, and the line that it writes into. */
export function Digits({ ask, words, language, asks, answer, cancel }: DigitsProps) {
  const [typed, setTyped] = useState(() => asTyped(ask, ask.initial));
  const mark = decimalMark(language);
  const shown = (digits: string) => digits.replace('.', mark);
  const whole = finished(typed);
  const ready = isTyped(ask, whole);
  const done = () => ready && answer({ kind: 'digits', typed: whole });
  const key = (sign: string) => setTyped((now) => asTyped(ask, now + sign));
  const keyButton = (sign: string, face: string = sign) => (
    <button
      type="button"
      class="key"
      key={sign}
      onPointerDown={keepFocus}
      onClick={() => key(sign)}
    >
      <span>{face}</span>
    </button>
  );
  return (
    <>
      <div class="line">
        <TypedLine
          name={asks}
          value={shown(typed)}
          masked={ask.masked}
          digits
          // What a keyboard writes as its decimal mark is one.
          onValue={(value) => {
            const kept = asTyped(ask, value.replaceAll(/[,٫。،]/g, '.'));
            setTyped(kept);
            return shown(kept);
          }}
          onDone={done}
        />
      </div>
      <div class="keypad" dir="ltr">
        {'123456789'.split('').map((sign) => keyButton(sign))}
        {ask.decimals > 0 ? keyButton('.', mark) : <i />}
        {keyButton('0')}
        <button
          type="button"
          class="key"
          aria-label={words.delete}
          onPointerDown={keepFocus}
          onClick={() => setTyped((now) => now.slice(0, -1))}
        >
          <Backspace />
        </button>
      </div>
      <div class="actions">
        {cancel}
        <button type="button" onPointerDown={keepFocus} onClick={() => setTyped('')}>
          <span>{words.clear}</span>
        </button>
        <Done words={words.done} ready={ready} onDone={done} />
      </div>
    </>
  );
}

/** What is left of a text as digits and one point, no longer than may be typed. */
function asTyped({ decimals, maxLength }: AskDigits, text: string): string {
  let kept = '';
  let digits = 0;
  for (const sign of text.normalize('NFKC').replace(/[٠-٩]/g, asLatin)) {
    const point = kept.indexOf('.');
    if (sign === '.' && point === -1 && decimals > 0) kept += kept === '' ? '0.' : '.';
    if (!/\d/.test(sign) || digits === maxLength) continue;
    if (point !== -1 && kept.length - point > decimals) continue;
    kept += sign;
    digits = kept.replace('.', '').length;
  }
  return kept;
}

const asLatin = (digit: string): string => String(digit.charCodeAt(0) - 0x660);

/** A point with nothing behind it says nothing. */
const finished = (typed: string): string => typed.replace(/\.$/, '');

const decimalMark = (language: string): string =>
  new Intl.NumberFormat(language, { numberingSystem: 'latn' })
    .formatToParts(1.5)
    .find(({ type }) => type === 'decimal')?.value ?? '.';
