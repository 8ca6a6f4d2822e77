import { type Malformed, malformed } from '#bytes/malformed.ts';
import { pbkdf2Sha1 } from '#crypto/pbkdf2.ts';

/** A secret that terminal and tills share. */
export interface SharedKey {
  readonly identifier: string;
  readonly version: number;
  /** AdyenCryptoVersion: 0 and 1 are in use, and mean the same. */
  readonly cryptoVersion: number;
  readonly passphrase: string;
}

/** What is made of a passphrase. */
export interface DerivedKey {
  /** HMAC-SHA-256, 32 bytes. */
  readonly hmacKey: Uint8Array;
  /** AES-256, 32 bytes. */
  readonly cipherKey: Uint8Array;
  /** 16 bytes, to be mixed with each message's nonce. */
  readonly iv: Uint8Array;
}

/** Which key a message says it was made with. */
export interface KeyName {
  readonly KeyIdentifier: string;
  readonly KeyVersion: number;
}

export interface KeyRing {
  /** The key of this identifier and version, both of them the same. */
  readonly find: (
    name: KeyName,
  ) => { readonly key: SharedKey; readonly derived: DerivedKey } | undefined;
  /** The newest version of the first identifier, for what the terminal says unasked. */
  readonly current: { readonly key: SharedKey; readonly derived: DerivedKey };
}

/**
 * The keys that are valid now, several while they are being exchanged. A key takes some
 * milliseconds to derive: here, and never while a till waits. A ring that follows another one takes
 * over what that has derived.
 * @returns what is wrong with a key, without the passphrase
 */
export const createKeyRing = (
  keys: readonly SharedKey[],
  before?: KeyRing,
): KeyRing | Malformed => {
  const entries = new Map<string, { readonly key: SharedKey; readonly derived: DerivedKey }>();
  for (const key of keys) {
    const at = [key.identifier, `${key.version}`];
    const name = JSON.stringify([key.identifier, key.version]);
    if (entries.has(name)) return malformed(at, 0, 'there are two keys of this name');
    if (!/^[ -~]+$/.test(key.passphrase)) {
      // Adyen's libraries disagree about how other characters become bytes.
      return malformed([...at, 'passphrase'], 0, 'not of printable ASCII characters');
    }
    const known = before?.find({ KeyIdentifier: key.identifier, KeyVersion: key.version });
    const same = known?.key.passphrase === key.passphrase;
    entries.set(name, { key, derived: same ? known.derived : deriveKey(key.passphrase) });
  }
  const [first, ...others] = entries.values();
  if (first === undefined) return malformed([], 0, 'there is no key');
  const current = others.reduce(
    (newest, one) =>
      one.key.identifier === newest.key.identifier && one.key.version > newest.key.version
        ? one
        : newest,
    first,
  );
  return {
    find: ({ KeyIdentifier, KeyVersion }) =>
      entries.get(JSON.stringify([KeyIdentifier, KeyVersion])),
    current,
  };
};

/** 80 bytes of PBKDF2: HMAC key, cipher key, IV. Adyen, "Protect local communications". */
export const deriveKey = (passphrase: string): DerivedKey => {
  const material = pbkdf2Sha1(ascii(passphrase), ascii(SALT), ROUNDS, LENGTH);
  return {
    hmacKey: material.slice(0, 32),
    cipherKey: material.slice(32, 64),
    iv: material.slice(64, LENGTH),
  };
};

const SALT = 'AdyenNexoV1Salt';
const ROUNDS = 4000;
const LENGTH = 80;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
