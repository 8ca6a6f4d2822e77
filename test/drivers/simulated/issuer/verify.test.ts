import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { arpc1, arpc2 } from '#drivers/simulated/issuer/cryptogram.ts';
import {
  applicationCryptogram,
  cardMasterKey,
  issuerOf,
  methodOf,
  verifyCryptogram,
} from '#drivers/simulated/issuer/index.ts';

const VISA = '4761730000000001';
const MASTERCARD = '5413330000000001';
const UNIONPAY = '6250940000000001';
const DISCOVER = '6510000000000001';
const AMEX = '374245010000017';

/** DE 55 as a card of ours would fill it, its cryptogram included, and the card's keys. */
const request = (pan: string, psn: string | undefined, iad: string) => {
  const elements = new Map<number, Uint8Array>([
    [tag.amountAuthorisedNumeric, hex('000000001250')],
    [tag.amountOtherNumeric, hex('000000000000')],
    [tag.terminalCountryCode, hex('0840')],
    [tag.terminalVerificationResults, hex('0000000000')],
    [tag.transactionCurrencyCode, hex('0840')],
    [tag.transactionDate, hex('260131')],
    [tag.transactionType, hex('00')],
    [tag.unpredictableNumber, hex('11223344')],
    [tag.applicationInterchangeProfile, hex('0040')],
    [tag.applicationTransactionCounter, hex('0007')],
    [tag.issuerApplicationData, hex(iad)],
  ]);
  const issuer = issuerOf(pan);
  const like = ['visa', 'amex', 'jcb', 'unionpay'];
  const behind = issuer !== undefined && like.includes(issuer.scheme) && iad[0] === '0';
  const cvn = hex(iad)[behind ? 2 : 1];
  const method = issuer && methodOf(issuer.scheme, cvn ?? 0);
  if (!issuer || !method) throw new Error('no such method');
  const masterKey = cardMasterKey(method, issuer, pan, psn);
  const made = applicationCryptogram(method, masterKey, elements);
  if (isMalformed(made)) throw new Error(made.problem);
  elements.set(tag.applicationCryptogram, made.value);
  return { elements, masterKey, sessionKey: made.sessionKey, arqc: made.value };
};

const accepted = (elements: ReadonlyMap<number, Uint8Array>, pan: string, psn?: string) => {
  const verification = verifyCryptogram(elements, pan, psn);
  if (!verification.ok) throw new Error(verification.why);
  return verification;
};

const whyNot = (elements: ReadonlyMap<number, Uint8Array>, pan: string, psn?: string) => {
  const verification = verifyCryptogram(elements, pan, psn);
  return verification.ok ? 'accepted' : verification.why;
};

