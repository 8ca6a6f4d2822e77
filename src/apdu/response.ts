/** A response APDU taken apart. */
export interface ResponseApdu {
  readonly data: Uint8Array;
  /** SW1 SW2 as one number: 0x9000. */
  readonly sw: number;
}

/** `bytes` has at least two bytes: the reader driver answers for that. */
export const splitResponse = (bytes: Uint8Array): ResponseApdu => ({
  data: bytes.subarray(0, bytes.length - 2),
  sw: (bytes[bytes.length - 2] ?? 0) * 256 + (bytes[bytes.length - 1] ?? 0),
});

/** "9000", four upper-case hexadecimal digits. */
export const swText = (sw: number): string => sw.toString(16).toUpperCase().padStart(4, '0');
