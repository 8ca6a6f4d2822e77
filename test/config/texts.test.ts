import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { parseTexts, type Texts } from '#config/texts-config.ts';

const FOLDER = 'config/base/texts';

const shipped: readonly [string, Texts][] = readdirSync(FOLDER).map((name) => {
  const texts = parseTexts({ name, text: readFileSync(`${FOLDER}/${name}`, 'utf8') });
  if (isConfigProblem(texts)) throw new Error(JSON.stringify(texts));
  return [name.slice(0, 2), texts];
});

const linesOf = ({ screens, plasticOnly, byCode, ways, choices, question }: Texts): string[] => [
  ...[screens, byCode]
    .flatMap((some) => Object.values(some))
    .flatMap(({ headline, detail }) => [headline, detail]),
  plasticOnly.welcome,
  ...Object.values(ways),
  ...Object.values(choices),
  ...Object.values(question),
];

it('the display speaks nine languages', () => {
  const languages = shipped.map(([language]) => language).sort();
  expect(languages).toEqual(['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'pt', 'zh']);
});

const english = shipped.find(([language]) => language === 'en')?.[1];
if (english === undefined) throw new Error('there are no English texts');

const LETTERS: Readonly<Record<string, RegExp>> = {
  ar: /\p{Script=Arabic}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  zh: /\p{Script=Han}/u,
};

describe.each(shipped)('the texts in %s', (language, texts) => {
  it('leave the same things to fill in as English, and name no other', () => {
    const filledIn = (all: Texts) => linesOf(all).map((line) => line.match(/\{\w*\}|[{}]/g) ?? []);
    expect(filledIn(texts)).toEqual(filledIn(english));
    expect(texts.screens.approvedPart.detail).toContain('{rest}');
    for (const { detail } of [texts.screens.scanCode, texts.screens.confirmOnPhone]) {
      expect(detail).toContain('{wallet}');
    }
    expect(texts.choices.wallet).toContain('{wallet}');
  });

  it('have words in its own letters, without stray blanks', () => {
    const letters = LETTERS[language] ?? /\p{Script=Latin}/u;
    for (const line of linesOf(texts).filter((line) => line !== '')) {
      expect(line).toMatch(letters);
      expect(line).toBe(line.trim().normalize('NFC'));
    }
  });

  it('tell every screen from every other', () => {
    const seen = Object.values(texts.screens).map(({ headline, detail }) => headline + detail);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('have a detail wherever English has one', () => {
    for (const [screen, { detail }] of Object.entries(texts.screens)) {
      const other = english.screens[screen as keyof Texts['screens']].detail;
      expect([screen, detail === '']).toEqual([screen, other === '']);
    }
  });
});
