import { tag } from '#data/dictionary.ts';
import { accountNumber, badlyFormatted, sentTwice } from '../shared/card-formats.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { cryptogramTypeIn } from '../shared/qualifiers.ts';
import { showUi } from '../shared/step.ts';
import { cardElements } from './card-elements.ts';
import { endApplication, type Kernel3Run, message, type Phase, ttqSays } from './run.ts';

/** C-3 5.4: the card may leave; is all there, and what does it say? */
export const cardReadComplete: Phase = function* (run) {
  yield* showUi(message(run, '17', 'cardReadSuccessfully'));
  // 5.4.2.1 to 5.4.2.3
  const problem = missing(run) ?? sentTwice(run) ?? badlyFormatted(run, cardElements, NUMERIC);
  if (problem !== undefined) return endApplication(run, problem);
  const account = accountNumber(run.card);
  if (typeof account !== 'string') return endApplication(run, account);
  run.pan = account;
  const type = cryptogramTypeIn(run.card);
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

// Digits where this kernel reads digits. 5.4.2.3
const NUMERIC = [
  tag.issuerCountryCode,
  tag.applicationPanSequenceNumber,
  tag.availableOfflineSpendingAmount,
];
