import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBcd } from '#bytes/bcd.ts';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { decode, fullYear } from '#data/decode.ts';
import { type ElementName, element } from '#data/dictionary.ts';
import { elements } from '#data/elements.ts';

const as = (name: ElementName, value: string) => decode(element(name), hex(value));

describe('a value by its format', () => {
  it.each<[ElementName, string, unknown]>([
    ['amountAuthorisedNumeric', '000000001250', { kind: 'number', value: 1250 }],
    ['transactionCurrencyCode', '0978', { kind: 'number', value: 978 }],
    ['applicationPan', '67264289020468460F', { kind: 'digits', value: '67264289020468460' }],
    ['applicationLabel', '4D617374657263617264', { kind: 'text', value: 'Mastercard' }],
    ['applicationLabel', '56495341200000', { kind: 'text', value: 'VISA ' }],
    ['languagePreference', '6672656E', { kind: 'text', value: 'fren' }],
    ['transactionDate', '261121', { kind: 'date', year: 2026, month: 11, day: 21 }],
    ['transactionTime', '235959', { kind: 'time', hour: 23, minute: 59, second: 59 }],
    ['applicationCryptogram', '01', { kind: 'bytes', value: hex('01') }],
    ['dsId', '12345678901234567890', { kind: 'bigint', value: 12345678901234567890n }],
  ])('%s %s', (name, value, expected) => {
    expect(as(name, value)).toEqual(expected);
  });

  it('of a template is the objects inside', () => {
    expect(as('readRecordResponseTemplate', '5F3401009A03261121')).toMatchObject({
      kind: 'objects',
      value: [{ tag: 0x5f34 }, { tag: 0x9a }],
    });
    expect(as('readRecordResponseTemplate', '5F3402')).toMatchObject({ path: ['70', '5F34'] });
  });

  it.each<[ElementName, string]>([
    ['amountAuthorisedNumeric', '00000000125A'],
    ['applicationPan', '4761D39001010119'],
    ['transactionDate', '261301'],
    ['transactionDate', '260229'],
    ['transactionDate', '26'],
    ['applicationExpirationDate', '311131'],
    ['transactionTime', '240000'],
    ['transactionTime', '0A0000'],
    ['applicationLabel', '4D0A'],
    ['issuerCountryCodeAlpha2', '4731'],
    ['languagePreference', '652D'],
  ])('%s is malformed: %s', (name, value) => {
    const found = as(name, value);
    expect(isMalformed(found)).toBe(true);
    expect(JSON.stringify(found)).not.toContain(value);
  });

  it('knows the leap years', () => {
    expect(as('transactionDate', '280229')).toMatchObject({ day: 29 });
    expect(as('transactionDate', '000229')).toMatchObject({ year: 2000 });
  });

  it('puts years from 50 into the last century', () => {
    expect([fullYear(0), fullYear(49), fullYear(50), fullYear(99)]).toEqual([
      2000, 2049, 1950, 1999,
    ]);
  });

  it('comes back from any amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (value) => {
        expect(decode(elements.amountAuthorisedNumeric, toBcd(value, 6))).toEqual({
          kind: 'number',
          value,
        });
      }),
    );
  });

  it('never makes the decoder throw', () => {
    const rows = Object.values(elements);
    fc.assert(
      fc.property(fc.constantFrom(...rows), fc.uint8Array({ maxLength: 40 }), (row, value) => {
        const found = decode(row, value);
        expect(isMalformed(found) || typeof found.kind === 'string').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
