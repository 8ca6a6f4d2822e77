import { describe, expect, it } from 'vitest';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { crc16 } from '#qr/crc16.ts';
import {
  type CodeObject,
  decodeMerchantCode,
  encodeMerchantCode,
  merchantLines,
  merchantOrderCode,
  readMerchantCode,
  valueAt,
} from '#qr/index.ts';
import { MERCHANT_CODES, REFUSED_MERCHANT_CODES } from './samples.ts';

const decoded = (text: string): readonly CodeObject[] => {
  const code = decodeMerchantCode(text);
  if (isMalformed(code)) throw new Error(describeMalformed(code));
  return code.objects;
};

const refusal = (code: unknown): string =>
  isMalformed(code) ? describeMalformed(code) : 'it was not refused';

/** The body with its CRC. */
const withCrc = (body: string): string => `${body}6304${crc16(`${body}6304`)}`;

const HEAD = '000201010212';
const TAIL = '520454115303978540512.505802FR5909TEST SHOP6005PARIS';
const ACCOUNT = '0204acct';
const SHOP = HEAD + ACCOUNT + TAIL;

// 433 characters of what is reserved.
const FULL = ['65', '66', '67', '68'].map((id) => `${id}99${'x'.repeat(99)}`).join('');
const LONG = `${FULL}6917${'x'.repeat(17)}`;

describe('a shop’s code that others published', () => {
  it.each(Object.entries(MERCHANT_CODES))('%s: decoded and encoded it is the same', (_, text) => {
    expect(encodeMerchantCode(decoded(text))).toBe(text);
  });

  it('gives amount, names in two languages, and what nobody has defined yet', () => {
    const [text] = Object.values(MERCHANT_CODES);
    const objects = decoded(text ?? '');
    expect(valueAt(objects, '54')).toBe('23.72');
    expect(valueAt(objects, '59')).toBe('BEST TRANSPORT');
    expect(valueAt(objects, '64', '02')).toBe('最佳运输');
    expect(valueAt(objects, '62', '50', '01')).toBe('ijkl');
    expect(valueAt(objects, '80', '07')).toBe('12345678');
    expect(valueAt(objects, '65')).toBe('00');
    expect(valueAt(objects, '63')).toBeUndefined();
  });

  it.each(Object.entries(REFUSED_MERCHANT_CODES))('is refused: %s', (_, [text, why]) => {
    expect(refusal(decodeMerchantCode(text))).toBe(why);
  });

  it('tells what can be read of it, and all that is wrong', () => {
    const { objects, crc, problems } = readMerchantCode(
      '00020101021129390016A000000677010111031514000080111111153037645802TH63047C0F',
    );
    expect(valueAt(objects, '29', '00')).toBe('A000000677010111');
    expect(crc).toBe('7C0F');
    expect(problems.map(({ path }) => path)).toEqual([['52'], ['59'], ['60']]);
  });
});

describe('a shop’s code is refused', () => {
  it('has a sound one to begin with', () => {
    expect(isMalformed(decodeMerchantCode(withCrc(SHOP)))).toBe(false);
  });

  it.each([
    ['without any text', '', '63 at 0: CRC is missing at the end'],
    ['without CRC', SHOP, `63 at ${SHOP.length}: CRC is missing at the end`],
    [
      'with something behind its CRC',
      `${withCrc(SHOP)}6502ab`,
      '63 at 86: CRC is missing at the end',
    ],
    [
      'with a CRC in small letters',
      `${SHOP.replace('PARIS', 'PARIT')}6304e5cf`,
      '63 at 76: is not four hexadecimal digits in capitals',
    ],
    ['with 01 before 00', withCrc(`010212000201${ACCOUNT}${TAIL}`), '01 at 0: stands before 00'],
    ['of another version', withCrc(SHOP.replace('000201', '000202')), '00 at 4: is not version 01'],
    ['without an account', withCrc(HEAD + TAIL), ' at 64: no merchant account: one of 02 to 51'],
    ['with an ID twice', withCrc(`${SHOP}5802DE`), '58 at 72: stands twice'],
    [
      'with an ID twice in a template',
      withCrc(`${SHOP}62140503ABC0503ABC`),
      '62 › 05 at 83: stands twice',
    ],
    [
      'with a length that runs past its template',
      withCrc(`${SHOP}62070509ABC`),
      '62 › 05 at 78: length 9 runs past the end: only 3 left',
    ],
    [
      'with a label of 26 characters',
      withCrc(`${SHOP}62300726${'T'.repeat(26)}`),
      '62 › 07 at 80: 26 characters instead of 1 to 25',
    ],
    ['with an object of no length', withCrc(`${SHOP}6100`), '61 at 74: length 00'],
    [
      'with an amount that has a comma',
      withCrc(SHOP.replace('12.50', '12,50')),
      '54 at 39: is not an amount',
    ],
    [
      'with a name beyond ASCII outside template 64',
      withCrc(SHOP.replace('TEST SHOP', 'TEST CAFÉ')),
      '59 at 54: is not of printable ASCII characters',
    ],
    [
      'with a fixed fee that it doesn’t tell',
      withCrc(`${SHOP}550202`),
      '56 at 78: Value of Convenience Fee Fixed is missing',
    ],
    ['with a fee of 0 %', withCrc(`${SHOP}550203570500.00`), '57 at 82: is not a percentage'],
    [
      'with an account template that doesn’t say whose',
      withCrc(`${SHOP}26070103abc`),
      '26 › 00 at 83: Globally Unique Identifier is missing',
    ],
    ['of 513 characters', withCrc(SHOP + LONG), ' at 512: 513 characters: at most 512 are allowed'],
  ])('%s', (_, text, why) => {
    expect(refusal(decodeMerchantCode(text))).toContain(why.trim());
  });

  it('when any one of its characters is another', () => {
    const text = withCrc(SHOP);
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === '7' ? '1' : '7';
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(isMalformed(decodeMerchantCode(changed)), changed).toBe(true);
    }
  });
});

