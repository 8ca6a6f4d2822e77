import { pbkdf2Sync } from 'node:crypto';

/**
 * PBKDF2 with HMAC-SHA-1, RFC 8018 §5.2: `length` bytes of key from a passphrase. Slow on purpose:
 * with some thousand rounds it takes milliseconds, so that callers keep what comes of it.
 */
export const pbkdf2Sha1 = (
  passphrase: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Uint8Array => new Uint8Array(pbkdf2Sync(passphrase, salt, rounds, length, 'sha1'));
