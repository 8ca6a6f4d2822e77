import { type Content, contentOf, type Digits } from './content.ts';
import type { Field } from './field.ts';
import { fields1987 } from './fields-1987.ts';

/** What a host makes of the standard: the same elements, other bytes. */
export interface DialectRow {
  /** First digit of the MTI: 0 is ISO 8583:1987. */
  readonly version: '0' | '1' | '2';
  readonly fields: ReadonlyMap<number, Field>;
  /** MTI, numeric values, and the lengths in front of values. */
  readonly mti: Digits;
  readonly numbers: Digits;
  readonly lengths: Digits;
  /** Bitmaps as bytes, or as hexadecimal characters. */
  readonly bitmap: 'binary' | 'hex';
  /** Between account number and expiry in track 2, where it isn't packed. */
  readonly separator: '=' | 'D';
}

const rows = {
  'iso8583-1987-ascii': {
    version: '0',
    fields: fields1987,
    mti: 'ascii',
    numbers: 'ascii',
    lengths: 'ascii',
    bitmap: 'binary',
    separator: '=',
  },
  'iso8583-1987-ascii-hex-bitmap': {
    version: '0',
    fields: fields1987,
    mti: 'ascii',
    numbers: 'ascii',
    lengths: 'ascii',
    bitmap: 'hex',
    separator: '=',
  },
  'iso8583-1987-bcd': {
    version: '0',
    fields: fields1987,
    mti: 'bcd',
    numbers: 'bcd',
    lengths: 'bcd',
    bitmap: 'binary',
    separator: 'D',
  },
} as const satisfies Record<string, DialectRow>;

export type DialectName = keyof typeof rows;

/** A dialect ready to work: each field with the way its value is coded. */
export interface Dialect extends DialectRow {
  readonly name: DialectName;
  /** By data element number; undefined where the dialect has no such element. */
  readonly codecs: readonly (FieldCodec | undefined)[];
}

export interface FieldCodec {
  readonly field: Field;
  readonly content: Content;
}

const compile = (name: DialectName): Dialect => {
  const row: DialectRow = rows[name];
  const codecs = Array.from({ length: 129 }, (_, number) => {
    const field = row.fields.get(number);
    if (field === undefined) return undefined;
    return { field, content: contentOf(field.format, row.numbers, row.separator) };
  });
  return { ...row, name, codecs };
};

/** All dialects by name. */
export const dialects: { readonly [name in DialectName]: Dialect } = {
  'iso8583-1987-ascii': compile('iso8583-1987-ascii'),
  'iso8583-1987-ascii-hex-bitmap': compile('iso8583-1987-ascii-hex-bitmap'),
  'iso8583-1987-bcd': compile('iso8583-1987-bcd'),
};
