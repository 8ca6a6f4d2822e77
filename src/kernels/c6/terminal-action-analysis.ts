import { tag } from '#data/dictionary.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Outcome, type Reason, reason } from '../shared/outcome.ts';
import { approved, declined, onlineRequest } from './outcomes.ts';
import {
  cprSays,
  cryptogramType,
  type Kernel6Run,
  otherInterface,
  type Phase,
  tryAnotherInterface,
  ttqSays,
  tvrSays,
} from './run.ts';

/** C-6, Terminal Action Analysis: the card's requirements (9F71) stand for action codes. */
export const terminalActionAnalysis: Phase = function* (run) {
  const type = cryptogramType(run);
  const cid = tag.cryptogramInformationData;
  if (type === AAC) {
    // The limit of a loyalty programme is reached: this one is free, which only a signature proves.
    const reward = cprSays(run, 'loyaltyLimitReached') && run.cda === 'succeeded';
    return reward ? approved(run) : declined(run, reason('the card declined (AAC)', cid));
  }
  if (type !== TC && type !== ARQC) {
    return declined(run, reason('the cryptogram type cannot be told', cid));
  }
  const refused = refusal(run);
  if (refused !== undefined) return refused;
  return goesOnline(run) ? online(run) : final(run, type);
};

// The account's and the card's own reasons come first. The book's step for a failed CDA is written
// for a TC; a signed ARQC that fails it proves no more (our reading).
const refusal = (run: Kernel6Run): Outcome | undefined => {
  if (run.cda === 'failed') {
    if (cprSays(run, 'switchIfCdaFailed')) return otherOrDecline(run, 'CDA failed');
    if (!cprSays(run, 'goOnlineIfCdaFailed')) return declined(run);
  }
  if (tvrSays(run, 'serviceNotAllowed')) {
    return declined(run, reason('not for use here', tag.applicationUsageControl));
  }
  if (tvrSays(run, 'onExceptionFile')) {
    return declined(run, reason('the account is in the exception file', tag.track2EquivalentData));
  }
  // Without certificates, or our key for them, there is no cryptogram to go online with either.
  if (tvrSays(run, 'iccDataMissing')) return declined(run);
  if (tvrSays(run, 'expired') && cprSays(run, 'declineIfExpired')) {
    return declined(run, EXPIRED);
  }
  return undefined;
};

const EXPIRED: Reason = reason('the application has expired', tag.applicationExpirationDate);

const goesOnline = (run: Kernel6Run): boolean =>
  run.cda === 'failed' ||
  run.cvm === 'onlinePin' ||
  (tvrSays(run, 'expired') && cprSays(run, 'goOnlineIfExpired')) ||
  tvrSays(run, 'notYetEffective');

const online = (run: Kernel6Run): Outcome => {
  if (run.options.deferredAuthorisation) {
    return otherOrDecline(run, 'online is required and authorisation is deferred here');
  }
  if (!ttqSays(run, 'offlineOnlyReader')) return onlineRequest(run);
  const unable = 'online is required and this reader is offline only';
  return cprSays(run, 'switchIfUnableToGoOnline')
    ? otherOrDecline(run, unable)
    : declined(run, reason(unable));
};

const final = (run: Kernel6Run, type: typeof TC | typeof ARQC): Outcome => {
  if (type === ARQC) {
    if (!run.options.deferredAuthorisation) return online(run);
    return run.cda === 'succeeded'
      ? approved(run)
      : declined(run, reason('authorisation is deferred and the card did not prove itself'));
  }
  if (ttqSays(run, 'onlineCryptogramRequired')) {
    return declined(run, reason('an offline cryptogram where an online one was required'));
  }
  return run.usageUnchecked
    ? declined(run, reason('usage could not be checked', tag.applicationUsageControl))
    : approved(run);
};

const otherOrDecline = (run: Kernel6Run, why: string): Outcome =>
  otherInterface(run) === 'none'
    ? declined(run, reason(why))
    : tryAnotherInterface(run, reason(why));
