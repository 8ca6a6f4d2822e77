import { tag } from '#data/dictionary.ts';
import { accountNumber, badlyFormatted, sentTwice } from '../shared/card-formats.ts';
import { keep } from '../shared/card-objects.ts';
import { ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { readRecords } from '../shared/read-records.ts';
import { cardElements } from './card-elements.ts';
import {
  cprSays,
  cryptogramType,
  endApplication,
  type Kernel6Run,
  type Phase,
  setTvr,
  ttqSays,
} from './run.ts';

/** C-6, Read Application Data: records, and whether all is there that this way of paying takes. */
export const readApplicationData: Phase = function* (run) {
  run.cdaExpected = expectsCda(run);
  const before = missingBefore(run);
  if (before !== undefined) return incomplete(run, before);
  const afl = run.card.get(tag.applicationFileLocator);
  if (afl !== undefined) {
    const problem = yield* readRecords(
      afl,
      (objects) => keep(run, cardElements, objects),
      run.signedRecords,
    );
    if (problem !== undefined) return endApplication(run, problem.why);
  }
  const after = missingAfter(run);
  if (after !== undefined) return incomplete(run, after);
  // As in the other kernels: the book has no rule of its own for what comes twice or misshapen.
  const wrong = sentTwice(run) ?? badlyFormatted(run, cardElements, NUMERIC);
  if (wrong !== undefined) return endApplication(run, wrong);
  const account = accountNumber(run.card);
  if (typeof account !== 'string') return endApplication(run, account);
  run.pan = account;
  return 'offlineDataAuthentication';
};

// An offline cryptogram, a reward of a loyalty programme, or an online one that the reader wanted
// to see proved.
const expectsCda = (run: Kernel6Run): boolean =>
  cryptogramType(run) === TC ||
  cprSays(run, 'loyaltyLimitReached') ||
  (ttqSays(run, 'odaForOnlineSupported') &&
    cryptogramType(run) === ARQC &&
    !run.card.has(tag.applicationCryptogram));

// The cryptogram stands either in clear or in the signature, never in both.
const missingBefore = (run: Kernel6Run): Reason | undefined => {
  const { card, cdaExpected } = run;
  if (cdaExpected) {
    if (card.has(tag.applicationCryptogram)) {
      return reason('must not stand beside a signature', tag.applicationCryptogram);
    }
    return card.has(tag.applicationFileLocator)
      ? undefined
      : reason('mandatory data is missing', tag.applicationFileLocator);
  }
  if (!card.has(tag.applicationCryptogram)) {
    return reason('mandatory data is missing', tag.applicationCryptogram);
  }
  if (card.has(tag.applicationFileLocator)) return undefined;
  const absent = WITHOUT_RECORDS.find((wanted) => !card.has(wanted));
  return absent === undefined ? undefined : reason('mandatory data is missing', absent);
};

const WITHOUT_RECORDS = [
  tag.track2EquivalentData,
  tag.applicationPanSequenceNumber,
  tag.applicationEffectiveDate,
  tag.applicationVersionNumberCard,
];

const missingAfter = ({ card, cdaExpected }: Kernel6Run): Reason | undefined => {
  if (card.has(tag.signedDynamicApplicationData) === cdaExpected) return undefined;
  return cdaExpected
    ? reason('mandatory data is missing', tag.signedDynamicApplicationData)
    : reason('must not stand beside a cryptogram in clear', tag.signedDynamicApplicationData);
};

const incomplete = (run: Kernel6Run, why: Reason) => {
  setTvr(run, 'iccDataMissing');
  return endApplication(run, why);
};

const NUMERIC = [
  tag.issuerCountryCode,
  tag.applicationPanSequenceNumber,
  tag.applicationEffectiveDate,
  tag.offlineBalanceK6,
];
