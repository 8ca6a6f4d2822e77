import { tag } from '#data/dictionary.ts';
import { accountNumber, badlyFormatted, sentTwice } from '../shared/card-formats.ts';
import { keep } from '../shared/card-objects.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { readRecords } from '../shared/read-records.ts';
import { cardElements } from './card-elements.ts';
import { endApplication, linkError } from './outcomes.ts';
import { cardBytes, type Kernel4Run, type Phase } from './run.ts';

/** C-4, Read Application Data: every record, and whether what this kernel needs is there. */
export const readApplicationData: Phase = function* (run) {
  const problem = yield* readRecords(
    cardBytes(run, tag.applicationFileLocator),
    (objects) => keep(run, cardElements, objects),
    run.signedRecords,
  );
  if (problem?.failed === 'link') return linkError(run, problem.why);
  const why = problem?.why ?? missing(run) ?? wrong(run);
  return why === undefined ? 'offlineDataAuthentication' : endApplication(run, why);
};

const missing = (run: Kernel4Run): Reason | undefined => {
  const absent = MANDATORY.find((wanted) => !run.card.has(wanted));
  return absent === undefined ? undefined : reason('mandatory data is missing', absent);
};

const MANDATORY = [tag.applicationPan, tag.applicationExpirationDate, tag.cdol1];

// Book 3 §10.2: an object that came twice ends the transaction.
const wrong = (run: Kernel4Run): Reason | undefined => {
  const badly = sentTwice(run) ?? badlyFormatted(run, cardElements, NUMERIC);
  if (badly !== undefined) return badly;
  const account = accountNumber(run.card);
  if (typeof account !== 'string') return account;
  run.pan = account;
  // Amounts X and Y take eight bytes, each rule two; a list without a rule is as good as none.
  const list = run.card.get(tag.cvmList);
  return list === undefined || (list.length >= 8 && list.length % 2 === 0)
    ? undefined
    : reason(`a length of ${list.length} holds no rules`, tag.cvmList);
};

const NUMERIC = [
  tag.applicationEffectiveDate,
  tag.applicationPanSequenceNumber,
  tag.issuerCountryCode,
  tag.applicationCurrencyCode,
];
