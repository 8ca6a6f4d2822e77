import { FACTS, type FactName, type Facts, REASON_CATEGORIES } from '#acceptance/index.ts';
import type { DecisionBook } from '#decisions/types.ts';
import type { DecisionOptions } from '../api.ts';

/** What is known of a payment before its card: where it is made. */
export const laneFacts = (lane: string | undefined): Facts => ({
  method: 'contactless',
  ...(lane === undefined ? {} : { lane }),
});

/** What there is to choose from. */
export const optionsOf = (book: DecisionBook): DecisionOptions => {
  const { applications, wallets, lanes, currencies, languages, alternatives, approval } =
    book.known();
  const different = (values: readonly string[]) => [...new Set(values)].sort();
  return {
    reasonCategories: REASON_CATEGORIES,
    schemes: different(applications.map(({ scheme }) => scheme)),
    aids: different(applications.map(({ aid }) => aid)),
    kernels: different(applications.map(({ kernel }) => kernel)),
    wallets,
    lanes,
    currencies,
    languages: Object.fromEntries(languages.map((code) => [code, ownName(code)])),
    alternatives,
    needs: Object.fromEntries(
      Object.entries(FACTS).map(([name, { title }]) => [name, title]),
    ) as Record<FactName, string>,
    approval: { off: approval.off, on: approval.on },
  };
};

const ownName = (code: string): string =>
  new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
