import type { Sensitivity } from '#data/dictionary.ts';

/**
 * ISO 8583's attributes: n digits; xn a sign (C or D) and digits; an letters, digits and blanks;
 * ans any printable character; z track 2 with its separator; b bytes.
 */
export type FieldFormat = 'n' | 'xn' | 'an' | 'ans' | 'z' | 'b';

/** One data element as a message standard defines it, whatever bytes a host makes of it. */
export interface Field {
  readonly number: number;
  readonly name: string;
  readonly format: FieldFormat;
  /** Digits of the length in front of the value: 0 fixed, 2 LLVAR, 3 LLLVAR, 4 LLLLVAR (2003). */
  readonly lengthDigits: 0 | 2 | 3 | 4;
  /** The length, or the greatest one: digits, characters or bytes. */
  readonly max: number;
  readonly sensitivity: Sensitivity;
}

/** A row. `layout` is written as in the standard: "n 6", "n ..19" (LLVAR), "b ...255" (LLLVAR). */
export const field = (
  number: number,
  name: string,
  layout: string,
  sensitivity: Sensitivity = 'open',
): Field => {
  const [, format, dots, max] = /^(n|xn|an|ans|z|b) (|\.{2,4})(\d+)$/.exec(layout) ?? [];
  if (format === undefined) throw new TypeError(`DE ${number}: layout "${layout}"`);
  return {
    number,
    name,
    format: format as FieldFormat,
    lengthDigits: (dots?.length ?? 0) as Field['lengthDigits'],
    max: Number(max),
    sensitivity,
  };
};

/** "DE 55" */
export const fieldName = (number: number): string => `DE ${number}`;

/** The rows by number. */
export const fieldTable = (rows: readonly Field[]): ReadonlyMap<number, Field> =>
  new Map(rows.map((row) => [row.number, row]));

/** Data elements `from` to `to`, all alike. */
export const fieldRange = (
  from: number,
  to: number,
  name: string,
  layout: string,
  sensitivity: Sensitivity,
): readonly Field[] =>
  Array.from({ length: to - from + 1 }, (_, i) => field(from + i, name, layout, sensitivity));
