import type { TillFacts } from './facts.ts';

export type Currency = TillFacts['currency'];

/** "€12.50". @param minor minor units */
export const money = (minor: number, { code, exponent }: Currency): string =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency: code,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(minor / 10 ** exponent);

/** As nexo's messages have it: 12.5. */
export const toMain = (minor: number, { exponent }: Currency): number =>
  Number((minor / 10 ** exponent).toFixed(exponent));

export const toMinor = (main: number, { exponent }: Currency): number =>
  Math.round(main * 10 ** exponent);

/** What somebody typed, in minor units; undefined when it is no amount above nothing. */
export const typedAmount = (typed: string, currency: Currency): number | undefined => {
  const written = typed.trim().replace(',', '.');
  if (!/^\d{1,7}(\.\d*)?$/.test(written)) return undefined;
  const minor = toMinor(Number(written), currency);
  return minor > 0 ? minor : undefined;
};
