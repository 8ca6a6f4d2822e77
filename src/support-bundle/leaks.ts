import { luhn } from '#data/explain/account.ts';

/** What must not leave the shop, and what it looked like. Nothing of it itself. */
export interface Leak {
  readonly what:
    | 'account number'
    | 'track data'
    | 'PIN block'
    | 'private key'
    | 'key block'
    | 'token';
  /** From 1. */
  readonly line: number;
}

export interface LeakOptions {
  /** Words that are known to be none, such as a terminal's own identification in hexadecimal. */
  readonly except?: ReadonlySet<string>;
}

/**
 * The first thing in a text that looks like a full account number (ISO 7812: length, range of an
 * issuer, check digit), track data, a PIN block or a key; undefined where nothing does. It would
 * rather find too much: what it finds is only left out.
 */
export const leakIn = (
  text: string,
  { except = new Set() }: LeakOptions = {},
): Leak | undefined => {
  for (const [at, line] of text.split('\n').entries()) {
    const what = whatIn(line, except);
    if (what !== undefined) return { what, line: at + 1 };
  }
  return undefined;
};

const whatIn = (line: string, except: ReadonlySet<string>): Leak['what'] | undefined => {
  for (const [pattern, what] of PATTERNS) if (pattern.test(line)) return what;
  for (const [, number = ''] of line.matchAll(TRACK_2)) {
    if (looksIssued(number)) return 'track data';
  }
  for (const candidate of numbersIn(line)) {
    if (!except.has(candidate) && looksIssued(candidate)) return 'account number';
  }
  return undefined;
};

// biome-ignore format: a row stays on its line
const PATTERNS: readonly (readonly [RegExp, Leak['what']])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'private key'],
  [/AGE-SECRET-KEY-1[0-9A-Z]+/i, 'private key'],
  // The base64 of PKCS #8 and of its encrypted form begins so; that of SEC 1 and PKCS #1, so.
  [/\bMI[GIHEC][A-Za-z0-9+/]{60,}/, 'private key'],
  // TR-31: version, length, usage, algorithm, mode of use, key version, exportability, blocks.
  [/\b[ABCD]\d{4}[A-Z][0-9A-Z][ADEHRST][A-Z][0-9A-Z]{2}[ENS]\d\d00[0-9A-F]{16}/, 'key block'],
  [/\bBearer\s+[A-Za-z0-9._~+/-]{16,}/, 'token'],
  [/%?B[0-9]{12,19}\^[^^]{2,26}\^[0-9]{4}/, 'track data'],
  // By name only: enciphered, it looks like anything.
  [/pin[ _-]?(?:block|data)?"?\s*[:=]\s*"?[0-9A-F]{16}\b/i, 'PIN block'],
  [/\b(?:DE ?)?52"?\s*[:=]\s*(?:\{"hex":)?"?[0-9A-F]{16}\b/i, 'PIN block'],
];

/** Number, separator, expiry and service code. ISO 7813 */
const TRACK_2 = /(?<![0-9])([0-9]{12,19})[D=][0-9]{7}/g;

// Twelve digits in a row, or as people group them: 4-4-4-4, 4-4-4-4-3, 4-6-5 and 4-6-4. What stands
// behind a decimal point is a fraction.
const PLAIN = /(?<![0-9A-Za-z])(?<![0-9]\.)[0-9]{12,19}(?![0-9A-Za-z])/g;
const GROUPED = [
  /(?<![0-9A-Za-z])\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?(?![0-9A-Za-z])/g,
  /(?<![0-9A-Za-z])\d{4}([ -])\d{6}\1\d{4,5}(?![0-9A-Za-z])/g,
];
/** "34373631…": digits as text, as hexadecimal. */
const HEX_OF_DIGITS = /(?<![0-9A-Fa-f])(?:3[0-9]){12,19}(?![0-9A-Fa-f])/g;
/** Tags 5A, 9F6B and 57 with their length: the number packed, two digits a byte. */
const PACKED = /(?:5A(?:0[6-9]|0A)|57(?:0[A-F]|1[0-3])|9F6B(?:0[A-F]|1[0-3]))([0-9]{12,19})/gi;
/** `[71,97,57,…]`, as a buffer is written in JSON. */
const BYTES = /\[\s*[0-9]{1,3}(?:\s*,\s*[0-9]{1,3}){5,40}\s*\]/g;

function* numbersIn(line: string): Generator<string> {
  for (const [digits] of line.matchAll(PLAIN)) yield digits;
  for (const pattern of GROUPED) {
    for (const [grouped] of line.matchAll(pattern)) yield grouped.replaceAll(/[ -]/g, '');
  }
  for (const [pairs] of line.matchAll(HEX_OF_DIGITS)) yield pairs.replaceAll(/3([0-9])/g, '$1');
  for (const [, run = ''] of line.matchAll(PACKED)) yield* beginningsOf(run);
  for (const [list] of line.matchAll(BYTES)) {
    const bytes = Buffer.from(list.match(/[0-9]+/g)?.map(Number) ?? []);
    yield* numbersIn(bytes.toString('latin1').replaceAll(/[^ -~]/g, ' '));
    yield* beginningsOf(/^[0-9]+/.exec(bytes.toString('hex'))?.[0] ?? '');
  }
}

// How long a packed number is, nobody says where something else follows.
function* beginningsOf(run: string): Generator<string> {
  for (let length = 13; length <= Math.min(19, run.length); length++) yield run.slice(0, length);
  if (run.length === 12) yield run;
}

const looksIssued = (digits: string): boolean =>
  ISSUED.some((range) => range.test(digits)) && !MASKED.test(digits) && luhn(digits);

// Ranges of issuers, ISO 7812. Of twelve digits only those of Maestro: a retrieval reference has
// twelve as well. Milliseconds since 1970 begin with 1.
const ISSUED = [
  /^(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8}$/,
  /^[456]\d{12,18}$/,
  /^3\d{13,18}$/,
  /^(?:2[2-7]|8[12])\d{14,17}$/,
  /^9\d{15}$/,
];

/** First six and last four digits around zeros: our own mask, as src/transcript makes it. */
const MASKED = /^[0-9]{6}0+[0-9]{4}$/;
