import { fromBcd } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import { isOdaFailure, verifyCda } from '#oda/index.ts';
import { rawOf, type Tlv, tagText } from '#tlv/tlv.ts';
import { cardKey } from '../shared/card-key.ts';
import { EMPTY, type Kernel5Run, setTvr } from './run.ts';

/**
 * What CDA needs, before GENERATE AC. Data that is missing leaves CDA failed; an authority's key
 * that this terminal has not leaves it not performed, and the action codes decide. C-5
 */
export const prepareCda = (run: Kernel5Run): void => {
  const missing = CDA_DATA.find((wanted) => !run.card.has(wanted));
  if (missing !== undefined) {
    setTvr(run, 'iccDataMissing');
    setTvr(run, 'cdaFailed');
    run.oda = `CDA failed: ${tagText(missing)} is missing`;
  } else if (!hasCaKey(run)) {
    setTvr(run, 'odaNotPerformed');
    setTvr(run, 'caPublicKeyMissing');
    run.oda = 'not performed: no key of the certification authority';
    return;
  }
  run.cda = true;
};

const CDA_DATA = [
  tag.certificationAuthorityPublicKeyIndexCard,
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
];

// A key past its date is as good as none: better to know before GENERATE AC than after it.
const hasCaKey = ({ card, input }: Kernel5Run): boolean => {
  const [index = 0] = card.get(tag.certificationAuthorityPublicKeyIndexCard) ?? EMPTY;
  const key = input.authentication?.caKeys.find(input.aid.subarray(0, 5), index);
  if (key === undefined) return false;
  const today = 20000000 + (fromBcd(input.terminal.get(tag.transactionDate) ?? EMPTY) ?? 0);
  return key.expires === undefined || key.expires >= today;
};

/**
 * Whether the card's signature (9F4B) proves its cryptogram and this exchange; if it does, the
 * cryptogram in it is stored.
 * @param answer the objects of template 77 as received
 * @returns why it doesn't, if it doesn't
 */
export const authenticate = (run: Kernel5Run, answer: readonly Tlv[]): string | undefined => {
  const iccKey = cardKey(run);
  const result = isOdaFailure(iccKey)
    ? iccKey
    : verifyCda({
        iccKey,
        signature: run.card.get(tag.signedDynamicApplicationData),
        unpredictableNumber: run.input.unpredictableNumber,
        cryptogramInformationData: run.card.get(tag.cryptogramInformationData)?.[0] ?? 0,
        transactionData: [
          run.pdolValues,
          run.cdol1Values,
          ...answer.filter((one) => one.tag !== tag.signedDynamicApplicationData).map(rawOf),
        ],
      });
  if (isOdaFailure(result)) {
    const why = `${tagText(result.element)}: ${result.problem}`;
    setTvr(run, 'cdaFailed');
    run.oda = `CDA failed: ${why}`;
    return why;
  }
  run.card.set(tag.applicationCryptogram, result.applicationCryptogram);
  run.oda = 'CDA succeeded';
  return undefined;
};
