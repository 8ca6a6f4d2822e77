import { schemes } from '#data/schemes.ts';
import { paymentBrand } from '#nexo/index.ts';

/** What a till's AllowedPaymentBrand leaves to pay with. */
export interface AllowedBrands {
  /** The terminal's names of card schemes. */
  readonly cards: readonly string[];
  readonly wallets: readonly string[];
}

/** The brands that this terminal knows of those that a till names, by tills' names or by ours. */
export const allowedBrands = (
  named: readonly string[],
  wallets: readonly string[],
): AllowedBrands => {
  const wanted = new Set(named.map((name) => name.toLowerCase()));
  const names = new Set(schemes.map(({ name }) => name));
  return {
    cards: [...names].filter(
      (name) => wanted.has(name.toLowerCase()) || wanted.has(paymentBrand(name)),
    ),
    wallets: wallets.filter((name) => wanted.has(name.toLowerCase())),
  };
};
