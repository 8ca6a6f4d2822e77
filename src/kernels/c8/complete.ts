import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Outcome, outcome, reason } from '../shared/outcome.ts';
import type { MessageId } from '../shared/ui-request.ts';
import { closing, dataRecord, message, messageHoldMs } from './outcomes.ts';
import { bytesOf, dataBit, isNotEmpty, type Kernel8Run, type State, setTvr } from './run.ts';

/** S2930: from cryptogram, decision and the card's wish to the outcome. */
export const complete: State = function* (run) {
  run.error.messageOnError = 'FF';
  // Decisions were taken with it; the issuer is told only where the configuration says so.
  if (!dataBit(run, tag.kernelConfigurationK8, 1, 4)) {
    setTvr(run, 'localAuthenticationFailed', false);
  }
  const wish = restartWish(run);
  if (wish === RESTART) return presentAgain(run);
  const type = (bytesOf(run, tag.cryptogramInformationData)[0] ?? 0) >> 6;
  if (type === TC && run.decision === TC) {
    const signature = run.cvm === 'obtainSignature';
    return withRecord(run, 'approved', signature ? '1A' : '03', messageHoldMs(run));
  }
  const issuerDecides =
    (type === ARQC && run.decision !== AAC) || (type !== AAC && run.decision === ARQC);
  if (issuerDecides) return withRecord(run, 'onlineRequest', '1B', 0);
  run.why.push(
    type === AAC
      ? reason('the card declined (AAC)', tag.cryptogramInformationData)
      : reason('the terminal action codes declined', tag.terminalVerificationResults),
  );
  return notPaid(run, wish);
};

// Restart Indicator (9F8108): upper half byte 2 restart, 3 another interface; then the interface,
// and the message.
const RESTART = 2;
const OTHER_INTERFACE = 3;

const restartWish = (run: Kernel8Run): number | undefined => {
  const [first] = bytesOf(run, tag.restartIndicator);
  return first === undefined ? undefined : first >> 4;
};

// The device wants its holder's attention; then the same payment goes on with a second tap.
const presentAgain = (run: Kernel8Run): Outcome => {
  const messageId = wantedMessage(run) ?? '21';
  return outcome('endApplication', {
    start: 'B',
    uiOnOutcome: message(run, messageId, 'notReady', messageHoldMs(run)),
    uiOnRestart: message(run, messageId, 'readyToRead'),
    dataRecord: dataRecord(run),
    ...closing(run, reason('the card asks for a second tap', tag.restartIndicator)),
  });
};

const notPaid = (run: Kernel8Run, wish: number | undefined): Outcome => {
  const type = bytesOf(run, tag.transactionType)[0] ?? 0;
  // For a refund an AAC only ends the card's part.
  if (!PURCHASE_LIKE.includes(type)) return withRecord(run, 'endApplication', '1E', 0);
  const hold = messageHoldMs(run);
  if (wish !== OTHER_INTERFACE || !isNotEmpty(run, tag.restartIndicator)) {
    return withRecord(run, 'declined', wantedMessage(run) ?? '07', hold);
  }
  const other = (bytesOf(run, tag.restartIndicator)[0] ?? 0) & 0x0f;
  return {
    ...withRecord(run, 'tryAnotherInterface', wantedMessage(run) ?? '18', hold),
    alternateInterface: INTERFACES[other] ?? 'none',
  };
};

const PURCHASE_LIKE = [0x00, 0x01, 0x09, 0x17];

const INTERFACES: Readonly<Record<number, Outcome['alternateInterface']>> = {
  1: 'contactChip',
  2: 'magneticStripe',
  15: 'both',
};

// A card may ask for a message that the terminal lists (9F821D).
const wantedMessage = (run: Kernel8Run): MessageId | undefined => {
  const wanted = bytesOf(run, tag.restartIndicator)[1] ?? 0;
  const allowed = bytesOf(run, tag.messageIdentifiersOnRestart).includes(wanted);
  return wanted !== 0 && allowed ? (toHex(Uint8Array.of(wanted)) as MessageId) : undefined;
};

const withRecord = (
  run: Kernel8Run,
  name: 'approved' | 'declined' | 'onlineRequest' | 'tryAnotherInterface' | 'endApplication',
  messageId: MessageId,
  holdMs: number,
): Outcome =>
  outcome(name, {
    uiOnOutcome: message(run, messageId, 'notReady', holdMs),
    dataRecord: dataRecord(run),
    ...closing(run),
  });
