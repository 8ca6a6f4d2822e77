import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { aesCtr, aesEncrypt } from '#crypto/aes.ts';
import { toBytes } from '#crypto/big-integer.ts';
import {
  agreeOnKeys,
  channelCipher,
  channelMac,
  EPHEMERAL_SEED_BYTES,
  ephemeralKey,
  isBlindedBy,
  sessionKeys,
} from '#crypto/blinded-diffie-hellman.ts';
import { aesCmac, aesCmacPlus } from '#crypto/cmac.ts';
import { multipliedX, p256, publicPoint } from '#crypto/elliptic-curve.ts';
import { sha256 } from '#crypto/sha2.ts';
import { given, VECTORS, type Vector, vectors } from './kernel-8-vectors.ts';

const keysOf = ({ in: values }: Vector) => ({
  confidentiality: hex(values['SKc'] ?? ''),
  integrity: hex(values['SKi'] ?? ''),
});
const counterOf = (text = '') => Number.parseInt(text, 16);

describe('keys agreed on', () => {
  test.each(vectors(/^bdh-(1|x\d)$/))('$id', (vector) => {
    const privateKey = given(vector.in, 'dKernel');
    const publicKey = publicPoint(p256, privateKey) ?? new Uint8Array();
    expect(publicKey).toEqual(given(vector.out, 'kernelKeyData9E'));
    const blinded = given(vector.out, 'Pc');
    const shared = given(vector.out, 'z');
    expect(multipliedX(p256, privateKey, blinded)).toEqual(shared);
    const keys = agreeOnKeys({ privateKey, publicKey }, blinded);
    expect(keys).toEqual(sessionKeys(shared));
    expect(keys).toEqual({
      confidentiality: given(vector.out, 'SKc'),
      integrity: given(vector.out, 'SKi'),
    });
    const encrypted = given(vector.out, 'encryptedR');
    const factor = given(vector.in, 'r');
    expect(keys && channelCipher(keys, 0x8000, encrypted)).toEqual(factor);
    expect(isBlindedBy(factor, given(vector.out, 'Qc_x'), blinded)).toBe(true);
    expect(aesCmac(new Uint8Array(16), shared)).toEqual(given(vector.out, 'Kd'));
  });

  test('of the numbers 33, 22 and 11 repeated, computed by hand', () => {
    const privateKey = new Uint8Array(32).fill(0x33);
    const publicKey = publicPoint(p256, privateKey) ?? new Uint8Array();
    const blinded = hex('CCFC261F58193C98CA4AD4A53BBAC6F0EE29BC4D48438090446908622CA79AF6');
    const cardKey = hex('0217E617F0B6443928278F96999E69A23A4F2C152BDF6D6CDF66E5B80282D4ED');
    const keys = agreeOnKeys({ privateKey, publicKey }, blinded);
    expect(keys && toHex(keys.confidentiality)).toBe('5FECC8CC80FB1F9E041A7E6FEC7855AB');
    expect(keys && toHex(keys.integrity)).toBe('D755E9C9F249B06CE4C1795A6637829B');
    expect(isBlindedBy(new Uint8Array(32).fill(0x22), cardKey, blinded)).toBe(true);
    if (keys === undefined) return;
    const iadMac = aesCmacPlus(keys.integrity, hex('000000112233445566778899AABBCCDDEEFF01'));
    expect(toHex(iadMac.subarray(0, 8))).toBe('1CB93E259D2938FA');
    const edaMac = channelMac(keys, 0, hex('0102030405060708'), iadMac.subarray(0, 8));
    expect(toHex(edaMac)).toBe('FA10EE2488AF3D73');
  });

  test('need a point of the curve', () => {
    const own = ephemeralKey(new Uint8Array(EPHEMERAL_SEED_BYTES));
    const [off] = vectors(/^point-not-on-curve/);
    expect(agreeOnKeys(own, given(off?.in ?? {}, 'x'))).toBeUndefined();
    expect(agreeOnKeys(own, toBytes(p256.modulus, 32))).toBeUndefined();
    expect(agreeOnKeys(own, new Uint8Array(31))).toBeUndefined();
    expect(agreeOnKeys(own, new Uint8Array())).toBeUndefined();
  });
});

test('any bytes make a key pair, the same ones the same', () => {
  for (const byte of [0x00, 0x5a, 0xff]) {
    const pair = ephemeralKey(new Uint8Array(EPHEMERAL_SEED_BYTES).fill(byte));
    expect(pair.publicKey).toEqual(publicPoint(p256, pair.privateKey));
  }
  expect(toHex(ephemeralKey(new Uint8Array(EPHEMERAL_SEED_BYTES)).privateKey)).toMatch(/^0+1$/);
});

