import { tag } from '#data/dictionary.ts';
import { type Cvm, reason } from '../shared/outcome.ts';
import { cdcvmIsGenuine } from '../shared/qualifiers.ts';
import { ctqSays, type Kernel3Run, type Phase, ttqSays } from './run.ts';

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
    if (cdcvmIsGenuine(run.card)) return 'confirmationCodeVerified';
    run.declineRequired = true;
    run.why.push(reason('the consumer device CVM is not confirmed', tag.cardTransactionQualifiers));
    return 'noCvm';
  }
  const signature = ctqSays(run, 'signatureRequired') && ttqSays(run, 'signatureSupported');
  return signature ? 'obtainSignature' : 'noCvm';
};
