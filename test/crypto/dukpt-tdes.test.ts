import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { desCbcDecrypt, desCbcEncrypt, desDecrypt } from '#crypto/des.ts';
import {
  nextTdesSerial,
  type TdesKeyUsage,
  tdesDecryptData,
  tdesEncryptData,
  tdesInitialKey,
  tdesTransactionKey,
  tdesWorkingKey,
} from '#crypto/dukpt-tdes.ts';
import { decipherPinBlock, encipherPinBlock, pinBlock0 } from '#crypto/pin-block.ts';
import { x919Mac } from '#crypto/retail-mac.ts';
import {
  TDES,
  TDES_DATA,
  TDES_ECB,
  TDES_FIRST,
  TDES_OTHER,
  TDES_PIN_BLOCKS,
  TDES_TRANSACTIONS,
} from './dukpt-vectors.ts';
import { good, refused } from './outcomes.ts';

const INITIAL_KEY = hex(TDES.initialKey);

const workingKeyOf = (serial: string, usage: TdesKeyUsage): Uint8Array =>
  good(tdesWorkingKey(good(tdesTransactionKey(INITIAL_KEY, hex(serial))), usage));

describe('the example of X9.24-1', () => {
  test('initial key, at whatever counter', () => {
    for (const serial of ['FFFF9876543210E00000', 'FFFF9876543210E00001', 'FFFF9876543210FFFFFF']) {
      expect(toHex(good(tdesInitialKey(hex(TDES.bdk), hex(serial))))).toBe(TDES.initialKey);
    }
  });

  test.each(TDES_FIRST)('transaction $serial', ({ serial, ...expected }) => {
    const data = new TextEncoder().encode('4012345678909D987');
    const padded = new Uint8Array(24);
    padded.set(data);
    const key = (usage: TdesKeyUsage) => workingKeyOf(serial, usage);
    const clear = good(pinBlock0('1234', '4012345678909'));
    expect({
      transaction: toHex(good(tdesTransactionKey(INITIAL_KEY, hex(serial)))),
      pin: toHex(good(encipherPinBlock(key('pinEncryption'), clear))),
      dataRequest: toHex(good(tdesEncryptData(key('dataRequest'), padded))),
      dataResponse: toHex(good(tdesEncryptData(key('dataResponse'), padded))),
      macRequest: toHex(good(x919Mac(key('macRequest'), data))),
      macResponse: toHex(good(x919Mac(key('macResponse'), data))),
    }).toEqual(expected);
  });
});

describe('other published keys', () => {
  test('an initial key', () => {
    const key = tdesInitialKey(hex(TDES_OTHER.bdk), hex(TDES_OTHER.serial));
    expect(toHex(good(key))).toBe(TDES_OTHER.initialKey);
  });

  test.each(TDES_TRANSACTIONS)('transaction key of $serial: $id', ({ serial, transaction }) => {
    const initial = good(tdesInitialKey(hex(TDES.bdk), hex(serial)));
    expect(toHex(good(tdesTransactionKey(initial, hex(serial))))).toBe(transaction);
  });

  test.each(TDES_DATA)('data: $id', ({ serial, usage, data, encrypted }) => {
    const key = workingKeyOf(serial, usage);
    expect(desCbcEncrypt(key, hex(data))).toEqual(hex(encrypted));
    expect(desCbcDecrypt(key, hex(encrypted))).toEqual(hex(data));
    expect(tdesDecryptData(key, hex(encrypted))).toEqual(hex(data));
  });

  test.each(TDES_PIN_BLOCKS)('PIN block: $id', ({ serial, pin, pan, enciphered }) => {
    const key = workingKeyOf(serial, 'pinEncryption');
    expect(toHex(good(encipherPinBlock(key, good(pinBlock0(pin, pan)))))).toBe(enciphered);
    expect(decipherPinBlock(key, hex(enciphered), pan)).toBe(pin);
  });

  test('blocks one by one', () => {
    expect(desDecrypt(hex(TDES_ECB.key), hex(TDES_ECB.encrypted))).toEqual(hex(TDES_ECB.data));
  });
});

describe('counters', () => {
  test.each([
    ['FFFF9876543210E00000', 'FFFF9876543210E00001'],
    // openemv/dukpt@1d01dda, dukpt-tool: 007FF has 11 one-bits.
    ['FFFF9876543210E007FE', 'FFFF9876543210E00800'],
    ['FFFF9876543210FFF400', 'FFFF9876543210FFF800'],
  ])('behind %s comes %s', (serial, following) => {
    expect(toHex(nextTdesSerial(hex(serial)) as Uint8Array)).toBe(following);
  });

  test('end at 1FF800', () => {
    expect(nextTdesSerial(hex('FFFF9876543210FFF800'))).toBe('exhausted');
  });

  test('of 0 or of more than 10 one-bits have no key', () => {
    const key = (serial: string) => refused(tdesTransactionKey(INITIAL_KEY, hex(serial)));
    expect(key('FFFF9876543210E00000')).toContain('transaction counter 0');
    expect(key('FFFF9876543210E007FF')).toContain('more than 10 one-bits');
  });

  test('lead from one key to another, never the same', () => {
    const seen = new Set<string>();
    let serial = hex('FFFF9876543210E00000');
    for (let i = 0; i < 500; i++) {
      serial = nextTdesSerial(serial) as Uint8Array;
      seen.add(toHex(good(tdesTransactionKey(INITIAL_KEY, serial))));
    }
    expect(seen.size).toBe(500);
  });
});

describe('data', () => {
  const key = workingKeyOf('FFFF9876543210E00001', 'dataRequest');

  test('comes back', () => {
    const blocks = fc
      .uint8Array({ maxLength: 64 })
      .map((bytes) => bytes.subarray(0, bytes.length - (bytes.length % 8)));
    fc.assert(
      fc.property(blocks, fc.uint8Array({ minLength: 8, maxLength: 8 }), (data, iv) => {
        expect(tdesDecryptData(key, good(tdesEncryptData(key, data, iv)), iv)).toEqual(data);
      }),
    );
  });

  test.each([
    ['in parts of blocks', () => tdesEncryptData(key, new Uint8Array(7)), 'data at 0'],
    ['under half a key', () => tdesDecryptData(key.slice(8), new Uint8Array(8)), 'data key at 0'],
    [
      'from an initial vector of AES',
      () => tdesEncryptData(key, new Uint8Array(8), new Uint8Array(16)),
      'initial vector at 0',
    ],
  ])('%s is refused', (_, make, problem) => {
    expect(refused(make())).toContain(problem);
  });
});

describe('lengths that can not be', () => {
  const serial = hex('FFFF9876543210E00001');

  test.each([
    ['a base derivation key', () => tdesInitialKey(INITIAL_KEY.subarray(8), serial)],
    ['a serial number of AES DUKPT', () => tdesInitialKey(INITIAL_KEY, new Uint8Array(12))],
    ['an initial key', () => tdesTransactionKey(new Uint8Array(24), serial)],
    ['a serial number', () => tdesTransactionKey(INITIAL_KEY, serial.subarray(2))],
    ['a transaction key', () => tdesWorkingKey(new Uint8Array(8), 'macRequest')],
    ['a serial number to count', () => nextTdesSerial(new Uint8Array(8))],
  ])('%s', (_, make) => {
    expect(refused(make())).toMatch(/ at 0: \d+ bytes instead of 1[06]$/);
  });
});
