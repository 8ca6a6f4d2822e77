import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import { codes } from '#config/codes-config.ts';
import { tag } from '#data/dictionary.ts';
import { isGtin } from '#qr/gtin.ts';
import {
  type CodeObject,
  type ConsumerObject,
  decodeConsumerCode,
  decodeMerchantCode,
  encodeConsumerCode,
  encodeMerchantCode,
  identifyCode,
  isTypedToken,
  retailerToken,
  typedToken,
} from '#qr/index.ts';
import { fuzzCodes } from '../../scripts/fuzz/codes.ts';
import { ALL_CODES, CONSUMER_CODE, MERCHANT_CODES } from './samples.ts';

const TABLE = v.parse(codes, {});

const ascii = (maxLength: number) =>
  fc.string({
    unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength,
  });
// UTF-16 units, halves of pairs among them.
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
const unicode = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'ab é京ش😀\u200c'), minLength: 1, maxLength });
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

const id = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((number) => String(number).padStart(2, '0'));
const value = (which: fc.Arbitrary<string>, text: fc.Arbitrary<string>): fc.Arbitrary<CodeObject> =>
  fc.record({ id: which, value: text });
const fixed = (which: string, text: fc.Arbitrary<string>) => value(fc.constant(which), text);

const template = (
  which: fc.Arbitrary<string>,
  head: readonly fc.Arbitrary<CodeObject>[],
  rest: fc.Arbitrary<CodeObject>,
) =>
  fc
    .tuple(
      which,
      fc.tuple(...head),
      fc.uniqueArray(rest, { maxLength: 2, selector: (one) => one.id }),
    )
    .map(([own, first, more]): CodeObject => ({ id: own, objects: [...first, ...more] }));

const account = fc.oneof(
  value(id(2, 25), ascii(40)),
  template(id(26, 51), [fixed('00', ascii(32))], value(id(1, 99), ascii(20))),
);
const optional = fc.oneof(
  fixed('01', fc.constantFrom('11', '12')),
  fixed('54', fc.constantFrom('1', '12.50', '0.01', '9999999999.99', '7.')),
  fixed('61', ascii(10)),
  template(fc.constant('62'), [fixed('05', ascii(25))], value(id(12, 49), ascii(20))),
  template(
    fc.constant('64'),
    [fixed('00', fc.constantFrom('zh', 'AR')), fixed('01', unicode(25))],
    fixed('02', unicode(15)),
  ),
  value(id(65, 79), ascii(30)),
  template(id(80, 99), [fixed('00', ascii(32))], value(id(1, 99), ascii(20))),
);

/** Any order but for 00, any optional objects, as long as the whole isn't too long. */
const merchantObjects = fc
  .tuple(
    fc.record({ mcc: digits(4), currency: digits(3), name: ascii(25), city: ascii(15) }),
    fc.uniqueArray(account, { minLength: 1, maxLength: 2, selector: (one) => one.id }),
    fc.uniqueArray(optional, { maxLength: 4, selector: (one) => one.id }),
  )
  .chain(([{ mcc, currency, name, city }, accounts, others]) =>
    fc.shuffledSubarray(
      [
        { id: '52', value: mcc },
        { id: '53', value: currency },
        { id: '58', value: 'DE' },
        { id: '59', value: name },
        { id: '60', value: city },
        ...accounts,
        ...others,
      ],
      { minLength: 5 + accounts.length + others.length },
    ),
  )
  .map((rest): readonly CodeObject[] => [{ id: '00', value: '01' }, ...rest]);

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });

// Tags that no other part of the code below uses.
const primitive = (...tags: readonly number[]): fc.Arbitrary<ConsumerObject> =>
  fc.record({ tag: fc.constantFrom(...tags), value: bytes(0, 20) });
const several = (...tags: readonly number[]) =>
  fc.uniqueArray(primitive(...tags), { maxLength: 3, selector: (one) => one.tag });

