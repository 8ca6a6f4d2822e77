import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { aesCmac, tdesCmac } from '#crypto/cmac.ts';
import { retailMac } from '#crypto/des.ts';
import { type WorkingKeyType, workingKey } from '#crypto/dukpt-aes.ts';
import type { NextTransaction } from '#crypto/dukpt-register.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Sealed } from '#ports/key-store.ts';
import type { HeldKey } from './contents.ts';

/**
 * Seals bytes under a transaction's own key: AES-GCM, the key serial number as nonce (no two
 * transactions have the same), `about` as associated data. Overwrites the transaction's keys.
 * @param wrappingKey given when the bytes will have to be opened again
 */
export const sealWith = (
  { serial, key }: NextTransaction,
  plain: Uint8Array,
  about: string,
  wrappingKey: Uint8Array | undefined,
): Sealed => {
  // X9.24-3 6.3.2: the usage of data that the terminal encrypts, as strong as the initial key.
  const working = workingKey(key, serial, 'dataEncrypt', TYPES[key.length] ?? 'AES128');
  key.fill(0);
  if (isMalformed(working)) throw new TypeError(`a register's key: ${working.problem}`);
  const cipher = createCipheriv(gcm(working), working, serial).setAAD(Buffer.from(about));
  const parts = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  const sealed = { keySerialNumber: serial, ciphertext: concat(...parts) };
  const wrapped = wrappingKey === undefined ? undefined : wrap(wrappingKey, working);
  working.fill(0);
  return wrapped === undefined ? sealed : { ...sealed, wrappedKey: wrapped };
};

/** Opens what was sealed to be opened again. The Fault doesn't say which of them is wrong. */
export const openWith = (
  wrappingKey: Uint8Array,
  { keySerialNumber, ciphertext, wrappedKey }: Sealed,
  about: string,
): Uint8Array | Fault => {
  if (wrappedKey === undefined) return fault('keys', 'sealed for the host alone');
  const working = unwrap(wrappingKey, wrappedKey);
  const fits = TYPES[working?.length ?? 0] && keySerialNumber.length === 12;
  if (working === undefined || !fits || ciphertext.length < TAG) return DOES_NOT_OPEN;
  const decipher = createDecipheriv(gcm(working), working, keySerialNumber)
    .setAAD(Buffer.from(about))
    .setAuthTag(ciphertext.subarray(-TAG));
  working.fill(0);
  const plain = decipher.update(ciphertext.subarray(0, -TAG));
  try {
    decipher.final();
    return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
  } catch {
    plain.fill(0);
    return DOES_NOT_OPEN;
  }
};

/** 32 hexadecimal digits: half of an HMAC-SHA-256. */
export const tokenOf = (tokenKey: Uint8Array, pan: string): string =>
  createHmac('sha256', tokenKey).update(pan).digest().toString('hex', 0, 16).toUpperCase();

/**
 * 8 bytes: for a key of usage M3 ISO 9797-1 algorithm 3 with padding method 1, as ISO 8583 hosts
 * have it (ANSI X9.19); for M6 the first half of a CMAC.
 */
export const macOf = ({ usage, algorithm, key }: HeldKey, message: Uint8Array): Uint8Array => {
  if (usage === 'M3') return retailMac(key, message, 1);
  return (algorithm === 'A' ? aesCmac : tdesCmac)(key, message).slice(0, 8);
};

const TAG = 16;

const TYPES: Readonly<Record<number, WorkingKeyType>> = {
  16: 'AES128',
  24: 'AES192',
  32: 'AES256',
};

const gcm = (key: Uint8Array) => `aes-${8 * key.length}-gcm` as 'aes-256-gcm';

const DOES_NOT_OPEN = fault('keys', "it doesn't open: it was changed, or isn't this store's");

// RFC 3394: AES key wrap, whose initial value is its check.
const KEY_WRAP = 'id-aes256-wrap';
const KEY_WRAP_IV = Buffer.alloc(8, 0xa6);

const wrap = (wrappingKey: Uint8Array, key: Uint8Array): Uint8Array => {
  const cipher = createCipheriv(KEY_WRAP, wrappingKey, KEY_WRAP_IV);
  return concat(cipher.update(key), cipher.final());
};

const unwrap = (wrappingKey: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined => {
  try {
    const decipher = createDecipheriv(KEY_WRAP, wrappingKey, KEY_WRAP_IV);
    const parts = [decipher.update(wrapped), decipher.final()];
    const key = concat(...parts);
    for (const part of parts) part.fill(0);
    return key;
  } catch {
    return undefined;
  }
};
