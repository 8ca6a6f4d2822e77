import { bit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { isOdaFailure, verifyFdda } from '#oda/index.ts';
import { cardKey, reasonOfFailure } from '../shared/card-key.ts';
import { ARQC } from '../shared/cryptogram-type.ts';
import { type Outcome, outcome, type Reason, reason } from '../shared/outcome.ts';
import { cryptogramTypeIn } from '../shared/qualifiers.ts';
import { ctqSays, EMPTY, type Kernel3Run, message, type Phase, ttqSays } from './run.ts';

/**
 * C-3 5.6: fDDA, needed only where the card gave a TC and nothing asks to go online. The signature
 * covers terminal data and 9F69; it says nothing of cryptogram, ATC and IAD.
 */
export const offlineDataAuthentication: Phase = function* (run) {
  if (run.declineRequired) return 'cardholderVerification';
  if (run.onlineRequired) {
    if (wantedForOnline(run)) authenticate(run, 0x95);
    return 'cardholderVerification';
  }
  const why = authenticate(run, 0x05);
  return why === undefined ? 'cardholderVerification' : failed(run, why);
};

// 5.6.2: special-purpose readers use the result for themselves; the outcome is none of it. The card
// signs only if the TTQ asked for it.
const wantedForOnline = (run: Kernel3Run): boolean =>
  run.options.fddaForOnline &&
  ttqSays(run, 'odaForOnlineSupported') &&
  cryptogramTypeIn(run.card) === ARQC &&
  run.card.has(tag.signedDynamicApplicationData);

// 5.6.3: the card's CTQ says what to do instead, in this order.
const failed = (run: Kernel3Run, why: Reason): 'cardholderVerification' | Outcome => {
  if (ctqSays(run, 'goOnlineIfOdaFails') && !ttqSays(run, 'offlineOnlyReader')) {
    run.onlineRequired = true;
  } else if (ctqSays(run, 'switchInterfaceIfOdaFails') && ttqSays(run, 'contactChipSupported')) {
    return outcome('tryAnotherInterface', {
      uiOnOutcome: message(run, '1D', 'processingError'),
      alternateInterface: 'contactChip',
      why: [...run.why, why],
    });
  } else {
    run.declineRequired = true;
  }
  run.why.push(why);
  return 'cardholderVerification';
};

/** Undefined when it succeeds; the report says so either way. */
const authenticate = (run: Kernel3Run, format: 0x05 | 0x95): Reason | undefined => {
  const problem = problemOf(run, format);
  const method = format === 0x95 ? 'fDDA for online' : 'fDDA';
  run.oda = `${method} ${problem === undefined ? 'succeeded' : `failed: ${problem.why}`}`;
  return problem;
};

const problemOf = (run: Kernel3Run, format: 0x05 | 0x95): Reason | undefined => {
  const { card, input } = run;
  const aip = card.get(tag.applicationInterchangeProfile) ?? EMPTY;
  if (!bit(aip, 1, 6)) {
    return reason('the card does not support DDA', tag.applicationInterchangeProfile);
  }
  if (input.authentication === undefined) return reason('this terminal has no CA public keys');
  const iccKey = cardKey(run);
  if (isOdaFailure(iccKey)) return reasonOfFailure(iccKey);
  const result = verifyFdda({
    iccKey,
    signature: card.get(tag.signedDynamicApplicationData),
    format,
    unpredictableNumber: input.unpredictableNumber,
    amountAuthorised: input.terminal.get(tag.amountAuthorisedNumeric) ?? EMPTY,
    transactionCurrencyCode: input.terminal.get(tag.transactionCurrencyCode) ?? EMPTY,
    cardAuthenticationRelatedData: card.get(tag.cardAuthenticationRelatedDataK3),
  });
  // What the ICC Dynamic Number holds is Visa's own affair (the ATC in known cards): not compared.
  return isOdaFailure(result) ? reasonOfFailure(result) : undefined;
};
