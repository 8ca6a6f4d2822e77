// AES DUKPT, ANSI X9.24-3:2017: derivation, which host and terminal share. The terminal's register
// of intermediate keys is in dukpt-register.ts.
import { concat } from '#bytes/bytes.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { aesEncrypt, isAesKey } from './aes.ts';

/** What a working key is for, and its number in the derivation data. X9.24-3 §6.3.2 */
const USAGES = {
  keyEncryption: 0x0002,
  pinEncryption: 0x1000,
  macGeneration: 0x2000,
  macVerification: 0x2001,
  macBothWays: 0x2002,
  dataEncrypt: 0x3000,
  dataDecrypt: 0x3001,
  dataBothWays: 0x3002,
} as const;
const KEY_DERIVATION = 0x8000;
const INITIAL_KEY_DERIVATION = 0x8001;

/** Number of the algorithm and key length in bytes. X9.24-3 §6.2.2 and 6.3.2 */
const TYPES = {
  '2TDEA': { algorithm: 0, bytes: 16 },
  '3TDEA': { algorithm: 1, bytes: 24 },
  AES128: { algorithm: 2, bytes: 16 },
  AES192: { algorithm: 3, bytes: 24 },
  AES256: { algorithm: 4, bytes: 32 },
  HMAC128: { algorithm: 5, bytes: 16 },
  HMAC192: { algorithm: 5, bytes: 24 },
  HMAC256: { algorithm: 5, bytes: 32 },
} as const;

/**
 * What a working key is for, seen from the terminal: `dataEncrypt` and `macGeneration` for what it
 * sends, `dataDecrypt` and `macVerification` for what it receives.
 */
export type WorkingKeyUsage = keyof typeof USAGES;
export type WorkingKeyType = keyof typeof TYPES;

/** One-bits that a transaction counter may have. X9.24-3 §6.1 */
export const MAX_COUNTER_BITS = 16;
/** The last transaction counter with so few one-bits. */
export const LAST_COUNTER = 0xffff0000;
// No transaction has this counter: its only key is the one for a new initial key.
const UPDATE_COUNTER = 0xffffffff;

/**
 * The initial key of one terminal, as long as the base derivation key. X9.24-3 §6.3.3
 * @param bdk base derivation key, AES, 16, 24 or 32 bytes
 * @param initialKeyId 8 bytes: BDK id and derivation id
 */
export const initialKey = (bdk: Uint8Array, initialKeyId: Uint8Array): Uint8Array | Malformed => {
  if (!isAesKey(bdk)) return badKey('base derivation key', bdk);
  if (initialKeyId.length !== 8) return badLength('initial key id', initialKeyId, 8);
  const algorithm = derivationAlgorithm(bdk);
  return derive(bdk, INITIAL_KEY_DERIVATION, algorithm, bdk.length, initialKeyId);
};

/** Initial key id (8 bytes), transaction counter (4, most significant first). X9.24-3 §6.1 */
export const keySerialNumber = (initialKeyId: Uint8Array, counter: number): Uint8Array => {
  const serial = concat(initialKeyId, new Uint8Array(4));
  new DataView(serial.buffer).setUint32(initialKeyId.length, counter);
  return serial;
};

/** The transaction counter of a 12-byte key serial number. */
export const transactionCounter = (serial: Uint8Array): number =>
  new DataView(serial.buffer, serial.byteOffset, serial.length).getUint32(8);

/** How many bits of a 32-bit counter are one. */
export const oneBits = (counter: number): number => {
  let bits = 0;
  for (let rest = counter >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) bits++;
  return bits;
};

/** The intermediate derivation key below `key` whose counter is `counter`. X9.24-3 §6.3.2 */
export const intermediateKey = (
  key: Uint8Array,
  initialKeyId: Uint8Array,
  counter: number,
): Uint8Array =>
  derive(key, KEY_DERIVATION, derivationAlgorithm(key), key.length, context(initialKeyId, counter));

/**
 * The host's side: the derivation key of one transaction, one step for each one-bit of its counter
 * from the most significant. X9.24-3 §6.1 and 6.3.1
 * @param initial the terminal's initial key: keep the base derivation key for `initialKey`
 * @param serial key serial number, 12 bytes
 */
