import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { desCbcEncrypt, desDecrypt, desEncrypt, padBlocks, retailMac } from '#crypto/des.ts';

describe('triple DES', () => {
  it('makes the card master key of option A (pyemv)', () => {
    // Rightmost 16 digits of PAN and sequence number, and their complement.
    const key = hex('0123456789ABCDEFFEDCBA9876543210');
    const y = hex('4567890123456701');
    const made =
      toHex(desEncrypt(key, y)) +
      toHex(
        desEncrypt(
          key,
          y.map((byte) => byte ^ 0xff),
        ),
      );
    // Each byte has odd parity in the published key; the lowest bit isn't part of the key.
    const even = (text: string) => toHex(hex(text).map((byte) => byte & 0xfe));
    expect(even(made)).toBe(even('73AD54688CEF2934B0979857E3C719F1'));
  });

  it('with one key twice is single DES', () => {
    // FIPS 81, the classic example.
    expect(toHex(desEncrypt(hex('0123456789ABCDEF'), hex('4E6F772069732074')))).toBe(
      '3FA40E8A984D4815',
    );
  });

  it.each(['0123456789ABCDEF', '0123456789ABCDEFFEDCBA9876543210'])(
    'is undone by decryption, with a key of any length: %s',
    (key) => {
      const blocks = hex('00112233445566778899AABBCCDDEEFF');
      expect(desDecrypt(hex(key), desEncrypt(hex(key), blocks))).toEqual(blocks);
    },
  );

  it('chains its blocks from an initial vector of zeros', () => {
    const key = hex('0123456789ABCDEFFEDCBA9876543210');
    const first = desEncrypt(key, hex('0011223344556677'));
    expect(desCbcEncrypt(key, hex('0011223344556677')).subarray(0, 8)).toEqual(first);
    const iv = hex('0011223344556677');
    expect(desCbcEncrypt(key, iv, iv)).toEqual(desEncrypt(key, new Uint8Array(8)));
  });
});

describe('padding (ISO 9797-1; vectors of pyemv tests/test_mac.py)', () => {
  it.each([
    [1, '464646464680', '4646464646800000'],
    [1, '4646464646464680', '4646464646464680'],
    [1, '464646464646464680', '46464646464646468000000000000000'],
    [2, '46464646', '4646464680000000'],
    [2, '4646464646', '4646464646800000'],
    [2, '7A788EA6B8A3E73300000000', '7A788EA6B8A3E7330000000080000000'],
  ] as const)('method %i of %s', (method, data, expected) => {
    expect(toHex(padBlocks(hex(data), method))).toBe(expected);
  });

  it('adds a block to whole blocks by method 2 only', () => {
    expect(padBlocks(new Uint8Array(8), 1).length).toBe(8);
    expect(padBlocks(new Uint8Array(8), 2).length).toBe(16);
  });
});

describe('retail MAC', () => {
  // Source: pyemv cf6b82d tests/test_cvn_hsm.py, tests/test_sm_hsm.py and tests/test_cvv_hsm.py.
  it.each([
    [
      '94F867167C64EF23EAB0CB627A7ACB62',
      '8424000218001C7A788EA6B8A3E733BB221AF527377A2811D2B6EBC396A939',
      '1A22B480EF312F40',
    ],
    [
      '38758097AE8C9410581945610D85986B',
      '842400021028367E05DE3381C29D30A6055A8DEB86',
      '69DA1EE208823022',
    ],
    [
      'A7CD8A644A2F57D6D0675210C4B001F1',
      '8424000110622066A74F1E974AEE671384F0D3A7B9',
      '829AC5DE4B88074D',
    ],
    ['B97A1C1FCE087C3B6820B52F62AB7667', '8418000008001C7A788EA6B8A3E733', 'A4805748F846D851'],
    [
      '1946C1A7A70D9B3DB6FE4C3D70B3BCF7',
      '8424000210001CEAE8A620A75648D88661C474E4940A43',
      '78390C64CB96756E',
    ],
    [
      '6D6425FB9401C21AA1F80451AB85DA3B',
      '42353132333435363738393031323334355E4B454E4F42492F4F424957414E5E333531323130' +
        '31303030303030303030303030303030303030303030303030',
      '4D395E9463B25369',
    ],
  ])('with key %s', (key, data, mac) => {
    expect(toHex(retailMac(hex(key), hex(data), 2))).toBe(mac);
  });

  it('makes the cryptogram of Visa CVN 10 (padding 1)', () => {
    // A vector of our own: PAN 4761739001010119, sequence number 01, option A.
    const key = hex('80A89B585BBF64C2F12915BF578FABE0');
    const data = hex(
      '000000001000000000000000082600000000000826240131001122334420' + '00001A03A00000',
    );
    expect(toHex(retailMac(key, data, 1))).toBe('F34DA82A6BD8D46E');
  });

  it('differs between the paddings where they differ', () => {
    const key = hex('80A89B585BBF64C2F12915BF578FABE0');
    expect(retailMac(key, hex('0102'), 1)).not.toEqual(retailMac(key, hex('0102'), 2));
  });
});
