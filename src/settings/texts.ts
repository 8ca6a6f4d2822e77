import type { Texts } from '#config/texts-config.ts';
import type { Configured, ScreenWords, ShopWords } from './types.ts';

type ScreenName = keyof Texts['screens'];

/** What the configuration says on a screen; undefined for one, or a language, that it hasn't. */
export const configuredWords = (
  { texts }: Pick<Configured, 'texts'>,
  language: string,
  screen: string,
): ScreenWords | undefined => {
  const spoken = Object.hasOwn(texts, language) ? texts[language] : undefined;
  if (spoken === undefined || !Object.hasOwn(spoken.screens, screen)) return undefined;
  return spoken.screens[screen as ScreenName];
};

export const isSame = (words: ScreenWords, other: ScreenWords | undefined): boolean =>
  words.headline === other?.headline && words.detail === other.detail;

/**
 * What is wrong with words that would replace others: {rest} and its like are filled in by the
 * terminal, so each has to stand where it stood, and no other may.
 */
export const placeholderProblem = (
  words: ScreenWords,
  configured: ScreenWords,
): { readonly line: 'headline' | 'detail'; readonly problem: string } | undefined => {
  for (const line of ['headline', 'detail'] as const) {
    const found = placeholdersIn(words[line]);
    const wanted = placeholdersIn(configured[line]);
    if (found.join() === wanted.join()) continue;
    const stranger = found.find((one) => !wanted.includes(one));
    if (stranger !== undefined) {
      return { line, problem: `${stranger} stands for nothing here: leave it out` };
    }
    return { line, problem: `${wanted.join(', ')} must stand in it, as often as before` };
  }
  return undefined;
};

/** The texts with a shop's words in their places. */
export const textsWith = (
  { texts }: Pick<Configured, 'texts'>,
  changed: readonly ShopWords[],
): Readonly<Record<string, Texts>> => {
  const all: Record<string, Texts> = { ...texts };
  for (const { language, screen, words } of changed) {
    const spoken = all[language];
    if (spoken === undefined) continue;
    all[language] = { ...spoken, screens: { ...spoken.screens, [screen]: words } };
  }
  return all;
};

const placeholdersIn = (line: string): readonly string[] =>
  [...line.matchAll(/\{\w*\}|[{}]/g)].map(([one]) => one).sort();
