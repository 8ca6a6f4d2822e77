import { bit } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Outcome, outcome, reason } from '../shared/outcome.ts';
import { type Step, showUi } from '../shared/step.ts';
import type { MessageId, UiStatus } from '../shared/ui-request.ts';
import { closing, dataRecord, message, messageHoldMs } from './outcomes.ts';
import { binaryOf, bytesOf, type Kernel2Run } from './run.ts';

/** Valid response: from the cryptogram, or what the phone says, to the outcome. C-2 6.12 S910 */
export function* validResponse(run: Kernel2Run): Step<Outcome> {
  const wish = phoneMessage(run);
  if (wish !== undefined) {
    // The phone wants its owner's attention; then the same payment goes on with a second tap.
    yield* showUi(message(run, wish.messageId, wish.status, messageHoldMs(run)));
    return outcome('endApplication', {
      start: 'B',
      uiOnRestart: message(run, wish.messageId, 'readyToRead'),
      dataRecord: dataRecord(run),
      ...closing(
        run,
        reason('the phone asks for a second tap', tag.posCardholderInteractionInformation),
      ),
    });
  }
  const type = (bytesOf(run, tag.cryptogramInformationData)[0] ?? 0) >> 6;
  if (type === ARQC) return withRecord(run, 'onlineRequest', '1B', 0);
  if (type === TC) {
    const signature = run.cvm === 'obtainSignature';
    return withRecord(run, 'approved', signature ? '1A' : '03', messageHoldMs(run));
  }
  return cardDeclined(run);
}

const cardDeclined = (run: Kernel2Run): Outcome => {
  run.why.push(reason('the card declined (AAC)', tag.cryptogramInformationData));
  const type = bytesOf(run, tag.transactionType)[0] ?? 0;
  // For a refund an AAC only ends the card's part. S910
  if (!PURCHASE_LIKE.includes(type)) return withRecord(run, 'endApplication', '1E', 0);
  const hold = messageHoldMs(run);
  const contactPossible = bit(bytesOf(run, tag.terminalCapabilities), 1, 6);
  if (isPhone(run) || !contactPossible) return withRecord(run, 'declined', '07', hold);
  return withRecord(run, 'tryAnotherInterface', '1D', hold);
};

const PURCHASE_LIKE = [0x00, 0x01, 0x09, 0x17];

// Third Party Data 9F6E: country (2), unique identifier (2), device type (2, only if the unique
// identifier's first bit is 0); "00" is a card, anything else has no chip to insert.
const isPhone = (run: Kernel2Run): boolean => {
  const thirdParty = bytesOf(run, tag.thirdPartyData);
  return (
    thirdParty.length >= 6 && !bit(thirdParty, 3, 8) && toHex(thirdParty.subarray(4, 6)) !== '3030'
  );
};

const withRecord = (
  run: Kernel2Run,
  name: 'approved' | 'declined' | 'onlineRequest' | 'tryAnotherInterface' | 'endApplication',
  messageId: MessageId,
  holdMs: number,
): Outcome =>
  outcome(name, {
    uiOnOutcome: message(run, messageId, 'notReady', holdMs),
    dataRecord: dataRecord(run),
    ...closing(run),
  });

interface PhoneMessage {
  /** Null: the table has no row for this; whatever is shown stays. */
  readonly messageId: MessageId | null;
  readonly status: UiStatus;
}

// POS Cardholder Interaction Information (DF4B) with a bit of 00030F set: the phone wants a second
// tap. The Phone Message Table (DF8131) says what to show: rows of mask (3), value (3), message
// (1), status (1); the first that fits. C-2 4.6. Decided for a table without such a row: the second
// tap is awaited all the same, for the phone has not agreed to this one.
const phoneMessage = (run: Kernel2Run): PhoneMessage | undefined => {
  const interaction = binaryOf(run, tag.posCardholderInteractionInformation);
  if ((interaction & 0x00030f) === 0) return undefined;
  const table = bytesOf(run, tag.phoneMessageTable);
  for (let at = 0; at + 8 <= table.length; at += 8) {
    const row = table.subarray(at, at + 8);
    if ((bigEndian(row, 0) & interaction) !== bigEndian(row, 3)) continue;
    return {
      messageId: toHex(row.subarray(6, 7)) as MessageId,
      status: STATUSES[row[7] ?? 0] ?? 'notReady',
    };
  }
  return { messageId: null, status: 'notReady' };
};

const bigEndian = (row: Uint8Array, at: number): number =>
  ((row[at] ?? 0) << 16) | ((row[at + 1] ?? 0) << 8) | (row[at + 2] ?? 0);

// C-2 Annex A, Status of the User Interface Request.
const STATUSES: readonly UiStatus[] = [
  'notReady',
  'idle',
  'readyToRead',
  'processing',
  'cardReadSuccessfully',
  'processingError',
];
