import type { MessageHeader } from '#nexo/index.ts';
import type { TillKey } from './types.ts';

// Adyen Terminal API, "Protect local communications", with the cryptography of the browser: the
// same as src/nexo/secured-message.ts, which has Node's.

export interface Sealer {
  /** Encrypts JSON with its envelope; the header stands in front once more. */
  seal(envelope: string, header: MessageHeader, message: string): Promise<string>;
  /** JSON as it came: the text that is in it, or undefined when it isn't authentic. */
  open(json: unknown, envelope: string): Promise<string | undefined>;
}

/** Undefined where there is no cryptography: in a page that came without https. */
export const createSealer = (key: TillKey): Sealer | undefined => {
  const subtle = crypto.subtle as typeof crypto.subtle | undefined;
  if (subtle === undefined) return undefined;
  let derived: Promise<Derived> | undefined;
  const keys = (): Promise<Derived> => {
    derived ??= derive(key.passphrase);
    return derived;
  };
  return {
    seal: async (envelope, header, message) =>
      JSON.stringify({ [envelope]: await sealed(await keys(), key, header, message) }),
    open: async (json, envelope) => {
      const parts = partsOf(json, envelope, key);
      return parts === undefined ? undefined : opened(await keys(), parts);
    },
  };
};

/** Whether a message says that it is encrypted. */
export const looksSealed = (json: unknown, envelope: string): boolean =>
  fieldOf(fieldOf(json, envelope), 'NexoBlob') !== undefined;

/** A field of what may be anything. */
export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

type Bytes = Uint8Array<ArrayBuffer>;
type Key = Awaited<ReturnType<typeof hmacKeyOf>>;

interface Derived {
  readonly hmacKey: Key;
  readonly cipherKey: Key;
  readonly iv: Bytes;
}

const ascii = (text: string): Bytes => new TextEncoder().encode(text);

// 80 bytes: HMAC key, cipher key, IV.
const derive = async (passphrase: string): Promise<Derived> => {
  const secret = await crypto.subtle.importKey('raw', ascii(passphrase), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const how = { name: 'PBKDF2', hash: 'SHA-1', salt: ascii('AdyenNexoV1Salt'), iterations: 4000 };
  const material = new Uint8Array(await crypto.subtle.deriveBits(how, secret, 80 * 8));
  return {
    hmacKey: await hmacKeyOf(material.slice(0, 32)),
    cipherKey: await crypto.subtle.importKey('raw', material.slice(32, 64), 'AES-CBC', false, [
      'encrypt',
      'decrypt',
    ]),
    iv: material.slice(64, 80),
  };
};

const hmacKeyOf = (bytes: Bytes) =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);

const sealed = async (derived: Derived, key: TillKey, header: MessageHeader, message: string) => {
  const plaintext = ascii(message);
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const how = { name: 'AES-CBC', iv: mixed(derived.iv, nonce) };
  const blob = await crypto.subtle.encrypt(how, derived.cipherKey, plaintext);
  const hmac = await crypto.subtle.sign('HMAC', derived.hmacKey, plaintext);
  return {
    MessageHeader: header,
    NexoBlob: toBase64(new Uint8Array(blob)),
    SecurityTrailer: {
      AdyenCryptoVersion: key.cryptoVersion ?? 1,
      KeyIdentifier: key.identifier,
      KeyVersion: key.version,
      Nonce: toBase64(nonce),
      Hmac: toBase64(new Uint8Array(hmac)),
    },
  };
};

interface Parts {
  readonly blob: Bytes;
  readonly nonce: Bytes;
  readonly hmac: Bytes;
}

const partsOf = (json: unknown, envelope: string, key: TillKey): Parts | undefined => {
  const message = fieldOf(json, envelope);
  const trailer = fieldOf(message, 'SecurityTrailer');
  const ours =
    fieldOf(trailer, 'KeyIdentifier') === key.identifier &&
    Number(fieldOf(trailer, 'KeyVersion')) === key.version;
  const blob = fromBase64(fieldOf(message, 'NexoBlob'));
  const nonce = fromBase64(fieldOf(trailer, 'Nonce'));
  const hmac = fromBase64(fieldOf(trailer, 'Hmac'));
  return ours && blob && nonce?.length === 16 && hmac ? { blob, nonce, hmac } : undefined;
};

// Wrong padding and a wrong HMAC are one and the same.
const opened = async (derived: Derived, { blob, nonce, hmac }: Parts) => {
  const how = { name: 'AES-CBC', iv: mixed(derived.iv, nonce) };
  const plaintext = await crypto.subtle
    .decrypt(how, derived.cipherKey, blob)
    .catch(() => undefined);
  if (plaintext === undefined) return undefined;
  const authentic = await crypto.subtle.verify('HMAC', derived.hmacKey, hmac, plaintext);
  return authentic ? new TextDecoder().decode(plaintext) : undefined;
};

const mixed = (iv: Bytes, nonce: Bytes): Bytes =>
  Uint8Array.from(iv, (byte, at) => byte ^ (nonce[at] ?? 0));

const toBase64 = (bytes: Bytes): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

const fromBase64 = (text: unknown): Bytes | undefined => {
  if (typeof text !== 'string') return undefined;
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
};
