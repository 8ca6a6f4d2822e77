// TDES DUKPT as the host works it out, ANSI X9.24-1:2009 Annex A (X9.24-3:2017 Annex C). For hosts
// and PIN pads that have it: what this terminal encrypts itself is under AES DUKPT.
import { concat, xor } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { desCbcDecrypt, desCbcEncrypt, desEncrypt } from './des.ts';

/** What a working key is for; request and response are from and to the terminal. */
export type TdesKeyUsage =
  | 'pinEncryption'
  | 'macRequest'
  | 'macResponse'
  | 'dataRequest'
  | 'dataResponse';

/**
 * The initial key of one terminal, 16 bytes. X9.24-1 §A.6
 * @param bdk base derivation key, double-length TDES, 16 bytes
 * @param serial key serial number, 10 bytes; its counter doesn't matter
 */
export const tdesInitialKey = (bdk: Uint8Array, serial: Uint8Array): Uint8Array | Malformed => {
  const problem = keyProblem('base derivation key', bdk) ?? serialProblem(serial);
  if (problem !== undefined) return problem;
  const start = withCounter(serial, 0).subarray(0, 8);
  return concat(desEncrypt(bdk, start), desEncrypt(xor(bdk, OTHER_HALF), start));
};

/**
 * The key of one transaction, 16 bytes: one step for each one-bit of its counter, from the most
 * significant. Malformed for a counter of 0 or of more than 10 one-bits. X9.24-1 §A.3
 */
export const tdesTransactionKey = (
  initial: Uint8Array,
  serial: Uint8Array,
): Uint8Array | Malformed => {
  const problem = keyProblem('initial key', initial) ?? serialProblem(serial);
  if (problem !== undefined) return problem;
  const counter = counterOf(serial);
  if (counter === 0) return malformed(SERIAL, 7, 'transaction counter 0');
  if (ones(counter) > MAX_ONES) {
    return malformed(SERIAL, 7, 'transaction counter with more than 10 one-bits');
  }
  let key = initial;
  let reached = 0;
  for (let bit = 1 << 20; bit !== 0; bit >>= 1) {
    if ((counter & bit) === 0) continue;
    reached |= bit;
    key = generated(key, withCounter(serial, reached).subarray(2));
  }
  return key;
};

/**
 * A working key of a transaction, 16 bytes: a variant of its key; for data, encrypted under itself
 * as well. X9.24-1 §A.4.1
 */
export const tdesWorkingKey = (
  transaction: Uint8Array,
  usage: TdesKeyUsage,
): Uint8Array | Malformed => {
  const problem = keyProblem('transaction key', transaction);
  if (problem !== undefined) return problem;
  const variant = transaction.slice();
  for (const at of [VARIANT_BYTES[usage], VARIANT_BYTES[usage] + 8]) {
    variant[at] = (variant[at] ?? 0) ^ 0xff;
  }
  const ofData = usage === 'dataRequest' || usage === 'dataResponse';
  return ofData ? desEncrypt(variant, variant) : variant;
};

/**
 * Data in whole blocks of 8 bytes, CBC from an initial vector of zeros or as given. The key is a
 * `dataRequest` or `dataResponse` working key.
 */
export const tdesEncryptData = (
  key: Uint8Array,
  data: Uint8Array,
  iv?: Uint8Array,
): Uint8Array | Malformed => dataProblem(key, data, iv) ?? desCbcEncrypt(key, data, iv);

export const tdesDecryptData = (
  key: Uint8Array,
  data: Uint8Array,
  iv?: Uint8Array,
): Uint8Array | Malformed => dataProblem(key, data, iv) ?? desCbcDecrypt(key, data, iv);

/**
 * The key serial number of the next transaction: its counter has no more than 10 one-bits.
 * `exhausted` after the last, 1FF800, about a million transactions. X9.24-1 §A.2
 */
export const nextTdesSerial = (serial: Uint8Array): Uint8Array | 'exhausted' | Malformed => {
  const problem = serialProblem(serial);
  if (problem !== undefined) return problem;
  let counter = counterOf(serial) + 1;
  while (ones(counter) > MAX_ONES) counter += counter & -counter;
  return counter > COUNTER_MASK ? 'exhausted' : withCounter(serial, counter);
};

const SERIAL = ['key serial number'];
const MAX_ONES = 10;
const COUNTER_MASK = 0x1fffff;
// What a key is XORed with to make the other half of a derived one.
const OTHER_HALF = Uint8Array.from({ length: 16 }, (_, i) => (i % 8 < 4 ? 0xc0 : 0));

/** The byte of each half that is inverted, from 0. X9.24-1 §A.4.1, table A-1 */
const VARIANT_BYTES: Readonly<Record<TdesKeyUsage, number>> = {
  pinEncryption: 7,
  macRequest: 6,
  macResponse: 4,
  dataRequest: 5,
  dataResponse: 3,
};

const keyProblem = (name: string, key: Uint8Array): Malformed | undefined =>
  key.length === 16 ? undefined : malformed([name], 0, `${key.length} bytes instead of 16`);

const serialProblem = (serial: Uint8Array): Malformed | undefined =>
  serial.length === 10 ? undefined : malformed(SERIAL, 0, `${serial.length} bytes instead of 10`);

const dataProblem = (
  key: Uint8Array,
  data: Uint8Array,
  iv: Uint8Array | undefined,
): Malformed | undefined => {
  const problem = keyProblem('data key', key);
  if (isMalformed(problem)) return problem;
  if (data.length % 8 !== 0) return malformed(['data'], 0, `${data.length} bytes fill no block`);
  const length = iv?.length ?? 8;
  return length === 8
    ? undefined
    : malformed(['initial vector'], 0, `${length} bytes instead of 8`);
};

const counterOf = (serial: Uint8Array): number =>
  new DataView(serial.buffer, serial.byteOffset, serial.length).getUint32(6) & COUNTER_MASK;

const withCounter = (serial: Uint8Array, counter: number): Uint8Array => {
  const copy = serial.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(6, (view.getUint32(6) & ~COUNTER_MASK) | counter);
  return copy;
};

const ones = (counter: number): number => {
  let count = 0;
  for (let rest = counter; rest !== 0; rest &= rest - 1) count++;
  return count;
};

/** The non-reversible key generation process, for both halves. X9.24-1 §A.3 */
const generated = (key: Uint8Array, register: Uint8Array): Uint8Array => {
  const half = (from: Uint8Array): Uint8Array => {
    const right = from.subarray(8);
    return xor(desEncrypt(from.subarray(0, 8), xor(register, right)), right);
  };
  return concat(half(xor(key, OTHER_HALF)), half(key));
};
