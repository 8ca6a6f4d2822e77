import { tag } from '#data/dictionary.ts';
import { sortableDate } from '../shared/card-formats.ts';
import { usageAllowed } from '../shared/usage-control.ts';
import { EMPTY, type Kernel5Run, type Phase, setTvr } from './run.ts';

/** C-5, Processing Restrictions: usage control (EMV mode), and the application's dates. */
export const processingRestrictions: Phase = function* (run) {
  const { card, input, legacy } = run;
  if (!legacy && card.has(tag.applicationUsageControl) && !usageAllowed(card, input.terminal)) {
    setTvr(run, 'serviceNotAllowed');
  }
  if (dateOf(run, tag.applicationEffectiveDate) > today(run)) setTvr(run, 'notYetEffective');
  if (dateOf(run, tag.applicationExpirationDate) < today(run)) setTvr(run, 'expired');
  return 'terminalActionAnalysis';
};

// An effective date that isn't there is the beginning of time.
const dateOf = ({ card }: Kernel5Run, wanted: number): number => {
  const date = card.get(wanted);
  return date === undefined ? 0 : sortableDate(date);
};

const today = ({ input }: Kernel5Run): number =>
  sortableDate(input.terminal.get(tag.transactionDate) ?? EMPTY);
