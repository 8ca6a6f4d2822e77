import { tag } from '#data/dictionary.ts';
import {
  type CdaResult,
  isOdaFailure,
  type OdaFailure,
  recoverIccKey,
  staticDataToAuthenticate,
  verifyCda,
} from '#oda/index.ts';
import { rawOf, type Tlv, tagText } from '#tlv/tlv.ts';
import { NO_AUTHENTICATION } from '../shared/card-key.ts';
import { type Outcome, reason } from '../shared/outcome.ts';
import { accountNumber } from './card-formats.ts';
import { endWithError } from './outcomes.ts';
import { sortable } from './processing-restrictions.ts';
import { bytesOf, isNotEmpty, type Kernel2Run, numberOf, setTvr, tvrBit } from './run.ts';

/**
 * What CDA needs, before GENERATE AC: data, certification authority key, static data. What is
 * missing leaves CDA failed, and the terminal action codes decide. Only a wrong list 9F4A ends the
 * transaction. C-2 S456.25 to S456.27
 */
export const prepareCda = (run: Kernel2Run): Outcome | undefined => {
  if (!run.cda) return undefined;
  const missing = CDA_DATA.find((wanted) => !isNotEmpty(run, wanted));
  if (missing !== undefined) {
    setTvr(run, 'iccDataMissing');
    failed(run, `${tagText(missing)} is missing`);
  } else if (!hasCaKey(run)) {
    failed(run, 'no key of the certification authority');
  }
  const list = run.data.get(tag.staticDataAuthenticationTagList);
  if (list?.length !== 1 || list[0] !== tag.applicationInterchangeProfile) {
    const why = reason('is not the AIP alone', tag.staticDataAuthenticationTagList);
    return endWithError(run, 'cardDataError', why);
  }
  const aip = bytesOf(run, tag.applicationInterchangeProfile);
  const staticData = staticDataToAuthenticate(run.signedRecords, aip, list);
  if (isOdaFailure(staticData)) failed(run, staticData.problem);
  else run.staticData = staticData;
  if (!tvrBit(run, 'cdaFailed')) run.oda = 'CDA prepared';
  return undefined;
};

const CDA_DATA = [
  tag.certificationAuthorityPublicKeyIndexCard,
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
  tag.staticDataAuthenticationTagList,
];

const failed = (run: Kernel2Run, why: string): void => {
  setTvr(run, 'cdaFailed');
  run.oda = `CDA failed: ${why}`;
  run.why.push(reason(run.oda));
};

// A key past its date is as good as none: better to know before GENERATE AC than after it.
const hasCaKey = (run: Kernel2Run): boolean => {
  const index = bytesOf(run, tag.certificationAuthorityPublicKeyIndexCard)[0] ?? 0;
  const key = run.input.authentication?.caKeys.find(ridOf(run), index);
  if (key === undefined) return false;
  return key.expires === undefined || key.expires >= sortable(numberOf(run, tag.transactionDate));
};

const ridOf = (run: Kernel2Run): Uint8Array => bytesOf(run, tag.dfName).subarray(0, 5);

/**
 * Whether the card's signature (9F4B) proves its cryptogram and this exchange. If it does, the
 * cryptogram and the dynamic number in it are stored. C-2 S910
 * @param answer the objects of template 77 as received
 * @returns why it doesn't, if it doesn't
 */
export const authenticate = (run: Kernel2Run, answer: readonly Tlv[]): string | undefined => {
  if (!run.cda || tvrBit(run, 'cdaFailed')) {
    failed(run, UNASKED);
    return UNASKED;
  }
  const result = verify(run, answer);
  if (isOdaFailure(result)) {
    const why = `${tagText(result.element)}: ${result.problem}`;
    failed(run, why);
    return why;
  }
  run.data.set(tag.applicationCryptogram, result.applicationCryptogram);
  run.data.set(tag.iccDynamicNumber, result.iccDynamicNumber);
  run.oda = 'CDA succeeded';
  return undefined;
};

const UNASKED = 'a signature that was not asked for';

const verify = (run: Kernel2Run, answer: readonly Tlv[]): CdaResult | OdaFailure => {
  // prepareCda has found a key there.
  const { caKeys, revoked, issuerKeys } = run.input.authentication ?? NO_AUTHENTICATION;
  const iccKey = recoverIccKey({
    caKeys,
    rid: ridOf(run),
    card: run.data,
    staticData: run.staticData,
    pan: accountNumber(run) ?? '',
    date: bytesOf(run, tag.transactionDate),
    revoked,
    ...(issuerKeys === undefined ? {} : { cache: issuerKeys }),
  });
  if (isOdaFailure(iccKey)) return iccKey;
  const signature = tag.signedDynamicApplicationData;
  return verifyCda({
    iccKey,
    signature: run.data.get(signature),
    unpredictableNumber: bytesOf(run, tag.unpredictableNumber),
    cryptogramInformationData: bytesOf(run, tag.cryptogramInformationData)[0] ?? 0,
    transactionData: [
      run.pdolValues,
      run.cdol1Values,
      ...answer.filter((object) => object.tag !== signature).map(rawOf),
    ],
    ...(tvrBit(run, 'relayResistancePerformed')
      ? { relayResistance: RELAY_RESISTANCE.map((element) => bytesOf(run, element)) }
      : {}),
  });
};

const RELAY_RESISTANCE = [
  tag.terminalRelayResistanceEntropy,
  tag.deviceRelayResistanceEntropy,
  tag.minTimeForProcessingRelayResistanceApdu,
  tag.maxTimeForProcessingRelayResistanceApdu,
  tag.deviceEstimatedTransmissionTimeForRelayResistanceRApdu,
];
