import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { ARQC } from '../shared/cryptogram-type.ts';
import { type Cvm, reason } from '../shared/outcome.ts';
import {
  ctqSays,
  EMPTY,
  type Kernel3Run,
  type Phase,
  tellsCryptogramType,
  ttqSays,
} from './run.ts';

/** C-3 5.7: which way of verifying the cardholder, in the order the book fixes. */
export const cardholderVerification: Phase = function* (run) {
  if (run.declineRequired) return 'completion';
  run.cvm = run.card.has(tag.cardTransactionQualifiers) ? cvmByCard(run) : cvmByReader(run);
  if (run.cvm === 'onlinePin') run.onlineRequired = true;
  if (run.cvm === 'noCvm' && ttqSays(run, 'cvmRequired') && !run.declineRequired) {
    run.declineRequired = true;
    run.why.push(reason('cardholder verification is required and none will be performed'));
  }
  return 'completion';
};

// 5.7.1.1: the card returned no CTQ. A reader that has nothing but CDCVM declines.
const cvmByReader = (run: Kernel3Run): Cvm => {
  if (!ttqSays(run, 'cvmRequired')) return 'noCvm';
  if (ttqSays(run, 'signatureSupported')) return 'obtainSignature';
  return ttqSays(run, 'onlinePinSupported') ? 'onlinePin' : 'noCvm';
};

// 5.7.1.2
const cvmByCard = (run: Kernel3Run): Cvm => {
  if (ctqSays(run, 'onlinePinRequired') && ttqSays(run, 'onlinePinSupported')) return 'onlinePin';
  if (ctqSays(run, 'cdcvmPerformed')) {
    if (cdcvmIsGenuine(run)) return 'confirmationCodeVerified';
    run.declineRequired = true;
    run.why.push(reason('the consumer device CVM is not confirmed', tag.cardTransactionQualifiers));
    return 'noCvm';
  }
  const signature = ctqSays(run, 'signatureRequired') && ttqSays(run, 'signatureSupported');
  return signature ? 'obtainSignature' : 'noCvm';
};

// The CTQ is confirmed by its signed copy (9F69 bytes 6-7), or by an issuer who sees the ARQC.
const cdcvmIsGenuine = (run: Kernel3Run): boolean => {
  const signed = run.card.get(tag.cardAuthenticationRelatedDataK3);
  if (signed === undefined) return tellsCryptogramType(run) === ARQC;
  // A 9F69 too short to hold the copy differs from the CTQ's two bytes by its length.
  return equal(signed.subarray(5, 7), run.card.get(tag.cardTransactionQualifiers) ?? EMPTY);
};
