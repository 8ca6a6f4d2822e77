import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { aesCbcDecrypt, aesCbcEncrypt, aesDecrypt, aesEncrypt } from '#crypto/aes.ts';
import { aesCmac, tdesCmac } from '#crypto/cmac.ts';
import { desCbcDecrypt, desCbcEncrypt, desDecrypt, desEncrypt, padBlocks } from '#crypto/des.ts';
import { sameMac, x919Mac } from '#crypto/retail-mac.ts';
import { CBC_MACS, CIPHERS, CMAC_MESSAGE, CMACS } from './cipher-vectors.ts';
import { good, refused } from './outcomes.ts';

describe('ciphers', () => {
  const ciphers = {
    'aes-cbc': { encrypt: aesCbcEncrypt, decrypt: aesCbcDecrypt },
    'aes-ecb': { encrypt: aesEncrypt, decrypt: aesDecrypt },
    'des-cbc': { encrypt: desCbcEncrypt, decrypt: desCbcDecrypt },
    'des-ecb': { encrypt: desEncrypt, decrypt: desDecrypt },
  };

  test.each(CIPHERS)('$cipher as published: $id', (vector) => {
    const { encrypt, decrypt } = ciphers[vector.cipher];
    const [key, clear, encrypted] = [hex(vector.key), hex(vector.clear), hex(vector.encrypted)];
    const iv = 'iv' in vector ? hex(vector.iv) : undefined;
    expect(encrypt(key, clear, iv)).toEqual(encrypted);
    expect(decrypt(key, encrypted, iv)).toEqual(clear);
  });
});

describe('CMAC', () => {
  test.each(CMACS)('$cipher of $length bytes is $mac', ({ cipher, key, length, mac }) => {
    const cmac = cipher === 'aes' ? aesCmac : tdesCmac;
    expect(toHex(cmac(hex(key), hex(CMAC_MESSAGE).subarray(0, length)))).toBe(mac);
  });
});

describe('a MAC by CBC', () => {
  test.each(CBC_MACS)('is its last block: $id', ({ cipher, key, data, padding, mac }) => {
    const size = cipher === 'aes' ? 16 : 8;
    const blocks = cipher === 'aes' ? hex(data) : padBlocks(hex(data), padding);
    const encrypt = cipher === 'aes' ? aesCbcEncrypt : desCbcEncrypt;
    const last = encrypt(hex(key), blocks).subarray(-size);
    expect(toHex(last.subarray(0, mac.length / 2))).toBe(mac);
  });
});

describe('the MAC of X9.19', () => {
  const key = hex('0123456789ABCDEFFEDCBA9876543210');
  const data = new TextEncoder().encode('4012345678909D987');

  test('does not see zeros behind the data', () => {
    const longer = Uint8Array.from([...data, 0]);
    expect(good(x919Mac(key, longer))).toEqual(good(x919Mac(key, data)));
  });

  test('changes with every byte', () => {
    const mac = good(x919Mac(key, data));
    for (let i = 0; i < data.length; i++) {
      const other = data.map((byte, at) => (at === i ? byte ^ 1 : byte));
      expect(good(x919Mac(key, other))).not.toEqual(mac);
    }
  });

  test('takes no key but a double-length one', () => {
    expect(refused(x919Mac(key.subarray(0, 8), data))).toBe('MAC key at 0: 8 bytes instead of 16');
  });
});

describe('a received MAC', () => {
  const computed = hex('9CCC78173FC4FB64');

  test.each(['9CCC78173FC4FB64', '9CCC78173FC4', '9CCC7817'])('%s is the one', (received) => {
    expect(sameMac(computed, hex(received))).toBe(true);
  });

  test.each(['9CCC78173FC4FB65', '9CCC7818', '9CCC78', '', '9CCC78173FC4FB6400'])(
    '%s is not',
    (received) => {
      expect(sameMac(computed, hex(received))).toBe(false);
    },
  );
});
