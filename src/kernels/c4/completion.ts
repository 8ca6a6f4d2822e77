import { tag } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { AAC, TC } from '../shared/cryptogram-type.ts';
import { type Outcome, outcome, reason } from '../shared/outcome.ts';
import { authenticate } from './offline-data-authentication.ts';
import { approved, dataRecord, insertOrDecline, message } from './outcomes.ts';
import { type Kernel4Run, readerSays, tvrSays, typeIn, unableToGoOnline } from './run.ts';

/**
 * C-4, Completion: from the cryptogram to the outcome.
 * @param toAuthenticate the answer's objects where a signature was asked for
 */
export const completion = (
  run: Kernel4Run,
  toAuthenticate: readonly Tlv[] | undefined,
): Outcome => {
  const type = typeIn(run);
  if (type === AAC) {
    // A refusal is signed by no card.
    if (toAuthenticate !== undefined) run.oda = 'not performed: the card declined';
    return insertOrDecline(run, reason('the card declined (AAC)', tag.cryptogramInformationData));
  }
  if (toAuthenticate !== undefined && authenticate(run, toAuthenticate) !== undefined) {
    return insertOrDecline(run);
  }
  return type === TC ? approvedByCard(run) : onlineRequest(run);
};

// CDA that had failed before GENERATE AC was for the action codes to judge; but no approval stands
// on it.
const approvedByCard = (run: Kernel4Run): Outcome => {
  if (tvrSays(run, 'cdaFailed')) {
    return insertOrDecline(run, reason('the card could not prove itself'));
  }
  return approved(run);
};

const onlineRequest = (run: Kernel4Run): Outcome => {
  if (readerSays(run, 'delayedAuthorisation')) {
    // The card asks for its issuer, who will be asked later: only a card that proved itself.
    if (run.oda === 'CDA succeeded') return approved(run);
    return insertOrDecline(run, reason('authorised later, and the card has not proven itself'));
  }
  if (unableToGoOnline(run)) {
    return insertOrDecline(run, reason('the card wants its issuer, whom nobody can ask now'));
  }
  return outcome('onlineRequest', {
    start: 'D',
    onlineResponseType: 'any',
    cvm: run.cvm,
    uiOnOutcome: message(run, '1B', 'processing'),
    dataRecord: dataRecord(run),
    why: run.why,
  });
};
