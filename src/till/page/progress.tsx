import { useEffect, useRef, useState } from 'preact/hooks';
import type { TillFacts } from './facts.ts';
import { money } from './money.ts';
import { KINDS } from './sale.ts';
import type { Running } from './use-till.ts';

interface ProgressProps {
  readonly facts: TillFacts;
  readonly running: Running;
  /** The end can't be asked for: there is no key yet. */
  readonly locked: boolean;
  readonly onAbort: () => void;
}

const STEPS: readonly { readonly event: string; readonly words: string }[] = [
  { event: '', words: 'Sent to the terminal' },
  { event: 'TENDER_CREATED', words: 'The terminal asks the shopper' },
  { event: 'CARD_PRESENTED', words: 'Card read, authorising' },
  { event: 'TENDER_FINAL', words: 'Done' },
];

/** While the terminal is at work: how far it is, for how long, and the way out. */
export const Progress = ({ facts, running, locked, onAbort }: ProgressProps) => {
  const seconds = useSeconds(running.startedMs);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const reached = STEPS.findIndex(({ event }) => event === running.step);
  const said = STEPS[reached]?.words ?? eventWords(running.step);
  return (
    <div class="progress">
      <h2 ref={heading} tabIndex={-1}>
        {KINDS[running.kind]}
      </h2>
      <p class="amount">{money(running.amountMinor, facts.currency)}</p>
      <svg class="waves" viewBox="0 0 96 96" aria-hidden="true">
        <path d="M30 38a20 20 0 0 1 0 20M44 30a34 34 0 0 1 0 36M58 22a50 50 0 0 1 0 52" />
      </svg>
      {running.followed && (
        <p class="reason">
          {locked
            ? 'Enter the key in the settings: then the terminal can be asked for the end.'
            : 'This page was loaded anew meanwhile: the terminal is asked for the end.'}
        </p>
      )}
      <ol class="steps">
        {STEPS.slice(0, 3).map(({ words }, at) => (
          <li key={words} class="step" data-state={stateOf(at, reached)}>
            {words}
          </li>
        ))}
      </ol>
      <p class="spoken" role="status">
        {running.aborting ? 'Aborting' : said}
      </p>
      <p class="elapsed">{seconds} s</p>
      <button
        type="button"
        class="button button-danger button-large"
        aria-disabled={running.aborting || locked}
        onClick={() => !running.aborting && !locked && onAbort()}
      >
        {running.aborting ? 'Aborting…' : 'Abort'}
      </button>
    </div>
  );
};

const stateOf = (at: number, reached: number): string =>
  at < reached ? 'done' : at === Math.max(reached, 0) ? 'now' : 'ahead';

/** "ASK_GRATUITY" as "Ask gratuity". */
const eventWords = (event: string): string => {
  const words = event.toLowerCase().replaceAll('_', ' ');
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
};

const useSeconds = (sinceMs: number): number => {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
};
