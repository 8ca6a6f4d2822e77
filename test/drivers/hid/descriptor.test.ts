import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { parseDescriptor, type ReportDescriptor } from '#drivers/hid/descriptor.ts';
import { placesOf } from '#drivers/hid/places.ts';
import { scanLayouts } from '#drivers/hid/scan-layout.ts';
import { USAGES } from '#drivers/hid/usages.ts';
import { HONEYWELL, KEYBOARD, METROLOGIC, PLAIN } from './descriptors.ts';

const parsed = (bytes: Uint8Array): ReportDescriptor => {
  const descriptor = parseDescriptor(bytes);
  if (isMalformed(descriptor)) throw new Error(describeMalformed(descriptor));
  return descriptor;
};

const problemOf = (text: string): string => {
  const descriptor = parseDescriptor(hex(text));
  return isMalformed(descriptor) ? describeMalformed(descriptor) : 'fine';
};

describe('a report descriptor', () => {
  test.each([
    ['Honeywell', HONEYWELL],
    ['Metrologic', METROLOGIC],
  ])("of %s's scanners has codes where their manuals say", (_, bytes) => {
    const layout = scanLayouts(parsed(bytes)).get(2);
    expect(layout?.byteCount?.bitOffset).toBe(0);
    expect(layout?.symbology.map(({ bitOffset }) => bitOffset)).toEqual([8, 16, 24]);
    expect(layout?.data).toMatchObject({ bitOffset: 32, count: 56 });
    // Byte 63 with the report id, as Access IS's manual counts.
    expect(layout?.continued?.bitOffset).toBe(62 * 8);
    expect(layout?.leastBytes).toBe(63);
  });

  test('tells how long reports are, and what the device is', () => {
    const { applications, isNumbered, reportBits } = parsed(HONEYWELL);
    expect(applications).toEqual([USAGES.scanner]);
    expect(isNumbered).toBe(true);
    expect(Object.fromEntries(reportBits)).toEqual({
      'input 2': 63 * 8,
      'output 4': 8,
      'feature 254': 8,
      'output 253': 63 * 8,
    });
  });

  test('without report ids, with a pushed page, a long item and ranges is read as well', () => {
    const descriptor = parsed(PLAIN);
    const layout = scanLayouts(descriptor).get(0);
    expect(descriptor.isNumbered).toBe(false);
    expect(layout?.continued?.bitOffset).toBe(0);
    expect(layout?.symbology.map(({ bitOffset }) => bitOffset)).toEqual([8, 16, 24]);
    expect(layout?.data).toMatchObject({ bitOffset: 32, count: 16 });
    expect(layout?.byteCount).toBeUndefined();
  });

  test('of a keyboard has no codes, its keys as an array of usages', () => {
    const descriptor = parsed(KEYBOARD);
    expect(descriptor.applications).toEqual([USAGES.keyboard]);
    expect(scanLayouts(descriptor).size).toBe(0);
    const [keys] = placesOf(descriptor, 'input', 0x070004);
    expect(keys).toMatchObject({ bitOffset: 16, count: 6, field: { isArray: true, bits: 8 } });
  });

  test('takes the preferred usage of a delimited set', () => {
    const descriptor = parsed(
      hex('05 8C 09 02 A1 01 75 08 95 04 A9 01 09 FE 09 30 A9 00 81 02 C0'),
    );
    expect(placesOf(descriptor, 'input', USAGES.decodedData)).toHaveLength(1);
    expect(placesOf(descriptor, 'input', 0x8c0030)).toHaveLength(0);
  });

  test.each([
    ['05 8C 26 FF', 'an item runs past the end'],
    ['05 8C 09 02 A1 01', 'a collection has no end'],
    ['C0', 'an end without a collection'],
    ['B4', 'a pop without a push'],
    ['85 00', 'report id 0'],
    ['75 08 97 FF FF FF FF 81 02', 'a report of'],
    ['FE 09 F0 00', 'an item runs past the end'],
  ])('%s is refused: %s', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  test('whatever its bytes are, is read or refused', () => {
    const items = fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated(HONEYWELL), mutated(PLAIN));
    fc.assert(
      fc.property(items, (bytes) => {
        const descriptor = parseDescriptor(bytes);
        if (isMalformed(descriptor)) return descriptor.problem !== '';
        return [...descriptor.reportBits.values()].every((bits) => bits <= 16_384 * 8);
      }),
      { numRuns: 2000 },
    );
  });
});

const mutated = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
