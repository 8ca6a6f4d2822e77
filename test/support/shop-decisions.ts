import { BehaviorSubject } from 'rxjs';
import { type Decision, inForce, judge, UNREADABLE, zoneOf } from '#acceptance/index.ts';
import type { Standing } from '#decisions/types.ts';
import type { TerminalParts, TerminalSettings } from '#terminal/types.ts';

/** The shop's decisions in the hand of a test, by the real rules. */
export interface PlayedDecisions {
  readonly acceptance: TerminalParts['acceptance'];
  /** From now on these are all there are. */
  set(...decisions: readonly Decision[]): void;
  /** The register can't be read any more. */
  breakRegister(): void;
}

const UTC = zoneOf('UTC');

export const playedDecisions = (...first: readonly Decision[]): PlayedDecisions => {
  const standing = (decisions: readonly Decision[]): Standing => {
    if (UTC === undefined) throw new Error('no UTC');
    return { inForce: inForce(decisions, { wallMs: Date.UTC(2026, 10, 29), zone: UTC }) };
  };
  const now = new BehaviorSubject(standing(first));
  return {
    acceptance: {
      standing$: now,
      standing: () => now.value,
      judge: (facts) =>
        now.value.unreadable === undefined ? judge(now.value.inForce, facts) : UNREADABLE,
    },
    set: (...decisions) => now.next(standing(decisions)),
    breakRegister: () => now.next({ inForce: [], unreadable: 'entry 3: was changed' }),
  };
};

/** A shop that takes everything. */
export const everythingTaken = (): TerminalParts['acceptance'] => playedDecisions().acceptance;

/** A counter of lane 1 that knows no token ranges. */
export const counter: Pick<TerminalSettings, 'lane' | 'alternatives' | 'signs'> = {
  lane: '1',
  alternatives: ['insert', 'cash'],
  signs: { tokenRanges: [], plasticBySigns: true },
};
