import * as v from 'valibot';
import { expect, it } from 'vitest';
import { codes } from '#config/codes-config.ts';
import { decodeConsumerCode, decodeMerchantCode, identifyCode } from '#qr/index.ts';
import { CONSUMER_CODE, MERCHANT_CODES } from './samples.ts';

const TABLE = v.parse(codes, {});
const [LONG_CODE = ''] = Object.values(MERCHANT_CODES);

// On a busy machine of two cores the medians are 0.04, 0.007 and 0.002 ms.
it.each([
  ['a shop’s code of 300 characters is taken apart', () => decodeMerchantCode(LONG_CODE)],
  ['a shopper’s code is taken apart', () => decodeConsumerCode(CONSUMER_CODE)],
  ['a wallet’s code is told', () => identifyCode('281234567890123456', ']Q1', TABLE)],
  ['4 KB of rubbish are told', () => identifyCode('x1'.repeat(2048), undefined, TABLE)],
])('%s in less than a millisecond', (_, work) => {
  const times = Array.from({ length: 301 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  }).sort((a, b) => a - b);
  expect(times[150]).toBeLessThan(1);
});
