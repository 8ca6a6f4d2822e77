import { tag } from '#data/dictionary.ts';
import { balanceShown } from '../shared/balance.ts';
import { present } from '../shared/data-elements.ts';
import { type DataElement, type Outcome, outcome, type Reason } from '../shared/outcome.ts';
import type { MessageId, UiRequest } from '../shared/ui-request.ts';
import { cprSays, type Kernel6Run, message, ttqSays } from './run.ts';

/** C-6, outcome Approved: with a word for the signature, and what the card has left. */
export const approved = (run: Kernel6Run): Outcome =>
  outcome('approved', {
    cvm: run.cvm,
    uiOnOutcome: told(run, run.cvm === 'obtainSignature' ? '1A' : '03'),
    ...records(run),
  });

export const declined = (run: Kernel6Run, why?: Reason): Outcome => {
  if (why !== undefined) run.why.push(why);
  return outcome('declined', { uiOnOutcome: told(run, '07'), ...records(run) });
};

/** With issuer update on both sides the card is wanted again for the issuer's script. */
export const onlineRequest = (run: Kernel6Run): Outcome =>
  outcome('onlineRequest', {
    cvm: run.cvm,
    uiOnOutcome: told(run, '1B'),
    ...(ttqSays(run, 'issuerUpdateSupported') && cprSays(run, 'issuerUpdateSupported')
      ? {
          start: 'B',
          onlineResponseType: 'emvData',
          uiOnRestart: message(run, '21', 'readyToRead'),
        }
      : {}),
    ...records(run),
  });

const told = (run: Kernel6Run, messageId: MessageId): UiRequest =>
  message(run, messageId, 'cardReadSuccessfully', {
    ...(messageId === '1B'
      ? {}
      : balanceShown(run.card.get(tag.offlineBalanceK6), run.input.transaction)),
  });

const records = (run: Kernel6Run): Pick<Outcome, 'dataRecord' | 'discretionaryData' | 'why'> => ({
  dataRecord: dataRecord(run),
  discretionaryData: present(run.card, [tag.offlineBalanceK6]),
  why: run.why,
});

// The book's data record; then what acquirers ask for beside it.
const FROM_CARD = [
  tag.applicationCryptogram,
  tag.applicationInterchangeProfile,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationTransactionCounter,
  tag.applicationUsageControl,
  tag.cardholderName,
  tag.cryptogramInformationData,
  tag.issuerApplicationData,
  tag.track1DiscretionaryData,
  tag.track2EquivalentData,
  tag.paymentAccountReference,
  tag.formFactorIndicatorDiscover,
  tag.applicationExpirationDate,
];

const FROM_READER = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.applicationIdentifierTerminal,
  tag.applicationVersionNumberTerminal,
  tag.terminalCapabilities,
  tag.terminalCountryCode,
  tag.terminalType,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
];

const dataRecord = ({ input, card, fci, ttq, tvr }: Kernel6Run): DataElement[] => [
  ...present(input.terminal, FROM_READER),
  ...present(card, FROM_CARD),
  { tag: tag.dfName, value: fci.get(tag.dfName) ?? input.adfName },
  { tag: tag.terminalVerificationResults, value: tvr },
  { tag: tag.unpredictableNumber, value: input.unpredictableNumber },
  { tag: tag.terminalTransactionQualifiers, value: ttq },
  { tag: tag.posEntryMode, value: Uint8Array.of(0x07) },
];
