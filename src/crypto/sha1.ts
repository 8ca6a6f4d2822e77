import { createHash } from 'node:crypto';

/** SHA-1 of the parts one after the other, 20 bytes. FIPS 180-4 */
export const sha1 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
