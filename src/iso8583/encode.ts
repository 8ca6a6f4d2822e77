import { toHex } from '#bytes/hex.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { writeAscii } from './ascii.ts';
import type { FieldValue } from './content.ts';
import type { Dialect, FieldCodec } from './dialects.ts';
import { fieldName } from './field.ts';
import type { Message } from './message.ts';

/** A message as bytes, without length header. Malformed names the field that can't be coded. */
export const encode = (message: Message, dialect: Dialect): Uint8Array | Malformed => {
  if (!/^\d{4}$/.test(message.mti) || !message.mti.startsWith(dialect.version)) {
    return malformed(['MTI'], 0, `not four digits of version ${dialect.version}`);
  }
  const numbers = [...message.fields.keys()].sort((a, b) => a - b);
  const parts: Part[] = [];
  let at = headerLength(
    dialect,
    numbers.some((number) => number > 64),
  );
  for (const number of numbers) {
    const part = partOf(number, message.fields.get(number) ?? '', dialect, at);
    if ('malformed' in part) return part;
    parts.push(part);
    at += lengthBytes(part.codec, dialect) + part.codec.content.bytes(part.units);
  }
  const bytes = new Uint8Array(at);
  writeHeader(message.mti, numbers, dialect, bytes);
  for (const part of parts) writePart(part, dialect, bytes);
  return bytes;
};

interface Part {
  readonly codec: FieldCodec;
  readonly value: FieldValue;
  readonly units: number;
  readonly at: number;
}

const partOf = (
  number: number,
  value: FieldValue,
  dialect: Dialect,
  at: number,
): Part | Malformed => {
  const problem = (text: string) => malformed([fieldName(number)], at, text);
  const codec = dialect.codecs[number];
  if (codec === undefined) return problem('no such data element in this dialect');
  const { field, content } = codec;
  const units = content.units(value);
  if (units === undefined) return problem(`${content.expects} expected`);
  if (field.lengthDigits === 0 ? units !== field.max : units > field.max) {
    const expected = field.lengthDigits === 0 ? field.max : `at most ${field.max}`;
    return problem(`length ${units}, expected ${expected}`);
  }
  return { codec, value, units, at };
};

const lengthBytes = ({ field }: FieldCodec, dialect: Dialect): number =>
  dialect.lengths === 'ascii' ? field.lengthDigits : (field.lengthDigits + 1) >> 1;

const headerLength = (dialect: Dialect, secondary: boolean): number =>
  (dialect.mti === 'ascii' ? 4 : 2) + (secondary ? 16 : 8) * (dialect.bitmap === 'hex' ? 2 : 1);

const writeHeader = (
  mti: string,
  numbers: readonly number[],
  dialect: Dialect,
  bytes: Uint8Array,
): void => {
  const secondary = numbers.some((number) => number > 64);
  const bitmap = new Uint8Array(secondary ? 16 : 8);
  for (const number of secondary ? [1, ...numbers] : numbers) {
    const index = (number - 1) >> 3;
    bitmap[index] = (bitmap[index] ?? 0) | (0x80 >> ((number - 1) & 7));
  }
  if (dialect.mti === 'ascii') writeAscii(mti, bytes, 0);
  else bytes.set([Number.parseInt(mti.slice(0, 2), 16), Number.parseInt(mti.slice(2), 16)]);
  const at = dialect.mti === 'ascii' ? 4 : 2;
  if (dialect.bitmap === 'hex') writeAscii(toHex(bitmap), bytes, at);
  else bytes.set(bitmap, at);
};

const writePart = ({ codec, value, units, at }: Part, dialect: Dialect, bytes: Uint8Array) => {
  const size = lengthBytes(codec, dialect);
  if (size > 0) {
    const digits = units.toString().padStart(codec.field.lengthDigits, '0');
    if (dialect.lengths === 'ascii') writeAscii(digits, bytes, at);
    else {
      const even = digits.padStart(2 * size, '0');
      for (let i = 0; i < size; i++) {
        bytes[at + i] = Number.parseInt(even.slice(2 * i, 2 * i + 2), 16);
      }
    }
  }
  codec.content.write(value, bytes, at + size);
};
