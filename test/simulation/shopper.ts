import type { EmulatedCard } from '#drivers/simulated/index.ts';
import type { CounterTop } from './counter-top.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Holds cards to the reader until the payment is over, or patience is. */
export const shop = async (
  { agenda, weather, count }: World,
  counterTop: CounterTop,
  random: Random,
  cards: readonly EmulatedCard[],
  over: () => boolean,
): Promise<void> => {
  const { card: chances } = weather();
  if (random.chance(chances.nobody)) return;
  let card = random.pick(cards);
  for (let tap = 0; tap < MOST_TAPS && !over(); tap++) {
    await agenda.sleep(random.between(100, 4_000));
    if (over()) return;
    if (random.chance(0.15)) card = random.pick(cards);
    const torn = random.chance(chances.torn);
    if (torn) count('torn taps');
    count('taps');
    counterTop.place(card);
    await agenda.sleep(torn ? random.between(5, 150) : random.between(400, 4_000));
    counterTop.remove();
  }
};

const MOST_TAPS = 6;
