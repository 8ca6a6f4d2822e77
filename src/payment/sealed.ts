import { concat } from '#bytes/bytes.ts';
import type { Sealed } from '#ports/key-store.ts';

const VERSION = 1;

/**
 * Sealed data as one string of bytes, for the journal: version, then each part behind its length
 * (two bytes, big-endian): key serial number, wrapped key (empty if there is none), ciphertext.
 */
export const packSealed = ({ keySerialNumber, ciphertext, wrappedKey }: Sealed): Uint8Array =>
  concat(
    Uint8Array.of(VERSION),
    ...[keySerialNumber, wrappedKey ?? new Uint8Array(), ciphertext].flatMap((part) => [
      Uint8Array.of(part.length >> 8, part.length & 255),
      part,
    ]),
  );

/** Undefined when the bytes are not what `packSealed` made. */
export const unpackSealed = (bytes: Uint8Array): Sealed | undefined => {
  if (bytes[0] !== VERSION) return undefined;
  const parts: Uint8Array[] = [];
  let at = 1;
  while (at + 2 <= bytes.length) {
    const length = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    parts.push(bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  const [keySerialNumber, wrappedKey, ciphertext] = parts;
  if (at !== bytes.length || parts.length !== 3) return undefined;
  if (!keySerialNumber || !wrappedKey || !ciphertext) return undefined;
  return { keySerialNumber, ciphertext, ...(wrappedKey.length > 0 ? { wrappedKey } : {}) };
};
