/**
 * A text for people without what only machines read, and what could be anything: hexadecimal of 16
 * digits and more (keys, PIN blocks, cryptograms, hashes) and base64 of 40 characters and more. How
 * long it was stays.
 */
export const withoutRiddles = (text: string): string =>
  text
    .replaceAll(COLONS, (found) => `(${(found.length + 1) / 3} bytes)`)
    .replaceAll(HEX, (found) => (/[A-Fa-f]/.test(found) ? `(${found.length} hex digits)` : found))
    .replaceAll(LONG_DIGITS, (found) => `(${found.length} digits)`)
    .replaceAll(BASE64, (found) =>
      /[a-z]/.test(found) && /[A-Z]/.test(found) && /[0-9]/.test(found)
        ? `(${found.length} characters)`
        : found,
    );

const HEX = /(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{16,}(?![0-9A-Za-z])/g;
const COLONS = /\b[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){7,}\b/g;
/** More digits than an account number has: packed data. Fewer stay, and are looked at. */
const LONG_DIGITS = /(?<![0-9A-Za-z.])[0-9]{20,}(?![0-9A-Za-z])/g;
const BASE64 = /(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{40,}={0,2}/g;
