import { concat } from '#bytes/bytes.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import type { FieldValue } from './content.ts';
import { fieldName } from './field.ts';

/**
 * The message authentication code is a message's last element, DE 64 or, in a message with a second
 * bitmap, DE 128: eight bytes over everything in front of them, from the MTI on. Who has the key
 * calculates it (ISO 8583:1987 4.4; X9.19).
 */
export const MAC_BYTES = 8;

/** Where a message with these elements has its MAC. */
export const macNumber = (fields: ReadonlyMap<number, FieldValue>): 64 | 128 => {
  for (const number of fields.keys()) if (number > 64) return 128;
  return 64;
};

/** The bytes that the MAC of an encoded message covers: a view, without the room for the MAC. */
export const macInput = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(0, Math.max(0, bytes.length - MAC_BYTES));

/** A copy with the MAC in the room that was left for it. Malformed unless it has eight bytes. */
export const withMac = (bytes: Uint8Array, mac: Uint8Array): Uint8Array | Malformed =>
  mac.length === MAC_BYTES && bytes.length > MAC_BYTES
    ? concat(macInput(bytes), mac)
    : malformed([fieldName(64)], macInput(bytes).length, `a MAC has ${MAC_BYTES} bytes`);

export interface Authenticated {
  /** What the MAC covers. */
  readonly covered: Uint8Array;
  readonly mac: Uint8Array;
}

/** An arrived message that has a MAC, as views: check it before the message is believed. */
export const splitMac = (bytes: Uint8Array): Authenticated | Malformed =>
  bytes.length > MAC_BYTES
    ? { covered: macInput(bytes), mac: bytes.subarray(bytes.length - MAC_BYTES) }
    : malformed([fieldName(64)], 0, `${bytes.length} bytes hold no MAC`);
