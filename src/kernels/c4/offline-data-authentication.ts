import { bit } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { isOdaFailure, verifyCda } from '#oda/index.ts';
import { rawOf, type Tlv } from '#tlv/tlv.ts';
import { cardKey, reasonOfFailure } from '../shared/card-key.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { aipSays, cardBytes, EMPTY, type Kernel4Run, type Phase, setTvr, tvrSays } from './run.ts';

/**
 * C-4, Offline Data Authentication: CDA and nothing else. Before GENERATE AC only what is missing
 * is found out, which leaves CDA failed and the action codes to decide; keys are recovered when
 * the card may leave.
 */
export const offlineDataAuthentication: Phase = function* (run) {
  // Switched off by Terminal Capabilities (9F33 byte 3 bit 4).
  const wanted = bit(run.input.terminal.get(tag.terminalCapabilities) ?? EMPTY, 3, 4);
  run.cda = wanted && aipSays(run, 'cda');
  if (!run.cda) setTvr(run, 'odaNotPerformed');
  else {
    const absent = CDA_DATA.find((one) => cardBytes(run, one).length === 0);
    if (absent !== undefined) {
      setTvr(run, 'iccDataMissing');
      failed(run, reason('CDA needs it, and the card has not sent it', absent));
    } else if (!hasCaKey(run)) {
      const at = tag.certificationAuthorityPublicKeyIndexCard;
      failed(run, reason('no key of the certification authority', at));
    }
  }
  return 'processingRestrictions';
};

const CDA_DATA = [
  tag.certificationAuthorityPublicKeyIndexCard,
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
];

const hasCaKey = ({ input, card }: Kernel4Run): boolean => {
  const [index = 0] = card.get(tag.certificationAuthorityPublicKeyIndexCard) ?? EMPTY;
  return input.authentication?.caKeys.find(input.aid.subarray(0, 5), index) !== undefined;
};

/** CDA is asked of the card: card and terminal do it, and nothing is wrong yet. */
export const asksForCda = (run: Kernel4Run): boolean => run.cda && !tvrSays(run, 'cdaFailed');

/** Not performed after all, because nothing is asked of the card that could be signed. */
export const notPerformed = (run: Kernel4Run): void => {
  if (asksForCda(run)) setTvr(run, 'odaNotPerformed');
};

/**
 * Whether the card's signature proves its cryptogram, and this exchange. If so, the cryptogram in
 * it is stored.
 * @param answer the objects of template 77 as received
 */
export const authenticate = (run: Kernel4Run, answer: readonly Tlv[]): Reason | undefined => {
  const why = problemOf(run, answer);
  if (why === undefined) run.oda = 'CDA succeeded';
  else failed(run, why);
  return why;
};

const problemOf = (run: Kernel4Run, answer: readonly Tlv[]): Reason | undefined => {
  const iccKey = cardKey(run);
  if (isOdaFailure(iccKey)) return reasonOfFailure(iccKey);
  const signature = tag.signedDynamicApplicationData;
  const result = verifyCda({
    iccKey,
    signature: run.card.get(signature),
    unpredictableNumber: run.input.unpredictableNumber,
    cryptogramInformationData: cardBytes(run, tag.cryptogramInformationData)[0] ?? 0,
    transactionData: [
      run.pdolValues,
      run.cdol1Values,
      ...answer.filter((object) => object.tag !== signature).map(rawOf),
    ],
  });
  if (isOdaFailure(result)) return reasonOfFailure(result);
  run.card.set(tag.applicationCryptogram, result.applicationCryptogram);
  return undefined;
};

const failed = (run: Kernel4Run, why: Reason): void => {
  setTvr(run, 'cdaFailed');
  run.oda = `CDA failed: ${why.why}`;
  run.why.push(why);
};
