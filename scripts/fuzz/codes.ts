import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { crc16 } from '#qr/crc16.ts';
import {
  type CodeTable,
  consumerAccount,
  consumerLines,
  decodeConsumerCode,
  decodeMerchantCode,
  encodeConsumerCode,
  encodeMerchantCode,
  identifyCode,
  merchantLines,
} from '#qr/index.ts';
import { type Random, randomOf } from './mutate.ts';

/** What came of many damaged codes. */
export interface CodesReport {
  readonly codes: number;
  /** How many were of which kind, and how many a decoder refused. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** A line each: what was done to which code, and what should not have come of it. */
  readonly failures: readonly string[];
  readonly slowestMs: number;
}

/**
 * Damages codes and asks all decoders and the table about each: they have to answer or to refuse
 * clearly, in words that hold no account number, and what they decode has to encode to the same.
 */
export const fuzzCodes = (
  codes: readonly string[],
  table: CodeTable,
  count: number,
  seed: number,
): CodesReport => {
  const random = randomOf(seed);
  const outcomes = new Map<string, number>();
  const failures: string[] = [];
  let slowestMs = 0;
  for (let i = 0; i < count; i++) {
    const text = damaged(codes, random);
    const began = performance.now();
    try {
      for (const outcome of judge(text, table)) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    } catch (error) {
      failures.push(`seed ${seed}, code ${i}: ${error instanceof Error ? error.message : error}`);
    }
    slowestMs = Math.max(slowestMs, performance.now() - began);
  }
  return { codes: count, outcomes, failures, slowestMs };
};

const judge = (text: string, table: CodeTable): string[] => [
  merchant(text),
  consumer(text),
  `identified: ${identified(text, table)}`,
];

const merchant = (text: string): string => {
  const code = decodeMerchantCode(text);
  if (isMalformed(code)) return clear(code, text, 'merchant');
  if (encodeMerchantCode(code.objects) !== text) throw new Error('merchant: encodes to another');
  merchantLines(code.objects);
  return 'merchant: decoded';
};

const consumer = (text: string): string => {
  const code = decodeConsumerCode(text);
  if (isMalformed(code)) return clear(code, text, 'consumer');
  const again = encodeConsumerCode(code.objects);
  const twice = isMalformed(again) ? again : decodeConsumerCode(again);
  if (isMalformed(twice)) throw new Error('consumer: what it decodes is refused');
  if (encodeConsumerCode(twice.objects) !== again) throw new Error('consumer: encodes to another');
  const shown = JSON.stringify(consumerLines(code.objects));
  // A number that damage moved under another tag is a number like any other.
  const pans = code.applications.map((one) => consumerAccount(one)?.pan);
  if (pans.some((pan) => pan !== undefined && shown.includes(pan))) {
    throw new Error('consumer: an account is shown');
  }
  return 'consumer: decoded';
};

const identified = (text: string, table: CodeTable): string => {
  const found = identifyCode(text, undefined, table);
  if (found.kind === 'unknown') {
    if (found.why === '' || repeats(found.why, text))
      throw new Error('why: not clear, or repeated');
  }
  return found.kind === 'wallet' ? found.wallet : found.kind;
};

const clear = (problem: Malformed, text: string, which: string): string => {
  const { offset, problem: words, path } = problem;
  const inside = offset >= 0 && offset <= Math.max(text.length, 512);
  if (!inside || words === '' || repeats(`${path.join(' ')} ${words}`, text)) {
    throw new Error(`${which}: refused unclearly`);
  }
  return `${which}: refused`;
};

// Eight digits of the text in a row are enough to tell whose money it is.
const repeats = (words: string, text: string): boolean =>
  (words.match(/[0-9]{8,}/g) ?? []).some((digits) => text.includes(digits));

const damaged = (codes: readonly string[], random: Random): string => {
  let text = codes[random(codes.length)] ?? '';
  for (let times = 1 + random(3); times > 0; times--) {
    text = (WAYS[random(WAYS.length)] ?? cut)(text, random, codes);
  }
  // With a CRC that is right, the rules behind it are asked, too.
  return text.startsWith('0002') && random(2) === 0 ? mended(text) : text;
};

const mended = (text: string): string => {
  const body = `${text.slice(0, -8)}6304`;
  return body + crc16(body);
};

type Way = (text: string, random: Random, codes: readonly string[]) => string;

// By UTF-16 units: the last is two halves that mean nothing alone.
const LETTERS = '0123456789ABCDEFabcdefghijklmnopqrstuvwxyz+/=-_. *]é京\u0000\u001d😀';
const letter = (random: Random): string => LETTERS[random(LETTERS.length)] ?? '0';
const digit = (random: Random): string => String(random(10));

const put = (text: string, at: number, over: number, what: string): string =>
  text.slice(0, at) + what + text.slice(at + over);

const cut: Way = (text, random) => text.slice(0, random(text.length + 1));
const exchange: Way = (text, random) => put(text, random(text.length + 1), 1, letter(random));
const number: Way = (text, random) => put(text, random(text.length + 1), 1, digit(random));
const insert: Way = (text, random) => put(text, random(text.length + 1), 0, letter(random));
const remove: Way = (text, random) => put(text, random(text.length + 1), 1 + random(4), '');
const repeat: Way = (text, random) => {
  const at = random(text.length + 1);
  return put(text, at, 0, text.slice(at, at + random(24)));
};
const splice: Way = (text, random, codes) => {
  const other = codes[random(codes.length)] ?? '';
  return text.slice(0, random(text.length + 1)) + other.slice(random(other.length + 1));
};
const noise: Way = (_, random) =>
  Array.from({ length: random(600) }, () => letter(random)).join('');

const WAYS = [
  exchange,
  exchange,
  number,
  number,
  number,
  insert,
  remove,
  repeat,
  cut,
  splice,
  noise,
];
