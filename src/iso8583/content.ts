import { fromAscii, writeAscii } from './ascii.ts';
import type { FieldFormat } from './field.ts';

export type FieldValue = string | Uint8Array;

/** How a value of one format stands in a message. `units` are digits, characters or bytes. */
export interface Content {
  /** What it expects, for an error's text. */
  readonly expects: string;
  /** Bytes that so many units take. */
  bytes(units: number): number;
  /** The units of a value, undefined when the value isn't of this format. */
  units(value: FieldValue): number | undefined;
  /** The value at `at`, undefined when the bytes aren't of this format. The bytes are there. */
  read(message: Uint8Array, at: number, units: number): FieldValue | undefined;
  /** Writes a value that `units` accepted. */
  write(value: FieldValue, message: Uint8Array, at: number): void;
}

/** Digits as characters, or packed two in a byte. */
export type Digits = 'ascii' | 'bcd';

export const contentOf = (format: FieldFormat, digits: Digits, separator: '=' | 'D'): Content => {
  if (format === 'b') return binary;
  if (format === 'n') return digits === 'bcd' ? packed('digits', /^\d*$/) : characters.n;
  if (format === 'z') return digits === 'bcd' ? packedTrack2 : track2(separator);
  if (format === 'xn') return digits === 'bcd' ? signedPacked : characters.xn;
  return characters[format];
};

const binary: Content = {
  expects: 'bytes',
  bytes: (units) => units,
  units: (value) => (typeof value === 'string' ? undefined : value.length),
  read: (message, at, units) => message.slice(at, at + units),
  write: (value, message, at) => {
    if (typeof value !== 'string') message.set(value, at);
  },
};

const text = (expects: string, pattern: RegExp): Content => ({
  expects,
  bytes: (units) => units,
  units: (value) => (typeof value === 'string' && pattern.test(value) ? value.length : undefined),
  read: (message, at, units) => {
    const value = fromAscii(message, at, units);
    return pattern.test(value) ? value : undefined;
  },
  write: (value, message, at) => writeAscii(String(value), message, at),
});

const characters = {
  n: text('digits', /^\d*$/),
  xn: text('C or D and digits', /^[CD]\d*$/),
  an: text('letters, digits and blanks', /^[A-Za-z0-9 ]*$/),
  // Latin 1 without its control characters: a name on a slip may carry an accent.
  ans: text('printable characters', /^[\x20-\x7e\xa0-\xff]*$/),
};

// Inside the program track 2 always has '='; what a host wants on the wire is its dialect's.
const track2 = (separator: '=' | 'D'): Content => {
  const onTheWire = text('digits and a separator', /^\d*[=D]?\d*$/);
  return {
    ...onTheWire,
    units: (value) => (isTrack2(value) ? value.length : undefined),
    read: (message, at, units) => {
      const value = onTheWire.read(message, at, units);
      return typeof value === 'string' ? value.replace('D', '=') : undefined;
    },
    write: (value, message, at) => writeAscii(String(value).replace('=', separator), message, at),
  };
};

const isTrack2 = (value: FieldValue): value is string =>
  typeof value === 'string' && /^\d*=?\d*$/.test(value);

/** Two digits a byte; an odd number of them gets a zero in front. */
const packed = (expects: string, pattern: RegExp): Content => ({
  expects,
  bytes: (units) => (units + 1) >> 1,
  units: (value) => (typeof value === 'string' && pattern.test(value) ? value.length : undefined),
  read: (message, at, units) => {
    const nibbles = unpack(message, at, units);
    return nibbles !== undefined && pattern.test(nibbles) ? nibbles : undefined;
  },
  write: (value, message, at) => pack(String(value), message, at),
});

const packedNibbles = packed('digits and a separator', /^\d*D?\d*$/);

const packedTrack2: Content = {
  ...packedNibbles,
  units: (value) => (isTrack2(value) ? value.length : undefined),
  read: (message, at, units) => {
    const value = packedNibbles.read(message, at, units);
    return typeof value === 'string' ? value.replace('D', '=') : undefined;
  },
  write: (value, message, at) => pack(String(value).replace('=', 'D'), message, at),
};

const signedPacked: Content = {
  expects: 'C or D and digits',
  bytes: (units) => 1 + (units >> 1),
  units: (value) => characters.xn.units(value),
  read: (message, at, units) => {
    const value = `${fromAscii(message, at, 1)}${unpack(message, at + 1, units - 1) ?? '?'}`;
    return /^[CD]\d*$/.test(value) ? value : undefined;
  },
  write: (value, message, at) => {
    writeAscii(String(value).slice(0, 1), message, at);
    pack(String(value).slice(1), message, at + 1);
  },
};

const NIBBLES = '0123456789ABCDEF';

const pack = (nibbles: string, message: Uint8Array, at: number): void => {
  const odd = nibbles.length & 1;
  for (let i = 0; i < nibbles.length; i++) {
    const code = nibbles.charCodeAt(i);
    // 0 to 9, or D.
    const nibble = code < 0x41 ? code - 0x30 : code - 0x37;
    const index = at + ((i + odd) >> 1);
    message[index] = ((message[index] ?? 0) << 4) | nibble;
  }
};

const unpack = (message: Uint8Array, at: number, units: number): string | undefined => {
  let nibbles = '';
  for (let i = 0; i < (units + 1) >> 1; i++) {
    const byte = message[at + i] ?? 0;
    nibbles += NIBBLES.charAt(byte >> 4) + NIBBLES.charAt(byte & 15);
  }
  if (units % 2 === 0) return nibbles;
  return nibbles.startsWith('0') ? nibbles.slice(1) : undefined;
};
