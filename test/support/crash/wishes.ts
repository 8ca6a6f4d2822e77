import type { Random } from '#test/simulation/random.ts';
import { isVoided, type Till, toldOf, type Wish } from './till.ts';

/** What a till wants next; the list grows with it. */
export const nextWish = (
  { idOf }: Pick<Till, 'idOf'>,
  wishes: Wish[],
  random: Random,
  only?: Kinds,
): Wish => {
  const tillId = idOf(wishes.length + 1);
  const wish =
    (only === undefined || only === 'about earlier' ? later(tillId, wishes, random) : undefined) ??
    fresh(tillId, random, only === 'offline' ? OFFLINE : random.chance(0.2) ? OFFLINE : ONLINE);
  wishes.push(wish);
  return wish;
};

/** What the moment needs: a card that asks its issuer, one that needn't, or a payment to go by. */
export type Kinds = 'online' | 'offline' | 'about earlier';

const ONLINE = ['visa-plastic', 'visa-phone', 'mastercard-plastic', 'mastercard-phone'] as const;
const OFFLINE = ['visa-plastic-offline', 'mastercard-plastic-offline'] as const;

/** The cards that are tapped. */
export const CARDS: readonly string[] = [...ONLINE, ...OFFLINE];

const empty = () => ({ answers: [], voids: [], lost: false });

const fresh = (tillId: string, random: Random, cards: readonly string[]): Wish => ({
  tillId,
  kind: random.pick(['purchase', 'purchase', 'purchase', 'preAuthorisation', 'refund'] as const),
  amountMinor: amountFrom(random),
  currency: random.chance(0.15) ? 978 : 840,
  partial: random.chance(0.5),
  card: random.pick(cards),
  ...empty(),
});

const later = (tillId: string, wishes: readonly Wish[], random: Random): Wish | undefined => {
  const held = wishes.filter((wish) => wish.kind === 'preAuthorisation' && stands(wish, wishes));
  const paid = wishes.filter((wish) => wish.kind === 'purchase' && stands(wish, wishes));
  const original =
    held.length > 0 && random.chance(0.7)
      ? random.pick(held)
      : paid.length > 0 && random.chance(0.4)
        ? random.pick(paid)
        : undefined;
  if (original === undefined) return undefined;
  const told = toldOf(original);
  const whole = told?.approvedMinor ?? original.amountMinor;
  const part = random.between(1, whole);
  return {
    tillId,
    kind: original.kind === 'purchase' ? 'refund' : 'completion',
    // No amount that the host has an opinion of.
    amountMinor: random.chance(0.5) || refused(part) ? whole : part,
    currency: original.currency,
    partial: false,
    card: original.card,
    original: original.tillId,
    ...empty(),
  };
};

/** Told approved, and neither taken back, collected nor given back since. */
export const stands = (wish: Wish, wishes: readonly Wish[]): boolean =>
  toldOf(wish)?.status === 'approved' &&
  !isVoided(wish) &&
  !wishes.some(({ original }) => original === wish.tillId);

// Half, call, pick up, no money, PIN, identity, VIP, three kinds of scripts, over the limit, no.
const SPECIAL = [6610, 6610, 6601, 6604, 6651, 6655, 6608, 6611, 6671, 6672, 6673, 10_500, 2_305];

// The simulated host answers amounts that end in 05 and 66.NN in its own way.
const refused = (amountMinor: number): boolean => /(05|66\d\d)$/.test(`${amountMinor}`);

const amountFrom = (random: Random): number => {
  if (random.chance(0.12)) return random.pick(SPECIAL);
  const amount = random.between(100, 9_900);
  return refused(amount) ? amount + 101 : amount;
};
