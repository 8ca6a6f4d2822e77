import type { Finding } from '#ports/finding.ts';
import type { UpkeepStanding } from '#ports/upkeep.ts';
import { finding } from './say.ts';
import { durationWords } from './words.ts';

/** What an installed terminal's state file says, where no terminal runs. */
export interface SlotsFacts {
  readonly version: string;
  readonly phase: string;
  readonly reason: string | null;
  /** Of the release that is current, since it last came up healthy. */
  readonly starts: number;
}

/** How updates stand, by the running terminal's own word. */
export const standingFinding = (standing: UpkeepStanding, nowMs: number): Finding => {
  const { managed, version, phase, reason, work, waitsFor, offered, lastLook } = standing;
  if (!managed) return finding('update', 'checkout', { version });
  const left = leftOrTried({ version, phase, reason: reason ?? null });
  if (left !== undefined) return left;
  if (work === 'ready' && offered !== undefined) {
    const what = waitsFor === 'payment' ? 'the payment to end' : "the shop's window";
    return finding('update', 'waits', { version, offered, what });
  }
  if (work !== 'none' && work !== 'looking' && work !== 'firmware') {
    return finding('update', 'working', { version, work, offered: offered ?? 'not known yet' });
  }
  if (lastLook === undefined) return finding('update', 'settled', { version });
  const ago = durationWords(nowMs - lastLook.atMs);
  if (lastLook.problem !== undefined) {
    return finding('update', 'unlooked', { ago, problem: lastLook.problem });
  }
  return finding('update', 'lookedAt', { version, ago });
};

/** The same by what is on the disk. */
export const slotsFinding = ({ version, phase, reason, starts }: SlotsFacts): Finding => {
  if (phase === 'probation' && reason === null) {
    return finding('update', 'probation', { version, starts });
  }
  return leftOrTried({ version, phase, reason }) ?? finding('update', 'settled', { version });
};

const leftOrTried = ({
  version,
  phase,
  reason,
}: Omit<SlotsFacts, 'starts'>): Finding | undefined => {
  switch (phase) {
    case 'rolledBack':
      return finding('update', 'rolledBack', { version, reason: reason ?? 'it names no reason' });
    case 'switched':
    case 'probation':
      return reason === null
        ? finding('update', 'proving', { version })
        : finding('update', 'unhealthy', { version, reason });
    case 'unpacking':
    case 'checked':
    case 'tried':
      return finding('update', 'unfinished', { version, phase });
    default:
      return undefined;
  }
};
