import { fromBcd } from '#bytes/bcd.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTagList } from '#tlv/dol.ts';
import { present } from '../shared/data-elements.ts';
import { errorEnds } from '../shared/error-ends.ts';
import { errorIndicationBytes } from '../shared/error-indication.ts';
import { preferredLanguage } from '../shared/language.ts';
import { type DataElement, type Outcome, outcome, type Reason } from '../shared/outcome.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';
import { bytesOf, type Kernel8Run, l2, l3 } from './run.ts';

/** User Interface Request Data (9F8205, 9F8219) in our form; hold time as given, else none. */
export const message = (
  run: Kernel8Run,
  messageId: MessageId,
  status: UiStatus,
  holdMs = 0,
): UiRequest => uiRequest(messageId, status, { holdMs, language: preferredLanguage(run.data) });

/** Message Hold Time (9F8211): n6 in units of 100 ms. */
export const messageHoldMs = (run: Kernel8Run): number =>
  (fromBcd(bytesOf(run, tag.messageHoldTimeK8)) ?? 0) * 100;

/** The end without a word: the terminal's own data or time failed. */
export const endInSilence = (run: Kernel8Run, error: keyof typeof l3, why: Reason): Outcome => {
  run.error.l3 = l3[error];
  run.error.messageOnError = 'FF';
  return outcome('endApplication', closing(run, why));
};

/** What every outcome of kernel 8 carries at its end. */
export const closing = (run: Kernel8Run, ...why: readonly Reason[]): Partial<Outcome> => ({
  cvm: run.cvm,
  discretionaryData: discretionaryData(run),
  fieldOffMs: run.fieldOffMs,
  receipt: run.receipt,
  why: [...run.why, ...why],
  report: {
    tvr: run.tvr,
    oda: run.localAuthentication,
    known: (wanted) => run.data.get(wanted),
  },
});

const parts = { l2, message, messageHoldMs, closing };

export const { endWithError, retry, tryAgain, selectNext } = errorEnds(parts);

/**
 * Data Record (BF8102), tags renamed as the Tag Mapping List (9F8221) has it. C-8, data dictionary
 */
export const dataRecord = (run: Kernel8Run): DataElement[] => {
  const names = tagMapping(run);
  return present(run.data, DATA_RECORD).map(({ tag: found, value }) => ({
    tag: names.get(found) ?? found,
    value,
  }));
};

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
  tag.authenticatedApplicationData,
  tag.cardCapabilitiesInformation,
  tag.cryptogramInformationData,
  tag.cvmResults,
  tag.dfName,
  tag.interfaceDeviceSerialNumber,
  tag.issuerApplicationData,
  tag.issuerApplicationDataMac,
  tag.issuerCodeTableIndex,
  tag.paymentAccountReference,
  tag.terminalCapabilities,
  tag.terminalCountryCode,
  tag.terminalType,
  tag.terminalVerificationResults,
  tag.tokenRequestorId,
  tag.track2EquivalentData,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
  tag.unpredictableNumber,
];

// Pairs of tags: what is called so in the database is called so in the record.
const tagMapping = (run: Kernel8Run): ReadonlyMap<number, number> => {
  const tags = parseTagList(bytesOf(run, tag.tagMappingList));
  const mapping = new Map<number, number>();
  if (isMalformed(tags)) return mapping;
  for (let at = 0; at + 1 < tags.length; at += 2) {
    const [from = 0, to = 0] = tags.slice(at, at + 2);
    mapping.set(from, to);
  }
  return mapping;
};

// The Error Indication, and what the Discretionary Data Tag List (9F821F) names; each once.
const discretionaryData = (run: Kernel8Run): DataElement[] => {
  run.data.set(tag.errorIndicationK8, errorIndicationBytes(run.error));
  const listed = parseTagList(bytesOf(run, tag.discretionaryDataTagList));
  const wanted = new Set([tag.errorIndicationK8, ...(isMalformed(listed) ? [] : listed)]);
  return present(run.data, [...wanted]).filter(({ value }) => value.length > 0);
};
