import * as v from 'valibot';
import { fromHex } from '#bytes/hex.ts';
import { currencyByCode } from '#data/currencies.ts';
import { lookUp, meanings } from '#data/dictionary.ts';

// The words in each piece are what a person reads behind "expected".

export const text = (longest: number, what: string) =>
  v.pipe(
    v.string(what),
    v.check(
      (value) => value.length >= 1 && value.length <= longest,
      `${what}, 1 to ${longest} characters`,
    ),
  );

export const wholeNumber = (least: number, most: number, what: string) =>
  v.pipe(
    v.number(`${what} (${least} to ${most})`),
    v.check(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `${what} (${least} to ${most})`,
    ),
  );

export const seconds = (least: number, most: number) => wholeNumber(least, most, 'seconds');
export const minorUnits = wholeNumber(0, 999_999_999_999, 'an amount in minor units');
export const port = wholeNumber(1, 65535, 'a port');

export const flag = v.boolean('true or false');

export const currencyCode = v.pipe(
  v.string('a currency code such as "USD"'),
  v.check((code) => currencyByCode(code) !== undefined, 'a currency code such as "USD"'),
);

/** Bytes as hexadecimal digits. */
export const hexBytes = (least: number, most: number) => {
  const what =
    least === most ? `${least} bytes in hexadecimal` : `${least} to ${most} bytes in hexadecimal`;
  return v.pipe(
    v.string(what),
    v.transform((digits) => fromHex(digits) ?? new Uint8Array(0)),
    v.check((bytes) => bytes.length >= least && bytes.length <= most, what),
  );
};

/** Data elements: { "9F1A": "0840", … }, each known to the dictionary and of a legal length. */
export const dataElements = v.pipe(
  v.record(v.string(), v.string('bytes in hexadecimal')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const elements = new Map<number, Uint8Array>();
    for (const [key, digits] of Object.entries(dataset.value)) {
      const tag = /^[0-9A-F]{2,8}$/.test(key) ? Number.parseInt(key, 16) : 0;
      const rows = meanings(tag);
      const bytes = fromHex(digits);
      const row = rows.find(({ min, max }) => fits(bytes, min, max));
      if (row === undefined || bytes === undefined) {
        addIssue({
          message: expectation(tag, key),
          input: digits,
          path: [{ type: 'object', origin: 'value', input: dataset.value, key, value: digits }],
        });
        return NEVER;
      }
      elements.set(tag, bytes);
    }
    return elements;
  }),
);

const fits = (bytes: Uint8Array | undefined, min: number, max: number | null): boolean =>
  bytes !== undefined && bytes.length >= min && (max === null || bytes.length <= max);

const expectation = (tag: number, key: string): string => {
  const row = lookUp(tag) ?? meanings(tag)[0];
  if (row === undefined) return `a tag of the data dictionary, not ${key}`;
  const length = row.min === row.max ? `${row.min}` : `${row.min} to ${row.max ?? 'any'}`;
  return `${row.title}, ${length} bytes in hexadecimal`;
};