test.each(vectors(/^bdh-validate/))('$id: the blinding is checked by x alone', (vector) => {
  const [cardKey, blinded] = [given(vector.in, 'Qc_x'), given(vector.in, 'Pc')];
  expect(isBlindedBy(given(vector.in, 'r'), cardKey, blinded)).toBe(true);
  expect(isBlindedBy(given(vector.in, 'rBad'), cardKey, blinded)).toBe(false);
  expect(isBlindedBy(new Uint8Array(32), cardKey, blinded)).toBe(false);
  expect(isBlindedBy(new Uint8Array(32).fill(0xff), cardKey, blinded)).toBe(false);
});

test.each(vectors(/^derived-worked-Pc/))('$id', (vector) => {
  const [r, cardKey] = [given(vector.in, 'r'), given(vector.in, 'Qc_x')];
  expect(isBlindedBy(r, cardKey, given(vector.out, 'Pc'))).toBe(true);
});

describe('messages of the channel', () => {
  test.each(vectors(/^worked-aesctr/))('$id', (vector) => {
    const counter = counterOf(vector.in['counter']);
    const plain = channelCipher(keysOf(vector), counter, given(vector.in, 'cipher'));
    expect(plain).toEqual(given(vector.out, 'plain'));
    const block = given(vector.in, 'iv');
    expect(aesCtr(given(vector.in, 'SKc'), block, plain)).toEqual(given(vector.in, 'cipher'));
    expect(counter + 1).toBe(counterOf(vector.out['counterAfter']));
  });

  test.each(vectors(/^record-ctr/))('$id', (vector) => {
    const counter = counterOf(vector.in['CMC']);
    const cipher = channelCipher(keysOf(vector), counter, given(vector.in, 'plain'));
    expect(cipher).toEqual(given(vector.out, 'cipher'));
    expect(vector.out['templateDA']?.endsWith(toHex(cipher))).toBe(true);
  });

  test.each(vectors(/^read-data/))('$id: over what is encrypted', (vector) => {
    const keys = keysOf(vector);
    const counter = counterOf(vector.in['CMC']);
    const cipher = channelCipher(keys, counter, given(vector.in, 'plainTlv'));
    const mac = channelMac(keys, counter, cipher);
    expect(concat(cipher, mac)).toEqual(given(vector.out, 'response'));
  });

  test.each(vectors(/^write-data/))('$id: over what is in clear', (vector) => {
    const keys = keysOf(vector);
    const plain = given(vector.in, 'plainTlv');
    const sent = channelCipher(keys, counterOf(vector.in['KMC']), plain);
    expect(sent).toEqual(given(vector.out, 'commandData'));
    const mac = channelMac(keys, counterOf(vector.in['CMC']), plain);
    expect(mac).toEqual(given(vector.out, 'responseMac'));
  });
});

test('every vector of the table is held against something here or in a test nearby', () => {
  // Elsewhere: points and EC-SDSA beside this file, certificates in test/oda, DOLs in
  // test/kernels/c8, mk-aes with the simulated issuer's keys.
  const elsewhere = /^(point-|worked-ecsdsa|cert-|dol-|mk-aes)/;
  const here = /^(bdh-|derived|worked-aesctr|record-ctr|read-|write-|cmac-|iad-|iccd-|ac-aes)/;
  expect(VECTORS.filter(({ id }) => !elsewhere.test(id) && !here.test(id))).toEqual([]);
  expect(VECTORS).toHaveLength(50);
});

describe('MACs and hashes', () => {
  test.each(vectors(/^cmac-/))('$id', (vector) => {
    const [key, message] = [given(vector.in, 'key'), given(vector.in, 'message')];
    expect(aesCmac(key, message)).toEqual(given(vector.out, 'cmac'));
    expect(aesCmacPlus(key, message)).toEqual(given(vector.out, 'cmacPlus'));
  });

  test.each(vectors(/^iad-eda-mac/))('$id', (vector) => {
    const key = given(vector.in, 'SKi');
    const iadMac = aesCmacPlus(key, concat(new Uint8Array(2), given(vector.in, 'iadMacInput')));
    expect(iadMac.subarray(0, 8)).toEqual(given(vector.out, 'iadMac'));
    const parts = [given(vector.in, 'AC'), iadMac.subarray(0, 8)];
    const edaMac = channelMac(keysOf(vector), 0, ...parts);
    expect(edaMac).toEqual(given(vector.out, 'edaMac'));
  });

  test.each(vectors(/^iccd-hash/))('$id', (vector) => {
    const parts = ['records', 'extendedSda', 'AIP'].map((name) => given(vector.in, name));
    expect(sha256(...parts)).toEqual(given(vector.out, 'hash'));
  });

  test.each(vectors(/^ac-aes/))('$id: the stand-in of our simulated issuer', (vector) => {
    const block = new Uint8Array(16);
    block.set(given(vector.in, 'ATC'));
    const key = aesEncrypt(given(vector.in, 'MKac'), block);
    expect(key).toEqual(given(vector.out, 'SKac'));
    const mac = aesCmac(key, given(vector.in, 'acInput')).subarray(0, 8);
    expect(mac).toEqual(given(vector.out, 'AC'));
  });
});
