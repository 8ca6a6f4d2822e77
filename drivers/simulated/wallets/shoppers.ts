/** Whoever holds the phone: what is in the wallet, and when it asks for a password. */
export interface Shopper {
  readonly name: string;
  /** As a receipt may show the account: masked. */
  readonly account: string;
  readonly balanceMinor: number;
  /** Up to this amount a scanned code pays at once; above, the shopper confirms with a password. */
  readonly withoutPasswordMinor: number;
  /** Loyalty points in the retailer's wallet: one is worth one minor unit. */
  readonly points: number;
}

/** One row a shopper. Amounts are minor units of whatever currency the shop has. */
export const shoppers = {
  quick: {
    name: 'quick',
    account: '159****5620',
    balanceMinor: 100_000_000,
    withoutPasswordMinor: 100_000,
    points: 340,
  },
  careful: {
    name: 'careful',
    account: '188****0407',
    balanceMinor: 100_000_000,
    withoutPasswordMinor: 0,
    points: 0,
  },
  penniless: {
    name: 'penniless',
    account: '136****9911',
    balanceMinor: 0,
    withoutPasswordMinor: 100_000,
    points: 0,
  },
} as const satisfies Record<string, Shopper>;

export type ShopperName = keyof typeof shoppers;

export const isShopper = (name: unknown): name is ShopperName =>
  typeof name === 'string' && Object.hasOwn(shoppers, name);

/** What the shop gives away in the retailer's wallet. */
export interface Offer {
  readonly name: string;
  readonly fromMinor: number;
  readonly percent: number;
  readonly atMostMinor: number;
}

export const offers: readonly Offer[] = [
  { name: '5 % off from 10.00', fromMinor: 1_000, percent: 5, atMostMinor: 500 },
];

/** What comes off an amount: the best offer, then points in hundreds, at most half of the rest. */
export const reductions = (
  amountMinor: number,
  points: number,
): {
  readonly offer?: { readonly name: string; readonly minor: number };
  readonly points: number;
} => {
  const [best] = offers
    .filter(({ fromMinor }) => amountMinor >= fromMinor)
    .map(({ name, percent, atMostMinor }) => ({
      name,
      minor: Math.min(atMostMinor, Math.floor((amountMinor * percent) / 100)),
    }))
    .sort((a, b) => b.minor - a.minor);
  const half = Math.floor((amountMinor - (best?.minor ?? 0)) / 2);
  const used = Math.floor(Math.min(points, half) / 100) * 100;
  return { ...(best === undefined ? {} : { offer: best }), points: used };
};

/** One point for each whole hundred paid. */
export const pointsFor = (paidMinor: number): number => Math.floor(paidMinor / 100);
