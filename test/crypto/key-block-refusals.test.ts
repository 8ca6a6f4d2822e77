import { describe, expect, test } from 'vitest';
import { paddingLength, parseKeyBlock, unwrapKey, wrapKey } from '#crypto/key-block.ts';
import { header, wrapped } from './key-block-samples.ts';
import { refused } from './outcomes.ts';

describe('what is wrong is said, and where', () => {
  const protection = new Uint8Array(16).fill(0x45);

  test.each([
    // psec-202, -948, -964, and moov-hdr-1114, psec-149, -158, -187 with the length that they have.
    ['', 'key block › header at 0: 0 characters are too few'],
    ['E0016P0TE00N0000', 'key block › version at 0: none of A, B, C and D'],
    ['B0017P0TE00N0000', 'key block › length at 1: not the 16 characters that there are'],
    ['B00 6P0TE00N0000', 'key block › length at 1: not the 16 characters that there are'],
    ['B0016p0TE00N0000', 'key block › key usage at 5: characters that it never has'],
    ['B0016P0_E00N0000', 'key block › algorithm at 7: characters that it never has'],
    ['B0016P0T_00N0000', 'key block › mode of use at 8: characters that it never has'],
    ['B0016P0TE0_N0000', 'key block › key version at 9: characters that it never has'],
    ['B0016P0TE00_0000', 'key block › exportability at 11: characters that it never has'],
    [
      'B0016P0TE00N0A00',
      'key block › number of optional blocks at 12: characters that it never has',
    ],
    ['B0016P0TE00N00_0', 'key block › context at 14: characters that it never has'],
    ['B0016P0TE00N0000', 'key block › ciphertext at 16: -16 characters are no blocks of 8 bytes'],
    ['B0016P0TE00N0100', 'key block › optional block at 16: no name'],
    ['B0024P0TE00N0200KS0600TT', 'key block › optional block TT at 24: no length'],
    ['B0022P0TE00N0100KS0001', 'key block › optional block KS at 18: no length'],
    [
      'B0024P0TE00N0100KS0001FF',
      'key block › optional block KS at 18: length 15 runs past the end',
    ],
    [
      'B0024P0TE00N0100KS0002FF',
      'key block › optional block KS at 18: length 255 runs past the end',
    ],
    [
      'B0024P0TE00N0100KS03ABCD',
      'key block › optional block KS at 18: length 3 is shorter than its own head',
    ],
    ['B0024P0TE00N0100KS09ABCD', 'key block › optional block KS at 18: length 9 runs past the end'],
    [
      'B0028P0TE00N0200KS04TT00021F',
      'key block › optional block TT at 22: length 31 runs past the end',
    ],
    ['B0024P0TE00N0200KS04KS04', 'key block › optional block KS at 20: there twice'],
    ['B0024P0TE00N0100KS08ABCé', 'key block › optional block KS at 20: not printable'],
    [
      'B0020P0TE00N0100KS04',
      "key block › optional blocks at 16: 4 characters don't fill cipher blocks",
    ],
    [
      'A0087M3TC00E000062C2C14D8785A01A9E8283525CA96F490D0CC6346FC7C2AC1E6FF354468910379AA5BBA',
      'key block › ciphertext at 16: 63 characters are no blocks of 8 bytes',
    ],
    [
      'D0112P0AE00E0000DDF7B73888F22B757600010215895621B94A4E8DA57DD3E01BB66FF046A4E6B89B8F5C30' +
        'BDD3A946205FDF791C3548EX',
      'key block › MAC at 80: not hexadecimal',
    ],
  ])('%s', (block, problem) => {
    expect(refused(parseKeyBlock(block))).toBe(problem);
  });

  test.each([
    // psec@90ccbf3, test_kb_unwrap_exceptions; moov-neg-1095: a right MAC, a wrong length.
    [
      'B0064M3TC00E00000398DC96A5DDB0EF61E26F8935173BD478DF9484050A672A',
      'key block › key length at 16: 128 bits in 16 bytes',
    ],
    [
      'A0056M3TC00E0000C6F4C83842160CBA48D98A1218862857124FAF46',
      'key block › key length at 16: 3 bits in 16 bytes',
    ],
    [
      'C0056M3TC00E000001235EC22408B6CE866746FF992B8707FD7A26D2',
      'key block › key length at 16: 128 bits in 16 bytes',
    ],
    [
      'C0056M3TC00E0000BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB9AA5BBA6',
      'key block › MAC at 48: not the one of this protection key',
    ],
    [
      'D0112P0AE00E00000DC02E4C2B63120403CC732FB1B17E6D44138E7C341AE7368DEAD6FB4673F25E' +
        'CFD803F1101F701A7FE8BD3516D3D1BF',
      'key block › key length at 16: 256 bits in 32 bytes',
    ],
  ])('%s', (block, problem) => {
    expect(refused(unwrapKey(protection, block))).toBe(problem);
  });

  test.each([
    ['A', 8],
    ['A', 7],
    ['B', 8],
    ['B', 32],
    ['C', 8],
    ['D', 8],
    ['D', 20],
  ] as const)('version %s has no protection key of %i bytes (psec-931)', (version, length) => {
    const key = new Uint8Array(16);
    const of = header({ version });
    const problem = `at 0: ${length} bytes are no protection key for version ${version}`;
    const padding = new Uint8Array(paddingLength(of, 16));
    expect(refused(wrapKey(new Uint8Array(length), of, key, padding))).toContain(problem);
    const block = wrapped(protection, of, key);
    expect(refused(unwrapKey(new Uint8Array(length), block))).toContain(problem);
  });

  test.each([
    ['no key', header(), new Uint8Array(0), 14, 'key at 0: 0 bytes'],
    ['a key too long', header(), new Uint8Array(8192), 14, 'key at 0: 8192 bytes'],
    ['other padding', header(), new Uint8Array(16), 13, 'padding at 0: 13 bytes fill no block'],
    ['a block too long', header(), new Uint8Array(6000), 14, 'length at 1'],
    ['no usage', header({ usage: '' }), new Uint8Array(16), 14, 'header at 5'],
    // psec-222
    ['a sign', header({ exportability: '_' }), new Uint8Array(16), 14, 'exportability at 11'],
    [
      'padding as data',
      header({ optionalBlocks: [{ id: 'PB', data: '' }] }),
      new Uint8Array(16),
      14,
      'no name for a block',
    ],
    [
      'one block twice',
      header({
        optionalBlocks: [
          { id: 'KS', data: '' },
          { id: 'KS', data: '' },
        ],
      }),
      new Uint8Array(16),
      14,
      'one is there twice',
    ],
    [
      'a line break',
      header({ optionalBlocks: [{ id: 'LB', data: 'a\nb' }] }),
      new Uint8Array(16),
      14,
      'not printable',
    ],
  ] as const)('wrapping %s', (_, of, key, padding, problem) => {
    const outcome = wrapKey(protection, of, key, new Uint8Array(padding));
    expect(refused(outcome)).toContain(problem);
  });
});
