import { toHex } from '#bytes/hex.ts';
import type { CombinationSet } from '#config/combinations-config.ts';
import { schemeOf } from '#data/schemes.ts';
import { transactionTypes } from '#data/values.ts';
import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import { type Limits, limitOf, namesOf, withLimits } from './limits.ts';
import type { Configured, LimitName } from './types.ts';

/** The combinations of each set as Entry Point has them, once for each transaction type. */
export const combinationsOf = ({ sets, contactless }: Configured): readonly Combination[][] => {
  const indexes = setIndexes(sets);
  const found: Combination[][] = sets.map(() => []);
  for (const [type, combinations] of contactless.combinations) {
    for (const one of combinations) found[indexes.get(keyOf(type, one)) ?? -1]?.push(one);
  }
  return found;
};

/** The highest limit of a set's combinations; undefined where one of them has none. */
export const limitOfSet = (
  combinations: readonly Combination[],
  name: LimitName,
  terminal: ReaderConfiguration['terminal'],
): number | undefined => {
  const having = combinations.filter((one) => namesOf([one]).includes(name));
  const limits = having.map((one) => limitOf(one, name, terminal) ?? Number.POSITIVE_INFINITY);
  const highest = Math.max(...limits);
  return Number.isFinite(highest) ? highest : undefined;
};

/** Entry Point's configuration with a shop's limits, by the set's index. */
export const contactlessWith = (
  { sets, contactless }: Configured,
  limits: ReadonlyMap<number, Limits>,
): ReaderConfiguration => {
  const indexes = setIndexes(sets);
  const lowered = (type: number, one: Combination): Combination => {
    const own = limits.get(indexes.get(keyOf(type, one)) ?? -1);
    return own === undefined ? one : withLimits(one, own, contactless.terminal);
  };
  const combinations = [...contactless.combinations].map(
    ([type, list]) => [type, list.map((one) => lowered(type, one))] as const,
  );
  return { ...contactless, combinations: new Map(combinations) };
};

/** What a person calls each set: its schemes; where two are the same, what is paid with them. */
export const titlesOf = (sets: readonly CombinationSet[]): readonly string[] => {
  const short = sets.map(schemesOf);
  const long = sets.map((set, index) =>
    occursOnce(short, short[index]) ? short[index] : `${short[index]}: ${typesOf(set)}`,
  );
  return long.map((title = '', index) =>
    occursOnce(long, title) ? title : `${title} (set ${index + 1})`,
  );
};

export const aidsOf = (set: CombinationSet): readonly string[] => [
  ...new Set(set.combinations.map(({ aid }) => toHex(aid))),
];

/** Names a combination of a set for a transaction type: no other set has the same. */
const keyOf = (type: number, { aid, kernelId }: Pick<Combination, 'aid' | 'kernelId'>): string =>
  `${type} ${toHex(aid)} ${kernelId}`;

const setIndexes = (sets: readonly CombinationSet[]): ReadonlyMap<string, number> =>
  new Map(
    sets.flatMap((set, index) =>
      set.transactionTypes.flatMap((type) =>
        set.combinations.map((one) => [keyOf(Number.parseInt(type, 16), one), index] as const),
      ),
    ),
  );

const schemesOf = (set: CombinationSet): string => {
  const names = set.combinations.flatMap(({ aid }) => schemeOf(aid)?.name ?? []);
  return [...new Set(names.length > 0 ? names : aidsOf(set))].join(', ');
};

const typesOf = ({ transactionTypes: types }: CombinationSet): string =>
  types.map((type) => transactionTypes[Number.parseInt(type, 16)] ?? `type ${type}`).join(', ');

const occursOnce = (all: readonly unknown[], one: unknown): boolean =>
  all.indexOf(one) === all.lastIndexOf(one);
