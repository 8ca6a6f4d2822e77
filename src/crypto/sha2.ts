import { hash } from 'node:crypto';
import { concat } from '#bytes/bytes.ts';

/** SHA-256 of the parts one after the other, 32 bytes. FIPS 180-4 */
export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => digest('sha256', parts);

/** SHA-512 likewise, 64 bytes. */
export const sha512 = (...parts: readonly Uint8Array[]): Uint8Array => digest('sha512', parts);

const digest = (name: 'sha256' | 'sha512', parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.from(hash(name, concat(...parts), 'binary'), 'binary'));
