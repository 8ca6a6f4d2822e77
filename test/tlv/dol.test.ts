import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { type DolValue, fillDol, parseDol, parseTagList } from '#tlv/dol.ts';
import { tagText } from '#tlv/tlv.ts';

describe('a data object list', () => {
  // Source: emv-utils c29b155 emv-decode, of published cards.
  it.each([
    [
      '9F38',
      '9F66049F02069F03069F1A0295059A035F2A029C019F3704',
      '9F66:4 9F02:6 9F03:6 9F1A:2 95:5 9A:3 5F2A:2 9C:1 9F37:4',
    ],
    ['8D', '91108A0295059F3704', '91:16 8A:2 95:5 9F37:4'],
    ['9F49', '9F3704', '9F37:4'],
    ['DF811A', '9F6A04', '9F6A:4'],
    ['a list of a kernel 2 tag', 'DF810C01', 'DF810C:1'],
    ['an empty list', '', ''],
  ])('%s', (_, list, expected) => {
    const entries = parseDol(hex(list));
    if (isMalformed(entries)) throw new Error(entries.problem);
    expect(entries.map(({ tag, length }) => `${tagText(tag)}:${length}`).join(' ')).toBe(expected);
  });

  it.each([
    ['9F66049F02', ['9F02'], 3, 'length is missing'],
    ['9F66049F', [], 3, 'tag runs past the end'],
    ['9F8182838401', [], 0, 'tag runs past the end'],
  ])('that ends inside an entry is malformed: %s', (list, path, offset, problem) => {
    expect(parseDol(hex(list))).toEqual({ malformed: true, path, offset, problem });
  });

  it('cut anywhere is whole, or malformed where the cut entry begins', () => {
    const list = hex('9F66049505DF810C019C01');
    const starts = [0, 3, 5, 9, 11];
    for (let length = 0; length <= list.length; length++) {
      const found = parseDol(list.subarray(0, length));
      const begun = starts.findLast((start) => start < length) ?? 0;
      if (starts.includes(length)) expect(isMalformed(found)).toBe(false);
      else expect(found).toMatchObject({ malformed: true, offset: begun });
    }
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        for (const found of [parseDol(bytes), parseTagList(bytes)]) {
          expect(isMalformed(found) || Array.isArray(found)).toBe(true);
        }
      }),
    );
  });
});

describe('a list of tags', () => {
  it('is told apart by the tags themselves', () => {
    expect(parseTagList(hex('825F249F38DF8115'))).toEqual([0x82, 0x5f24, 0x9f38, 0xdf8115]);
  });

  it('that ends inside a tag is malformed', () => {
    expect(parseTagList(hex('829F'), 10, ['9F4A'])).toEqual({
      malformed: true,
      path: ['9F4A'],
      offset: 11,
      problem: 'tag runs past the end',
    });
  });
});

describe('filling a list (Book 3 §5.4)', () => {
  it.each([
    ['a number is cut on its left', 'n', '000000001250', 2, '1250'],
    ['a number is padded with zeros on its left', 'n', '1250', 6, '000000001250'],
    ['an account number is cut on its right', 'cn', '4761739001010119', 4, '47617390'],
    ['an account number is padded with F on its right', 'cn', '476173', 5, '476173FFFF'],
    ['anything else is cut on its right', 'other', '8000008000', 2, '8000'],
    ['anything else is padded with zeros on its right', 'other', '8000', 5, '8000000000'],
    ['a value that fits stays', 'other', '22', 1, '22'],
    ['an empty number is zeros', 'n', '', 3, '000000'],
    ['nothing asked is nothing given', 'n', '1250', 0, ''],
  ] as const)('%s', (_, format, value, length, expected) => {
    const filled = fillDol([{ tag: 0x9f02, length }], () => ({ value: hex(value), format }));
    expect(toHex(filled)).toBe(expected);
  });

  it('an element that nobody has is zeros', () => {
    expect(toHex(fillDol([{ tag: 0x9f7c, length: 3 }], () => undefined))).toBe('000000');
  });

  it('gives as many bytes as were asked for, whatever there is', () => {
    const anyValue: fc.Arbitrary<DolValue | undefined> = fc.option(
      fc.record({
        value: fc.uint8Array({ maxLength: 20 }),
        format: fc.constantFrom('n', 'cn', 'other'),
      }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(255), anyValue), { maxLength: 8 }), (wanted) => {
        const entries = wanted.map(([length], tag) => ({ tag, length }));
        const filled = fillDol(entries, (tag) => wanted[tag]?.[1]);
        expect(filled.length).toBe(entries.reduce((sum, { length }) => sum + length, 0));
      }),
    );
  });
});
