import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC with SHA-256, 32 bytes. RFC 2104, FIPS 198-1 */
export const hmacSha256 = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(data).digest());

/**
 * Whether this is the data's HMAC, in a time that tells nothing of where it differs. One of another
 * length is compared all the same, with an HMAC that nothing has.
 */
export const isHmacSha256 = (key: Uint8Array, data: Uint8Array, mac: Uint8Array): boolean => {
  const fits = mac.length === HMAC_LENGTH;
  const same = timingSafeEqual(hmacSha256(key, data), fits ? mac : new Uint8Array(HMAC_LENGTH));
  return fits && same;
};

const HMAC_LENGTH = 32;
