import {
  type DecisionProblem,
  decisionProblem,
  REASON_CATEGORIES,
  type ReasonCategory,
  type Words,
} from '#acceptance/index.ts';

export interface Reason {
  readonly category: ReasonCategory;
  readonly text: string;
}

/** "commercial: fees", as a person types it after `--reason`. */
export const parseReason = (text: string | undefined): Reason | DecisionProblem => {
  if (text === undefined || text.trim() === '') return noReason('a decision needs a reason');
  const [, name = '', words = ''] = /^\s*([a-z]+)\s*:(.*)$/isu.exec(text) ?? [];
  const category = name.toLowerCase();
  if (!isCategory(category)) {
    const what = name === '' ? 'the reason has no category' : `"${name}" is no category`;
    return noReason(what);
  }
  return words.trim() === ''
    ? noReason(`"${category}" alone is no reason: say why in words`)
    : { category, text: words.trim() };
};

const isCategory = (name: string): name is ReasonCategory => Object.hasOwn(REASON_CATEGORIES, name);

const noReason = (what: string): DecisionProblem =>
  decisionProblem(
    'reason',
    [
      `${what}; expected "category: text", with a category out of`,
      ...Object.entries(REASON_CATEGORIES).map(([name, means]) => `${name.padEnd(12)} ${means}`),
    ].join('\n  '),
  );

/**
 * The shop's own words: "en=Please insert your card", for each language; without one it is the
 * shop's own. "en:cashier=…" says for whom in the same breath.
 */
export const parseWords = (
  forShoppers: readonly string[],
  forCashiers: readonly string[],
  language: string,
): Readonly<Record<string, Words>> | DecisionProblem => {
  const texts: Record<string, { shopper?: string; cashier?: string }> = {};
  const all = [
    ...forShoppers.map((text) => ({ text, whom: 'shopper' as const })),
    ...forCashiers.map((text) => ({ text, whom: 'cashier' as const })),
  ];
  for (const { text, whom } of all) {
    const match = /^\s*([a-z]{2})(?::(shopper|cashier))?=(.*)$/isu.exec(text);
    const [, code = language, named = whom, words = text] = match ?? [];
    const of = code.toLowerCase();
    const to = named.toLowerCase() === 'cashier' ? 'cashier' : 'shopper';
    if (texts[of]?.[to] !== undefined) {
      return decisionProblem(`texts.${of}`, `two texts for the ${to} in "${of}"`);
    }
    texts[of] = { ...texts[of], [to]: words.trim() };
  }
  return texts;
};

/** "insert,cash" and several of them, as one list. */
export const parseList = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.flatMap((text) => text.split(',').map((one) => one.trim())).filter(Boolean)),
];
