import { hash } from 'node:crypto';
import { concat } from '#bytes/bytes.ts';

/**
 * SHA-1 of the parts one after the other, 20 bytes. FIPS 180-4
 *
 * For the few hundred bytes that cards hash, the one-shot call with a string for its result takes
 * a third of the time of a hash object.
 */
export const sha1 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const digest = hash('sha1', concat(...parts), 'binary');
  const bytes = new Uint8Array(20);
  for (let i = 0; i < 20; i++) bytes[i] = digest.charCodeAt(i);
  return bytes;
};
