import { tag } from '#data/dictionary.ts';
import { present } from '../shared/data-elements.ts';
import { preferredLanguage } from '../shared/language.ts';
import {
  type DataElement,
  type KernelReport,
  type Outcome,
  outcome,
  type Reason,
} from '../shared/outcome.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';
import { canUseContact, elementOf, type Kernel4Run } from './run.ts';

export const message = (
  run: Kernel4Run,
  messageId: MessageId,
  status: UiStatus,
  holdMs = 0,
): UiRequest => uiRequest(messageId, status, { holdMs, language: language(run) });

// In the FCI; at Start D as it was kept.
const language = ({ fci, card }: Kernel4Run) => preferredLanguage(fci) ?? preferredLanguage(card);

const because = (run: Kernel4Run, why: readonly Reason[]) => ({ why: [...run.why, ...why] });

/** Nothing to be done with this card here. */
export const endApplication = (run: Kernel4Run, ...why: Reason[]): Outcome =>
  outcome('endApplication', {
    uiOnOutcome: message(run, '1C', 'readyToRead'),
    ...because(run, why),
  });

const insert = (run: Kernel4Run, why: readonly Reason[]): Outcome =>
  outcome('tryAnotherInterface', {
    uiOnOutcome: message(run, '1D', 'processingError'),
    alternateInterface: 'contactChip',
    ...because(run, why),
  });

/** "Please insert card" where that is possible, else the end. C-4, Try Another Interface */
export const insertOrEnd = (run: Kernel4Run, ...why: Reason[]): Outcome =>
  canUseContact(run) ? insert(run, why) : endApplication(run, ...why);

/** The same, else declined. */
export const insertOrDecline = (run: Kernel4Run, ...why: Reason[]): Outcome =>
  canUseContact(run) ? insert(run, why) : declined(run, ...why);

export const declined = (run: Kernel4Run, ...why: Reason[]): Outcome =>
  outcome('declined', {
    uiOnOutcome: message(run, '07', 'cardReadSuccessfully'),
    dataRecord: dataRecord(run),
    ...because(run, why),
  });

export const approved = (run: Kernel4Run, ...why: Reason[]): Outcome => {
  const signature = run.cvm === 'obtainSignature';
  return outcome('approved', {
    cvm: run.cvm,
    uiOnOutcome: message(run, signature ? '1A' : '03', 'cardReadSuccessfully'),
    dataRecord: dataRecord(run),
    receipt: signature,
    ...because(run, why),
  });
};

/** The next application of the card, silently. */
export const selectNext = (run: Kernel4Run, why: Reason): Outcome =>
  outcome('selectNext', { start: 'C', ...because(run, [why]) });

/** A Level 1 error anywhere: the same card again. C-4, Level 1 errors */
export const linkError = (run: Kernel4Run, why: Reason): Outcome =>
  outcome('tryAgain', {
    start: 'B',
    uiOnOutcome: message(run, '21', 'processingError'),
    uiOnRestart: message(run, '21', 'readyToRead'),
    ...because(run, [why]),
  });

/**
 * The phone wants its owner: "See phone", and the same payment with the next tap. Our choice for
 * the phone's CVM: the field goes off there, too, as after 6984. The book leaves it on, and a phone
 * that stays in the field would be read again before anybody has looked at it.
 */
export const seePhone = (run: Kernel4Run, why: Reason): Outcome =>
  outcome('tryAgain', {
    start: 'B',
    uiOnOutcome: message(run, '20', 'processingError', 1000),
    uiOnRestart: message(run, '21', 'readyToRead'),
    fieldOffMs: 1500,
    ...because(run, [why]),
  });

// C-4, Data Record: what the cryptogram covers, and beside it what the card says of itself; then
// what terminal and acquirer need all the same.
const FROM_READER = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.terminalCountryCode,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
];

const FROM_CARD = [
  tag.applicationCryptogram,
  tag.applicationInterchangeProfile,
  tag.applicationPanSequenceNumber,
  tag.applicationTransactionCounter,
  tag.cryptogramInformationData,
  tag.issuerApplicationData,
  tag.track2EquivalentData,
  tag.membershipProductIdentifier,
  tag.productMembershipNumber,
  tag.formFactor,
  tag.last4DigitsOfPan,
  tag.paymentAccountReference,
  tag.tokenRequestorId,
  tag.applicationPan,
  tag.applicationExpirationDate,
];

/** The acquirer gets Terminal Type (9F35) as it is, whatever the card was told. */
export const dataRecord = (run: Kernel4Run): DataElement[] => {
  const { card, fci, input, tvr, cvmResults } = run;
  return [
    ...present(input.terminal, FROM_READER),
    ...present(card, FROM_CARD),
    ...present(fci, [tag.applicationLabel]),
    { tag: tag.dfName, value: fci.get(tag.dfName) ?? input.adfName },
    { tag: tag.terminalVerificationResults, value: tvr },
    { tag: tag.cvmResults, value: cvmResults },
    { tag: tag.unpredictableNumber, value: input.unpredictableNumber },
  ];
};

/** For the terminal's log and its view of the card. */
export const report = (run: Kernel4Run): KernelReport & Required<Pick<KernelReport, 'known'>> => ({
  tvr: run.tvr,
  oda: run.oda,
  known: (wanted: number) => run.card.get(wanted) ?? elementOf(run, wanted),
});
