import { fromBcd, fromCompressedNumeric } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { showUi } from '../shared/step.ts';
import { parseTrack2 } from '../shared/track2.ts';
import { cardElements } from './card-elements.ts';
import {
  EMPTY,
  endApplication,
  type Kernel3Run,
  message,
  type Phase,
  tellsCryptogramType,
  ttqSays,
} from './run.ts';

/** C-3 5.4: the card may leave; is all there, and what does it say? */
export const cardReadComplete: Phase = function* (run) {
  yield* showUi(message(run, '17', 'cardReadSuccessfully'));
  const problem = missing(run) ?? redundant(run) ?? badlyFormatted(run) ?? contradiction(run);
  if (problem !== undefined) return endApplication(run, problem);
  const type = tellsCryptogramType(run);
  if (!run.card.has(tag.cryptogramInformationData) && type !== undefined) {
    run.card.set(tag.cryptogramInformationData, Uint8Array.of(type << 6));
  }
  if (type === AAC) {
    // For a refund AAC only means that the card is done: what becomes of it is the reader's to say
    // (`declined` with data record), the kernel goes through all the same. 5.4.3
    declined(run, reason('the card declined (AAC)', tag.cryptogramInformationData));
  } else if (type !== TC && type !== ARQC) {
    // Neither 9F27 nor the IAD tells, or it is the value that is reserved.
    declined(run, reason('the cryptogram type cannot be told', tag.issuerApplicationData));
  }
  // A TC goes online all the same where the reader needs an online cryptogram.
  run.onlineRequired = type === ARQC || ttqSays(run, 'onlineCryptogramRequired');
  return 'processingRestrictions';
};

const declined = (run: Kernel3Run, why: Reason): void => {
  run.declineRequired = true;
  run.why.push(why);
};

const MANDATORY = [
  tag.applicationCryptogram,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
  tag.applicationInterchangeProfile,
  tag.track2EquivalentData,
];

// Of the FCI the PDOL; the ADF Name is always there, Entry Point selected by it.
const missing = (run: Kernel3Run): Reason | undefined => {
  const absent = MANDATORY.find((wanted) => !run.card.has(wanted));
  if (absent !== undefined) return reason('mandatory data is missing', absent);
  return run.fci.has(tag.pdol) ? undefined : reason('mandatory data is missing', tag.pdol);
};

// 5.4.2.2
const redundant = (run: Kernel3Run): Reason | undefined => {
  const [twice] = run.duplicates;
  return twice === undefined ? undefined : reason('the card sent it twice', twice);
};

// 5.4.2.3: lengths as the dictionary has them, and digits where this kernel reads digits.
const badlyFormatted = (run: Kernel3Run): Reason | undefined => {
  const { wrongLength } = run;
  if (wrongLength !== undefined) {
    const row = cardElements.get(wrongLength);
    const length = run.card.get(wrongLength)?.length;
    return reason(`length ${length} is not ${row?.min} to ${row?.max}`, wrongLength);
  }
  const expiry = run.card.get(tag.applicationExpirationDate);
  if (expiry !== undefined && !isDate(expiry)) {
    return reason('not a date', tag.applicationExpirationDate);
  }
  const notDigits = NUMERIC.find((wanted) => fromBcd(run.card.get(wanted) ?? EMPTY) === undefined);
  return notDigits === undefined ? undefined : reason('not decimal digits', notDigits);
};

const NUMERIC = [
  tag.issuerCountryCode,
  tag.applicationPanSequenceNumber,
  tag.availableOfflineSpendingAmount,
];

// YYMMDD
const isDate = (date: Uint8Array): boolean => {
  const month = fromBcd(date.subarray(1, 2)) ?? 0;
  const day = fromBcd(date.subarray(2, 3)) ?? 0;
  return fromBcd(date) !== undefined && month >= 1 && month <= 12 && day >= 1 && day <= 31;
};

// The account number must be the same wherever it stands. 5.4.2.3
const contradiction = (run: Kernel3Run): Reason | undefined => {
  const track2 = parseTrack2(run.card.get(tag.track2EquivalentData) ?? EMPTY);
  if (track2 === undefined) return reason('not track 2 equivalent data', tag.track2EquivalentData);
  run.pan = track2.pan;
  const pan = run.card.get(tag.applicationPan);
  return pan === undefined || fromCompressedNumeric(pan) === track2.pan
    ? undefined
    : reason('differs from the account number in 57', tag.applicationPan);
};
