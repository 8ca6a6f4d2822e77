import { tag } from '#data/dictionary.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Outcome, type Reason, reason } from '../shared/outcome.ts';
import { showUi } from '../shared/step.ts';
import { verifiedOnDevice, verifyByStatus } from './cardholder-verification.ts';
import { type CryptogramAnswer, readAnswer } from './cryptogram-answer.ts';
import { askForCryptogram } from './generate-ac.ts';
import { authenticate } from './offline-data-authentication.ts';
import { onlineRequest, updateWanted } from './online-request.ts';
import { approved, declined, message, selectNext, useContactChip } from './outcomes.ts';
import type { Kernel5Run, Phase } from './run.ts';

/** C-5, EMV mode: GENERATE AC, and what becomes of its answer. */
export const generateAc: Phase = function* (run) {
  const data = yield* askForCryptogram(run, (run.acType << 6) | (run.cda ? SIGN : 0));
  if ('ended' in data) return data.ended;
  const answer = readAnswer(run, data);
  if ('why' in answer) return declined(run, answer);
  if (answer.type !== AAC && overLimit(run)) {
    return selectNext(run, reason('the amount reaches the transaction limit'));
  }
  // Where the issuer may have something for the card, it is to stay.
  if (updateWanted(run) !== 'hold') {
    yield* showUi(message(run, '17', 'cardReadSuccessfully'));
  }
  const refused = wrongType(run, answer) ?? verifyByStatus(run);
  if (refused !== undefined) return declined(run, refused);
  const unproven = proof(run, answer);
  if (unproven !== undefined) return useContactChip(run, unproven) ?? declined(run, unproven);
  return answer.type === TC ? approval(run) : onlineRequest(run);
};

// P1 bit 5: combined with a signature. Book 3 §6.5.5
const SIGN = 0x10;

// The limit depends on what the card did: known only now.
const overLimit = (run: Kernel5Run): boolean => {
  const { transactionLimit, cdcvmTransactionLimit } = run.options;
  const limit = verifiedOnDevice(run)
    ? cdcvmTransactionLimit
    : (transactionLimit ?? cdcvmTransactionLimit);
  return limit !== null && run.input.transaction.amountAuthorised >= limit;
};

// A card may be stricter than asked, never more lenient; and nothing is approved unsigned.
const wrongType = (run: Kernel5Run, { type, signed }: CryptogramAnswer): Reason | undefined => {
  const wrong = (what: string) => reason(what, tag.cryptogramInformationData);
  if (type === AAC) return wrong('the card declined (AAC)');
  if (type !== TC && type !== ARQC) return wrong('the cryptogram type is a reserved one');
  if (type === TC && run.acType === ARQC) return wrong('a TC where an ARQC was asked for');
  if (signed) return undefined;
  if (type === TC) return wrong('a TC without a signature (9F4B)');
  if (run.cda) return wrong('no signature (9F4B) where one was asked for');
  return undefined;
};

// A signature that wasn't asked for proves nothing, and hides the cryptogram. (our choice)
const proof = (run: Kernel5Run, { signed, objects }: CryptogramAnswer): Reason | undefined => {
  if (!signed) return undefined;
  const why = run.cda ? authenticate(run, objects) : 'a signature that was not asked for';
  return why === undefined
    ? undefined
    : reason(`offline data authentication: ${why}`, tag.signedDynamicApplicationData);
};

// Nobody can verify an online PIN for a TC; the book is silent. (our choice)
const approval = (run: Kernel5Run): Outcome =>
  run.cvm === 'onlinePin'
    ? declined(
        run,
        reason('an online PIN and an offline approval', tag.cardholderVerificationStatus),
      )
    : approved(run);