describe('an issuer', () => {
  test.each([
    [VISA, '06010A03A00000', 0x0a],
    [VISA, '06011103A00000', 0x11],
    [VISA, '06011203A00000', 0x12],
    [VISA, `1F2201${'34A4'.padEnd(58, '0')}`, 0x22],
    [MASTERCARD, '0110A500030400000000', 0x10],
    [MASTERCARD, '0114A50003040000000000000000000000FF', 0x14],
    [MASTERCARD, '0115A50003040000000000000000000000FF', 0x15],
    [UNIONPAY, '07010103A0000001', 0x01],
    [DISCOVER, '01052000000000000000', 0x05],
  ])("accepts its card's cryptogram: %s with %s", (pan, iad, cvn) => {
    expect(accepted(request(pan, '01', iad).elements, pan, '01').cvn).toBe(cvn);
  });

  test('says where a method of ours stands in for one that is not public', () => {
    const title = (pan: string, iad: string) =>
      accepted(request(pan, '01', iad).elements, pan, '01').standIn;
    expect(title(UNIONPAY, '07010103A0000001')).toBe('our stand-in for UnionPay CVN 01');
    expect(title(DISCOVER, '01052000000000000000')).toBe('our stand-in for D-PAS CVN 5');
    expect(title(VISA, '06011203A00000')).toBeUndefined();
  });

  test("leaves out of Discover's what its card is not told: the TVR", () => {
    const { elements } = request(DISCOVER, '01', '01052000000000000000');
    elements.set(tag.terminalVerificationResults, hex('8000000000'));
    expect(accepted(elements, DISCOVER, '01').ok).toBe(true);
    elements.set(tag.amountAuthorisedNumeric, hex('000000001251'));
    expect(whyNot(elements, DISCOVER, '01')).toContain("not the card's");
  });

  test("says where the scheme's method is not public, and ours stands in for it", () => {
    const amex = request(AMEX, '00', '06010103A00000').elements;
    expect(accepted(amex, AMEX, '00')).toMatchObject({
      cvn: 0x01,
      standIn: 'our stand-in for Amex CVN 1',
    });
    const visa = request(VISA, '01', '06011203A00000').elements;
    expect(accepted(visa, VISA, '01')).not.toHaveProperty('standIn');
  });

  test('takes a missing sequence number as 00', () => {
    const { elements } = request(VISA, undefined, '06011203A00000');
    expect(accepted(elements, VISA, '00').ok).toBe(true);
    expect(accepted(elements, VISA).ok).toBe(true);
  });

  test('takes a missing other amount as zero', () => {
    const { elements } = request(VISA, '01', '06011203A00000');
    elements.delete(tag.amountOtherNumeric);
    expect(accepted(elements, VISA, '01').ok).toBe(true);
  });

  test.each([
    ['the amount', tag.amountAuthorisedNumeric, '000000009900'],
    ['the unpredictable number', tag.unpredictableNumber, '11223345'],
    ['the counter', tag.applicationTransactionCounter, '0008'],
    ['the card results', tag.issuerApplicationData, '06011203B00000'],
    ['the cryptogram', tag.applicationCryptogram, '0000000000000000'],
  ])('refuses when %s is another than the card saw', (_, changed, value) => {
    const { elements } = request(VISA, '01', '06011203A00000');
    elements.set(changed, hex(value));
    expect(whyNot(elements, VISA, '01')).toContain("cryptogram is not the card's");
  });

  test('refuses another sequence number and another account', () => {
    const { elements } = request(VISA, '01', '06011203A00000');
    expect(whyNot(elements, VISA, '02')).toContain("cryptogram is not the card's");
    expect(whyNot(elements, '4761730000000019', '01')).toContain("cryptogram is not the card's");
  });

  test('says what is missing or malformed, without account data', () => {
    const { elements } = request(VISA, '01', '06011203A00000');
    const without = (gone: number) => new Map([...elements].filter(([key]) => key !== gone));
    expect(whyNot(without(tag.applicationCryptogram), VISA)).toBe('9F26 is missing');
    expect(whyNot(without(tag.issuerApplicationData), VISA)).toBe('9F10 is missing');
    expect(whyNot(without(tag.unpredictableNumber), VISA)).toBe('9F37 at 0: is missing');
    const short = new Map([...elements, [tag.unpredictableNumber, hex('1122')]]);
    expect(whyNot(short, VISA)).toBe('9F37 at 0: is 2 bytes long');
    const cut = new Map([...elements, [tag.issuerApplicationData, hex('0601')]]);
    expect(whyNot(cut, VISA)).toContain('9F10 at 2');
    const odd = new Map([...elements, [tag.issuerApplicationData, hex('06019903A00000')]]);
    expect(whyNot(odd, VISA)).toBe('visa cryptogram version 153 is not known');
    expect(whyNot(elements, '4012888888881881')).toContain('no range of ours');
  });
});

describe("an issuer's answer", () => {
  test('of Visa CVN 10 covers the response code as characters', () => {
    const { elements, masterKey, arqc } = request(VISA, '01', '06010A03A00000');
    expect(toHex(accepted(elements, VISA, '01').arpc('00') ?? hex(''))).toBe(
      `${toHex(arpc1(masterKey, arqc, hex('3030')))}3030`,
    );
  });

  test('of Visa CVN 18 tells the card whether the issuer approves', () => {
    const { elements, sessionKey, arqc } = request(VISA, '01', '06011203A00000');
    const { arpc } = accepted(elements, VISA, '01');
    expect(toHex(arpc('00') ?? hex(''))).toBe(
      `${toHex(arpc2(sessionKey, arqc, hex('00820000')))}00820000`,
    );
    expect(toHex(arpc('05') ?? hex(''))).toMatch(/^[0-9A-F]{8}00000000$/);
  });

  test('of M/Chip CVN 14 uses the session key, of CVN 10 the card key', () => {
    for (const [iad, key] of [
      ['0110A500030400000000', 'masterKey'],
      ['0114A500030400000000', 'sessionKey'],
    ] as const) {
      const made = request(MASTERCARD, '01', iad);
      expect(toHex(accepted(made.elements, MASTERCARD, '01').arpc('00') ?? hex(''))).toBe(
        `${toHex(arpc1(made[key], made.arqc, hex('0010')))}0010`,
      );
    }
  });

  test('of Visa CVN 17 does not exist', () => {
    const { elements } = request(VISA, '01', '06011103A00000');
    expect(accepted(elements, VISA, '01').arpc('00')).toBeUndefined();
  });
});
