import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { isOdaFailure, staticDataToAuthenticate } from '#oda/index.ts';

const AIP = hex('2040');
const TAG_LIST = hex('82');
const PAN_RECORD = hex('700A 5A089999990123456789');
const DATE_RECORD = hex('7006 5F2403281130');

describe('the static data to be authenticated', () => {
  test('of files 1 to 10 is what stands in template 70', () => {
    const records = [
      { sfi: 1, body: PAN_RECORD },
      { sfi: 10, body: DATE_RECORD },
    ];
    expect(staticDataToAuthenticate(records, AIP, undefined)).toEqual(
      hex('5A089999990123456789 5F2403281130'),
    );
  });

  test('of files 11 to 30 is the record with its template', () => {
    const records = [
      { sfi: 11, body: DATE_RECORD },
      { sfi: 30, body: PAN_RECORD },
    ];
    expect(staticDataToAuthenticate(records, AIP, undefined)).toEqual(
      concat(DATE_RECORD, PAN_RECORD),
    );
  });

  test('ends with the interchange profile if the tag list asks for it', () => {
    const records = [{ sfi: 2, body: DATE_RECORD }];
    expect(staticDataToAuthenticate(records, AIP, TAG_LIST)).toEqual(hex('5F2403281130 2040'));
  });

  test('keeps a length in the form the card chose', () => {
    const body = hex('708106 5F2403281130');
    expect(staticDataToAuthenticate([{ sfi: 20, body }], AIP, undefined)).toEqual(body);
    expect(staticDataToAuthenticate([{ sfi: 1, body }], AIP, undefined)).toEqual(
      hex('5F2403281130'),
    );
  });

  test('gains nothing from an empty template', () => {
    expect(staticDataToAuthenticate([{ sfi: 1, body: hex('7000') }], AIP, undefined)).toEqual(
      hex(''),
    );
  });
});

describe('there is no static data', () => {
  test.each([
    ['the interchange profile and more', '825A'],
    ['something else', '5A'],
    ['nothing', ''],
  ])('when the tag list asks for %s', (_, list) => {
    expect(staticDataToAuthenticate([], AIP, hex(list))).toMatchObject({
      odaFailure: 'wrong',
      element: 0x9f4a,
    });
  });

  test('when the interchange profile that is asked for was never sent', () => {
    expect(staticDataToAuthenticate([], undefined, TAG_LIST)).toMatchObject({
      odaFailure: 'dataMissing',
      element: 0x82,
    });
  });

  test.each([
    ['is empty', ''],
    ['is no template 70', '77025A00'],
    ['ends early', '70085A0899'],
    ['has a second object behind the template', '70005A00'],
    ['has something before the template', '007000'],
  ])('when a record %s', (_, body) => {
    for (const sfi of [1, 11]) {
      expect(staticDataToAuthenticate([{ sfi, body: hex(body) }], AIP, undefined)).toMatchObject({
        odaFailure: 'wrong',
        element: 0x70,
      });
    }
  });
});

test('no record makes it throw', () => {
  const body = fc.uint8Array({ maxLength: 40 });
  const records = fc.array(fc.record({ sfi: fc.integer({ min: 1, max: 30 }), body }));
  fc.assert(
    fc.property(records, body, body, (some, aip, list) => {
      const result = staticDataToAuthenticate(some, aip, list);
      expect(isOdaFailure(result) || result instanceof Uint8Array).toBe(true);
    }),
  );
});
