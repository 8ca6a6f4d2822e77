import type { Fault } from './fault.ts';

/**
 * Bytes under authenticated encryption with a working key of their own (AES DUKPT, ANSI X9.24-3).
 * The working key is gone from the store once it was used; `wrappedKey` is the key itself under the
 * store's own key, there when the terminal has to read the bytes again.
 */
export interface Sealed {
  /** Key serial number: initial key id (8 bytes) and transaction counter (4 bytes). */
  readonly keySerialNumber: Uint8Array;
  /** Ciphertext and, in its last 16 bytes, the authentication tag. */
  readonly ciphertext: Uint8Array;
  readonly wrappedKey?: Uint8Array;
}

/** A key for people: never the key itself. */
export interface KeyInfo {
  /** What the terminal uses it for. */
  readonly name: KeyName;
  /** TR-31 key usage and algorithm, such as "B1" and "A". */
  readonly usage: string;
  readonly algorithm: string;
  readonly bits: number;
  /** Key check value, hexadecimal: 6 digits (TDES) or 10 (AES CMAC). */
  readonly checkValue: string;
  /** For a DUKPT initial key: its id, hexadecimal, and the next transaction counter. */
  readonly initialKeyId?: string;
  readonly counter?: number;
}

/**
 * `transport` key block protection key (K1): under it the others arrive; `account` DUKPT initial
 * key (B1) for account data; `mac` for messages (M3: ISO 9797-1 algorithm 3, M6: CMAC).
 */
export type KeyName = 'transport' | 'account' | 'mac';

/** Keys that work and never leave. Faults are of kind `keys`: none there, erased, unreadable. */
export interface KeyStore {
  /** Undefined when account data can be sealed, else why not. */
  refusal(): Fault | undefined;
  /**
   * Seals bytes under the next working key.
   * @param about what they belong to, such as the payment's id: `open` needs the same
   * @param reopen whether this terminal will have to read them again
   */
  seal(plain: Uint8Array, about: string, reopen: boolean): Promise<Sealed | Fault>;
  open(sealed: Sealed, about: string): Promise<Uint8Array | Fault>;
  /** A keyed token of an account number: the same for the same card, useless to anyone else. */
  token(pan: string): Promise<string | Fault>;
  /** Whether messages have a MAC: a `mac` key is there. */
  readonly hasMacKey: boolean;
  /** 8 bytes over a message's bytes. */
  mac(message: Uint8Array): Promise<Uint8Array | Fault>;
  /** Takes a TR-31 key block that is under the transport key. */
  load(block: string): Promise<KeyInfo | Fault>;
  /** Takes the transport key itself: its components are XORed by whoever holds them. */
  loadTransportKey(key: Uint8Array): Promise<KeyInfo | Fault>;
  list(): readonly KeyInfo[];
  /** The keys were erased, and none were loaded since. */
  readonly erased: boolean;
  /**
   * Overwrites and removes every key, as on a tamper signal; `why` is told from then on.
   * @returns a Fault that names what is still there
   */
  erase(why: string): Promise<Fault | undefined>;
  close(): Promise<void>;
}
