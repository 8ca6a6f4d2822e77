import { fromBcd } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import { present } from '../shared/data-elements.ts';
import { errorEnds } from '../shared/error-ends.ts';
import { errorIndicationBytes } from '../shared/error-indication.ts';
import { preferredLanguage } from '../shared/language.ts';
import type { DataElement, Outcome, Reason } from '../shared/outcome.ts';
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

/** What every outcome of kernel 2 carries at its end. */
export const closing = (run: Kernel2Run, ...why: readonly Reason[]): Partial<Outcome> => ({
  cvm: run.cvm,
  discretionaryData: discretionaryData(run),
  fieldOffMs: run.fieldOffMs,
  receipt: run.receipt,
  why: [...run.why, ...why],
  report: { tvr: run.tvr, oda: run.oda, known: (wanted) => run.data.get(wanted) },
});

const parts = { l2, message, messageHoldMs, closing };

export const { endWithError, retry, tryAgain, selectNext } = errorEnds(parts);

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
