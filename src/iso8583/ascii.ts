/** Bytes as ISO 8859-1 characters, of which ASCII is the lower half. */
export const fromAscii = (bytes: Uint8Array, at = 0, length = bytes.length - at): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('latin1');

/** Bytes as hexadecimal digits in lower case. */
export const nibblesOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

/** Characters up to U+00FF as bytes. */
export const toAscii = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length);
  writeAscii(text, bytes, 0);
  return bytes;
};

export const writeAscii = (text: string, bytes: Uint8Array, at: number): void => {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
};
