import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { concat, equal } from '#bytes/bytes.ts';
import { keySerialNumber } from '#crypto/dukpt-aes.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { KeyInfo, KeyStore, Sealed } from '#ports/key-store.ts';

export interface MemoryKeyStore extends KeyStore {
  /** What the host makes of a sealed value. */
  hostOpens(sealed: Sealed, about: string): Uint8Array | Fault;
  /** From now on nothing is sealed or opened, for this reason; undefined: all is well again. */
  fail(why: string | undefined): void;
}

export interface MemoryKeyStoreOptions {
  /** Two stores of one seed have the same keys: one can stand for the other after a restart. */
  readonly seed: number | string;
  /** Whether messages have a MAC; false if absent. */
  readonly mac?: boolean;
  /** The first transaction counter; 1 if absent. */
  readonly counter?: number;
}

/**
 * A key store for terminals in tests and simulation: real authenticated encryption, but one key for
 * all that is sealed, nothing on a disk, and the same bytes for the same seed.
 */
export const memoryKeyStore = (options: MemoryKeyStoreOptions): MemoryKeyStore => {
  const keys = keysOf(options.seed);
  let counter = options.counter ?? 1;
  let refused: Fault | undefined;
  let erased = false;

  const list = (): readonly KeyInfo[] => {
    const initialKeyId = Buffer.from(keys.id).toString('hex').toUpperCase();
    const account = { name: 'account', usage: 'B1', algorithm: 'A', bits: 256, counter } as const;
    const mac = { name: 'mac', usage: 'M6', algorithm: 'A', bits: 256 } as const;
    return [
      { ...account, checkValue: keys.checkValue, initialKeyId },
      ...(options.mac ? [{ ...mac, checkValue: keys.checkValue }] : []),
    ];
  };
  const told = async (): Promise<KeyInfo | Fault> =>
    refused ?? list()[0] ?? fault('keys', 'no keys are loaded');

  return {
    refusal: () => refused,
    seal: async (plain, about, reopen) => {
      if (refused) return refused;
      const serial = keySerialNumber(keys.id, counter++);
      const cipher = createCipheriv('aes-256-gcm', keys.data, serial).setAAD(Buffer.from(about));
      const parts = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
      const sealed = { keySerialNumber: serial, ciphertext: concat(...parts) };
      return reopen ? { ...sealed, wrappedKey: ticket(keys.wrapping, serial) } : sealed;
    },
    open: async (sealed, about) => {
      if (refused) return refused;
      if (!sealed.wrappedKey) return fault('keys', 'sealed for the host alone');
      const ours = equal(sealed.wrappedKey, ticket(keys.wrapping, sealed.keySerialNumber));
      return ours ? decrypt(keys.data, sealed, about) : DOES_NOT_OPEN;
    },
    token: async (pan) =>
      refused ?? hmac(keys.token, Buffer.from(pan)).toString('hex', 0, 16).toUpperCase(),
    hasMacKey: options.mac ?? false,
    mac: async (message) => {
      if (refused) return refused;
      if (!options.mac) return fault('keys', 'no MAC key is loaded');
      return Uint8Array.from(hmac(keys.mac, message).subarray(0, 8));
    },
    load: told,
    loadTransportKey: told,
    list: () => (refused ? [] : list()),
    get erased() {
      return erased;
    },
    erase: async (why) => {
      erased = true;
      refused = fault('keys', `the keys were erased: ${why}`);
      return undefined;
    },
    close: async () => {},
    hostOpens: (sealed, about) => decrypt(keys.data, sealed, about),
    fail: (why) => {
      refused = why === undefined ? undefined : fault('keys', why);
    },
  };
};

const keysOf = (seed: number | string) => {
  const made = (name: string): Buffer => createHash('sha256').update(`${seed}|${name}`).digest();
  return {
    ...{ data: made('data'), wrapping: made('wrapping'), token: made('token'), mac: made('mac') },
    id: Uint8Array.from(made('id').subarray(0, 8)),
    checkValue: made('check value').toString('hex', 0, 5).toUpperCase(),
  };
};

const hmac = (key: Buffer, data: Uint8Array): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** As long as a wrapped key of 256 bits. */
const ticket = (key: Buffer, serial: Uint8Array): Uint8Array =>
  concat(hmac(key, serial), new Uint8Array(8));

const TAG = 16;
const DOES_NOT_OPEN = fault('keys', "it doesn't open: it was changed, or isn't this store's");

const decrypt = (key: Buffer, sealed: Sealed, about: string): Uint8Array | Fault => {
  const { keySerialNumber: serial, ciphertext } = sealed;
  if (serial.length !== 12 || ciphertext.length < TAG) return DOES_NOT_OPEN;
  const decipher = createDecipheriv('aes-256-gcm', key, serial)
    .setAAD(Buffer.from(about))
    .setAuthTag(ciphertext.subarray(-TAG));
  const plain = decipher.update(ciphertext.subarray(0, -TAG));
  try {
    decipher.final();
    return Uint8Array.from(plain);
  } catch {
    return DOES_NOT_OPEN;
  }
};
