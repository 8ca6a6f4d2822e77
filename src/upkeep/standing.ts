import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { Known } from './known.ts';
import { other } from './launcher.ts';
import type { State } from './types.ts';

/** How updates stand by what is written, while nothing is under way. */
export const standingOf = (
  version: string,
  state: State,
  lastLook: Known['lastLook'],
): UpkeepStanding => {
  const spare = state.slots[other(state.current)];
  const isReady = state.phase === 'tried' && spare !== null;
  const isNew = isReady || state.phase === 'checked';
  return {
    ...{ managed: true, version, phase: state.phase },
    ...(spare === null || isNew ? {} : { spare: spare.version }),
    ...(state.reason === null ? {} : { reason: state.reason }),
    ...(isReady ? { work: 'ready', offered: spare.version } : { work: 'none' }),
    ...(lastLook === undefined ? {} : { lastLook: lookOf(lastLook) }),
  };
};

export const lookOf = ({ atMs, problem }: NonNullable<Known['lastLook']>) => ({
  atMs,
  ...(problem === undefined ? {} : { problem }),
});
