import type { UpkeepStanding } from '#ports/upkeep.ts';

/** How updates stand, in lines for a person. */
export const describeStanding = (standing: UpkeepStanding): string => {
  const { managed, version, spare, lastLook, reason = 'it runs from a checkout' } = standing;
  if (!managed) return `runs       ${version}, and nothing updates it: ${reason}`;
  return [
    `runs       ${version}, ${phaseWords(standing)}`,
    ...(standing.reason === undefined ? [] : [`reason     ${standing.reason}`]),
    `before     ${spare ?? 'no release to go back to'}`,
    `update     ${workWords(standing)}`,
    `last look  ${lastLook === undefined ? 'none yet' : lookWords(lastLook)}`,
  ].join('\n');
};

const phaseWords = ({ phase, spare }: UpkeepStanding): string => {
  // Also the first release of all has to last, before there is another.
  if (phase === 'probation' && spare === undefined) return 'in its probation';
  return PHASES[phase] ?? phase;
};

/** What `phase` says of the release that runs. */
const PHASES: Readonly<Record<string, string>> = {
  idle: 'the first one here',
  unpacking: 'another is being unpacked beside it',
  checked: 'another is being tried beside it',
  tried: 'another is ready beside it',
  switched: 'from the next start on',
  probation: 'in its probation: the one before takes over if it fails',
  settled: 'proved',
  rolledBack: 'because the last update was left',
};

const workWords = ({ work, offered = '', waitsFor }: UpkeepStanding): string => {
  switch (work) {
    case 'none':
      return offered === '' ? 'none' : `${offered} is offered`;
    case 'looking':
      return 'asking what is offered';
    case 'fetching':
      return `fetching ${offered}`;
    case 'installing':
      return `unpacking and trying ${offered}`;
    case 'ready':
      return `${offered} is ready${waitsFor === undefined ? '' : WAITS[waitsFor]}`;
    case 'firmware':
      return 'asking and loading scanners, printers or displays';
    case 'switching':
      return 'the terminal is about to start again';
  }
};

const WAITS = {
  payment: ' and waits for the payment to end',
  window: ' and waits for the hours for updates',
} as const;

const lookWords = ({ atMs, problem }: NonNullable<UpkeepStanding['lastLook']>): string =>
  `${new Date(atMs).toISOString()}  ${problem ?? 'ok'}`;
