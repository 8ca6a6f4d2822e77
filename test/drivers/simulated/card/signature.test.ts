import { describe, expect, test } from 'vitest';
import { equal } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import {
  caPublicKeys,
  isOdaFailure,
  recoverIccKey,
  revocationList,
  staticDataToAuthenticate,
  verifyFdda,
} from '#oda/index.ts';
import simulatedKeys from '../../../../config/ca-public-keys/simulated.json' with { type: 'json' };
import {
  type Answer,
  accountOf,
  answered,
  options,
  PAYMENT,
  paymentWith,
  powered,
  readRecords,
  requestCryptogram,
  selectApplication,
} from './hand-terminal.ts';

const VISA = 'A0000000031010';
const MASTERCARD = 'A0000000041010';
const OFFLINE = paymentWith([tag.terminalTransactionQualifiers, '36004000']);

const caKeys = caPublicKeys(
  simulatedKeys.flatMap(({ rid, index, modulus, exponent }) =>
    modulus === undefined
      ? []
      : [
          {
            rid: hex(rid),
            index: Number.parseInt(index, 16),
            modulus: hex(modulus),
            exponent: Number.parseInt(exponent, 16),
          },
        ],
  ),
);

const readVisa = (name: string, payment = OFFLINE) => {
  const card = powered(name);
  const answer = options(card, selectApplication(card, VISA), payment);
  const locator = answer.elements.get(tag.applicationFileLocator);
  const records = readRecords(card, locator);
  const signed = [{ sfi: 2, body: answered(card, hex('00B2011400')).subarray(0, -2) }];
  return { answer, all: new Map([...answer.elements, ...records]), signed };
};

const iccKeyOf = ({ all, signed }: ReturnType<typeof readVisa>) => {
  const aip = all.get(tag.applicationInterchangeProfile);
  const tagList = all.get(tag.staticDataAuthenticationTagList);
  const staticData = staticDataToAuthenticate(signed, aip, tagList);
  if (isOdaFailure(staticData)) throw new Error(staticData.problem);
  const key = recoverIccKey({
    caKeys,
    rid: hex('A000000003'),
    card: all,
    staticData,
    pan: accountOf(all).pan,
    date: hex('261121'),
    revoked: revocationList([]),
  });
  if (isOdaFailure(key)) throw new Error(key.problem);
  return key;
};

describe.each(['visa-plastic-offline', 'visa-phone-offline'])('%s', (name) => {
  test('signs what it was told, and 9F69, when it may approve by itself', () => {
    const read = readVisa(name);
    const ctq = toHex(read.all.get(tag.cardTransactionQualifiers) ?? hex(''));
    const related = read.all.get(tag.cardAuthenticationRelatedDataK3);
    expect(toHex(related ?? hex(''))).toMatch(new RegExp(`^01[0-9A-F]{8}${ctq}$`));
    const verified = verifyFdda({
      iccKey: iccKeyOf(read),
      signature: read.all.get(tag.signedDynamicApplicationData),
      format: 0x05,
      unpredictableNumber: PAYMENT.get(tag.unpredictableNumber) ?? hex(''),
      amountAuthorised: PAYMENT.get(tag.amountAuthorisedNumeric) ?? hex(''),
      transactionCurrencyCode: PAYMENT.get(tag.transactionCurrencyCode) ?? hex(''),
      cardAuthenticationRelatedData: related,
    });
    // The dynamic number of Visa's cards is the transaction counter.
    expect(verified).toEqual({ iccDynamicNumber: hex('0001') });
  });

  test('says no more than it needs when it goes online', () => {
    const { answer, all } = readOnline(name);
    expect(toHex(answer.elements.get(tag.cryptogramInformationData) ?? hex(''))).toBe('80');
    expect(all.has(tag.signedDynamicApplicationData)).toBe(false);
    expect(all.has(tag.iccPublicKeyCertificate)).toBe(false);
  });
});

const readOnline = (name: string): { answer: Answer; all: ReadonlyMap<number, Uint8Array> } => {
  const card = powered(name);
  const answer = options(card, selectApplication(card, VISA));
  const records = readRecords(card, answer.elements.get(tag.applicationFileLocator));
  return { answer, all: new Map([...answer.elements, ...records]) };
};

describe('a Mastercard that can sign', () => {
  const readCard = (name = 'mastercard-plastic-offline') => {
    const card = powered(name);
    const answer = options(card, selectApplication(card, MASTERCARD));
    return { card, records: readRecords(card, answer.elements.get(tag.applicationFileLocator)) };
  };
  const askFor = (type: number, name?: string) => {
    const { card, records } = readCard(name);
    // P1 bit 5 asks for CDA.
    return requestCryptogram(card, records, type as 0x40).elements;
  };

  test('puts the signature in the place of the cryptogram, if asked', () => {
    const plain = askFor(0x40);
    expect(plain.has(tag.applicationCryptogram)).toBe(true);
    expect(plain.has(tag.signedDynamicApplicationData)).toBe(false);
    const signed = askFor(0x50);
    expect(signed.has(tag.applicationCryptogram)).toBe(false);
    expect(signed.get(tag.signedDynamicApplicationData)?.length).toBe(144);
    expect(toHex(signed.get(tag.cryptogramInformationData) ?? hex(''))).toBe('40');
  });

  test('signs a request for the issuer too, but no refusal', () => {
    expect(askFor(0x90).has(tag.signedDynamicApplicationData)).toBe(true);
    expect(askFor(0x10).has(tag.applicationCryptogram)).toBe(true);
    expect(askFor(0x50, 'mastercard-declines').has(tag.applicationCryptogram)).toBe(true);
  });

  test('never makes the same signature twice', () => {
    const [first, second] = [askFor(0x50), askFor(0x50)].map((elements) =>
      elements.get(tag.signedDynamicApplicationData),
    );
    if (first === undefined || second === undefined) throw new Error('no signature');
    expect(equal(first, second)).toBe(false);
  });
});
