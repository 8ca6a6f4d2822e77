import { type Malformed, malformed } from '#bytes/malformed.ts';
import { MISSING } from './rules.ts';
import { fromBase64 } from './scalars.ts';

/**
 * AdditionalResponse as Adyen's terminals write it: pairs in the form of a URL's query, blanks as
 * %20. What is undefined or empty is left out; undefined when nothing is left.
 */
export const formEncoded = (
  pairs: Readonly<Record<string, string | number | boolean | undefined>>,
): string | undefined => {
  const written = Object.entries(pairs)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(whole(value))}`);
  return written.length === 0 ? undefined : written.join('&');
};

/**
 * What a till sends as SaleToAcquirerData, or a terminal as AdditionalResponse: pairs in the form
 * of a URL's query, or a JSON object as Base64. Objects inside are flat: "metadata.key". A word
 * that is neither is there with an empty value.
 */
export const formDecoded = (written: string): ReadonlyMap<string, string> => {
  const object = jsonIn(written);
  if (object !== undefined) return new Map(flat(object, '', 0));
  return new Map(new URLSearchParams(written));
};

/**
 * A fault of a message in words, as Adyen's terminals tell it: "At SaleToPOIRequest.PaymentRequest,
 * field SaleData: Missing".
 */
export const faultInWords = ({ path, problem }: Malformed): string => {
  const field = path.at(-1);
  const said = problem === MISSING ? MISSING : `${problem[0]?.toUpperCase()}${problem.slice(1)}`;
  if (field === undefined) return said;
  const at = path.slice(0, -1).join('.').replaceAll('.[', '[');
  return at === '' ? `Field ${field}: ${said}` : `At ${at}, field ${field}: ${said}`;
};

/** The fault of a field that is well formed, and can't be what the message wants all the same. */
export const fieldFault = (path: string, problem: string): Malformed =>
  malformed(path.split('.'), 0, problem);

// A lone half of a surrogate pair can't be encoded: it becomes the sign for what can't be shown.
const whole = (value: string | number | boolean | undefined): string =>
  String(value).toWellFormed();

const jsonIn = (written: string): object | undefined => {
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(written)) return undefined;
  try {
    const object: unknown = JSON.parse(new TextDecoder().decode(fromBase64(written)));
    return typeof object === 'object' && object !== null ? object : undefined;
  } catch {
    return undefined;
  }
};

// Objects in objects beyond what anybody sends are left out.
const DEEPEST = 4;

const flat = (object: object, before: string, depth: number): [string, string][] =>
  Object.entries(object).flatMap(([name, value]): [string, string][] => {
    const key = `${before}${name}`;
    if (value === null || value === undefined) return [];
    if (typeof value !== 'object') return [[key, String(value)]];
    return depth < DEEPEST ? flat(value, `${key}.`, depth + 1) : [];
  });
