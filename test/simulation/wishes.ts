import type { Random } from './random.ts';
import type { Wish } from './watch.ts';
import type { Shop } from './weather.ts';

/**
 * What this run's till will ask for, in order. Later ones may be about earlier ones.
 * @param rush many small purchases, which a shop may take without its host
 */
export const wishesFrom = (random: Random, shop: Shop, rush: boolean): readonly Wish[] => {
  const wishes: Wish[] = [];
  const count = rush ? random.between(3, 8) : random.between(1, 6);
  while (wishes.length < count) {
    const earlier = (kinds: readonly Wish['kind'][]) => {
      const known = wishes.filter(({ kind }) => kinds.includes(kind));
      return known.length > 0 && random.chance(0.5) ? random.pick(known) : undefined;
    };
    const held = earlier(['preAuthorisation']);
    const paid = random.chance(0.4) ? earlier(['purchase', 'completion']) : undefined;
    wishes.push(
      completion(wishes.length, held, random) ??
        refund(wishes.length, paid, random) ??
        payment(wishes.length, random, shop, rush),
    );
  }
  return wishes;
};

/** A payment like any other, after everything has healed: the terminal must still take it. */
export const lastWish = (wishes: readonly Wish[]): Wish => ({
  tillId: tillIdOf(wishes.length),
  kind: 'purchase',
  amountMinor: 100,
  currency: 840,
  partial: false,
  answers: [],
  voided: false,
});

const tillIdOf = (index: number): string => `till-${index + 1}`;

const completion = (index: number, held: Wish | undefined, random: Random): Wish | undefined =>
  held && {
    ...about(index, held),
    kind: 'completion',
    amountMinor: random.chance(0.5) ? held.amountMinor : random.between(1, held.amountMinor),
  };

const refund = (index: number, paid: Wish | undefined, random: Random): Wish | undefined =>
  paid && {
    ...about(index, paid),
    kind: 'refund',
    amountMinor: random.chance(0.5) ? paid.amountMinor : random.between(1, paid.amountMinor),
  };

const about = (index: number, original: Wish) => ({
  tillId: tillIdOf(index),
  currency: original.currency,
  partial: false,
  original: original.tillId,
  answers: [],
  voided: false,
});

const payment = (index: number, random: Random, shop: Shop, rush: boolean): Wish => ({
  tillId: tillIdOf(index),
  kind: rush ? 'purchase' : random.pick(KINDS),
  amountMinor: rush ? random.between(100, 2_000) : amountFrom(random, shop),
  currency: random.chance(rush ? 0.02 : 0.15) ? 978 : 840,
  partial: random.chance(0.5),
  answers: [],
  voided: false,
});

const KINDS = ['purchase', 'purchase', 'purchase', 'preAuthorisation', 'refund'] as const;

// Half, call, pick up, no money, PIN, identity, VIP, three kinds of scripts, over the limit.
const SPECIAL = [6610, 6610, 6601, 6604, 6651, 6655, 6608, 6611, 6671, 6672, 6673, 10_500, 2_305];

const amountFrom = (random: Random, { kernel, deferred }: Shop): number => {
  const amount = random.chance(0.3) ? random.pick(SPECIAL) : random.between(100, 9_900);
  // The simulated host says "later" of these for ever: nothing that is forwarded may get that.
  const later = /66(06|19|68|86|91|96)$/.test(`${amount}`);
  return later && (kernel || deferred) ? amount + 10 : amount;
};
