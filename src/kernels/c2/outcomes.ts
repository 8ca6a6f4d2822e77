import { fromBcd } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import { present } from '../shared/data-elements.ts';
import { errorIndicationBytes, l1 } from '../shared/error-indication.ts';
import { preferredLanguage } from '../shared/language.ts';
import { type DataElement, type Outcome, outcome, type Reason, reason } from '../shared/outcome.ts';
import type { CardFault } from '../shared/step.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';
import { bytesOf, type Kernel2Run, l2 } from './run.ts';

/** User Interface Request Data (DF8116) in our form; hold time as given, else none. */
export const message = (
  run: Kernel2Run,
  messageId: MessageId | null,
  status: UiStatus,
  holdMs = 0,
): UiRequest => uiRequest(messageId, status, { holdMs, language: preferredLanguage(run.data) });

/** Message Hold Time (DF812D): n6 in units of 100 ms. */
export const messageHoldMs = (run: Kernel2Run): number =>
  (fromBcd(bytesOf(run, tag.messageHoldTimeK2)) ?? 0) * 100;

/** The end every error of card data comes to: "insert, swipe or try another card". C-2 6.5 ff. */
export const endWithError = (run: Kernel2Run, error: keyof typeof l2, why: Reason): Outcome => {
  run.error.l2 = l2[error];
  run.error.messageOnError = '1C';
  return outcome('endApplication', {
    uiOnOutcome: message(run, '1C', 'notReady', messageHoldMs(run)),
    ...closing(run, why),
  });
};

/** The card fell silent or was torn away while being read: present it again. C-2 S4, S9 */
export const retry = (run: Kernel2Run, fault: CardFault, where: string): Outcome => {
  run.error.l1 = l1[fault];
  run.error.messageOnError = '21';
  return outcome('endApplication', {
    start: 'B',
    uiOnRestart: message(run, '21', 'readyToRead'),
    ...closing(run, reason(`${where}: ${fault}`)),
  });
};

/** A Level 1 error on GPO: Entry Point tries again by itself. C-2 S3 */
export const tryAgain = (run: Kernel2Run, fault: CardFault): Outcome => {
  run.error.l1 = l1[fault];
  return outcome('tryAgain', { start: 'B', ...closing(run, reason(`GPO: ${fault}`)) });
};

/** This application won't do; the next candidate may. C-2 S1, S3, S456 */
export const selectNext = (run: Kernel2Run, error: keyof typeof l2, why: Reason): Outcome => {
  run.error.l2 = l2[error];
  return outcome('selectNext', { start: 'C', ...closing(run, why), fieldOffMs: null });
};

/** What every outcome of kernel 2 carries at its end. */
export const closing = (run: Kernel2Run, ...why: readonly Reason[]): Partial<Outcome> => ({
  cvm: run.cvm,
  discretionaryData: discretionaryData(run),
  fieldOffMs: run.fieldOffMs,
  receipt: run.receipt,
  why: [...run.why, ...why],
  report: { tvr: run.tvr, oda: run.oda, known: (wanted) => run.data.get(wanted) },
});

/** Data Record (FF8105), C-2 Annex A. */
export const dataRecord = (run: Kernel2Run): DataElement[] => present(run.data, DATA_RECORD);

const DATA_RECORD = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.applicationCryptogram,
  tag.applicationExpirationDate,
  tag.applicationInterchangeProfile,
  tag.applicationLabel,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationPreferredName,
  tag.applicationTransactionCounter,
  tag.applicationUsageControl,
  tag.applicationVersionNumberTerminal,
  tag.cryptogramInformationData,
  tag.cvmResults,
  tag.dfName,
  tag.interfaceDeviceSerialNumber,
  tag.issuerApplicationData,
  tag.issuerCodeTableIndex,
  tag.paymentAccountReference,
  tag.terminalCapabilities,
  tag.terminalCountryCode,
  tag.terminalType,
  tag.terminalVerificationResults,
  tag.tokenRequestorId,
  tag.track2EquivalentData,
  tag.transactionCategoryCode,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
  tag.unpredictableNumber,
];

// Discretionary Data (FF8106), C-2 Annex A, without what data storage would add.
const DISCRETIONARY = [
  tag.applicationCapabilitiesInformation,
  tag.applicationCurrencyCode,
  tag.errorIndicationK2,
  tag.thirdPartyData,
];

const discretionaryData = (run: Kernel2Run): DataElement[] => {
  run.data.set(tag.errorIndicationK2, errorIndicationBytes(run.error));
  return present(run.data, DISCRETIONARY);
};
