import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { paddingLength, parseKeyBlock, unwrapKey, wrapKey } from '#crypto/key-block.ts';
import { writeHeader } from '#crypto/key-block-header.ts';
import { fitsAlgorithm, keyCheckValue } from '#crypto/key-check-value.ts';
import { header, wrapped } from './key-block-samples.ts';
import { EMPTY_KEY_BLOCKS, KEY_BLOCKS, LONG_HEADER, READABLE } from './key-block-vectors.ts';
import { good, refused } from './outcomes.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const tdesKeys = fc.oneof(bytes(16), bytes(24));
const aesKeys = fc.oneof(bytes(16), bytes(24), bytes(32));
const upper = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const two = fc.string({ unit: upper, minLength: 2, maxLength: 2 });
const printable = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((c) => String.fromCharCode(c)),
  maxLength: 300,
});
const optionalBlocks = fc.uniqueArray(
  fc.record({ id: two.filter((id) => id !== 'PB'), data: printable }),
  { maxLength: 4, selector: ({ id }) => id },
);
const headers = fc.record({
  version: fc.constantFrom('A' as const, 'B' as const, 'C' as const, 'D' as const),
  usage: two,
  algorithm: fc.constantFrom('A', 'T', 'D', 'H', 'R'),
  modeOfUse: upper,
  keyVersion: two,
  exportability: fc.constantFrom('E', 'N', 'S'),
  context: two,
  optionalBlocks,
});
const keys = fc.uint8Array({ minLength: 1, maxLength: 300 });

/** A header, a protection key that it can have, and padding. */
const wrappings = headers.chain((of) =>
  fc.record({
    of: fc.constant(of),
    protection: of.version === 'D' ? aesKeys : tdesKeys,
    key: keys,
    hidden: fc.boolean(),
  }),
);

describe('published key blocks', () => {
  test.each(KEY_BLOCKS)('$id', (vector) => {
    const { header: read, key } = good(unwrapKey(hex(vector.protection), vector.block));
    expect(key).toEqual(hex(vector.key));
    expect(read.version).toBe(vector.block[0]);
    if ('checkValue' in vector) {
      expect(toHex(keyCheckValue(read.algorithm, key) ?? key)).toBe(vector.checkValue);
    }
  });

  test.each(READABLE)('the header of $id is read, its key stays closed', ({ block }) => {
    const read = good(parseKeyBlock(block)).header;
    expect(`${read.version}${block.slice(1, 5)}${read.usage}${read.algorithm}`).toBe(
      block.slice(0, 8),
    );
    const protection = new Uint8Array(16).fill(0x77);
    expect(refused(unwrapKey(protection, block))).toContain('not the one of this protection key');
  });

  test.each(EMPTY_KEY_BLOCKS)('$id holds a key of no length: refused', (vector) => {
    expect(refused(unwrapKey(hex(vector.protection), vector.block))).toMatch(
      /0 bits in \d+ bytes$/,
    );
  });

  test('optional blocks tell serial number and check values (openemv-decode-test4)', () => {
    const block =
      'B0128B1TX00N0300KS18FFFF00A0200001E00000KC0C000169E3KP0C00ECAD626F9F1A826814AA06' +
      '6D86C8C18BD0E14033E1EBEC75BEDF586E6E325F3AA8C0E5';
    expect(good(parseKeyBlock(block)).header).toEqual({
      version: 'B',
      usage: 'B1',
      algorithm: 'T',
      modeOfUse: 'X',
      keyVersion: '00',
      exportability: 'N',
      context: '00',
      optionalBlocks: [
        { id: 'KS', data: 'FFFF00A0200001E00000' },
        { id: 'KC', data: '000169E3' },
        { id: 'KP', data: '00ECAD62' },
      ],
    });
  });

  test('padding of optional blocks is not told (psec-839)', () => {
    const block =
      'A0112P0TE12E0200KS1400604B120F929280PB047A1BB737854CD7AF58A8A1E4506A942277EDA76E' +
      'BA6BA228AF62ADDA3AD8799E8B2C8CD7';
    const { keyVersion, optionalBlocks } = good(parseKeyBlock(block)).header;
    expect(keyVersion).toBe('12');
    expect(optionalBlocks).toEqual([{ id: 'KS', data: '00604B120F929280' }]);
  });
});

describe('published headers', () => {
  test('check values, filled up with PB (openemv-export-6)', () => {
    const of = header({
      usage: 'P0',
      algorithm: 'T',
      modeOfUse: 'E',
      exportability: 'E',
      optionalBlocks: [
        { id: 'KC', data: '0057C409' },
        { id: 'KP', data: '012331550BC9' },
      ],
    });
    expect(writeHeader(of, 2 * 48)).toBe('D0144P0TE00E0300KC0C0057C409KP10012331550BC9PB04');
    // KC is the key's, by encrypted zeros (00), KP the protection key's, by CMAC (01).
    const key = hex('3F419E1CB7079442AA37474C2EFBF8B8');
    const protection = hex('88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6');
    expect(keyCheckValue('T', key)).toEqual(hex('57C409'));
    expect(keyCheckValue('A', protection)).toEqual(hex('2331550BC9'));
  });

  test('a long optional block and a key of 121 bytes (openemv-export-16, X9.143 §8.6)', () => {
    const of = header({
      usage: 'S0',
      algorithm: 'E',
      modeOfUse: 'S',
      optionalBlocks: [
        { id: 'CT', data: LONG_HEADER.chain },
        { id: 'KP', data: '012331550BC9' },
        { id: 'TS', data: '20200818004100Z' },
      ],
    });
    const protection = hex('88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6');
    const block = wrapped(protection, of, hex(LONG_HEADER.key));
    expect(block.startsWith(LONG_HEADER.header)).toBe(true);
    expect(unwrapKey(protection, block)).toEqual({ header: of, key: hex(LONG_HEADER.key) });
  });

  test('one block filled up with PB to a block of AES (psec-102)', () => {
    const of = header({ optionalBlocks: [{ id: 'KS', data: '00604B120F9292800000' }] });
    expect(good(writeHeader(of, 96)).slice(12)).toBe('0200KS1800604B120F9292800000PB080000');
  });

  test('a key of 24 bytes under AES takes 112 characters (psec-636)', () => {
    const of = header({ usage: 'P0', algorithm: 'T', modeOfUse: 'E' });
    expect(wrapped(new Uint8Array(32), of, new Uint8Array(24)).slice(0, 16)).toBe(
      'D0112P0TE00N0000',
    );
  });
});

