import { tag } from '#data/dictionary.ts';
import { type CdaResult, isOdaFailure, type OdaFailure, verifyCda } from '#oda/index.ts';
import { cardKey, reasonOfFailure } from '../shared/card-key.ts';
import { type Kernel6Run, type Phase, setTvr } from './run.ts';

/**
 * C-6, Offline Data Authentication: CDA over the answer to GET PROCESSING OPTIONS. The cryptogram
 * comes out of the signature, so that without it there is none to send.
 */
export const offlineDataAuthentication: Phase = function* (run) {
  if (!run.cdaExpected) return 'cardholderVerification';
  setTvr(run, 'odaNotPerformed', false);
  const result = authenticate(run);
  if (isOdaFailure(result)) failed(run, result);
  else {
    run.cda = 'succeeded';
    run.oda = 'CDA succeeded';
    run.card.set(tag.applicationCryptogram, result.applicationCryptogram);
  }
  return 'cardholderVerification';
};

const authenticate = (run: Kernel6Run): CdaResult | OdaFailure => {
  const iccKey = cardKey(run);
  if (isOdaFailure(iccKey)) return iccKey;
  return verifyCda({
    iccKey,
    signature: run.card.get(tag.signedDynamicApplicationData),
    unpredictableNumber: run.input.unpredictableNumber,
    cryptogramInformationData: run.card.get(tag.cryptogramInformationData)?.[0] ?? 0,
    transactionData: [run.pdolValues, ...run.answered],
  });
};

const failed = (run: Kernel6Run, failure: OdaFailure): void => {
  const { odaFailure } = failure;
  if (odaFailure === 'dataMissing' || odaFailure === 'caKeyUnknown') setTvr(run, 'iccDataMissing');
  setTvr(run, 'cdaFailed');
  run.cda = 'failed';
  const why = reasonOfFailure(failure);
  run.oda = `CDA failed: ${why.why}`;
  run.why.push(why);
};
