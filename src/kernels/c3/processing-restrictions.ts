import { bit, equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { sortableDate } from '../shared/card-formats.ts';
import { TC } from '../shared/cryptogram-type.ts';
import { reason } from '../shared/outcome.ts';
import { cryptogramTypeIn } from '../shared/qualifiers.ts';
import { ctqSays, type Kernel3Run, type Phase, tryAnotherInterface, withCashback } from './run.ts';

/** C-3 5.5: expiry, the exception file, and what the card's usage control allows. */
export const processingRestrictions: Phase = function* (run) {
  if (cryptogramTypeIn(run.card) === TC) {
    if (expired(run)) {
      run.why.push(reason('the application has expired', tag.applicationExpirationDate));
      if (ctqSays(run, 'goOnlineIfExpired')) run.onlineRequired = true;
      else run.declineRequired = true;
    }
    if (run.options.exceptionFileCheck && run.input.authentication?.exceptionFile.has(run.pan)) {
      run.why.push(reason('the account is in the exception file', tag.track2EquivalentData));
      run.declineRequired = true;
    }
  }
  // What is declined already is not sent to another interface to try again. 5.8.1, read as meant
  // for the card's AAC too: the book's flow leaves it open here.
  const refused = run.declineRequired ? undefined : refusedUse(run);
  if (refused !== undefined) {
    const why = reason(`usage control: no ${refused.use} here`, tag.applicationUsageControl);
    if (ctqSays(run, refused.orSwitch)) return tryAnotherInterface(run, why);
    run.declineRequired = true;
    run.why.push(why);
  }
  return 'offlineDataAuthentication';
};

const refusedUse = (run: Kernel3Run) => {
  const { usageControlForCash, usageControlForCashback } = run.options;
  const cash = usageControlForCash && run.input.transaction.type === 0x01;
  if (cash && !usageAllows(run, 1)) {
    return { use: 'cash', orSwitch: 'switchInterfaceForCash' } as const;
  }
  if (usageControlForCashback && withCashback(run) && !usageAllows(run, 2)) {
    return { use: 'cashback', orSwitch: 'switchInterfaceForCashback' } as const;
  }
  return undefined;
};

const expired = (run: Kernel3Run): boolean => {
  const expiry = run.card.get(tag.applicationExpirationDate);
  const date = run.input.terminal.get(tag.transactionDate);
  if (expiry === undefined || date === undefined) return true;
  return sortableDate(date) > sortableDate(expiry);
};

// AUC byte 1 for cash, byte 2 for cashback; bit 8 domestic, bit 7 international. 5.5.3 and 5.5.4
const usageAllows = (run: Kernel3Run, byte: 1 | 2): boolean => {
  const usage = run.card.get(tag.applicationUsageControl);
  const issuerCountry = run.card.get(tag.issuerCountryCode);
  const ours = run.input.terminal.get(tag.terminalCountryCode);
  if (usage === undefined || issuerCountry === undefined || ours === undefined) return false;
  return bit(usage, byte, equal(issuerCountry, ours) ? 8 : 7);
};
