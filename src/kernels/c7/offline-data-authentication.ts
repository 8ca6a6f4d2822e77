import { bit, equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { isOdaFailure, verifyFdda } from '#oda/index.ts';
import { cardKey, reasonOfFailure } from '../shared/card-key.ts';
import { ARQC } from '../shared/cryptogram-type.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { cryptogramTypeIn } from '../shared/qualifiers.ts';
import { signsForOnline } from './card-read-complete.ts';
import {
  ctqSays,
  decline,
  EMPTY,
  type Kernel7Run,
  type Phase,
  tryAnotherInterface,
  ttqSays,
} from './run.ts';

/**
 * C-7, Offline Data Authentication: fDDA of version 01, over terminal data and 9F69. Needed for a
 * TC that nothing sends online, and for an ARQC of a card that was asked to sign it.
 */
export const offlineDataAuthentication: Phase = function* (run) {
  if (run.declineRequired) return 'cardholderVerification';
  const forOnline = cryptogramTypeIn(run.card) === ARQC && signsForOnline(run);
  if (run.onlineRequired && !forOnline) return 'cardholderVerification';
  const why = authenticate(run, forOnline ? 0x95 : 0x05);
  if (why === undefined) return 'cardholderVerification';
  // What the card's qualifiers want instead, in this order.
  if (ctqSays(run, 'goOnlineIfOdaFails') && !ttqSays(run, 'offlineOnlyReader')) {
    run.onlineRequired = true;
    run.why.push(why);
  } else if (ctqSays(run, 'switchInterfaceIfOdaFails') && ttqSays(run, 'contactChipSupported')) {
    return tryAnotherInterface(run, why);
  } else {
    decline(run, why);
  }
  return 'cardholderVerification';
};

/** Undefined when it succeeds; the report says so either way. */
const authenticate = (run: Kernel7Run, format: 0x05 | 0x95): Reason | undefined => {
  const problem = problemOf(run, format);
  const method = format === 0x95 ? 'fDDA for online' : 'fDDA';
  run.oda = `${method} ${problem === undefined ? 'succeeded' : `failed: ${problem.why}`}`;
  return problem;
};

// 9F69 of 8 bytes at least was seen to when the card was read.
const problemOf = (run: Kernel7Run, format: 0x05 | 0x95): Reason | undefined => {
  const { card, input } = run;
  if (!bit(card.get(tag.applicationInterchangeProfile) ?? EMPTY, 1, 6)) {
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
    cardAuthenticationRelatedData: card.get(tag.cardAuthenticationRelatedDataK7),
  });
  if (isOdaFailure(result)) return reasonOfFailure(result);
  // The dynamic number is the transaction counter: one that was replaced shows.
  return equal(result.iccDynamicNumber, card.get(tag.applicationTransactionCounter) ?? EMPTY)
    ? undefined
    : reason('the card signed another transaction counter', tag.applicationTransactionCounter);
};
