import { type Malformed, malformed } from '#bytes/malformed.ts';
import type { FieldValue } from '../content.ts';
import { fieldName } from '../field.ts';

export type Fields = Map<number, FieldValue>;

export interface Edition {
  readonly version: '1' | '2';
  /** MTI of the canonical message. */
  readonly mti: string;
  /** YYMMDDhhmmss; only towards an edition. */
  readonly localTime: string;
}

/**
 * One difference between the canonical message and an edition's. Each way takes the elements that
 * it knows out of `left` and puts what becomes of them into `made`; what is then still left has the
 * same meaning in both, or can't be carried.
 */
export interface Conversion {
  to(left: Fields, made: Fields, edition: Edition): Malformed | undefined;
  from(left: Fields, made: Fields, edition: Edition): Malformed | undefined;
}

/** Takes a text out of a message. */
export const takeText = (fields: Fields, number: number): string | undefined => {
  const value = fields.get(number);
  if (typeof value !== 'string') return undefined;
  fields.delete(number);
  return value;
};

/** Takes bytes out of a message. */
export const takeBytes = (fields: Fields, number: number): Uint8Array | undefined => {
  const value = fields.get(number);
  if (value === undefined || typeof value === 'string') return undefined;
  fields.delete(number);
  return value;
};

export const refuse = (number: number, problem: string): Malformed =>
  malformed([fieldName(number)], 0, problem);

/** A text that has another number, or another form, in the edition. Undefined: no such form. */
export const recoded = (
  number: number,
  editionNumber: number,
  to: (value: string) => string | undefined,
  from: (value: string) => string | undefined,
): Conversion => ({
  to: (left, made) => {
    const value = takeText(left, number);
    if (value === undefined) return undefined;
    const coded = to(value);
    if (coded === undefined) return refuse(number, 'has no form in this edition');
    made.set(editionNumber, coded);
    return undefined;
  },
  from: (left, made) => {
    const value = takeText(left, editionNumber);
    if (value === undefined) return undefined;
    const plain = from(value);
    if (plain === undefined) return refuse(editionNumber, 'has no form in the 1987 edition');
    made.set(number, plain);
    return undefined;
  },
});

/** Digits that stand behind zeros in the edition. */
export const widened = (number: number, size: number, editionSize: number): Conversion => {
  const zeros = '0'.repeat(editionSize - size);
  return recoded(
    number,
    number,
    (value) => `${zeros}${value}`,
    (value) => (value.startsWith(zeros) ? value.slice(zeros.length) : undefined),
  );
};
