import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { parseReceiptWords, type ReceiptWords } from '#config/receipts-config.ts';
import { columnsOf } from '#receipt/index.ts';

const FOLDER = 'config/base/receipts';

const shipped: readonly [string, ReceiptWords][] = readdirSync(FOLDER).map((name) => {
  const words = parseReceiptWords({ name, text: readFileSync(`${FOLDER}/${name}`, 'utf8') });
  if (isConfigProblem(words)) throw new Error(JSON.stringify(words));
  return [name.slice(0, 2), words];
});

const allOf = (words: ReceiptWords): readonly string[] =>
  Object.values(words).flatMap((part) => (typeof part === 'string' ? [part] : Object.values(part)));

it('receipts speak the languages of the display', () => {
  const names = (folder: string) => readdirSync(folder).sort();
  expect(names(FOLDER)).toEqual(names('config/base/texts'));
  expect(shipped).toHaveLength(9);
});

it('a language with a word missing, too long or too many is refused, and named', () => {
  const text = readFileSync(`${FOLDER}/en.json`, 'utf8');
  const problemIn = (changed: string) => parseReceiptWords({ name: 'en.json', text: changed });
  expect(problemIn(text.replace('"till": "Till",', ''))).toMatchObject({ key: 'labels.till' });
  expect(problemIn(text.replace('"Till"', '"The number of the till"'))).toMatchObject({
    key: 'labels.till',
    expected: 'a short label, 1 to 18 characters',
  });
  expect(problemIn(text.replace('"till"', '"shelf"'))).toMatchObject({ configProblem: true });
});

const LETTERS: Readonly<Record<string, RegExp>> = {
  ar: /\p{Script=Arabic}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  zh: /\p{Script=Han}/u,
};

describe.each(shipped)('the receipt words in %s', (language, words) => {
  it('have its own letters, without stray blanks', () => {
    const letters = LETTERS[language] ?? /\p{Script=Latin}/u;
    for (const one of allOf(words)) {
      expect(one).toMatch(letters);
      expect(one).toBe(one.trim().normalize('NFC'));
    }
  });

  it('tell every outcome and every kind from every other', () => {
    for (const part of [words.kinds, words.outcomes, words.labels, words.copies])
      expect(new Set(Object.values(part)).size).toBe(Object.values(part).length);
  });

  it('leave room for a value beside each label on the narrowest paper', () => {
    for (const label of Object.values(words.labels)) expect(columnsOf(label)).toBeLessThan(20);
    for (const line of [words.kinds, words.outcomes, words.copies].flatMap(Object.values<string>))
      expect(columnsOf(line)).toBeLessThanOrEqual(32);
  });
});
