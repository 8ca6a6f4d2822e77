import { concat, xor } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { aesCmac } from '#crypto/cmac.ts';
import { desEncrypt, retailMac } from '#crypto/des.ts';
import { type ElementName, element, tag } from '#data/dictionary.ts';
import { tagText } from '#tlv/tlv.ts';
import type { CryptogramData, CryptogramMethod } from './cryptogram-methods.ts';
import { readIssuerApplicationData } from './issuer-application-data.ts';
import {
  commonAesSessionKey,
  commonSessionKey,
  mastercardSessionKey,
  masterKeyA,
  masterKeyB,
  masterKeyC,
  pbocSessionKey,
} from './key-derivation.ts';
import type { Issuer } from './keys.ts';

/** The card's own key, as its issuer derives it. `psn`: two digits, 00 when the card has none. */
export const cardMasterKey = (
  method: CryptogramMethod,
  issuer: Issuer,
  pan: string,
  psn: string | undefined,
): Uint8Array => MASTER_KEYS[method.masterKey](issuer.masterKey, pan, psn);

const MASTER_KEYS = { A: masterKeyA, B: masterKeyB, C: masterKeyC } as const;

/** An application cryptogram, and the key it was made with: the ARPC may need it. */
export interface Cryptogram {
  readonly value: Uint8Array;
  readonly sessionKey: Uint8Array;
}

/**
 * The application cryptogram (8 bytes) over a transaction's elements, by tag: what the card makes,
 * and what the issuer makes again to compare. Malformed names the element that is missing or has
 * the wrong length. An absent 9F03 is zero: terminals leave it out when there is no cashback.
 */
export const applicationCryptogram = (
  method: CryptogramMethod,
  masterKey: Uint8Array,
  elements: ReadonlyMap<number, Uint8Array>,
): Cryptogram | Malformed => {
  const data = collect(method, elements);
  if (isMalformed(data)) return data;
  const sessionKey = sessionKeyOf(method, masterKey, data);
  const { padding } = method;
  const input = method.input(data);
  const value =
    padding === 'cmac'
      ? aesCmac(sessionKey, input).subarray(0, 8)
      : retailMac(sessionKey, input, padding);
  return { value, sessionKey };
};

/** ARPC method 1, 8 bytes: cryptogram XOR response code. EMV Book 2 §8.2.1. */
export const arpc1 = (key: Uint8Array, arqc: Uint8Array, responseCode: Uint8Array): Uint8Array =>
  desEncrypt(key, xor(arqc, responseCodeBlock(responseCode)));

/** ARPC method 2, 4 bytes: over cryptogram, card status update, own data. EMV Book 2 §8.2.2. */
export const arpc2 = (
  key: Uint8Array,
  arqc: Uint8Array,
  cardStatusUpdate: Uint8Array,
  proprietary: Uint8Array = new Uint8Array(),
): Uint8Array => retailMac(key, concat(arqc, cardStatusUpdate, proprietary), 2).subarray(0, 4);

const responseCodeBlock = (code: Uint8Array): Uint8Array => {
  const block = new Uint8Array(8);
  block.set(code.subarray(0, 2));
  return block;
};

const sessionKeyOf = (
  { sessionKey }: CryptogramMethod,
  masterKey: Uint8Array,
  data: CryptogramData,
): Uint8Array => {
  const atc = data.applicationTransactionCounter;
  if (sessionKey === 'none') return masterKey;
  if (sessionKey === 'pboc') return pbocSessionKey(masterKey, atc);
  if (sessionKey === 'commonAes') return commonAesSessionKey(masterKey, atc);
  return sessionKey === 'common'
    ? commonSessionKey(masterKey, atc)
    : mastercardSessionKey(masterKey, atc, data.unpredictableNumber);
};

const COVERED = [
  'amountAuthorisedNumeric',
  'amountOtherNumeric',
  'terminalCountryCode',
  'terminalVerificationResults',
  'transactionCurrencyCode',
  'transactionDate',
  'transactionType',
  'unpredictableNumber',
  'applicationInterchangeProfile',
  'applicationTransactionCounter',
  'issuerApplicationData',
] as const satisfies readonly ElementName[];

const collect = (
  { scheme, without = [] }: CryptogramMethod,
  elements: ReadonlyMap<number, Uint8Array>,
): CryptogramData | Malformed => {
  const found = {} as Record<(typeof COVERED)[number], Uint8Array>;
  for (const name of COVERED) {
    const { min, max } = element(name);
    const value = without.includes(name)
      ? new Uint8Array(min)
      : (elements.get(tag[name]) ?? absent(name, min));
    if (value === undefined) return malformed([tagText(tag[name])], 0, 'is missing');
    if (value.length < min || (max !== null && value.length > max)) {
      return malformed([tagText(tag[name])], 0, `is ${value.length} bytes long`);
    }
    found[name] = value;
  }
  const iad = readIssuerApplicationData(scheme, found.issuerApplicationData);
  if (isMalformed(iad)) return iad;
  return { ...found, cvr: iad.cvr, counters: iad.counters };
};

const absent = (name: ElementName, length: number): Uint8Array | undefined =>
  name === 'amountOtherNumeric' ? new Uint8Array(length) : undefined;
