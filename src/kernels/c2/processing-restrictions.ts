import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { usageAllowed } from '../shared/usage-control.ts';
import { bytesOf, isNotEmpty, type Kernel2Run, numberOf, setTvr } from './run.ts';

/** C-2 7.7 (PRE): versions, dates, and what the issuer lets the application be used for. */
export const processingRestrictions = (run: Kernel2Run): void => {
  const cardVersion = bytesOf(run, tag.applicationVersionNumberCard);
  const ours = bytesOf(run, tag.applicationVersionNumberTerminal);
  if (cardVersion.length > 0 && !equal(cardVersion, ours)) setTvr(run, 'versionsDiffer');
  const today = sortable(numberOf(run, tag.transactionDate));
  if (
    isNotEmpty(run, tag.applicationEffectiveDate) &&
    today < sortable(numberOf(run, tag.applicationEffectiveDate))
  ) {
    setTvr(run, 'notYetEffective');
  }
  if (today > sortable(numberOf(run, tag.applicationExpirationDate))) setTvr(run, 'expired');
  if (isNotEmpty(run, tag.applicationUsageControl) && !usageAllowed(run.data, run.data)) {
    setTvr(run, 'serviceNotAllowed');
  }
};

/** YYMMDD as YYYYMMDD: 50 to 99 lie in the last century. Book 4 §6.7.3 */
export const sortable = (yymmdd: number): number =>
  yymmdd + (yymmdd < 500000 ? 20000000 : 19000000);
