import { tag } from '#data/dictionary.ts';
import { balanceShown } from '../shared/balance.ts';
import { present } from '../shared/data-elements.ts';
import { type DataElement, type Outcome, outcome, reason } from '../shared/outcome.ts';
import type { MessageId, UiRequest } from '../shared/ui-request.ts';
import { decline, type Kernel7Run, message, type Phase, ttqSays } from './run.ts';

/**
 * C-7, Completion: decline wins over online, online over approval. The host's answer ends it; the
 * kernel is not activated again.
 */
export const completion: Phase = function* (run) {
  if (run.onlineRequired && !run.declineRequired && ttqSays(run, 'offlineOnlyReader')) {
    decline(run, reason('online is required and this reader is offline only'));
  }
  if (run.declineRequired) {
    return outcome('declined', { uiOnOutcome: told(run, '07'), ...records(run) });
  }
  const { cvm } = run;
  if (run.onlineRequired) {
    return outcome('onlineRequest', { cvm, uiOnOutcome: told(run, '1B'), ...records(run) });
  }
  return outcome('approved', { cvm, uiOnOutcome: told(run, '03'), receipt: true, ...records(run) });
};

// The tone for "card read" sounds with the outcome: the book has no message before it.
const told = (run: Kernel7Run, messageId: MessageId): UiRequest =>
  message(run, messageId, 'cardReadSuccessfully', {
    ...balanceShown(run.card.get(tag.availableOfflineSpendingAmount), run.input.transaction),
  });

const records = (run: Kernel7Run): Pick<Outcome, 'dataRecord' | 'discretionaryData' | 'why'> => ({
  dataRecord: dataRecord(run),
  discretionaryData: present(run.card, [tag.availableOfflineSpendingAmount]),
  why: run.why,
});

// The book's data record; then what acquirers ask for beside it.
const FROM_CARD = [
  tag.applicationCryptogram,
  tag.applicationInterchangeProfile,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationTransactionCounter,
  tag.cryptogramInformationData,
  tag.issuerApplicationData,
  tag.track2EquivalentData,
  tag.paymentAccountReference,
  tag.productIdentificationInformation,
  tag.track1DiscretionaryData,
  tag.partnerProprietaryData,
  tag.last4DigitsOfPan,
  tag.tokenRequestorId,
  tag.cardTransactionQualifiers,
  tag.applicationLabel,
  tag.applicationExpirationDate,
];

const FROM_READER = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.terminalCapabilities,
  tag.terminalCountryCode,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
];

const dataRecord = ({ input, card, fci, ttq }: Kernel7Run): DataElement[] => [
  ...present(input.terminal, FROM_READER),
  ...present(card, FROM_CARD),
  // Where the application was registered stands in the FCI.
  ...present(fci, [tag.applicationSelectionRegisteredProprietaryData]),
  { tag: tag.dfName, value: fci.get(tag.dfName) ?? input.adfName },
  // Kernel 7 never sets a TVR bit; it goes out as zeros.
  { tag: tag.terminalVerificationResults, value: new Uint8Array(5) },
  { tag: tag.unpredictableNumber, value: input.unpredictableNumber },
  { tag: tag.terminalTransactionQualifiers, value: ttq },
  { tag: tag.posEntryMode, value: Uint8Array.of(0x07) },
];
