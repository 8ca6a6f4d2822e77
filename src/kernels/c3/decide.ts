import { bit, equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { ARQC, TC } from '../shared/cryptogram-type.ts';
import { outcome, reason } from '../shared/outcome.ts';
import { cryptogramType } from './read.ts';
import {
  ctqSays,
  EMPTY,
  type Kernel3Run,
  message,
  type Phase,
  tryAnotherInterface,
  ttqSays,
} from './run.ts';

/** C-3 5.5: expiry, and what the card's usage control allows. */
export const processingRestrictions: Phase = function* (run) {
  if (cryptogramType(run) === TC && expired(run)) {
    const why = reason('the application has expired', tag.applicationExpirationDate);
    if (ctqSays(run, 'goOnlineIfExpired')) run.onlineRequired = true;
    else run.declineRequired = true;
    run.why.push(why);
  }
  const type = run.input.transaction.type;
  const cashback = type === 0x09 || run.input.transaction.amountOther > 0;
  const refused =
    (type === 0x01 && !usageAllows(run, 1) && 'switchInterfaceForCash') ||
    (cashback && !usageAllows(run, 2) && 'switchInterfaceForCashback');
  if (refused) {
    const why = reason('usage control excludes cash or cashback', tag.applicationUsageControl);
    if (ctqSays(run, refused)) return tryAnotherInterface(run, why);
    run.declineRequired = true;
    run.why.push(why);
  }
  return 'offlineDataAuthentication';
};

/** C-3 5.6: needed only where the card gave a TC and nothing asks to go online. */
export const offlineDataAuthentication: Phase = function* (run) {
  if (run.onlineRequired || run.declineRequired) return 'cardholderVerification';
  // fDDA is not built yet: 5.6.3's way out for a reader that is unable to perform it.
  const why = reason('offline data authentication could not be performed');
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

// 5.7.1.1: the card returned no CTQ.
const cvmByReader = (run: Kernel3Run) => {
  if (!ttqSays(run, 'cvmRequired')) return 'noCvm';
  if (ttqSays(run, 'signatureSupported')) return 'obtainSignature';
  if (ttqSays(run, 'onlinePinSupported')) return 'onlinePin';
  return 'noCvm';
};

// 5.7.1.2
const cvmByCard = (run: Kernel3Run) => {
  if (ctqSays(run, 'onlinePinRequired') && ttqSays(run, 'onlinePinSupported')) return 'onlinePin';
  if (ctqSays(run, 'cdcvmPerformed')) {
    if (cdcvmIsGenuine(run)) return 'confirmationCodeVerified';
    run.declineRequired = true;
    run.why.push(reason('the consumer device CVM is not confirmed', tag.cardTransactionQualifiers));
    return 'noCvm';
  }
  if (ctqSays(run, 'signatureRequired') && ttqSays(run, 'signatureSupported')) {
    return 'obtainSignature';
  }
  return 'noCvm';
};

// The CTQ is confirmed by its signed copy (9F69 bytes 6-7), or by an issuer who sees the ARQC.
const cdcvmIsGenuine = (run: Kernel3Run): boolean => {
  const signed = run.card.get(tag.cardAuthenticationRelatedDataK3);
  if (signed === undefined) return cryptogramType(run) === ARQC;
  const qualifiers = run.card.get(tag.cardTransactionQualifiers) ?? EMPTY;
  return signed.length >= 7 && equal(signed.subarray(5, 7), qualifiers);
};

const expired = (run: Kernel3Run): boolean => {
  const expiry = run.card.get(tag.applicationExpirationDate);
  const date = run.input.terminal.get(tag.transactionDate);
  if (expiry === undefined || date === undefined) return true;
  return century(date) > century(expiry);
};

// YYMMDD as a number that sorts; 50 to 99 lie in the last century. Book 4 §6.7.3
const century = ([year = 0, month = 0, day = 0]: Uint8Array): number =>
  (year < 0x50 ? 0x100 : 0) * 0x10000 + year * 0x10000 + month * 0x100 + day;

// 5.5.3 and 5.5.4: AUC byte 1 for cash, byte 2 for cashback; bit 8 domestic, bit 7 international.
const usageAllows = (run: Kernel3Run, byte: 1 | 2): boolean => {
  const usage = run.card.get(tag.applicationUsageControl);
  const issuerCountry = run.card.get(tag.issuerCountryCode);
  const ours = run.input.terminal.get(tag.terminalCountryCode);
  if (usage === undefined || issuerCountry === undefined || ours === undefined) return false;
  return bit(usage, byte, equal(issuerCountry, ours) ? 8 : 7);
};
