import type { SurchargeConfig } from '#config/payment-config.ts';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import { schemeNamed } from '#data/schemes.ts';

/** How a payment is made, as far as rules of surcharge tell ways apart. */
export type PricedWay =
  /** Without a scheme: what is shown before a card is there. */
  | { readonly by: 'card'; readonly scheme?: string | undefined }
  /** Without a wallet: a code of a card scheme. */
  | { readonly by: 'code'; readonly wallet?: string };

/**
 * What comes on top of an amount: by the first rule that fits, those of the scheme or the wallet
 * before those of all cards or codes. Rounded to the minor unit, halves up.
 * @param basisMinor what it is taken of, and what the rules' ranges are about
 */
export const surchargeOf = (
  rules: readonly SurchargeConfig[],
  way: PricedWay,
  basisMinor: number,
): number => {
  const applies = ({ fromMinor = 0, toMinor = LARGEST_AMOUNT }: SurchargeConfig) =>
    basisMinor >= fromMinor && basisMinor <= toMinor;
  const ranged = rules.filter(applies);
  const rule = ranged.find(({ on }) => isOfOne(on, way)) ?? ranged.find(({ on }) => on === way.by);
  if (rule === undefined) return 0;
  const { percent = 0, fixedMinor = 0, mostMinor = LARGEST_AMOUNT } = rule;
  // A percentage may have a fraction of its own: 1.15 of 100 is not to become 114.999….
  const share = Math.round(Number(((basisMinor * percent) / 100).toFixed(6)));
  return Math.min(share + fixedMinor, mostMinor);
};

const isOfOne = (on: string, way: PricedWay): boolean => {
  if (way.by === 'code') return way.wallet !== undefined && on === `wallet:${way.wallet}`;
  if (way.scheme === undefined || !on.startsWith('scheme:')) return false;
  const named = on.slice('scheme:'.length);
  return (schemeNamed(named) ?? named) === way.scheme;
};
