import { timingSafeEqual } from 'node:crypto';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { retailMac } from './des.ts';

/**
 * MAC of messages to and from a host, 8 bytes: ISO 9797-1 algorithm 3 with padding method 1, which
 * is ANSI X9.19, under a key of usage M3. Zeros behind the data don't change it, so its length has
 * to be known from elsewhere.
 * @param key double-length TDES, 16 bytes
 */
export const x919Mac = (key: Uint8Array, data: Uint8Array): Uint8Array | Malformed =>
  key.length === 16
    ? retailMac(key, data, 1)
    : malformed(['MAC key'], 0, `${key.length} bytes instead of 16`);

/**
 * Whether a received MAC is the computed one, in a time that doesn't say how far they agree.
 * Hosts may send only its first bytes: no fewer than 4 count. ISO 9797-1 §6.6
 */
export const sameMac = (computed: Uint8Array, received: Uint8Array): boolean =>
  received.length >= 4 &&
  received.length <= computed.length &&
  timingSafeEqual(computed.subarray(0, received.length), received);
