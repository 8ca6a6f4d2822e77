import { writeAscii } from './ascii.ts';
import type { FieldFormat } from './field.ts';

export type FieldValue = string | Uint8Array;

/** A message that is being read: its bytes, and the same as text, made once for all its fields. */
export interface Source {
  readonly bytes: Uint8Array;
  /** One character a byte. */
  readonly text: string;
  /** Two lower-case digits a byte; empty where no dialect's digits are packed. */
  readonly nibbles: string;
}

/** How a value of one format stands in a message. `units` are digits, characters or bytes. */
export interface Content {
  /** What it expects, for an error's text. */
  readonly expects: string;
  /** Bytes that so many units take. */
  bytes(units: number): number;
  /** The units of a value, undefined when the value isn't of this format. */
  units(value: FieldValue): number | undefined;
  /** The value at `at`, undefined when the bytes aren't of this format. The bytes are there. */
  read(source: Source, at: number, units: number): FieldValue | undefined;
  /** Writes a value that `units` accepted. */
  write(value: FieldValue, message: Uint8Array, at: number): void;
}

/** Digits as characters, or packed two in a byte. */
export type Digits = 'ascii' | 'bcd';

export const contentOf = (format: FieldFormat, digits: Digits, separator: '=' | 'D'): Content => {
  if (format === 'b') return binary;
  if (format === 'n') return digits === 'bcd' ? packedDigits : characters.n;
  if (format === 'z') return digits === 'bcd' ? packedTrack2 : track2(separator);
  if (format === 'xn') return digits === 'bcd' ? signedPacked : characters.xn;
  return characters[format];
};

const binary: Content = {
  expects: 'bytes',
  bytes: (units) => units,
  units: (value) => (typeof value === 'string' ? undefined : value.length),
  read: ({ bytes }, at, units) => bytes.slice(at, at + units),
  write: (value, message, at) => {
    if (typeof value !== 'string') message.set(value, at);
  },
};

/** For each byte, whether the pattern takes its character. */
const classOf = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));

/** Every character by itself: a value is as good as each of them. */
const text = (expects: string, pattern: RegExp): Content => {
  const allowed = classOf(pattern);
  return {
    expects,
    bytes: (units) => units,
    units: (value) => {
      if (typeof value !== 'string') return undefined;
      for (let i = 0; i < value.length; i++) {
        if (allowed[value.charCodeAt(i)] !== 1) return undefined;
      }
      return value.length;
    },
    read: (source, at, units) => {
      for (let i = at; i < at + units; i++) {
        if (allowed[source.bytes[i] ?? 0] !== 1) return undefined;
      }
      return source.text.slice(at, at + units);
    },
    write: (value, message, at) => writeAscii(String(value), message, at),
  };
};

/** A value whose characters depend on each other. */
const patterned = (expects: string, pattern: RegExp): Content => ({
  expects,
  bytes: (units) => units,
  units: (value) => (typeof value === 'string' && pattern.test(value) ? value.length : undefined),
  read: (source, at, units) => {
    const value = source.text.slice(at, at + units);
    return pattern.test(value) ? value : undefined;
  },
  write: (value, message, at) => writeAscii(String(value), message, at),
});

const characters = {
  n: text('digits', /\d/),
  xn: patterned('C or D and digits', /^[CD]\d*$/),
  an: text('letters, digits and blanks', /[A-Za-z0-9 ]/),
  // Latin 1 without its control characters: a name on a slip may carry an accent.
  ans: text('printable characters', /[\x20-\x7e\xa0-\xff]/),
};

// Inside the program track 2 always has '='; what a host wants on the wire is its dialect's.
const track2 = (separator: '=' | 'D'): Content => {
  const onTheWire = patterned('digits and a separator', /^\d*[=D]?\d*$/);
  return {
    ...onTheWire,
    units: (value) => (isTrack2(value) ? value.length : undefined),
    read: (source, at, units) => {
      const value = onTheWire.read(source, at, units);
      return typeof value === 'string' ? value.replace('D', '=') : undefined;
    },
    write: (value, message, at) => writeAscii(String(value).replace('=', separator), message, at),
  };
};

const isTrack2 = (value: FieldValue): value is string =>
  typeof value === 'string' && /^\d*=?\d*$/.test(value);

/** Two digits a byte; an odd number of them gets a zero in front. */
const packedDigits: Content = {
  expects: 'digits',
  bytes: (units) => (units + 1) >> 1,
  units: (value) => characters.n.units(value),
  read: ({ nibbles }, at, units) => {
    const value = unpack(nibbles, at, units);
    return value !== undefined && /^\d*$/.test(value) ? value : undefined;
  },
  write: (value, message, at) => pack(String(value), message, at),
};

const packedTrack2: Content = {
  expects: 'digits and a separator',
  bytes: packedDigits.bytes,
  units: (value) => (isTrack2(value) ? value.length : undefined),
  read: ({ nibbles }, at, units) => {
    const value = unpack(nibbles, at, units);
    return value !== undefined && /^\d*d?\d*$/.test(value) ? value.replace('d', '=') : undefined;
  },
  write: (value, message, at) => pack(String(value).replace('=', 'D'), message, at),
};

const signedPacked: Content = {
  expects: 'C or D and digits',
  bytes: (units) => 1 + (units >> 1),
  units: (value) => characters.xn.units(value),
  read: ({ text, nibbles }, at, units) => {
    const value = `${text.charAt(at)}${unpack(nibbles, at + 1, units - 1) ?? '?'}`;
    return /^[CD]\d*$/.test(value) ? value : undefined;
  },
  write: (value, message, at) => {
    writeAscii(String(value).slice(0, 1), message, at);
    pack(String(value).slice(1), message, at + 1);
  },
};

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

const unpack = (nibbles: string, at: number, units: number): string | undefined => {
  const odd = units & 1;
  if (odd === 1 && nibbles.charAt(2 * at) !== '0') return undefined;
  return nibbles.slice(2 * at + odd, 2 * at + odd + units);
};
