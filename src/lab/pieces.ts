import * as v from 'valibot';
import { concat } from '#bytes/bytes.ts';
import { fromHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';
import { parseDol } from '#tlv/dol.ts';
import { type LabError, type LabErrorCode, labError } from './lab-error.ts';

// The words in each piece are what a person reads behind "expected".

/** Bytes as hexadecimal digits without blanks. */
export const hexBytes = (least: number, most: number) => {
  const count = least === most ? `${least}` : `${least} to ${most}`;
  const what = `${count} bytes in hexadecimal`;
  return v.pipe(
    v.string(what),
    v.check((text) => {
      const bytes = exactHex(text);
      return bytes !== undefined && bytes.length >= least && bytes.length <= most;
    }, what),
    v.transform((text) => exactHex(text) ?? new Uint8Array(0)),
  );
};

export const integer = (least: number, most: number, what: string) => {
  const words = `${what} (${least} to ${most})`;
  return v.pipe(
    v.number(words),
    v.check((value) => Number.isInteger(value) && value >= least && value <= most, words),
  );
};

export const amount = integer(0, 999_999_999_999, 'an amount in minor units');

const hundreds = 'milliseconds, a multiple of 100';
/** Hold and removal times. */
export const holdMs = v.pipe(
  integer(0, 99_999_900, hundreds),
  v.check((value) => value % 100 === 0, hundreds),
);

export const flag = v.boolean('true or false');

const pattern = (expression: RegExp, what: string) =>
  v.pipe(v.string(what), v.regex(expression, what));

/** 9C, two digits. */
export const transactionType = pattern(/^[0-9]{2}$/, 'a transaction type (9C) such as "00"');

/** ISO 4217 numeric, as a number. */
export const currency = v.pipe(
  pattern(/^0?[0-9]{3}$/, 'a numeric currency code such as "0840"'),
  v.transform(Number),
);

const KERNEL_ID = 'a kernel id of 1 to 8 bytes such as "03"';
export const kernelId = v.pipe(
  pattern(/^([0-9A-Fa-f]{2}){1,8}$/, KERNEL_ID),
  v.transform((text) => text.toUpperCase()),
);

/** Values by tag: { "9F1A": "0840", … }. Any tag that is coded as one; kernels have their own. */
export const dataElements = v.pipe(
  v.record(
    v.pipe(
      v.string(),
      v.check((key) => tagOf(key) !== undefined, 'a tag such as "9F1A"'),
    ),
    hexBytes(0, 255),
  ),
  v.transform(
    (elements): DataMap =>
      new Map(Object.entries(elements).map(([key, value]) => [tagOf(key) ?? 0, value])),
  ),
);

/** Checks a value against a schema; the error names the path and never shows a longer value. */
export const checked = <Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  code: LabErrorCode,
): { readonly ok: v.InferOutput<Schema> } | LabError => {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { ok: result.output };
  const [issue] = result.issues;
  const where = pathOf(issue);
  const found = `expected ${expectedOf(issue)}, found ${foundOf(issue.input)}`;
  return labError(code, where === '' ? found : `${where}: ${found}`);
};

const exactHex = (text: string): Uint8Array | undefined =>
  /\s/.test(text) ? undefined : fromHex(text);

const tagOf = (text: string): number | undefined => {
  const bytes = exactHex(text);
  if (bytes === undefined || bytes.length === 0 || bytes[0] === 0) return undefined;
  const entries = parseDol(concat(bytes, Uint8Array.of(0)));
  if (isMalformed(entries) || entries.length !== 1) return undefined;
  return entries[0]?.tag;
};

const pathOf = (issue: v.BaseIssue<unknown>): string =>
  (issue.path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const expectedOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'no such key';
  return issue.message.startsWith('Invalid') ? (issue.expected ?? 'something else') : issue.message;
};

// Longer values may be account data: their length tells enough.
const foundOf = (input: unknown): string => {
  if (input === undefined) return 'nothing';
  if (typeof input === 'string' && input.length > 8) return `${input.length} characters`;
  if (typeof input === 'object') return Array.isArray(input) ? 'a list' : 'an object';
  return JSON.stringify(input) ?? 'nothing';
};
