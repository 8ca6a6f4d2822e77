import type { SaleResult } from '#terminal/types.ts';
import type { Tone } from '../console-context.ts';
import type { IconName } from '../pieces/icon.tsx';
import { T } from '../texts.ts';

interface OutcomeLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly words: string;
}

/** How a payment ended, in a word and a sign. */
export const OUTCOMES: Readonly<Record<SaleResult['status'], OutcomeLook>> = {
  approved: { tone: 'good', icon: 'good', words: T.outcomes.approved },
  declined: { tone: 'bad', icon: 'bad', words: T.outcomes.declined },
  cancelled: { tone: 'calm', icon: 'close', words: T.outcomes.cancelled },
  timedOut: { tone: 'calm', icon: 'wait', words: T.outcomes.timedOut },
  busy: { tone: 'warn', icon: 'wait', words: T.outcomes.busy },
  error: { tone: 'bad', icon: 'warn', words: T.outcomes.error },
};
