import { createHash, randomBytes, randomInt } from 'node:crypto';
import { luhnDigit, retailerToken, typedToken } from '#qr/retailer-token.ts';
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
    shopper: () => ({ code: retailerToken(randomBytes(16)), digits: typedToken(digits(10)) }),
    shop: () => ({
      content: `rwpay:1/${randomBytes(16).toString('base64url')}`,
      digits: withCheckDigit(`8${digits(8)}`),
    }),
    shopperMs: 120_000,
  },
};

/** For looking a code up without keeping it: a code is money. */
export const hashOf = (code: string): string =>
  createHash('sha256').update(code).digest('hex').slice(0, 32);

const digits = (count: number): string =>
  Array.from({ length: count }, () => randomInt(10)).join('');

// ISO/IEC 7812-1, annex B.
const withCheckDigit = (body: string): string => body + luhnDigit(body);
