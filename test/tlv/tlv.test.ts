import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import {
  encodeTlv,
  isConstructed,
  parseTlvs,
  rawOf,
  sizeOf,
  type Tlv,
  tagBytes,
  tagText,
} from '#tlv/tlv.ts';

describe('TLV that real cards sent', () => {
  // Sources: emv-utils c29b155 with transcripts of published cards; pyemv cf6b82d
  // tests/test_tlv.py; ber-tlv 88af4bf; jPOS 3ff2951e.
  it.each([
    [
      'a directory of a Mastercard (emv-utils, ref-tlv-396)',
      '6F34840E325041592E5359532E4444463031A522BF0C1F61184F07A0000000041010500A4D61' +
        '73746572636172648701014203FFFFFF',
      '6F(84=325041592E5359532E4444463031 A5(BF0C(61(4F=A0000000041010 50=4D6173746' +
        '57263617264 87=01) 42=FFFFFF)))',
    ],
    [
      'an answer to GPO (emv-utils, ref-tlv-235)',
      '770A82021800940408020500',
      '77(82=1800 94=08020500)',
    ],
    [
      'a record with a long PAN (emv-utils, ref-tlv-230)',
      '70385F24032112315A0A6726428902046846007F5F3401025F280202809F0702FFC09F0D05FC' +
        '40A480009F0E0500101800009F0F05FC40A49800',
      '70(5F24=211231 5A=6726428902046846007F 5F34=02 5F28=0280 9F07=FFC0 9F0D=FC40' +
        'A48000 9F0E=0010180000 9F0F=FC40A49800)',
    ],
    [
      'an issuer script (ber-tlv, addToTlvs)',
      '721C9F180400009123861384DA00CB0E0000000000008EBD6E174BAFE4E7910AED3C3B8B03928D0E0012',
      '72(9F18=00009123 86=84DA00CB0E0000000000008EBD6E174BAFE4E7) 91=ED3C3B8B03928D0E0012',
    ],
    ['a length of two bytes that says one (pyemv, tlv-70)', '9C820001FF', '9C=FF'],
    ['a length of two bytes that says nothing (pyemv, tlv-67)', '9C820000', '9C='],
    ['a tag of three bytes (pyemv, tlv-79)', '9F820100', '9F8201='],
    ['an unknown template (jPOS, testParseConstructed)', 'EF079A01019F1A0103', 'EF(9A=01 9F1A=03)'],
  ])('%s', (_, bytes, expected) => {
    expect(textOf(parse(bytes))).toBe(expected);
  });

  it('keeps a long record with a length of 81 as it stands', () => {
    const record = `7081A1${'00'.repeat(0xa1)}`;
    const [object] = parse(record);
    expect(toHex(object === undefined ? hex('') : rawOf(object))).toBe(record);
    expect(object?.valueOffset).toBe(3);
  });
});

describe('TLV that is broken', () => {
  it.each([
    ['nothing after the tag', '9F', [], 0, 'tag runs past the end'],
    ['a tag without an end', '9F8182838485', [], 0, 'tag runs past the end'],
    ['no length', '9F02', ['9F02'], 0, 'length is missing'],
    ['a length of two bytes, one there (pyemv, tlv-104)', '9C8201', ['9C'], 0, 'length runs past'],
    ['the indefinite form (jPOS, 0x00Padding1)', '878000', ['87'], 0, 'a form EMV excludes'],
    ['a length of three bytes', '9C83000001FF', ['9C'], 0, 'a form EMV excludes'],
    ['a value too short', '8202FF', ['82'], 0, 'length 2 runs past the end: only 1 left'],
    ['a second object too short', '8202180094040801', ['94'], 4, 'length 4 runs past the end'],
  ])('%s', (_, bytes, path, offset, problem) => {
    const found = parseTlvs(hex(bytes));
    expect(found).toMatchObject({ malformed: true, path, offset });
    expect((found as Malformed).problem).toContain(problem);
  });

  it('is reported with the templates around it, counted from the outermost byte', () => {
    const [outer] = parse('770882021980940408 01'.replace(' ', ''));
    const inner = parseTlvs(outer?.value ?? hex(''), outer?.valueOffset, ['77']);
    expect(inner).toMatchObject({ path: ['77', '94'], offset: 6 });
  });
});

