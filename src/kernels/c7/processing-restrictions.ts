import { tag } from '#data/dictionary.ts';
import { sortableDate } from '../shared/card-formats.ts';
import { TC } from '../shared/cryptogram-type.ts';
import { reason } from '../shared/outcome.ts';
import { cryptogramTypeIn } from '../shared/qualifiers.ts';
import { ctqSays, decline, type Kernel7Run, type Phase } from './run.ts';

/**
 * C-7, Processing Restrictions: expiry and the exception file, where no issuer would look (TC). Of
 * an ARQC the issuer knows better.
 */
export const processingRestrictions: Phase = function* (run) {
  if (cryptogramTypeIn(run.card) === TC) {
    if (expired(run)) {
      const why = reason('the application has expired', tag.applicationExpirationDate);
      if (ctqSays(run, 'goOnlineIfExpired')) {
        run.onlineRequired = true;
        run.why.push(why);
      } else decline(run, why);
    }
    if (run.input.authentication?.exceptionFile.has(run.pan)) {
      decline(run, reason('the account is in the exception file', tag.track2EquivalentData));
    }
  }
  return 'offlineDataAuthentication';
};

const expired = ({ card, input }: Kernel7Run): boolean => {
  const expiry = card.get(tag.applicationExpirationDate);
  const date = input.terminal.get(tag.transactionDate);
  if (expiry === undefined || date === undefined) return true;
  return sortableDate(date) > sortableDate(expiry);
};
