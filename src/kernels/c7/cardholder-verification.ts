import { tag } from '#data/dictionary.ts';
import { type Cvm, reason } from '../shared/outcome.ts';
import { cdcvmIsGenuine } from '../shared/qualifiers.ts';
import { ctqSays, decline, type Kernel7Run, type Phase, ttqSays } from './run.ts';

/** C-7, Cardholder Verification: which way, in the order the book fixes. */
export const cardholderVerification: Phase = function* (run) {
  if (run.declineRequired) return 'completion';
  run.cvm = run.card.has(tag.cardTransactionQualifiers) ? cvmByCard(run) : cvmByReader(run);
  if (run.cvm === 'onlinePin') run.onlineRequired = true;
  if (run.cvm === 'none' && ttqSays(run, 'cvmRequired') && !run.declineRequired) {
    decline(run, reason('cardholder verification is required and none will be performed'));
  }
  return 'completion';
};

// The card returned no CTQ. A reader that has nothing but CDCVM declines.
const cvmByReader = (run: Kernel7Run): Cvm => {
  if (!ttqSays(run, 'cvmRequired')) return 'none';
  if (ttqSays(run, 'signatureSupported')) return 'obtainSignature';
  return ttqSays(run, 'onlinePinSupported') ? 'onlinePin' : 'none';
};

const cvmByCard = (run: Kernel7Run): Cvm => {
  if (ctqSays(run, 'onlinePinRequired') && ttqSays(run, 'onlinePinSupported')) return 'onlinePin';
  if (ctqSays(run, 'cdcvmPerformed')) {
    if (cdcvmIsGenuine(run.card)) return 'confirmationCodeVerified';
    decline(run, reason('the consumer device CVM is not confirmed', tag.cardTransactionQualifiers));
    return 'none';
  }
  const signature = ctqSays(run, 'signatureRequired') && ttqSays(run, 'signatureSupported');
  return signature ? 'obtainSignature' : 'none';
};
