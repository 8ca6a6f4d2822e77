import { fromHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { parseTlvs } from '#tlv/tlv.ts';
import { fromAscii } from './ascii.ts';
import type { FieldValue } from './content.ts';
import type { Dialect, FieldCodec } from './dialects.ts';
import { fieldName } from './field.ts';
import type { Message } from './message.ts';

/**
 * A message from its bytes, without length header. Never throws: whatever isn't a message of this
 * dialect, to the last byte, is Malformed with the field's path and the offset. DE 55 is checked
 * to be TLV all through.
 */
export const decode = (bytes: Uint8Array, dialect: Dialect): Message | Malformed => {
  const mti = readMti(bytes, dialect);
  if (typeof mti !== 'string') return mti;
  const bitmap = readBitmap(bytes, dialect.mti === 'ascii' ? 4 : 2, dialect);
  if ('malformed' in bitmap) return bitmap;
  const fields = new Map<number, FieldValue>();
  let at = bitmap.end;
  for (const number of bitmap.numbers) {
    const found = readField(bytes, at, number, dialect);
    if ('malformed' in found) return found;
    fields.set(number, found.value);
    at = found.end;
  }
  if (at < bytes.length)
    return malformed([], at, `${bytes.length - at} bytes after the last field`);
  return { mti, fields };
};

const readMti = (bytes: Uint8Array, dialect: Dialect): string | Malformed => {
  const size = dialect.mti === 'ascii' ? 4 : 2;
  if (bytes.length < size) return malformed(['MTI'], 0, 'runs past the end');
  const mti =
    dialect.mti === 'ascii'
      ? fromAscii(bytes, 0, 4)
      : ((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)).toString(16).padStart(4, '0');
  if (!/^\d{4}$/.test(mti)) return malformed(['MTI'], 0, 'digits expected');
  if (mti.startsWith(dialect.version)) return mti;
  return malformed(['MTI'], 0, `version ${mti.charAt(0)}, expected ${dialect.version}`);
};

interface Bitmap {
  readonly numbers: readonly number[];
  readonly end: number;
}

const readBitmap = (bytes: Uint8Array, at: number, dialect: Dialect): Bitmap | Malformed => {
  const primary = readBits(bytes, at, dialect, 'primary bitmap');
  if ('malformed' in primary) return primary;
  const size = dialect.bitmap === 'hex' ? 16 : 8;
  const numbers = setBits(primary, 0);
  if (numbers[0] !== 1) return { numbers, end: at + size };
  const secondary = readBits(bytes, at + size, dialect, 'secondary bitmap');
  if ('malformed' in secondary) return secondary;
  // DE 65 would announce a third bitmap; no host has one in the 1987 edition.
  return { numbers: [...numbers.slice(1), ...setBits(secondary, 64)], end: at + 2 * size };
};

const readBits = (
  bytes: Uint8Array,
  at: number,
  dialect: Dialect,
  name: string,
): Uint8Array | Malformed => {
  const size = dialect.bitmap === 'hex' ? 16 : 8;
  if (at + size > bytes.length) return malformed([name], at, 'runs past the end');
  if (dialect.bitmap === 'binary') return bytes.subarray(at, at + size);
  const digits = fromAscii(bytes, at, size);
  const bits = /\s/.test(digits) ? undefined : fromHex(digits);
  return bits ?? malformed([name], at, 'hexadecimal digits expected');
};

const setBits = (bitmap: Uint8Array, base: number): number[] => {
  const numbers: number[] = [];
  for (let i = 0; i < 64; i++) {
    if (((bitmap[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0) numbers.push(base + i + 1);
  }
  return numbers;
};

interface Found {
  readonly value: FieldValue;
  readonly end: number;
}

const readField = (
  bytes: Uint8Array,
  at: number,
  number: number,
  dialect: Dialect,
): Found | Malformed => {
  const codec = dialect.codecs[number];
  const problem = (text: string, where = at) => malformed([fieldName(number)], where, text);
  if (codec === undefined) return problem('no such data element in this dialect');
  const length = readLength(bytes, at, codec, dialect);
  if (typeof length === 'string') return problem(length);
  const start = at + length.size;
  const size = codec.content.bytes(length.units);
  if (start + size > bytes.length) {
    return problem(`${size} bytes run past the end: ${bytes.length - start} are left`, start);
  }
  const value = codec.content.read(bytes, start, length.units);
  if (value === undefined) return problem(`${codec.content.expects} expected`, start);
  if (number === 55 && typeof value !== 'string') {
    const objects = parseTlvs(value, start, [fieldName(55)]);
    if (isMalformed(objects)) return objects;
  }
  return { value, end: start + size };
};

/** The units of a value and the bytes that said so, or what is wrong with them. */
const readLength = (
  bytes: Uint8Array,
  at: number,
  { field }: FieldCodec,
  dialect: Dialect,
): { readonly units: number; readonly size: number } | string => {
  if (field.lengthDigits === 0) return { units: field.max, size: 0 };
  const ascii = dialect.lengths === 'ascii';
  const size = ascii ? field.lengthDigits : (field.lengthDigits + 1) >> 1;
  if (at + size > bytes.length) return 'length runs past the end';
  let units = 0;
  for (let i = 0; i < size; i++) {
    const byte = bytes[at + i] ?? 0;
    const high = ascii ? 0 : byte >> 4;
    const low = ascii ? byte - 0x30 : byte & 15;
    if (high > 9 || low < 0 || low > 9) return 'length is not in digits';
    units = ascii ? units * 10 + low : units * 100 + high * 10 + low;
  }
  return units > field.max ? `length ${units}, expected at most ${field.max}` : { units, size };
};
