import type { NowView, UpkeepStanding } from '../../api.ts';
import type { Tone } from '../console-context.ts';
import { T } from '../texts.ts';
import { fill, wordsOf } from '../words.ts';

/** What goes on, in a sentence, and what it waits for. */
export const workWords = ({ upkeep, status }: Pick<NowView, 'upkeep' | 'status'>): string => {
  const { work, offered: version = '', waitsFor } = upkeep;
  switch (work) {
    case 'switching':
      return status.state === 'idle' ? T.updates.switching : T.updates.switchingPayment;
    case 'none':
      return version === '' ? T.updates.nothing : fill(T.updates.offered, { version });
    case 'ready':
      return fill(waitsFor === undefined ? T.updates.ready : WAITS[waitsFor], { version });
    default:
      return fill(T.updates[work], { version });
  }
};

/** What lies in the slot that doesn't run. */
export const otherSlotWords = ({ work, phase, spare, offered }: UpkeepStanding): string => {
  const fresh = offered ?? spare;
  if (work === 'ready' && fresh) return fill(T.updates.otherReady, { version: fresh });
  const isNew = work === 'installing' || phase === 'unpacking' || phase === 'checked';
  if (isNew && fresh) return fill(T.updates.otherNew, { version: fresh });
  if (spare === undefined) return T.updates.otherNone;
  const words = phase === 'rolledBack' ? T.updates.otherLeft : T.updates.otherBefore;
  return fill(words, { version: spare });
};

export const phaseOf = ({ phase }: UpkeepStanding): { tone: Tone; words: string } => ({
  tone: TONES[phase] ?? 'calm',
  words: wordsOf(T.updates.phases, phase),
});

/** What `reason` tells. */
export const reasonTitle = ({ phase }: UpkeepStanding): string =>
  phase in T.updates.reasons ? wordsOf(T.updates.reasons, phase) : T.updates.reason;

/** What an order would be refused for at once. */
export const isAtWork = ({ work }: UpkeepStanding): boolean => work !== 'none' && work !== 'ready';

/** No other is installed before this one has proved itself; and nothing is to be hurried. */
export const canInstall = ({ phase, waitsFor }: UpkeepStanding): boolean =>
  !isOnTrial(phase) && waitsFor !== 'payment';

/** The version that a roll-back leads to. */
export const wayBack = ({ phase, work, spare }: UpkeepStanding): string | undefined =>
  (phase === 'settled' || isOnTrial(phase)) && work !== 'switching' ? spare : undefined;

export const isOnTrial = (phase: string): boolean => phase === 'switched' || phase === 'probation';

const WAITS = { payment: T.updates.readyPayment, window: T.updates.readyWindow } as const;

const TONES: Readonly<Record<string, Tone>> = {
  probation: 'warn',
  settled: 'good',
  rolledBack: 'warn',
};
