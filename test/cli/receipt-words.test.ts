import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keptReceiptWords } from '../../src/cli/opening/receipt-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'countertap-words-'));
afterAll(() => rmSync(folder, { recursive: true }));
cpSync('config/base/receipts', join(folder, 'receipts'), { recursive: true });
const file = join(folder, 'receipts', 'en.json');

it('the words of a receipt are read once, and again when their file has changed', () => {
  const wordsIn = keptReceiptWords(folder);
  const words = wordsIn('en');
  expect(wordsIn('en')).toBe(words);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/"title": "[^"]*"/, '"title": "Proof of payment"'));
  expect(wordsIn('en')).toMatchObject({ title: 'Proof of payment' });
});

it('a file that can not be used is a problem each time, until it is mended', () => {
  const wordsIn = keptReceiptWords(folder);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, '{}');
  expect(wordsIn('en')).toHaveProperty('key');
  expect(wordsIn('en')).toHaveProperty('key');
  writeFileSync(file, text);
  expect(wordsIn('en')).toHaveProperty('title');
});
