import * as v from 'valibot';
import { toHex } from '#bytes/hex.ts';
import type { CombinationSet } from '#config/combinations-config.ts';
import { amountText } from '#data/amount.ts';
import type { JsonObject } from '#ports/journal.ts';
import { LIMIT_NAMES, LIMIT_WORDS, namesOf } from './limits.ts';
import { parseWords, type StoredOverlay, storedOverlay } from './schema.ts';
import { combinationsOf, limitOfSet, titlesOf } from './sets.ts';
import { configuredWords, isSame, placeholderProblem } from './texts.ts';
import {
  type ChangedBy,
  type Configured,
  isSettingsProblem,
  type Overlay,
  type ShopLimit,
  type ShopWords,
} from './types.ts';

/** The shop's changes, whole, as one entry of the journal. */
export const toStored = (
  { limits, texts }: Overlay,
  { sets, currency }: Configured,
  { person, role }: ChangedBy,
): JsonObject => ({
  version: 1,
  by: { person, role },
  currency,
  limits: limits.map(({ set, name, minor }) => ({ ...identityOf(sets[set]), name, minor })),
  texts: texts.map(({ language, screen, words }) => ({ language, screen, ...words })),
});

/** What an entry says; undefined when it can't be read. */
export const parseStored = (data: unknown): StoredOverlay | undefined => {
  const parsed = v.safeParse(storedOverlay, data);
  return parsed.success ? parsed.output : undefined;
};

/** As much of it as fits the configuration, and a sentence for each thing that doesn't. */
export const fitted = (
  configured: Configured,
  stored: StoredOverlay,
): { readonly overlay: Overlay; readonly lost: readonly string[] } => {
  const lost: string[] = [];
  return {
    overlay: {
      limits: limitsIn(configured, stored, lost),
      texts: textsIn(configured, stored, lost),
    },
    lost,
  };
};

/** The shop's limits that the configuration has overtaken: they count again when it rises. */
export const overtaken = (configured: Configured, { limits }: Overlay): readonly string[] => {
  const { currency, contactless, sets } = configured;
  const combinations = combinationsOf(configured);
  return limits.flatMap(({ set, name, minor }) => {
    const highest = limitOfSet(combinations[set] ?? [], name, contactless.terminal);
    if (highest === undefined || minor <= highest) return [];
    const limit = `the ${LIMIT_WORDS[name]} of ${amountText(minor, currency)}`;
    const now = `${amountText(highest, currency)} is configured now, which is lower`;
    return [`${titlesOf(sets)[set]}: ${limit}: ${now}`];
  });
};

const identityOf = (set: CombinationSet | undefined) => ({
  transactionTypes: set?.transactionTypes ?? [],
  combinations: (set?.combinations ?? []).map(({ aid, kernelId }) => ({
    aid: toHex(aid),
    kernelId,
  })),
});

// A limit goes with its combinations: to each set that has one of them now, so that what was
// limited stays so when sets are added to, split or put together; there the lowest counts.
const limitsIn = (
  configured: Configured,
  { limits, currency }: StoredOverlay,
  lost: string[],
): readonly ShopLimit[] => {
  if (currency !== configured.currency) {
    const now = `this terminal takes ${configured.currency} now`;
    if (limits.length > 0) lost.push(`All limits, which were in ${currency}: ${now}`);
    return [];
  }
  const combinations = combinationsOf(configured);
  const found = new Map<string, ShopLimit>();
  for (const one of limits) {
    const { minor } = one;
    const name = LIMIT_NAMES.find((known) => known === one.name);
    const sets = configured.sets.flatMap((set, index) =>
      name !== undefined &&
      sharesCombination(set, one) &&
      namesOf(combinations[index] ?? []).includes(name)
        ? [{ set: index, name }]
        : [],
    );
    if (sets.length === 0) {
      const what = name === undefined ? one.name : LIMIT_WORDS[name];
      const amount = amountText(minor, currency);
      const aids = one.combinations.map(({ aid }) => aid).join(', ');
      lost.push(`The ${what} of ${amount}: no combination set has it any more for ${aids}`);
    }
    for (const place of sets) {
      const key = `${place.set} ${place.name}`;
      found.set(key, { ...place, minor: Math.min(minor, found.get(key)?.minor ?? minor) });
    }
  }
  return [...found.values()];
};

const sharesCombination = (set: CombinationSet, stored: StoredOverlay['limits'][number]): boolean =>
  set.transactionTypes.some((type) => stored.transactionTypes.includes(type)) &&
  set.combinations.some(({ aid, kernelId }) =>
    stored.combinations.some((one) => one.aid === toHex(aid) && one.kernelId === kernelId),
  );

const textsIn = (
  configured: Configured,
  { texts }: StoredOverlay,
  lost: string[],
): readonly ShopWords[] =>
  texts.flatMap(({ language, screen, headline, detail }) => {
    const before = configuredWords(configured, language, screen);
    const words = parseWords({ headline, detail });
    const wrong =
      before === undefined
        ? 'there is no such screen or language any more'
        : isSettingsProblem(words)
          ? words.problem
          : placeholderProblem(words, before)?.problem;
    if (wrong === undefined && !isSettingsProblem(words)) {
      return isSame(words, before) ? [] : [{ language, screen, words }];
    }
    lost.push(`The words "${headline}" of ${screen} in "${language}": ${wrong}`);
    return [];
  });
