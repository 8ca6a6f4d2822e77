import { randomFrom } from '#test/support/account-numbers/random.ts';

/** A fictitious account. No two of a set share a number, a check value or a PIN block. */
export interface TestAccount {
  readonly pan: string;
  /** YYMMDD. */
  readonly expiry: string;
  readonly serviceCode: string;
  /** The end of track 2: 12 or 13 digits where the number leaves room for them, else fewer. */
  readonly discretionaryData: string;
  /** An enciphered PIN, 16 hexadecimal digits; all of them decimal, so that one search finds it. */
  readonly pinBlock: string;
}

/**
 * Distinct account numbers with their check digit, 12 to 19 digits, under the ranges that the
 * schemes issue in, the same for the same seed. They are drawn by chance and belong to nobody.
 */
export const testAccounts = (seed: number, count: number): readonly TestAccount[] => {
  const random = randomFrom(seed);
  const accounts = new Map<string, TestAccount>();
  while (accounts.size < count) {
    const pan = drawn(random, ranges[accounts.size % ranges.length] ?? FIRST);
    if (looksMasked(pan) || accounts.has(pan)) continue;
    accounts.set(pan, {
      ...{ pan, expiry: '311231', serviceCode: '201', pinBlock: random.digits(16) },
      discretionaryData: random.digits(Math.min(13, MOST_TRACK2 - pan.length - 8)),
    });
  }
  return [...accounts.values()];
};

/** Another number of the same length that a simulated issuer would have issued. */
export const issuedInstead = (pan: string, bin: string): string =>
  withCheckDigit(`${bin}${pan.slice(bin.length, -1)}`);

export const passesLuhn = (pan: string): boolean =>
  withCheckDigit(pan.slice(0, -1)).endsWith(pan.slice(-1));

/** Digits in DE 35 and tag 57 without the separator. ISO 7813 */
const MOST_TRACK2 = 37;

interface Range {
  readonly prefix: string;
  readonly lengths: readonly number[];
}

const FIRST: Range = { prefix: '476173', lengths: [16] };

/** Leading digits by scheme, and how long their numbers may be. ISO 7812, the schemes' pages. */
const ranges: readonly Range[] = [
  FIRST,
  { prefix: '541333', lengths: [16] },
  { prefix: '4', lengths: [13, 16, 19] },
  { prefix: '476173', lengths: [12, 13, 14, 15, 17, 18, 19] },
  { prefix: '541333', lengths: [16, 19] },
  { prefix: '222100', lengths: [16] },
  { prefix: '272099', lengths: [16] },
  { prefix: '34', lengths: [15] },
  { prefix: '37', lengths: [15] },
  { prefix: '36', lengths: [14, 16, 19] },
  { prefix: '3528', lengths: [16, 17, 18, 19] },
  { prefix: '3589', lengths: [16, 19] },
  { prefix: '6011', lengths: [16, 19] },
  { prefix: '62', lengths: [16, 17, 18, 19] },
  { prefix: '5018', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { prefix: '6304', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { prefix: '6761', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { prefix: '8171', lengths: [16] },
];

const drawn = (random: ReturnType<typeof randomFrom>, { prefix, lengths }: Range): string => {
  const length = lengths[random.below(lengths.length)] ?? 16;
  return withCheckDigit(prefix + random.digits(length - prefix.length - 1));
};

// A masked number has zeros in its middle: one that has them by itself can't be told from a mask.
const looksMasked = (pan: string): boolean => /^0+$/.test(pan.slice(6, -4));

// ISO 7812-1 annex B.
const withCheckDigit = (digits: string): string => {
  const sum = [...digits].reverse().reduce((total, character, place) => {
    const doubled = Number(character) * (place % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};
