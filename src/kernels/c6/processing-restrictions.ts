import { equal } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { sortableDate } from '../shared/card-formats.ts';
import { parseTrack2 } from '../shared/track2.ts';
import { usageAllowed } from '../shared/usage-control.ts';
import { EMPTY, type Kernel6Run, type Phase, setTvr } from './run.ts';

/** C-6, Processing Restrictions: dates, versions, usage and the exception file, into the TVR. */
export const processingRestrictions: Phase = function* (run) {
  const { card, input } = run;
  const today = sortableDate(input.terminal.get(tag.transactionDate) ?? EMPTY);
  if (today > expiryOf(run)) setTvr(run, 'expired');
  const effective = card.get(tag.applicationEffectiveDate);
  if (effective !== undefined && today < sortableDate(effective)) setTvr(run, 'notYetEffective');
  const version = card.get(tag.applicationVersionNumberCard);
  const ours = input.terminal.get(tag.applicationVersionNumberTerminal) ?? EMPTY;
  if (version !== undefined && !equal(version, ours)) setTvr(run, 'versionsDiffer');
  if (card.has(tag.applicationUsageControl) && card.has(tag.issuerCountryCode)) {
    if (!usageAllowed(card, input.terminal)) setTvr(run, 'serviceNotAllowed');
  } else run.usageUnchecked = true;
  if (input.authentication?.exceptionFile.has(run.pan)) setTvr(run, 'onExceptionFile');
  return 'terminalActionAnalysis';
};

// 5F24, else the month in track 2, which lasts to its end. Neither: it has expired.
const expiryOf = ({ card }: Kernel6Run): number => {
  const date = card.get(tag.applicationExpirationDate);
  if (date !== undefined) return sortableDate(date);
  const track2 = parseTrack2(card.get(tag.track2EquivalentData) ?? EMPTY);
  return track2 === undefined ? 0 : sortableDate(hex(`${track2.expiry}31`));
};
