import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { textOf } from './qr-reader.ts';

test.each([10, 25, 40, 60, 80, 100])('what was drawn is read: %d characters', (length) => {
  const text = Array.from({ length }, (_, i) => String.fromCharCode(97 + ((i * 7) % 26))).join('');
  expect(textOf(encode(text, { ecc: 'M', border: 0 }).data)).toBe(text);
});

test('what is no such code is not guessed', () => {
  expect(() => textOf([])).toThrow('no version');
  expect(() => textOf(encode('x', { ecc: 'H', border: 0 }).data)).toThrow('level M');
});
