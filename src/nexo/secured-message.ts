import { concat, xor } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { aesCbcDecrypt, aesCbcEncrypt } from '#crypto/aes.ts';
import { hmacSha256, isHmacSha256 } from '#crypto/hmac-sha256.ts';
import type { DerivedKey, KeyRing, SharedKey } from './key-ring.ts';
import { REQUEST, RESPONSE } from './messages.ts';
import { isObject, ownField, structure, type ValueOf } from './rules.ts';
import { base64, fromBase64, integer, text, toBase64 } from './scalars.ts';
import { type MessageHeader, messageHeader } from './structures.ts';

// Adyen Terminal API, "Protect local communications". What is encrypted is the whole message, with
// its envelope and its header; the header stands in front once more, for who routes messages.

export const securityTrailer = structure({
  AdyenCryptoVersion: integer(0),
  KeyIdentifier: text,
  KeyVersion: integer(0),
  Nonce: base64(),
  Hmac: base64(),
});

export const securedMessage = structure({
  MessageHeader: messageHeader,
  NexoBlob: base64(),
  SecurityTrailer: securityTrailer,
});

export type SecuredMessage = ValueOf<typeof securedMessage>;

type Envelope = typeof REQUEST | typeof RESPONSE;

/** Whether it says that it is encrypted: what is in it may be anything. */
export const looksSecured = (json: unknown): boolean => {
  const inner = isObject(json) ? (ownField(json, REQUEST) ?? ownField(json, RESPONSE)) : undefined;
  return isObject(inner) && Object.hasOwn(inner, 'NexoBlob');
};

/** A message that was opened, and the key that it is to be answered with. */
export interface Opened {
  /** UTF-8 JSON: the message with its envelope. Its own header counts, not the one in front. */
  readonly plaintext: Uint8Array;
  readonly key: SharedKey;
}

/**
 * Opens a message. Padding and HMAC are both looked at before anything is said, and a wrong
 * passphrase, nonce, blob or HMAC gives one and the same problem. A key that the ring doesn't have
 * is said, for the log: identifier and version are no secrets. Whoever sends is not told which.
 */
export const openSecured = (
  json: unknown,
  ring: KeyRing,
  envelope: Envelope = REQUEST,
): Opened | Malformed => {
  const inner = isObject(json) ? ownField(json, envelope) : undefined;
  const message = securedMessage.read(inner, [envelope]);
  if (isMalformed(message)) return message;
  const { NexoBlob, SecurityTrailer: trailer } = message;
  const found = ring.find(trailer);
  if (found === undefined) return malformed([envelope, 'SecurityTrailer'], 0, 'no such key');
  const parts = {
    blob: fromBase64(NexoBlob),
    nonce: fromBase64(trailer.Nonce),
    hmac: fromBase64(trailer.Hmac),
  };
  const plaintext = decrypt(found.derived, parts);
  return plaintext === undefined
    ? malformed([envelope, 'NexoBlob'], 0, 'not authentic')
    : { plaintext, key: found.key };
};

/**
 * Encrypts a message.
 * @param message JSON with its envelope, as `encodeRequest` and `encodeResponse` give it
 * @param nonce 16 bytes, of chance, never again for this key
 * @returns JSON
 */
export const seal = (
  envelope: Envelope,
  header: MessageHeader,
  message: string,
  { key, derived }: { readonly key: SharedKey; readonly derived: DerivedKey },
  nonce: Uint8Array,
): string => {
  if (nonce.length !== BLOCK) throw new TypeError(`a nonce has ${BLOCK} bytes`);
  const plaintext = new TextEncoder().encode(message);
  const blob = aesCbcEncrypt(derived.cipherKey, padded(plaintext), xor(derived.iv, nonce));
  const secured: SecuredMessage = {
    MessageHeader: header,
    NexoBlob: toBase64(blob),
    SecurityTrailer: {
      AdyenCryptoVersion: key.cryptoVersion,
      KeyIdentifier: key.identifier,
      KeyVersion: key.version,
      Nonce: toBase64(nonce),
      Hmac: toBase64(hmacSha256(derived.hmacKey, plaintext)),
    },
  };
  return JSON.stringify({ [envelope]: secured });
};

const BLOCK = 16;

// PKCS #7: as many bytes as are missing, each with that number. RFC 5652 §6.3
const padded = (plaintext: Uint8Array): Uint8Array => {
  const missing = BLOCK - (plaintext.length % BLOCK);
  return concat(plaintext, new Uint8Array(missing).fill(missing));
};

interface Parts {
  readonly blob: Uint8Array;
  readonly nonce: Uint8Array;
  readonly hmac: Uint8Array;
}

// Lengths are no secret: the sender knows them. All else is computed to its end, whatever fails.
const decrypt = (derived: DerivedKey, { blob, nonce, hmac }: Parts): Uint8Array | undefined => {
  if (blob.length === 0 || blob.length % BLOCK !== 0 || nonce.length !== BLOCK) return undefined;
  const blocks = aesCbcDecrypt(derived.cipherKey, blob, xor(derived.iv, nonce));
  const padding = paddingOf(blocks);
  const plaintext = blocks.subarray(0, blocks.length - padding.length);
  const authentic = isHmacSha256(derived.hmacKey, plaintext, hmac);
  return padding.right && authentic ? plaintext : undefined;
};

// Looks at all bytes of the last block, and takes off one where the padding is wrong.
const paddingOf = (blocks: Uint8Array): { readonly right: boolean; readonly length: number } => {
  const length = blocks[blocks.length - 1] ?? 0;
  let wrong = Number(length < 1) | Number(length > BLOCK);
  for (let fromEnd = 1; fromEnd <= BLOCK; fromEnd++) {
    const isPadding = Number(fromEnd <= length);
    wrong |= isPadding * ((blocks[blocks.length - fromEnd] ?? 0) ^ length);
  }
  return wrong === 0 ? { right: true, length } : { right: false, length: 1 };
};