describe('the CRC', () => {
  // The check value of CRC-16/CCITT-FALSE in the catalogue of parametrised CRC algorithms.
  it('of the nine digits is 29B1', () => expect(crc16('123456789')).toBe('29B1'));

  it('goes over UTF-8', () => {
    const [text = ''] = Object.values(MERCHANT_CODES);
    expect(crc16(text.slice(0, -4))).toBe('6325');
  });
});

describe('a code of the shop’s own', () => {
  const ORDER = {
    merchantName: 'TEST SHOP',
    merchantCity: 'PARIS',
    merchantCategoryCode: '5411',
    country: 'FR',
    currency: { numeric: 978, exponent: 2 },
    accounts: [{ id: '02', value: 'acct' }],
    use: 'dynamic',
  } as const;

  it('asks for one payment', () => {
    expect(merchantOrderCode({ ...ORDER, amountMinor: 1250 })).toBe(withCrc(SHOP));
  });

  it.each([
    [5, 2, '0.05'],
    [999_999_999_999, 2, '9999999999.99'],
    [1250, 0, '1250'],
    [1, 3, '0.001'],
  ])('%i minor units with %i decimal places are %s', (amountMinor, exponent, text) => {
    const currency = { numeric: 36, exponent };
    const code = merchantOrderCode({ ...ORDER, amountMinor, currency });
    const objects = decoded(typeof code === 'string' ? code : '');
    expect(valueAt(objects, '54')).toBe(text);
    expect(valueAt(objects, '53')).toBe('036');
  });

  it('carries reference, terminal and the name in the shop’s own language', () => {
    const code = merchantOrderCode({
      ...ORDER,
      reference: '0123456789AB',
      terminalLabel: 'TERM0001',
      inLanguage: { language: 'zh', merchantName: '最佳运输' },
    });
    const objects = decoded(typeof code === 'string' ? code : '');
    expect(valueAt(objects, '62', '05')).toBe('0123456789AB');
    expect(valueAt(objects, '62', '07')).toBe('TERM0001');
    expect(valueAt(objects, '64', '01')).toBe('最佳运输');
    expect(valueAt(objects, '54')).toBeUndefined();
  });

  it.each([
    [{ merchantName: 'Café' }, '59 at 45: is not of printable ASCII'],
    [{ merchantCity: 'A CITY OF TOO MANY LETTERS' }, '60 at 58: 26 characters instead of 1 to 15'],
    [{ accounts: [] }, 'no merchant account'],
    [{ accounts: [{ id: '26', value: 'bare' }] }, '26 at 16: is a template'],
    [{ accounts: [{ id: '2', value: 'bare' }] }, '2 at 12: no ID of two digits'],
    [{ accounts: [{ id: '63', value: 'ABCD' }] }, '63 at 12: stands before the end'],
    [{ reference: 'x'.repeat(100) }, '62 at'],
  ])('is not made of %j', (change, why) => {
    expect(refusal(merchantOrderCode({ ...ORDER, ...change }))).toContain(why);
  });
});

describe('people who look at a shop’s code', () => {
  it('see no account number and no phone number in it', () => {
    const body = `${HEAD}02161234567890123456${TAIL}62190205678900606***789`;
    const seen = merchantLines(readMerchantCode(withCrc(body)).objects);
    const text = JSON.stringify(seen);
    expect(text).not.toContain('1234567890123456');
    expect(text).not.toContain('67890"');
    expect(seen.find(({ id }) => id === '02')).toMatchObject({
      title: 'Merchant Account, Visa',
      value: '123456******3456',
      masked: true,
    });
  });
});