describe('any TLV', () => {
  it('comes back as it was written, whatever its lengths', () => {
    fc.assert(
      fc.property(anyObjects, (objects) => {
        const bytes = concat(...objects.map(({ tag, value }) => encodeTlv(tag, value)));
        const found = parseTlvs(bytes) as Tlv[];
        expect(found.map(({ tag, value }) => ({ tag, value }))).toEqual(objects);
        expect(concat(...found.map(rawOf))).toEqual(bytes);
      }),
    );
  });

  it('may have 00 bytes before, between and after its objects (Book 3 Annex B)', () => {
    fc.assert(
      fc.property(anyObjects, fc.nat(3), (objects, zeros) => {
        const gap = new Uint8Array(zeros);
        const bytes = concat(
          gap,
          ...objects.flatMap(({ tag, value }) => [encodeTlv(tag, value), gap]),
        );
        const found = parseTlvs(bytes) as Tlv[];
        expect(found.map(({ tag }) => tag)).toEqual(objects.map(({ tag }) => tag));
        for (const object of found) {
          const { offset, valueOffset, value } = object;
          expect(bytes.subarray(offset, offset + sizeOf(object))).toEqual(rawOf(object));
          expect(bytes.subarray(valueOffset, valueOffset + value.length)).toEqual(value);
        }
      }),
    );
  });

  it('cut anywhere is malformed where the cut object begins, or is whole', () => {
    fc.assert(
      fc.property(anyObjects, fc.nat(), (objects, cut) => {
        const parts = objects.map(({ tag, value }) => encodeTlv(tag, value));
        const bytes = concat(...parts);
        const length = cut % (bytes.length + 1);
        const starts = parts.map((_, index) => concat(...parts.slice(0, index)).length);
        const found = parseTlvs(bytes.subarray(0, length));
        const cutAt = starts.findLast((start) => start < length);
        if (length === 0 || starts.includes(length) || length === bytes.length) {
          expect(isMalformed(found)).toBe(false);
        } else {
          expect(found).toMatchObject({ malformed: true, offset: cutAt });
        }
      }),
    );
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const found = parseTlvs(bytes);
        expect(isMalformed(found) || Array.isArray(found)).toBe(true);
      }),
    );
  });
});

describe('the length of an object', () => {
  it.each([
    [0, '9C00'],
    [0x7f, '9C7F'],
    [0x80, '9C8180'],
    [0xff, '9C81FF'],
    [0x100, '9C820100'],
    [0xffff, '9C82FFFF'],
  ])('of %i bytes takes the shortest form', (length, head) => {
    expect(toHex(encodeTlv(0x9c, new Uint8Array(length)).subarray(0, head.length / 2))).toBe(head);
  });
});

describe('tags', () => {
  it('are written as they are read', () => {
    fc.assert(
      fc.property(anyTag, (tag) => {
        expect(Number.parseInt(tagText(tag), 16)).toBe(tag);
        expect(toHex(tagBytes(tag))).toBe(tagText(tag));
      }),
    );
  });

  it.each([
    [0x70, true],
    [0x5a, false],
    [0xbf0c, true],
    [0x9f10, false],
    [0xff8105, true],
    [0xdf8115, false],
  ])('%i: a template is told by bit 6 of the first byte', (tag, constructed) => {
    expect(isConstructed(tag)).toBe(constructed);
  });
});

const anyTag = fc.constantFrom(
  ...[0x50, 0x57, 0x5a, 0x70, 0x82, 0x94, 0x5f24, 0x9f02, 0x9f10, 0xbf0c, 0xdf8115, 0xff8105],
);
const anyObjects = fc.array(
  fc.record({
    tag: anyTag,
    value: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ minLength: 120, maxLength: 140 }),
      fc.uint8Array({ minLength: 250, maxLength: 260 }),
    ),
  }),
  { maxLength: 5 },
);

const parse = (bytes: string): Tlv[] => {
  const found = parseTlvs(hex(bytes));
  if (isMalformed(found)) throw new Error(found.problem);
  return found;
};

const textOf = (objects: readonly Tlv[]): string =>
  objects
    .map(({ tag, value }) =>
      isConstructed(tag)
        ? `${tagText(tag)}(${textOf(parse(toHex(value)))})`
        : `${tagText(tag)}=${toHex(value)}`,
    )
    .join(' ');
