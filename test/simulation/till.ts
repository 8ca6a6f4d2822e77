import type { EmulatedCard } from '#drivers/simulated/index.ts';
import { isFault } from '#ports/fault.ts';
import type { SaleResult } from '#terminal/types.ts';
import type { Random } from './random.ts';
import { shop } from './shopper.ts';
import type { Running, TillLine } from './till-line.ts';
import { isFinal, type Wish } from './watch.ts';
import type { Surroundings, World } from './world.ts';

export interface TillParts {
  readonly world: World;
  readonly surroundings: Surroundings;
  readonly cards: readonly EmulatedCard[];
  readonly line: TillLine;
  /** The terminal, as soon as there is one. */
  running(): Promise<Running>;
}

const LOST = 'the connection was lost';

/** Asks something of the terminal; LOST when the terminal's process ends before it answers. */
const talk = async <T>(
  { running }: TillParts,
  ask: (running: Running) => Promise<T>,
): Promise<T | typeof LOST> => {
  const now = await running();
  const { life } = now;
  return Promise.race([life.sees(ask(now)), life.ended.then(() => LOST as typeof LOST)]);
};

/** Asks for one payment until there is an answer that stands. */
export const want = async (wish: Wish, parts: TillParts, random: Random): Promise<void> => {
  const { world } = parts;
  const { agenda, weather } = world;
  for (;;) {
    const answer = await askOnce(wish, parts, random);
    if (answer === LOST) {
      world.trace('till', `${wish.tillId}: ${LOST}`);
      await agenda.sleep(random.between(50, 5_000));
      continue;
    }
    if (isFinal(answer)) {
      if (!random.chance(weather().till.asksAgain)) return;
      await agenda.sleep(random.between(10, 20_000));
      continue;
    }
    const hopeless = answer.status === 'error' && !answer.reason.startsWith(NOT_NOW);
    if (random.chance(hopeless ? 0.9 : GIVES_UP)) return;
    await agenda.sleep(random.between(200, 5_000));
  }
};

const GIVES_UP = 0.3;
const NOT_NOW = 'no payment can be taken';

const askOnce = async (
  wish: Wish,
  parts: TillParts,
  random: Random,
): Promise<SaleResult | typeof LOST> => {
  const { world, surroundings } = parts;
  const { agenda, weather } = world;
  const startedMs = agenda.nowMs();
  const hangUp = new AbortController();
  let over = false;
  world.trace('till', `${wish.tillId}: asks for a ${wish.kind} of ${wish.amountMinor}`);
  world.count('asked');
  const { cancels, hangsUp } = weather().till;
  const soMuchLater = () => random.between(0, random.chance(0.5) ? 1_000 : 30_000);
  const hung = Promise.withResolvers<typeof LOST>();
  if (random.chance(hangsUp)) {
    agenda.at(soMuchLater(), () => {
      hangUp.abort();
      hung.resolve(LOST);
    });
  }
  const asking = talk(parts, (now) => {
    if (random.chance(cancels)) {
      agenda.at(soMuchLater(), () => !over && parts.line.cancel(wish, now, random.fork('cancel')));
    }
    return parts.line.put(wish, now, hangUp.signal, random.fork('put'));
  });
  if (wish.kind !== 'completion') {
    const shopping = random.fork(`shopper ${startedMs}`);
    void shop(world, surroundings.counterTop, shopping, parts.cards, () => over);
  }
  const answer = await Promise.race([asking, hung.promise]);
  over = true;
  if (answer === LOST) return LOST;
  if (world.cutsAt('tell')) {
    world.crash('before the till was told');
    return LOST;
  }
  world.trace('till', `${wish.tillId}: is told ${answer.status}`, answer.reason);
  const { disk } = surroundings;
  world.watch.told(wish, answer, disk.durable(), disk.failedSince(startedMs));
  world.count(`told ${answer.status}`);
  return answer;
};

/** Straight to the terminal, without messages. */
export const directLine: TillLine = {
  put: ({ tillId, kind, amountMinor, currency, partial, original }, { terminal }, signal) => {
    if (kind === 'completion') {
      return terminal.complete({ original: original ?? '', amountMinor, tillId });
    }
    const about = original === undefined ? {} : { original };
    return terminal.sale(
      { amountMinor, currency, kind, tillId, ...(partial ? { partial } : {}), ...about },
      signal,
    );
  },
  cancel: (_, { terminal }) => void terminal.cancel(),
  takeBack: async ({ tillId }, { terminal }) => (await terminal.void(tillId)).status,
};

/** Takes a payment back; asked again until there is an answer. */
export const takeBack = async (wish: Wish, parts: TillParts, random: Random): Promise<void> => {
  const { world } = parts;
  wish.voided = true;
  for (let attempt = 0; attempt < 3; attempt++) {
    world.trace('till', `${wish.tillId}: asks to take it back`);
    const answer = await talk(parts, (now) => parts.line.takeBack(wish, now));
    world.trace('till', `${wish.tillId}: void`, answer);
    if (answer !== LOST) {
      world.count(`void ${answer}`);
      return;
    }
    await world.agenda.sleep(random.between(50, 5_000));
  }
};

/** Closes the period; true when the host has answered, in balance or with nothing to say. */
export const reconcile = async (parts: TillParts): Promise<boolean> => {
  const { world } = parts;
  world.trace('till', 'asks to reconcile');
  const answer = await talk(parts, ({ terminal }) => terminal.reconcile());
  world.trace('till', 'reconciled', answer);
  if (answer === LOST || isFault(answer)) return false;
  world.count('reconciled');
  for (const { currency, inBalance } of answer.currencies) {
    if (!inBalance) world.watch.say(`period ${answer.period} is out of balance in ${currency}`);
  }
  return true;
};
