import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { aesCbcDecrypt, aesCbcEncrypt } from '#crypto/aes.ts';
import { aesCmac } from '#crypto/cmac.ts';
import {
  initialKey,
  transactionKey,
  updateKey,
  type WorkingKeyType,
  type WorkingKeyUsage,
  workingKey,
} from '#crypto/dukpt-aes.ts';
import { decipherPinBlock4, encipherPinBlock4 } from '#crypto/pin-block.ts';
import {
  AES_DATA,
  AES_MACS,
  AES_PIN_BLOCKS,
  AES_TRANSACTIONS,
  AES_UPDATE_KEYS,
  AES256,
  AES256_FIRST,
  AES256_LATER,
} from './dukpt-vectors.ts';
import { good, refused } from './outcomes.ts';

const transactionOf = (bdk: string, serial: string): Uint8Array =>
  good(transactionKey(good(initialKey(hex(bdk), hex(serial).subarray(0, 8))), hex(serial)));

const workingKeyOf = (
  bdk: string,
  serial: string,
  usage: WorkingKeyUsage,
  type: WorkingKeyType,
): Uint8Array => good(workingKey(transactionOf(bdk, serial), hex(serial), usage, type));

describe('the supplement of X9.24-3 for AES-256', () => {
  test('initial key', () => {
    expect(toHex(good(initialKey(hex(AES256.bdk), hex(AES256.initialKeyId))))).toBe(
      AES256.initialKey,
    );
  });

  test.each(AES256_FIRST)('keys of transaction $serial', ({ serial, transaction, ...keys }) => {
    expect(toHex(transactionOf(AES256.bdk, serial))).toBe(transaction);
    const made = (usage: WorkingKeyUsage, type: WorkingKeyType) =>
      toHex(workingKeyOf(AES256.bdk, serial, usage, type));
    expect({
      pin128: made('pinEncryption', 'AES128'),
      pin256: made('pinEncryption', 'AES256'),
      mac128: made('macGeneration', 'AES128'),
      mac256: made('macGeneration', 'AES256'),
      data128: made('dataEncrypt', 'AES128'),
      data256: made('dataEncrypt', 'AES256'),
    }).toEqual(keys);
  });

  test.each(AES256_LATER)('transaction $serial', ({ serial, transaction }) => {
    const initial = hex(AES256.initialKey);
    if (serial.endsWith('0001FFFF')) {
      expect(refused(transactionKey(initial, hex(serial)))).toBe(
        'key serial number at 8: transaction counter with more than 16 one-bits',
      );
    } else {
      expect(toHex(good(transactionKey(initial, hex(serial))))).toBe(transaction);
    }
  });
});

describe('other published keys', () => {
  test.each(AES_TRANSACTIONS)('transaction key of $serial: $id', (vector) => {
    expect(toHex(transactionOf(vector.bdk, vector.serial))).toBe(vector.transaction);
  });

  test.each(AES_UPDATE_KEYS)('update key: $id', ({ bdk, initialKeyId, key }) => {
    const id = hex(initialKeyId);
    expect(toHex(good(updateKey(good(initialKey(hex(bdk), id)), id)))).toBe(key);
  });

  test.each(AES_DATA)('data by $usage with $type: $id', (vector) => {
    const key = workingKeyOf(vector.bdk, vector.serial, vector.usage, vector.type);
    expect(aesCbcEncrypt(key, hex(vector.data))).toEqual(hex(vector.encrypted));
    expect(aesCbcDecrypt(key, hex(vector.encrypted))).toEqual(hex(vector.data));
  });

  test('MACs of request and response', () => {
    const { initialKey: initial, serial, transaction, ...macs } = AES_MACS;
    const key = good(transactionKey(hex(initial), hex(serial)));
    expect(toHex(key)).toBe(transaction);
    const data = new TextEncoder().encode('4012345678909D987');
    const made = (usage: WorkingKeyUsage, type: WorkingKeyType) =>
      good(workingKey(key, hex(serial), usage, type));
    const hmac = (usage: WorkingKeyUsage) =>
      toHex(createHmac('sha256', made(usage, 'HMAC128')).update(data).digest());
    expect({
      cmacRequest: toHex(aesCmac(made('macGeneration', 'AES128'), data)),
      cmacResponse: toHex(aesCmac(made('macVerification', 'AES128'), data)),
      hmacRequest: hmac('macGeneration'),
      hmacResponse: hmac('macVerification'),
    }).toEqual(macs);
  });

  test.each(AES_PIN_BLOCKS)('PIN block of format 4: $id', ({ bdk, serial, pan, ...vector }) => {
    const key = workingKeyOf(bdk, serial, 'pinEncryption', 'AES128');
    const block = good(encipherPinBlock4(key, '1234', pan, hex(vector.random)));
    expect(toHex(block)).toBe(vector.enciphered);
    expect(decipherPinBlock4(key, block, pan)).toBe('1234');
  });
});

describe('working keys', () => {
  const serial = hex('123456789012345600000001');
  const key = hex('00112233445566778899AABBCCDDEEFF');
  const USAGES: readonly WorkingKeyUsage[] = [
    'keyEncryption',
    'pinEncryption',
    'macGeneration',
    'macVerification',
    'macBothWays',
    'dataEncrypt',
    'dataDecrypt',
    'dataBothWays',
  ];
  const LENGTHS = { '2TDEA': 16, '3TDEA': 24, AES128: 16, HMAC128: 16 } as const;

  test('are each another one', () => {
    const keys = USAGES.flatMap((usage) =>
      (['2TDEA', '3TDEA', 'AES128', 'HMAC128'] as const).map((type) => {
        const made = good(workingKey(key, serial, usage, type));
        expect(made.length).toBe(LENGTHS[type]);
        return toHex(made);
      }),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(['AES192', 'AES256', 'HMAC192', 'HMAC256'] as const)(
    'of type %s are refused where the derivation key is weaker',
    (type) => {
      expect(refused(workingKey(key, serial, 'dataEncrypt', type))).toBe(
        `working key at 0: ${type} from AES128`,
      );
    },
  );
});

describe('lengths that can not be', () => {
  const key = hex('00112233445566778899AABBCCDDEEFF');
  const serial = hex('123456789012345600000001');

  test.each([
    ['a base derivation key', () => initialKey(key.subarray(1), serial.subarray(4))],
    ['an initial key id', () => initialKey(key, serial)],
    ['an initial key', () => transactionKey(key.subarray(8), serial)],
    ['a key serial number', () => transactionKey(key, serial.subarray(2))],
    ['a transaction key', () => workingKey(key.subarray(8), serial, 'dataEncrypt', 'AES128')],
    ['a serial number for it', () => workingKey(key, new Uint8Array(10), 'dataEncrypt', 'AES128')],
    ['an initial key to update', () => updateKey(key.subarray(8), serial.subarray(4))],
    ['an id to update', () => updateKey(key, serial)],
  ])('%s', (_, make) => {
    expect(refused(make())).toMatch(/ at 0: \d+ bytes (instead of (8|12)|are no AES key)$/);
  });

  test('counter 0 is no transaction', () => {
    expect(refused(transactionKey(key, hex('123456789012345600000000')))).toBe(
      'key serial number at 8: transaction counter 0',
    );
  });
});