export const transactionKey = (initial: Uint8Array, serial: Uint8Array): Uint8Array | Malformed => {
  if (!isAesKey(initial)) return badKey('initial key', initial);
  if (serial.length !== 12) return badLength('key serial number', serial, 12);
  const counter = transactionCounter(serial);
  if (counter === 0) return malformed(['key serial number'], 8, 'transaction counter 0');
  if (oneBits(counter) > MAX_COUNTER_BITS) {
    return malformed(['key serial number'], 8, 'transaction counter with more than 16 one-bits');
  }
  return descend(initial, serial.subarray(0, 8), counter);
};

/**
 * A working key of a transaction. X9.24-3 §6.3.3
 * @param transaction derivation key of the transaction, from `transactionKey` or the register
 * @param serial key serial number of the transaction, 12 bytes
 * @param type algorithm and length; Malformed for an AES or HMAC key longer than its own
 *   derivation key, which could not give it that strength
 */
export const workingKey = (
  transaction: Uint8Array,
  serial: Uint8Array,
  usage: WorkingKeyUsage,
  type: WorkingKeyType,
): Uint8Array | Malformed => {
  if (!isAesKey(transaction)) return badKey('transaction key', transaction);
  if (serial.length !== 12) return badLength('key serial number', serial, 12);
  const { algorithm, bytes } = TYPES[type];
  if (bytes > transaction.length && algorithm !== TYPES['3TDEA'].algorithm) {
    return malformed(['working key'], 0, `${type} from AES${8 * transaction.length}`);
  }
  return derive(transaction, USAGES[usage], algorithm, bytes, serial.subarray(4));
};

/** The key under which a terminal receives its next initial key; as long as the one it has. */
export const updateKey = (
  initial: Uint8Array,
  initialKeyId: Uint8Array,
): Uint8Array | Malformed => {
  if (!isAesKey(initial)) return badKey('initial key', initial);
  if (initialKeyId.length !== 8) return badLength('initial key id', initialKeyId, 8);
  const parent = descend(initial, initialKeyId, UPDATE_COUNTER);
  const where = context(initialKeyId, UPDATE_COUNTER);
  return derive(parent, USAGES.keyEncryption, derivationAlgorithm(parent), parent.length, where);
};

export const badKey = (name: string, key: Uint8Array): Malformed =>
  malformed([name], 0, `${key.length} bytes are no AES key`);

export const badLength = (name: string, bytes: Uint8Array, length: number): Malformed =>
  malformed([name], 0, `${bytes.length} bytes instead of ${length}`);

/** One intermediate key for each one-bit of the counter, from the most significant. */
const descend = (initial: Uint8Array, initialKeyId: Uint8Array, counter: number): Uint8Array => {
  let key = initial;
  let reached = 0;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((counter & bit) === 0) continue;
    reached = (reached | bit) >>> 0;
    key = intermediateKey(key, initialKeyId, reached);
  }
  return key;
};

// 2, 3 and 4 for AES-128, AES-192 and AES-256.
const derivationAlgorithm = (key: Uint8Array): number => key.length / 8;

/** Derivation id, which is the right half of the initial key id, and counter. */
const context = (initialKeyId: Uint8Array, counter: number): Uint8Array =>
  keySerialNumber(initialKeyId.subarray(4), counter);

/** Of version (1), block number, usage, algorithm, length in bits, context. X9.24-3 §6.3.1-2 */
const derive = (
  key: Uint8Array,
  usage: number,
  algorithm: number,
  bytes: number,
  where: Uint8Array,
): Uint8Array => {
  const data = new Uint8Array(bytes > 16 ? 32 : 16);
  const view = new DataView(data.buffer);
  for (let at = 0; at < data.length; at += 16) {
    data[at] = 1;
    data[at + 1] = at / 16 + 1;
    view.setUint16(at + 2, usage);
    view.setUint16(at + 4, algorithm);
    view.setUint16(at + 6, 8 * bytes);
    data.set(where, at + 8);
  }
  return aesEncrypt(key, data).slice(0, bytes);
};
