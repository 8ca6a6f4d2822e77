import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Outcome, reason, reasonOf } from '../shared/outcome.ts';
import { followVerificationDecision } from './cardholder-verification.ts';
import { authenticatesLocally } from './check.ts';
import { authenticateLocally } from './local-authentication.ts';
import { copyIntoIad, iadMac, isCardsMac, staticData, staticDataHashOf } from './message-codes.ts';
import { endWithError } from './outcomes.ts';
import { bytesOf, type Kernel8Run, type State, setTvr, storeTvr } from './run.ts';
import { analyseActions } from './terminal-action-analysis.ts';

/**
 * S26 to S29: whether the card's MAC, and its certificates where they count, prove what was said;
 * then what the card decided of its holder and its own checks, and the second action analysis. C-8
 */
export const authenticate: State = function* (run) {
  const end = authenticateCard(run) ?? checkCryptogramType(run);
  if (end !== undefined) return end;
  mergeCardTvr(run);
  followVerificationDecision(run);
  run.decision = analyseActions(run);
  return 'writeEnvelopes';
};

const authenticateCard = (run: Kernel8Run): Outcome | undefined => {
  const data = staticData(run);
  if (isMalformed(data)) return endWithError(run, 'cardDataError', reasonOf('9F810A', data));
  const hash = staticDataHashOf(data);
  const mac = iadMac(run, hash);
  if (mac === undefined) return endWithError(run, 'iadMacFailed', reason('no session keys'));
  run.data.set(tag.issuerApplicationDataMac, mac);
  const misplaced = copyIntoIad(run, mac);
  if (misplaced !== undefined) return endWithError(run, 'cardDataError', misplaced);
  if (!isCardsMac(run, mac)) {
    const why = reason("the MAC is not the card's", tag.enhancedDataAuthenticationMac);
    return endWithError(run, 'edaMacFailed', why);
  }
  if (!authenticatesLocally(run)) return undefined;
  const local = authenticateLocally(run, data, hash);
  if (local.result === 'dataMissing') {
    const why = reason('local authentication: the card has not sent it', local.element);
    return endWithError(run, 'cardDataError', why);
  }
  run.localAuthentication = 'local authentication succeeded';
  if (local.result === 'failed') {
    setTvr(run, 'localAuthenticationFailed');
    run.localAuthentication = `local authentication failed: ${local.why}`;
    run.why.push(reason(run.localAuthentication));
  }
  return undefined;
};

// A card may be stricter than asked, never more lenient.
const checkCryptogramType = (run: Kernel8Run): Outcome | undefined => {
  const type = (bytesOf(run, tag.cryptogramInformationData)[0] ?? 0) >> 6;
  const legal =
    type === AAC ||
    (type === TC && run.requested === TC) ||
    (type === ARQC && (run.requested === TC || run.requested === ARQC));
  if (legal) return undefined;
  const why = reason('not a cryptogram that was asked for', tag.cryptogramInformationData);
  return endWithError(run, 'cardDataError', why);
};

// What the card found out itself, in all bits but the kernel's own (Kernel Reserved TVR Mask).
const mergeCardTvr = (run: Kernel8Run): void => {
  const card = run.data.get(tag.cardTvr);
  if (card === undefined || card.length === 0) return;
  const mask = bytesOf(run, tag.kernelReservedTvrMask);
  storeTvr(
    run,
    run.tvr.map((byte, i) => (byte & (mask[i] ?? 0)) | ((card[i] ?? 0) & ~(mask[i] ?? 0))),
  );
};