const application = fc
  .tuple(
    bytes(5, 16),
    several(tag.applicationLabel, tag.track2EquivalentData, tag.languagePreference),
    several(
      tag.applicationCryptogram,
      tag.applicationTransactionCounter,
      tag.issuerApplicationData,
    ),
  )
  .map(
    ([aid, own, inner]): ConsumerObject => ({
      tag: tag.applicationTemplateDirectoryEntry,
      objects: [
        { tag: tag.adfNameDirectoryAid, value: aid },
        ...own,
        { tag: tag.cpmApplicationSpecificTransparentTemplate, objects: inner },
      ],
    }),
  );

const consumerObjects = fc
  .tuple(
    fc.array(application, { minLength: 1, maxLength: 2 }),
    several(tag.applicationPan, tag.cardholderName, tag.issuerUrl),
  )
  .map(([applications, common]): readonly ConsumerObject[] => [
    { tag: tag.cpmPayloadFormatIndicator, value: Uint8Array.of(0x43, 0x50, 0x56, 0x30, 0x31) },
    ...applications,
    { tag: tag.cpmCommonDataTemplate, objects: common },
  ]);

describe('every code', () => {
  it('of a shop, encoded and decoded, is itself', () => {
    fc.assert(
      fc.property(merchantObjects, (objects) => {
        const text = encodeMerchantCode(objects);
        fc.pre(typeof text === 'string');
        expect(decodeMerchantCode(typeof text === 'string' ? text : '')).toEqual({ objects });
      }),
      { numRuns: 200 },
    );
  });

  it('of a shop that isn’t too long is encoded', () => {
    fc.assert(
      fc.property(merchantObjects, (objects) => {
        const text = encodeMerchantCode(objects);
        const tooLong = isMalformed(text) && /characters/.test(text.problem);
        expect(typeof text === 'string' || tooLong).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('of a shopper, encoded and decoded, is itself', () => {
    fc.assert(
      fc.property(consumerObjects, (objects) => {
        const text = encodeConsumerCode(objects);
        const code = decodeConsumerCode(typeof text === 'string' ? text : '');
        expect(isMalformed(code) ? code : code.objects).toEqual(objects);
      }),
      { numRuns: 300 },
    );
  });

  it('of the retailer’s wallet is told for one', () => {
    fc.assert(
      fc.property(bytes(16, 16), (random) => {
        const found = identifyCode(retailerToken(random), ']Q1', TABLE);
        expect(found).toMatchObject({ kind: 'wallet', wallet: 'retailer' });
      }),
    );
  });

  it('of digits to be typed is the retailer’s, and a product only where both digits agree', () => {
    fc.assert(
      fc.property(digits(10), (ten) => {
        const typed = typedToken(ten);
        const { kind } = identifyCode(typed, undefined, TABLE);
        expect(isTypedToken(typed)).toBe(true);
        expect(kind).toBe(isGtin(typed) ? 'ambiguous' : 'wallet');
      }),
    );
  });
});

describe('any text at all', () => {
  it('is answered or refused', () => {
    const text = fc.oneof(
      fc.string({ unit: anyUnit, maxLength: 200 }),
      ascii(200),
      digits(18),
      fc.constantFrom(...Object.values(MERCHANT_CODES), CONSUMER_CODE),
    );
    fc.assert(
      fc.property(
        text,
        fc.option(fc.constantFrom(']Q1', ']C0', ']E0', 'x'), { nil: undefined }),
        (one, symbology) => {
          const { kind } = identifyCode(one, symbology, TABLE);
          expect(['wallet', 'emvConsumer', 'product', 'ambiguous', 'unknown']).toContain(kind);
          const merchant = decodeMerchantCode(one);
          if (!isMalformed(merchant)) expect(encodeMerchantCode(merchant.objects)).toBe(one);
        },
      ),
      { numRuns: 200 },
    );
  });

  // `npm run fuzz-codes` does 100,000.
  it('that was a code before it was damaged gives an answer or a clear refusal', () => {
    const { failures, outcomes } = fuzzCodes(ALL_CODES, TABLE, 3000, 7);
    expect(failures).toEqual([]);
    for (const outcome of ['merchant: decoded', 'consumer: decoded', 'identified: alipay']) {
      expect(outcomes.get(outcome)).toBeGreaterThan(5);
    }
  });
});
