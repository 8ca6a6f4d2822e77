import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codes } from '#config/codes-config.ts';
import { type CodeTable, type IdentifiedCode, identifyCode, maskCode, TYPED } from '#qr/index.ts';
import { CONSUMER_CODE, MERCHANT_CODES } from './samples.ts';

const TABLE: CodeTable = v.parse(codes, {});

const identified = (text: string, symbology?: string, table = TABLE): IdentifiedCode =>
  identifyCode(text, symbology, table);

const kindOf = (text: string, symbology?: string): string => {
  const found = identified(text, symbology);
  return found.kind === 'wallet' ? found.wallet : found.kind;
};

const why = (text: string, symbology?: string): string => {
  const found = identified(text, symbology);
  return found.kind === 'unknown' ? found.why : `it is ${found.kind}`;
};

describe('by the table as it is shipped, a scanned text', () => {
  it.each([
    ['16 digits that begin with 25', '2512345678901234', 'alipay'],
    ['18 digits that begin with 28', '281234567890123456', 'alipay'],
    ['24 digits that begin with 30', '301234567890123456789012', 'alipay'],
    ['18 digits that begin with 10', '101234567890123456', 'wechat-pay'],
    ['18 digits that begin with 15', '151234567890123456', 'wechat-pay'],
    ['a token of the retailer’s', 'rw1.AAECAwQFBgcICQoLDA0ODwK', 'retailer'],
    ['12 digits that begin with 9, Luhn’s digit last', '912345678904', 'retailer'],
    ['an EMV code of a shopper', CONSUMER_CODE, 'emvConsumer'],
    // GS1 General Specifications and the wrappers of what stands on this desk.
    ['an EAN-13', '4006381333931', 'product'],
    ['an EAN-8', '96385074', 'product'],
    ['a UPC-A', '036000291452', 'product'],
    ['an ITF-14', '15400141288763', 'product'],
    ['15 digits that begin with 28', '281234567890123', 'unknown'],
    ['25 digits that begin with 28', '2812345678901234567890123', 'unknown'],
    ['18 digits that begin with 24', '241234567890123456', 'unknown'],
    ['18 digits that begin with 31', '311234567890123456', 'unknown'],
    ['18 digits that begin with 16', '161234567890123456', 'unknown'],
    ['17 digits that begin with 13', '13123456789012345', 'unknown'],
    ['18 digits with a letter among them', '28123456789012345X', 'unknown'],
  ])('of %s', (_, text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('is given to the wallet’s host without blanks around it', () => {
    expect(identified(' 281234567890123456\r\n')).toEqual({
      kind: 'wallet',
      wallet: 'alipay',
      code: '281234567890123456',
    });
  });

  it('of a product is its GTIN', () => {
    expect(identified('4006381333931', ']E0')).toEqual({
      kind: 'product',
      gtin: '4006381333931',
      form: 'EAN-13',
    });
  });
});

describe('a text that fits two rows', () => {
  // Luhn's digit and GS1's agree for one in ten of those that begin with 9.
  const BOTH = '912345670018';

  it('is not guessed: both are named', () => {
    expect(identified(BOTH)).toEqual({ kind: 'ambiguous', candidates: ['retailer', 'product'] });
  });

  it('is told apart where the scanner tells the symbology', () => {
    expect(kindOf(BOTH, ']E0')).toBe('product');
    expect(kindOf(BOTH, ']C0')).toBe('retailer');
    expect(kindOf(BOTH, ']Q1')).toBe('retailer');
  });

  it('is the wallet’s where somebody typed it from a phone', () => {
    expect(kindOf(BOTH, TYPED)).toBe('retailer');
    expect(why('4006381333931', TYPED)).toBe('it would be product, but not typed');
  });

  it('is one wallet’s when both rows are of that wallet', () => {
    const [alipay] = TABLE.wallets;
    if (alipay === undefined) throw new Error('the table is empty');
    const table = { ...TABLE, wallets: [alipay, alipay] };
    expect(identified('281234567890123456', undefined, table).kind).toBe('wallet');
  });

  it('of two wallets is nobody’s', () => {
    const table = v.parse(codes, {
      wallets: [
        {
          wallet: 'one',
          form: 'digits',
          least: 16,
          most: 20,
          begins: [{ from: '28', to: '28' }],
        },
        {
          wallet: 'two',
          form: 'digits',
          least: 18,
          most: 18,
          begins: [{ from: '2', to: '2' }],
        },
      ],
    });
    const found = identified('281234567890123456', ']Q1', table);
    expect(found).toEqual({ kind: 'ambiguous', candidates: ['one', 'two'] });
  });
});

describe('a text that fits nothing', () => {
  it.each([
    ['', 'nothing was read'],
    ['   ', 'nothing was read'],
    ['4006381333932', '13 digits as EAN-13 has, but the check digit is wrong'],
    ['rw1.AAECAwQFBgcICQoLDA0ODwe', "a token of the retailer's wallet that was misread"],
    [`${CONSUMER_CODE.slice(0, 40)}`, "an EMV code of a shopper that can't be read: 61 at 7"],
    [Object.values(MERCHANT_CODES)[3] ?? '', "a shop's code for phones to scan"],
    ['https://example.com/28', 'a web address'],
    ['hello', '5 characters of no form in the table'],
    ['12345', '5 digits of no form in the table'],
  ])('"%s" is told for what it may be', (text, words) => {
    expect(why(text)).toContain(words);
  });

  it('but for the symbology says so', () => {
    expect(why('281234567890123456', ']E0')).toBe(
      'it would be alipay, but not in a barcode of this kind',
    );
    // GS1-128: a pallet's number, say.
    expect(kindOf('101234567890123456', ']C1')).toBe('unknown');
    expect(kindOf('101234567890123456', ']C0')).toBe('wechat-pay');
  });

  it('is never repeated', () => {
    expect(why('199912345678901234')).not.toContain('1999');
  });
});

describe('a table of the shop’s own', () => {
  const parsed = (section: object) => v.safeParse(codes, section).success;

  it('can know a wallet by the beginning of its text', () => {
    const wallets = [{ wallet: 'club', form: 'text', begins: 'CLUB-', least: 10, most: 40 }];
    const table = v.parse(codes, { wallets, emvConsumer: { accepted: false } });
    expect(identified('CLUB-123456', ']Q1', table)).toMatchObject({ wallet: 'club' });
    expect(identified('CLUB-1', ']Q1', table).kind).toBe('unknown');
    expect(identified('281234567890123456', ']Q1', table).kind).toBe('unknown');
    expect(identified(CONSUMER_CODE, ']Q1', table)).toMatchObject({
      kind: 'unknown',
      why: 'an EMV code of a shopper: this shop takes none',
    });
  });

  it.each([
    [{ wallets: [{ wallet: 'Big Wallet', form: 'retailerToken' }] }],
    [{ wallets: [{ wallet: 'a', form: 'pattern', pattern: '.*' }] }],
    [{ wallets: [{ wallet: 'a', form: 'digits', least: 20, most: 10, begins: [] }] }],
    [
      {
        wallets: [
          { wallet: 'a', form: 'digits', least: 1, most: 9, begins: [{ from: '3', to: '20' }] },
        ],
      },
    ],
    [{ products: { forms: ['EAN-5'] } }],
    [{ colours: [] }],
  ])('is refused: %j', (section) => {
    expect(parsed(section)).toBe(false);
  });
});

describe('a code in a log', () => {
  it('is hidden but for its ends and its length', () => {
    expect(maskCode('281234567890123456')).toBe('28**************56 (18)');
    expect(maskCode('12345')).toBe('***** (5)');
  });
});
