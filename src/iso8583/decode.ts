import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { parseTlvs, tagLengthAt } from '#tlv/tlv.ts';
import { fromAscii, nibblesOf } from './ascii.ts';
import type { FieldValue, Source } from './content.ts';
import type { Dialect, FieldCodec } from './dialects.ts';
import { fieldName } from './field.ts';
import type { Message } from './message.ts';

/**
 * A message from its bytes, without length header. Never throws: whatever isn't a message of this
 * dialect, to the last byte, is Malformed with the field's path and the offset. DE 55 is checked
 * to be TLV all through.
 */
export const decode = (bytes: Uint8Array, dialect: Dialect): Message | Malformed => {
  const packed = dialect.mti === 'bcd' || dialect.numbers === 'bcd';
  const nibbles = packed ? nibblesOf(bytes) : '';
  const reader: Reader = { bytes, text: fromAscii(bytes), nibbles, at: 0 };
  const mti = readMti(reader, dialect);
  if (typeof mti !== 'string') return mti;
  const numbers = readBitmaps(reader, dialect);
  if ('malformed' in numbers) return numbers;
  const fields = new Map<number, FieldValue>();
  for (const number of numbers) {
    const value = readField(reader, number, dialect);
    if (isProblem(value)) return value;
    fields.set(number, value);
  }
  const left = bytes.length - reader.at;
  return left > 0
    ? malformed([], reader.at, `${left} bytes after the last field`)
    : { mti, fields };
};

/** A source, and how far it has been read. */
interface Reader extends Source {
  at: number;
}

const readMti = (reader: Reader, dialect: Dialect): string | Malformed => {
  const size = dialect.mti === 'ascii' ? 4 : 2;
  if (reader.bytes.length < size) return malformed(['MTI'], 0, 'runs past the end');
  const mti = (dialect.mti === 'ascii' ? reader.text : reader.nibbles).slice(0, 4);
  if (!/^\d{4}$/.test(mti)) return malformed(['MTI'], 0, 'digits expected');
  reader.at = size;
  if (mti.startsWith(dialect.version)) return mti;
  return malformed(['MTI'], 0, `version ${mti.charAt(0)}, expected ${dialect.version}`);
};

const readBitmaps = (reader: Reader, dialect: Dialect): readonly number[] | Malformed => {
  const numbers: number[] = [];
  const primary = readBits(reader, dialect, 'primary bitmap', 0, numbers);
  if (primary !== undefined) return primary;
  if (numbers[0] !== 1) return numbers;
  numbers.shift();
  // DE 65 would announce a third bitmap; no edition has elements for it.
  return readBits(reader, dialect, 'secondary bitmap', 64, numbers) ?? numbers;
};

/** Adds the elements that 64 bits announce, `base` and one the first. */
const readBits = (
  reader: Reader,
  dialect: Dialect,
  name: string,
  base: number,
  numbers: number[],
): Malformed | undefined => {
  const { bytes, text, at } = reader;
  const hexadecimal = dialect.bitmap === 'hex';
  const end = at + (hexadecimal ? 16 : 8);
  if (end > bytes.length) return malformed([name], at, 'runs past the end');
  const digits = hexadecimal ? text.slice(at, end) : '';
  if (/[^0-9A-Fa-f]/.test(digits)) return malformed([name], at, 'hexadecimal digits expected');
  for (let i = 0; i < 8; i++) {
    const byte = hexadecimal ? Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16) : bytes[at + i];
    for (let bit = 7; bit >= 0; bit--) {
      if ((((byte ?? 0) >> bit) & 1) === 1) numbers.push(base + 8 * i + 8 - bit);
    }
  }
  reader.at = end;
  return undefined;
};

const isProblem = (value: FieldValue | Malformed): value is Malformed =>
  typeof value !== 'string' && 'malformed' in value;

const readField = (reader: Reader, number: number, dialect: Dialect): FieldValue | Malformed => {
  const codec = dialect.codecs[number];
  const { bytes, at } = reader;
  if (codec === undefined) return problem(number, at, 'no such data element in this dialect');
  const units = readLength(reader, codec, dialect);
  if (typeof units === 'string') return problem(number, at, units);
  const start = reader.at;
  const end = start + codec.content.bytes(units);
  if (end > bytes.length) {
    const left = bytes.length - start;
    return problem(number, start, `${end - start} bytes run past the end: ${left} are left`);
  }
  const value = codec.content.read(reader, start, units);
  if (value === undefined) return problem(number, start, `${codec.content.expects} expected`);
  if (number === 55 && typeof value !== 'string' && !isTlvThroughout(value)) {
    const objects = parseTlvs(value, start, [fieldName(55)]);
    if (isMalformed(objects)) return objects;
  }
  reader.at = end;
  return value;
};

const problem = (number: number, at: number, text: string): Malformed =>
  malformed([fieldName(number)], at, text);

/** The units of a value, read on to where it starts; or what is wrong with them. */
const readLength = (reader: Reader, { field }: FieldCodec, dialect: Dialect): number | string => {
  if (field.lengthDigits === 0) return field.max;
  const { bytes, at } = reader;
  const ascii = dialect.lengths === 'ascii';
  const size = ascii ? field.lengthDigits : (field.lengthDigits + 1) >> 1;
  if (at + size > bytes.length) return 'length runs past the end';
  let units = 0;
  for (let i = at; i < at + size; i++) {
    const byte = bytes[i] ?? 0;
    const high = ascii ? 0 : byte >> 4;
    const low = ascii ? byte - 0x30 : byte & 15;
    if (high > 9 || low < 0 || low > 9) return 'length is not in digits';
    units = ascii ? units * 10 + low : units * 100 + high * 10 + low;
  }
  if (units > field.max) return `length ${units}, expected at most ${field.max}`;
  reader.at = at + size;
  return units;
};

/**
 * Whether lengths of one byte lead from object to object to the very end. What isn't so plain is
 * left to the TLV reader, which also says what is wrong.
 */
const isTlvThroughout = (value: Uint8Array): boolean => {
  let at = 0;
  while (at < value.length) {
    const length = value[at + (tagLengthAt(value, at) ?? value.length)];
    if (length === undefined || length >= 0x80 || value[at] === 0) return false;
    at += (tagLengthAt(value, at) ?? 0) + 1 + length;
  }
  return at === value.length;
};
