import { tag } from '#data/dictionary.ts';
import { balanceShown } from '../shared/balance.ts';
import { present } from '../shared/data-elements.ts';
import { type DataElement, type Outcome, outcome, reason } from '../shared/outcome.ts';
import type { UiRequest } from '../shared/ui-request.ts';
import { ctqSays, type Kernel3Run, message, type Phase, ttqSays, withCashback } from './run.ts';

/** C-3 5.8: decline wins over online, online over approval. */
export const completion: Phase = function* (run) {
  if (run.onlineRequired && !run.declineRequired && ttqSays(run, 'offlineOnlyReader')) {
    run.declineRequired = true;
    run.why.push(reason('online is required and this reader is offline only'));
  }
  if (run.declineRequired) return declined(run);
  return run.onlineRequired ? onlineRequest(run) : approved(run);
};

// UI status: C-3 states none; N/A lets lights and tones follow the earlier message 17. (our choice)
const declined = (run: Kernel3Run): Outcome =>
  outcome('declined', {
    cvm: 'noCvm',
    uiOnOutcome: message(run, '07', 'none', balance(run)),
    ...records(run),
  });

const approved = (run: Kernel3Run): Outcome =>
  outcome('approved', {
    cvm: run.cvm,
    uiOnOutcome: message(run, '03', 'none', balance(run)),
    ...records(run),
  });

// 5.8.2: with issuer update on both sides the card is wanted again for the issuer's data.
const onlineRequest = (run: Kernel3Run): Outcome =>
  outcome('onlineRequest', {
    cvm: run.cvm,
    uiOnOutcome: message(run, '1B', 'none', balance(run)),
    ...(ttqSays(run, 'issuerUpdateSupported') && ctqSays(run, 'issuerUpdateSupported')
      ? {
          start: 'B',
          onlineResponseType: 'emvData',
          uiOnRestart: message(run, '21', 'readyToRead'),
          fieldOffMs: 0,
        }
      : {}),
    ...records(run),
  });

// Available Offline Spending Amount (9F5D), shown where the card returns it. 5.8.1.4
const balance = ({ card, input, options }: Kernel3Run): Partial<UiRequest> =>
  options.showOfflineBalance
    ? balanceShown(card.get(tag.availableOfflineSpendingAmount), input.transaction)
    : {};

const records = (run: Kernel3Run): Pick<Outcome, 'dataRecord' | 'discretionaryData' | 'why'> => ({
  dataRecord: dataRecord(run),
  discretionaryData: present(run.card, [tag.availableOfflineSpendingAmount]),
  why: run.why,
});

// C-3 Table 5-8, in its order; then what acquirers ask for beside it.
const FROM_CARD = [
  tag.applicationCryptogram,
  tag.applicationInterchangeProfile,
  tag.applicationTransactionCounter,
  tag.applicationPanSequenceNumber,
  tag.customerExclusiveData,
  tag.issuerApplicationData,
  tag.track2EquivalentData,
  tag.cryptogramInformationData,
  tag.cardTransactionQualifiers,
  tag.paymentAccountReference,
  tag.tokenRequestorId,
  tag.applicationLabel,
  tag.applicationExpirationDate,
  tag.cardholderName,
];

const FROM_READER = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.terminalCountryCode,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
  tag.terminalCapabilities,
];

const dataRecord = (run: Kernel3Run): DataElement[] => {
  const { input } = run;
  const cashback = withCashback(run);
  const fromReader = FROM_READER.filter((wanted) => wanted !== tag.amountOtherNumeric || cashback);
  const formFactor = run.card.get(tag.formFactorIndicator);
  return [
    ...present(input.terminal, fromReader),
    ...present(run.card, FROM_CARD),
    ...(formFactor ? [{ tag: tag.formFactorIndicator, value: contactless(formFactor) }] : []),
    { tag: tag.dfName, value: run.fci.get(tag.dfName) ?? input.adfName },
    // Kernel 3 never sets a TVR bit; it goes out as zeros. C-3 5.8.5
    { tag: tag.terminalVerificationResults, value: new Uint8Array(5) },
    { tag: tag.unpredictableNumber, value: input.unpredictableNumber },
    { tag: tag.terminalTransactionQualifiers, value: run.ttq },
    { tag: tag.posEntryMode, value: Uint8Array.of(0x07) },
  ];
};

// Byte 4 bits 4-1 are the kernel's to set: 0000, contactless by ISO 14443. C-3 5.8.5.3
const contactless = (formFactor: Uint8Array): Uint8Array =>
  formFactor.map((byte, i) => (i === 3 ? byte & 0xf0 : byte));
