import { tag } from '#data/dictionary.ts';
import { type Outcome, reason } from '../shared/outcome.ts';
import { random } from '../shared/step.ts';
import { ONLINE_ONLY } from '../shared/terminal-types.ts';
import { declined } from './outcomes.ts';
import { EMPTY, type Kernel5Run, type Phase, setTvr, tipSays } from './run.ts';

/** C-5, Terminal Risk Management: floor limit, random selection, exception file. */
export const terminalRiskManagement: Phase = function* (run) {
  const refused = transit(run);
  if (refused !== undefined) return refused;
  if (run.options.exceptionFileCheck && run.input.authentication?.exceptionFile.has(run.pan)) {
    const why = reason('the account is in the exception file', tag.applicationPan);
    if (tipSays(run, 'transitReader')) return declined(run, why);
    setTvr(run, 'onExceptionFile');
    run.why.push(why);
  }
  if (mustGoOnline(run)) setTvr(run, 'floorLimitExceeded');
  else if (run.options.randomSelection !== null && selected(run, yield* random(2))) {
    setTvr(run, 'selectedAtRandom');
    run.why.push(reason('selected at random to go online'));
  }
  return 'processingRestrictions';
};

const transit = (run: Kernel5Run): Outcome | undefined =>
  run.legacy && tipSays(run, 'transitReader')
    ? declined(run, reason('a transit reader takes no card in legacy mode'))
    : undefined;

// Entry Point's floor limit is met by "over", the kernel's own by "equal or over": either counts,
// so that a limit which the shop lowers for all kernels is kept. An amount of zero goes online, as
// with the kernels that have qualifiers. (our choice)
const mustGoOnline = ({ input, legacy, options: { floorLimit } }: Kernel5Run): boolean => {
  const { preprocessing, transaction, terminal } = input;
  const [type = 0] = terminal.get(tag.terminalType) ?? EMPTY;
  return (
    legacy ||
    ONLINE_ONLY.includes(type) ||
    preprocessing.statusCheckRequested ||
    preprocessing.zeroAmount ||
    preprocessing.readerContactlessFloorLimitExceeded ||
    (floorLimit !== null && transaction.amountAuthorised >= floorLimit)
  );
};

// Book 3 §10.6.2: a number from 1 to 99 against a percentage that grows with the amount from the
// threshold to the floor limit.
const selected = ({ input, options }: Kernel5Run, entropy: Uint8Array): boolean => {
  const { randomSelection: how, floorLimit } = options;
  if (how === null) return false;
  const { amountAuthorised: amount } = input.transaction;
  const drawn = 1 + (((entropy[0] ?? 0) * 256 + (entropy[1] ?? 0)) % 99);
  if (amount < how.threshold || floorLimit === null) return drawn <= how.targetPercentage;
  const share = (amount - how.threshold) / (floorLimit - how.threshold);
  const more = (how.maximumTargetPercentage - how.targetPercentage) * share;
  return drawn <= how.targetPercentage + more;
};
