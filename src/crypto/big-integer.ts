/** Bytes, the most significant first, as a number; no bytes are zero. */
export const toBigInt = (bytes: Uint8Array): bigint =>
  bytes.length === 0
    ? 0n
    : BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`);

/** A number in so many bytes, the most significant first. It must fit. */
export const toBytes = (value: bigint, length: number): Uint8Array => {
  const digits = value.toString(16).padStart(2 * length, '0');
  return new Uint8Array(Buffer.from(digits, 'hex'));
};