describe('lengths', () => {
  // psec@90ccbf3, test_kb_masking_key_length: version, algorithm, key, hidden, characters.
  test.each([
    ['A', 'D', 8, true, 88],
    ['A', 'D', 16, true, 88],
    ['A', 'D', 24, true, 88],
    ['C', 'T', 8, false, 56],
    ['C', 'T', 16, false, 72],
    ['C', 'T', 24, false, 88],
    ['C', 'T', 8, true, 88],
    ['D', 'A', 24, true, 144],
    ['D', 'A', 24, false, 112],
    ['D', 'T', 16, false, 112],
  ] as const)(
    'version %s, algorithm %s, %i bytes, hidden %s: %i',
    (version, algorithm, length, hide, characters) => {
      const of = header({ version, algorithm });
      const padding = new Uint8Array(paddingLength(of, length, hide));
      const block = good(wrapKey(new Uint8Array(24), of, new Uint8Array(length), padding));
      expect(block.length).toBe(characters);
    },
  );

  test('of keys that an algorithm has', () => {
    const lengths = (algorithm: string) =>
      [0, 8, 16, 24, 32, 20].filter((length) => fitsAlgorithm(algorithm, length));
    expect(lengths('A')).toEqual([16, 24, 32]);
    expect(lengths('T')).toEqual([16, 24]);
    expect(lengths('D')).toEqual([8]);
    expect(lengths('H')).toEqual([8, 16, 24, 32, 20]);
    expect(keyCheckValue('T', new Uint8Array(8))).toBeUndefined();
    expect(keyCheckValue('H', new Uint8Array(16))).toBeUndefined();
  });
});

describe('any key block', () => {
  test('gives back what was wrapped', () => {
    fc.assert(
      fc.property(wrappings, fc.uint8Array({ minLength: 64, maxLength: 64 }), (w, random) => {
        const padding = random.subarray(0, paddingLength(w.of, w.key.length, w.hidden));
        const block = good(wrapKey(w.protection, w.of, w.key, padding));
        expect(block.length).toBe(Number(block.slice(1, 5)));
        expect(unwrapKey(w.protection, block)).toEqual({ header: w.of, key: w.key });
      }),
      { numRuns: 200 },
    );
  });

  test('is refused with one bit flipped, anywhere', () => {
    fc.assert(
      fc.property(wrappings, fc.nat(), fc.nat(6), (w, where, bit) => {
        const block = wrapped(w.protection, w.of, w.key);
        const at = where % block.length;
        const flipped = String.fromCharCode(block.charCodeAt(at) ^ (1 << bit));
        refused(unwrapKey(w.protection, block.slice(0, at) + flipped + block.slice(at + 1)));
      }),
      { numRuns: 500 },
    );
  });

  test('is refused with every bit of it flipped in turn', () => {
    const of = header({ optionalBlocks: [{ id: 'IK', data: '1234567890123456' }] });
    const protection = new Uint8Array(32).fill(1);
    const block = wrapped(protection, of, new Uint8Array(16).fill(2));
    for (let at = 0; at < block.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(block.charCodeAt(at) ^ (1 << bit));
        refused(unwrapKey(protection, block.slice(0, at) + flipped + block.slice(at + 1)));
      }
    }
  });

  test('cut off or with another protection key is refused', () => {
    fc.assert(
      fc.property(wrappings, fc.nat(), (w, cut) => {
        const block = wrapped(w.protection, w.of, w.key);
        refused(unwrapKey(w.protection, block.slice(0, cut % block.length)));
        // Not the lowest bit, which is no part of a DES key.
        const other = w.protection.map((byte, i) => (i === 0 ? byte ^ 2 : byte));
        expect(refused(unwrapKey(other, block))).toContain('not the one of this protection key');
      }),
      { numRuns: 100 },
    );
  });

  test('of noise is refused, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), two, (noise, id) => {
        refused(unwrapKey(new Uint8Array(16), noise));
        const length = String(noise.length + 22).padStart(4, '0');
        refused(unwrapKey(new Uint8Array(16), `B${length}B1TX00N0100${id}08${noise}`));
      }),
    );
  });

  test('never says a byte of the key when it is refused', () => {
    fc.assert(
      fc.property(wrappings, fc.nat(), (w, where) => {
        const key = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
        const block = wrapped(w.protection, w.of, key);
        const at = where % block.length;
        const changed = `${block.slice(0, at)}~${block.slice(at + 1)}`;
        const outcome = unwrapKey(w.protection, changed);
        if (isMalformed(outcome)) expect(JSON.stringify(outcome)).not.toMatch(/A[0-9A-F]A[0-9A-F]/);
      }),
    );
  });
});
