export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};

export const equal = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

export const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean => {
  if (bytes.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[i] !== prefix[i]) return false;
  return true;
};

export const xor = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  a.map((byte, i) => byte ^ (b[i] ?? 0));

/**
 * One bit as the EMV books number them: byte 1 is the first, bit 8 the most significant.
 * A byte that isn't there has no bit set.
 */
export const bit = (bytes: Uint8Array, byte: number, bitNumber: number): boolean =>
  ((bytes[byte - 1] ?? 0) & (1 << (bitNumber - 1))) !== 0;

/** Where a named bit stands: byte and bit as in `bit`. */
export type BitPosition = readonly [byte: number, bit: number];

export const bitAt = (bytes: Uint8Array, [byte, bitNumber]: BitPosition): boolean =>
  bit(bytes, byte, bitNumber);

/** A copy with one bit set or cleared, numbered as in `bit`. */
export const withBit = (
  bytes: Uint8Array,
  byte: number,
  bitNumber: number,
  on: boolean,
): Uint8Array => {
  const copy = bytes.slice();
  const mask = 1 << (bitNumber - 1);
  copy[byte - 1] = on ? (copy[byte - 1] ?? 0) | mask : (copy[byte - 1] ?? 0) & ~mask;
  return copy;
};
