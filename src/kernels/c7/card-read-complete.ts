import { bit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { accountNumber, badlyFormatted, sentTwice } from '../shared/card-formats.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { cryptogramTypeIn } from '../shared/qualifiers.ts';
import { cardElements } from './card-elements.ts';
import { decline, EMPTY, endApplication, type Kernel7Run, type Phase, ttqSays } from './run.ts';

/** C-7, Card Read Complete: is all there, and what does it say? */
export const cardReadComplete: Phase = function* (run) {
  const type = cryptogramTypeIn(run.card);
  // Where 9F27 is missing, the card verification results in 9F10 tell.
  if (!run.card.has(tag.cryptogramInformationData) && type !== undefined) {
    run.card.set(tag.cryptogramInformationData, Uint8Array.of(type << 6));
  }
  const problem =
    missing(run, type) ?? sentTwice(run) ?? badlyFormatted(run, cardElements, NUMERIC);
  if (problem !== undefined) return endApplication(run, problem);
  // A card that proves itself may keep its account in the records.
  const account = accountNumber(run.card);
  if (typeof account !== 'string') return endApplication(run, account);
  run.pan = account;
  if (type === AAC) {
    decline(run, reason('the card declined (AAC)', tag.cryptogramInformationData));
  } else if (type !== TC && type !== ARQC) {
    decline(run, reason('the cryptogram type cannot be told', tag.cryptogramInformationData));
  }
  // A TC goes online all the same where the reader needs an online cryptogram: as in kernel 3, for
  // C-7 leaves it open and an approval without the issuer would be against the reader's word.
  run.onlineRequired = type === ARQC || ttqSays(run, 'onlineCryptogramRequired');
  return 'processingRestrictions';
};

/** Whether the card signs this transaction for a reader that asked it to: fDDA with an ARQC. */
export const signsForOnline = (run: Kernel7Run): boolean =>
  ttqSays(run, 'odaForOnlineSupported') &&
  run.card.has(tag.applicationFileLocator) &&
  bit(run.card.get(tag.applicationInterchangeProfile) ?? EMPTY, 1, 6);

const ALWAYS = [
  tag.applicationInterchangeProfile,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
  tag.applicationCryptogram,
  tag.cryptogramInformationData,
];

const missing = (run: Kernel7Run, type: number | undefined): Reason | undefined => {
  const signs = type === TC || (type === ARQC && signsForOnline(run));
  const last = signs ? tag.applicationFileLocator : tag.track2EquivalentData;
  const absent = [...ALWAYS, last].find((wanted) => !run.card.has(wanted));
  return absent === undefined ? undefined : reason('mandatory data is missing', absent);
};

const NUMERIC = [tag.applicationPanSequenceNumber, tag.availableOfflineSpendingAmount];
