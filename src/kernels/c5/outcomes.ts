import { tag } from '#data/dictionary.ts';
import { balanceShown } from '../shared/balance.ts';
import { preferredLanguage } from '../shared/language.ts';
import { type DataElement, type Outcome, outcome, type Reason, reason } from '../shared/outcome.ts';
import type { CardFault } from '../shared/step.ts';
import { type MessageId, type UiRequest, type UiStatus, uiRequest } from '../shared/ui-request.ts';
import { elementIn, type Kernel5Run, tipSays } from './run.ts';

export const message = (
  run: Kernel5Run,
  messageId: MessageId | null,
  status: UiStatus,
  more: Partial<UiRequest> = {},
): UiRequest => uiRequest(messageId, status, { language: preferredLanguage(run.fci), ...more });

/** What can't go on with this application goes on with the next: the book's answer to the most. */
export const selectNext = (run: Kernel5Run, why: Reason): Outcome =>
  outcome('selectNext', { start: 'C', why: [...run.why, why] });

export const endApplication = (run: Kernel5Run, why: Reason, shown: MessageId = '1C'): Outcome =>
  outcome('endApplication', {
    uiOnOutcome: message(run, shown, 'readyToRead'),
    why: [...run.why, why],
  });

/** The contact chip, where the terminal has a reader for it (TIP byte 1 bit 2). */
export const useContactChip = (run: Kernel5Run, why: Reason): Outcome | undefined =>
  tipSays(run, 'contactChipSupported')
    ? outcome('tryAnotherInterface', {
        uiOnOutcome: message(run, '1D', 'readyToRead'),
        alternateInterface: 'contactChip',
        why: [...run.why, why],
      })
    : undefined;

/** A Level 1 error anywhere but while the issuer's data is delivered: the same card once more. */
export const linkError = (run: Kernel5Run, where: string, fault: CardFault): Outcome =>
  linkErrorOf(run, reason(`${where}: ${fault}`));

export const linkErrorOf = (run: Kernel5Run, why: Reason): Outcome =>
  outcome('endApplication', {
    start: 'B',
    uiOnOutcome: message(run, '21', 'processingError', { holdMs: 1300 }),
    uiOnRestart: message(run, '21', 'readyToRead'),
    why: [...run.why, why],
  });

export const declined = (run: Kernel5Run, ...why: readonly Reason[]): Outcome =>
  outcome('declined', {
    // The book wants no other status than the approval's; the card has been read either way.
    uiOnOutcome: message(run, '07', 'cardReadSuccessfully', balance(run)),
    ...closing(run, ...why),
  });

export const approved = (run: Kernel5Run): Outcome =>
  outcome('approved', {
    cvm: run.cvm,
    uiOnOutcome: message(
      run,
      run.cvm === 'obtainSignature' ? '1A' : '03',
      'cardReadSuccessfully',
      balance(run),
    ),
    receipt: true,
    ...closing(run),
  });

/** Parameters of every outcome that ends with a data record. */
export const closing = (run: Kernel5Run, ...why: readonly Reason[]): Partial<Outcome> => ({
  dataRecord: dataRecord(run),
  why: [...run.why, ...why],
});

const balance = (run: Kernel5Run): Partial<UiRequest> =>
  balanceShown(run.card.get(tag.offlineBalanceK5), run.input.transaction);

const DATA_RECORD = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.applicationCryptogram,
  tag.applicationInterchangeProfile,
  tag.applicationExpirationDate,
  tag.applicationLabel,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationTransactionCounter,
  tag.applicationVersionNumberCard,
  tag.cardholderName,
  tag.cvmResults,
  tag.dfName,
  tag.cryptogramInformationData,
  tag.deviceInformation,
  tag.issuerApplicationData,
  tag.partnerDiscretionaryData,
  tag.paymentAccountReference,
  tag.terminalCountryCode,
  tag.terminalVerificationResults,
  tag.tokenRequestorId,
  tag.track1DiscretionaryData,
  tag.track2EquivalentData,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionTime,
  tag.transactionType,
  tag.unpredictableNumber,
];

// The Transaction Mode goes to the acquirer as POS entry mode: 07 for both modes, as either gives
// a chip's data and cryptogram.
const dataRecord = (run: Kernel5Run): DataElement[] => {
  const found: DataElement[] = [];
  for (const wanted of DATA_RECORD) {
    const value = elementIn(run, wanted) ?? run.fci.get(wanted) ?? fallback(run, wanted);
    if (value !== undefined) found.push({ tag: wanted, value });
  }
  found.push({ tag: tag.posEntryMode, value: Uint8Array.of(0x07) });
  return found;
};

const fallback = (run: Kernel5Run, wanted: number): Uint8Array | undefined =>
  wanted === tag.dfName ? run.input.adfName : undefined;
