import { bit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { accountNumber, badlyFormatted, isDate, sentTwice } from '../shared/card-formats.ts';
import { keep } from '../shared/card-objects.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { readRecords } from '../shared/read-records.ts';
import { cardElements } from './card-elements.ts';
import { prepareCda } from './offline-data-authentication.ts';
import { linkErrorOf, selectNext } from './outcomes.ts';
import { EMPTY, type Kernel5Run, type Phase, setTvr } from './run.ts';

/** C-5, Read Application Data: records, what must be among them, and what CDA will need. */
export const readApplicationData: Phase = function* (run) {
  const afl = run.card.get(tag.applicationFileLocator) ?? EMPTY;
  if (afl.length === 0) return selectNext(run, reason('it is missing', tag.applicationFileLocator));
  const failed = yield* readRecords(
    afl,
    (objects) => keep(run, cardElements, objects),
    run.signedRecords,
  );
  if (failed !== undefined) {
    return failed.failed === 'link' ? linkErrorOf(run, failed.why) : selectNext(run, failed.why);
  }
  const problem = missing(run) ?? sentTwice(run) ?? wrongForm(run);
  if (problem !== undefined) return selectNext(run, problem);
  const account = accountNumber(run.card);
  if (typeof account !== 'string') return selectNext(run, account);
  run.pan = account;
  const aip = run.card.get(tag.applicationInterchangeProfile) ?? EMPTY;
  if (run.legacy || !run.options.offlineDataAuthentication || !bit(aip, 1, 1)) {
    setTvr(run, 'odaNotPerformed');
  } else {
    prepareCda(run);
  }
  return 'terminalRiskManagement';
};

const MANDATORY = [
  tag.cdol1,
  tag.track2EquivalentData,
  tag.applicationExpirationDate,
  tag.applicationPan,
];

const missing = ({ card }: Kernel5Run): Reason | undefined => {
  const absent = MANDATORY.find((wanted) => !card.has(wanted));
  return absent === undefined ? undefined : reason('mandatory data is missing', absent);
};

// The book says which data is missed, not what a wrong form comes to: the same. (our choice)
const wrongForm = (run: Kernel5Run): Reason | undefined => {
  const effective = run.card.get(tag.applicationEffectiveDate);
  if (effective !== undefined && !isDate(effective)) {
    return reason('not a date', tag.applicationEffectiveDate);
  }
  return badlyFormatted(run, cardElements, NUMERIC);
};

const NUMERIC = [tag.issuerCountryCode, tag.applicationPanSequenceNumber];
