import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { WalletName } from './entries.ts';

/** What a phone shows, and what its holder could read aloud instead. */
export interface ShopperCode {
  readonly code: string;
  readonly digits?: string;
}

/** What our display shows. */
export interface ShopCode {
  readonly content: string;
  readonly digits?: string;
}

/** How a wallet's codes look. */
export interface CodeMaker {
  readonly shopper: () => ShopperCode;
  readonly shop: () => ShopCode;
  /** How long a shopper's code can be used: Alipay changes the one it shows every minute. */
  readonly shopperMs: number;
}

export const codeMakers: Readonly<Record<WalletName, CodeMaker>> = {
  alipay: {
    // 18 digits that begin with 25 to 30; 28 is what the wallet's payment codes begin with.
    shopper: () => ({ code: `28${digits(16)}` }),
    shop: () => ({ content: `https://qr.alipay.com/bax${randomBytes(10).toString('hex')}` }),
    shopperMs: 60_000,
  },
  retailer: {
    shopper: () => ({ code: token(), digits: withLuhn(`9${digits(10)}`) }),
    shop: () => ({
      content: `rwpay:1/${randomBytes(16).toString('base64url')}`,
      digits: withLuhn(`8${digits(8)}`),
    }),
    shopperMs: 120_000,
  },
};

/** For looking a code up without keeping it: a code is money. */
export const hashOf = (code: string): string =>
  createHash('sha256').update(code).digest('hex').slice(0, 32);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const token = (): string => {
  const body = randomBytes(16).toString('base64url');
  return `rw1.${body}${checkCharacter(body)}`;
};

/** Each character's place in the alphabet, weighted by its position from 1, modulo 64. */
export const checkCharacter = (body: string): string => {
  const sum = [...body].reduce(
    (total, character, position) => total + ALPHABET.indexOf(character) * (position + 1),
    0,
  );
  return ALPHABET.charAt(sum % 64);
};

/** ISO/IEC 7812-1, annex B. */
export const withLuhn = (body: string): string => {
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
};

const digits = (count: number): string =>
  Array.from({ length: count }, () => randomInt(10)).join('');
