import { type Content, contentOf, type Digits } from './content.ts';
import type { Field } from './field.ts';
import { fields1987 } from './fields-1987.ts';
import { fields1993 } from './fields-1993.ts';
import { fields2003 } from './fields-2003.ts';

/** First digit of the MTI: 0 is ISO 8583:1987, 1 is 1993, 2 is 2003. */
export type Version = '0' | '1' | '2';

/** The data elements of each edition of the standard. */
export const editionFields: { readonly [version in Version]: ReadonlyMap<number, Field> } = {
  '0': fields1987,
  '1': fields1993,
  '2': fields2003,
};

/** What a host makes of the standard: the same elements, other bytes. */
export interface DialectRow {
  readonly version: Version;
  /** MTI, numeric values, and the lengths in front of values. */
  readonly mti: Digits;
  readonly numbers: Digits;
  readonly lengths: Digits;
  /** Bitmaps as bytes, or as hexadecimal characters. */
  readonly bitmap: 'binary' | 'hex';
  /** Between account number and expiry in track 2, where it isn't packed. */
  readonly separator: '=' | 'D';
}

const ascii = {
  mti: 'ascii',
  numbers: 'ascii',
  lengths: 'ascii',
  bitmap: 'binary',
  separator: '=',
} as const;
const bcd = {
  mti: 'bcd',
  numbers: 'bcd',
  lengths: 'bcd',
  bitmap: 'binary',
  separator: 'D',
} as const;

const rows = {
  'iso8583-1987-ascii': { version: '0', ...ascii },
  'iso8583-1987-ascii-hex-bitmap': { version: '0', ...ascii, bitmap: 'hex' },
  'iso8583-1987-bcd': { version: '0', ...bcd },
  'iso8583-1993-ascii': { version: '1', ...ascii },
  'iso8583-1993-bcd': { version: '1', ...bcd },
  'iso8583-2003-ascii': { version: '2', ...ascii },
  'iso8583-2003-bcd': { version: '2', ...bcd },
} as const satisfies Record<string, DialectRow>;

export type DialectName = keyof typeof rows;

/** A dialect ready to work: each field with the way its value is coded. */
export interface Dialect extends DialectRow {
  readonly name: DialectName;
  readonly fields: ReadonlyMap<number, Field>;
  /** By data element number; undefined where the dialect has no such element. */
  readonly codecs: readonly (FieldCodec | undefined)[];
}

export interface FieldCodec {
  readonly field: Field;
  readonly content: Content;
}

const compile = (name: DialectName): Dialect => {
  const row: DialectRow = rows[name];
  const fields = editionFields[row.version];
  const codecs = Array.from({ length: 129 }, (_, number) => {
    const field = fields.get(number);
    if (field === undefined) return undefined;
    return { field, content: contentOf(field.format, row.numbers, row.separator) };
  });
  return { ...row, name, fields, codecs };
};

/** All dialects by name. */
export const dialects: { readonly [name in DialectName]: Dialect } = {
  'iso8583-1987-ascii': compile('iso8583-1987-ascii'),
  'iso8583-1987-ascii-hex-bitmap': compile('iso8583-1987-ascii-hex-bitmap'),
  'iso8583-1987-bcd': compile('iso8583-1987-bcd'),
  'iso8583-1993-ascii': compile('iso8583-1993-ascii'),
  'iso8583-1993-bcd': compile('iso8583-1993-bcd'),
  'iso8583-2003-ascii': compile('iso8583-2003-ascii'),
  'iso8583-2003-bcd': compile('iso8583-2003-bcd'),
};
