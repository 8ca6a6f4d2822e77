import { type Rule, scalar } from './rules.ts';

/**
 * Characters on one line, at least one: the schema's patterns `^.+$` and `^.{1,10}$`. A number that
 * a till sends is its digits.
 */
export const textUpTo = (most: number): Rule<string> => {
  const pattern = most === Number.POSITIVE_INFINITY ? /^.+$/ : new RegExp(`^.{1,${most}}$`);
  const says = most === Number.POSITIVE_INFINITY ? 'text' : `1 to ${most} characters`;
  return scalar(says, asText, (value) => typeof value === 'string' && pattern.test(value));
};

export const text = textUpTo(Number.POSITIVE_INFINITY);

/**
 * What a host or a configuration says, as `text` allows it: on one line; undefined when nothing is
 * left. An answer is not to fail over somebody else's line break.
 */
export const oneLine = (said: string | undefined): string | undefined =>
  said?.replaceAll(/[\n\r\u2028\u2029]+/g, ' ').trim() || undefined;

/** Text that may be empty and may have lines: what people are to read, or typed. */
export const anyText = scalar('text', asText, (value) => typeof value === 'string');

/** Text of one form. @param says completes "expected …" */
export const textLike = (pattern: RegExp, says: string): Rule<string> =>
  scalar(says, asText, (value) => typeof value === 'string' && pattern.test(value));

/**
 * A number that is a name. The schema says "integer"; every message that Adyen publishes, and the
 * types of its libraries, have a string, and what a shopper typed may begin with a zero. So a
 * string is sent, and either is taken.
 */
export const digits = textLike(/^[0-9]+$/, 'digits');

export const currency = textLike(/^[A-Z]{3}$/, 'a currency of three capital letters');

export const language = textLike(/^[a-z]{2}$/, 'a language of two small letters');

export const integer = (least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER) =>
  scalar(
    least === Number.MIN_SAFE_INTEGER ? 'a whole number' : `a whole number, ${least} to ${most}`,
    (value) => asNumber(value, /^[+-]?[0-9]{1,15}$/),
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  );

/** The largest amount that the schema allows, in the currency's main unit. */
export const LARGEST_DECIMAL = 99_999_999.999999;

/** In the currency's main unit: 10.99. */
export const amount = scalar(
  'an amount such as 10.99',
  (value) => asNumber(value, /^[0-9]{1,8}(\.[0-9]{1,6})?$/),
  (value) => typeof value === 'number' && value >= 0 && value <= LARGEST_DECIMAL,
);

export const flag = scalar(
  'true or false',
  (value) => (typeof value === 'string' ? FLAGS.get(value.toLowerCase()) : asFlag(value)),
  (value) => typeof value === 'boolean',
);

export interface Words<Word extends string> extends Rule<Word> {
  readonly words: readonly Word[];
}

/** One of these words. @param also other spellings that are in use, and what they stand for */
export const oneOf = <const Word extends string>(
  words: readonly Word[],
  also: Readonly<Record<string, NoInfer<Word>>> = {},
): Words<Word> => {
  const known = new Map<string, Word>(words.map((word) => [word, word]));
  const meant = new Map<string, Word>([...known, ...Object.entries(also)]);
  const rule = scalar(
    words.length > 6 ? `one of ${words.length} words that the schema has` : words.join(' or '),
    (value) => (typeof value === 'string' ? meant.get(value) : undefined),
    (value) => typeof value === 'string' && known.has(value),
  );
  return { ...rule, words };
};

/** Bytes as Base64 with padding. @param most characters */
export const base64 = (most = Number.POSITIVE_INFINITY): Rule<string> =>
  scalar(
    'Base64',
    (value) => (typeof value === 'string' ? value.replaceAll(/\s+/g, '') : undefined),
    (value) =>
      typeof value === 'string' && value.length > 0 && value.length <= most && isBase64(value),
  );

/** Bytes of a text that `base64` has taken. */
export const fromBase64 = (encoded: string): Uint8Array =>
  new Uint8Array(Buffer.from(encoded, 'base64'));

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const isBase64 = (value: string): boolean =>
  value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

const asNumber = (value: unknown, pattern: RegExp): number | undefined => {
  if (typeof value === 'number') return value;
  const written = typeof value === 'string' ? value.trim() : '';
  return pattern.test(written) ? Number(written) : undefined;
};

const asFlag = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
