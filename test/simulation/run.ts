import { compare } from './accounts.ts';
import { cardsFor } from './cards.ts';
import { createCounterTop } from './counter-top.ts';
import { createDisk } from './disk.ts';
import { createHostSide } from './host-side.ts';
import { createLife, type Life } from './life.ts';
import { createNetwork } from './network.ts';
import { createNexoTill, inNexo } from './nexo-till.ts';
import { keysOf, startProcess } from './process.ts';
import { type Random, randomFrom } from './random.ts';
import { directLine, reconcile, type TillParts, takeBack, want } from './till.ts';
import type { Running } from './till-line.ts';
import { type Agenda, createAgenda, drive } from './time.ts';
import { createWatch, isFinal, type Watch, type Wish } from './watch.ts';
import { calm, type Weather, weatherFrom } from './weather.ts';
import { lastWish, wishesFrom } from './wishes.ts';
import type { Surroundings, World } from './world.ts';

export interface Report {
  /** What may not be, a sentence each; empty when all is well. */
  readonly broken: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  /** What happened, a line each, if it was wanted. */
  readonly trace: readonly string[];
  readonly simulatedMs: number;
}

export interface SimulationOptions {
  /** Whether what happens is written down. */
  readonly traced?: boolean;
  /** Whether the till speaks nexo, and not with the terminal's loop itself. */
  readonly nexo?: boolean;
}

/** One short life of a shop, all of it drawn from the seed. */
export const simulate = async (
  seed: string,
  { traced = false, nexo = false }: SimulationOptions = {},
): Promise<Report> => {
  const stage = build(seed, traced, nexo);
  const { world, watch, counts, lines } = stage;
  let over = false;
  const playing = play(stage)
    .catch((error: unknown) => watch.say(`thrown: ${error instanceof Error ? error.stack : error}`))
    .finally(() => {
      over = true;
    });
  const end = await drive(world.agenda, () => over, { steps: 200_000, ms: MOST_MS });
  if (end === 'over') await playing;
  else watch.say(`it never came to an end: ${end}`);
  stage.stop();
  return { broken: watch.broken, counts, trace: lines, simulatedMs: world.agenda.nowMs() };
};

const MOST_MS = 24 * 3_600_000;
const FIRST_MORNING_MS = Date.UTC(2026, 5, 15, 9, 0, 0);

interface Stage {
  readonly world: World;
  readonly watch: Watch;
  readonly counts: ReadonlyMap<string, number>;
  readonly lines: readonly string[];
  readonly surroundings: Surroundings;
  readonly nexo: boolean;
  running(): Promise<Running>;
  heal(): void;
  setClock(byMs: number): void;
  stop(): void;
}

const build = (seed: string, traced: boolean, nexo: boolean): Stage => {
  const random = randomFrom(seed);
  const agenda = createAgenda();
  const stormy = weatherFrom(random.fork('weather'));
  let weather: Weather = stormy;
  const watch = createWatch(stormy.shop);
  const moments = random.fork('moments');
  let wrongByMs = 0;
  const { counts, lines, count, trace } = createRecords(agenda, traced);
  const world: World = {
    agenda,
    random,
    watch,
    wallMs: () => FIRST_MORNING_MS + Math.floor(agenda.nowMs()),
    terminalWallMs: () => world.wallMs() + wrongByMs,
    weather: () => weather,
    count,
    trace,
    crash: (why) => lives.crash(why),
    cutsAt: (moment) => moments.chance(weather.disk.crashAfter / (moment === 'show' ? 12 : 2)),
    cut: (why) => lives.cut(why),
  };
  const host = createHostSide(world);
  const surroundings = { disk: createDisk(world), counterTop: createCounterTop(world), host };
  const lives = createLives(world, surroundings, nexo);
  return {
    world,
    watch,
    counts,
    lines,
    surroundings,
    nexo,
    running: lives.running,
    heal: () => {
      weather = calm(stormy);
      surroundings.disk.heal();
      host.heal();
      surroundings.counterTop.plugIn();
      world.trace('world', 'everything heals');
    },
    setClock: (byMs) => {
      count('clock set');
      world.trace('world', 'sets the clock', byMs);
      wrongByMs += byMs;
    },
    stop: lives.stop,
  };
};

const createRecords = (agenda: Agenda, traced: boolean) => {
  const counts = new Map<string, number>();
  const lines: string[] = [];
  const count: World['count'] = (what) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const trace: World['trace'] = (who, what, detail) => {
    if (!traced) return;
    const time = agenda.nowMs().toFixed(1).padStart(10);
    lines.push(`${time} ${who}: ${what}${detail === undefined ? '' : ` ${textOf(detail)}`}`);
  };
  return { counts, lines, count, trace };
};

/** The terminal's processes, one after the other: the first starts now. */
const createLives = (world: World, surroundings: Surroundings, withDesk: boolean) => {
  const { agenda, random, count } = world;
  const network = createNetwork(world, surroundings.host);
  const keys = keysOf(world.weather().shop.mac);
  let life: Life | undefined;
  let lives = 0;
  let running = Promise.withResolvers<Running>();
  let announced = false;
  const end = () => {
    life?.end();
    network.cut('the terminal is gone');
    // Whoever waits for a process that never got so far waits for the next.
    if (announced) running = Promise.withResolvers<Running>();
    announced = false;
  };
  const start = () => {
    const now = createLife(++lives);
    life = now;
    world.trace('terminal', `START ${now.number}`);
    const link = network.linkFor(now);
    const starting = startProcess(now, { world, surroundings, keys, link, withDesk });
    void now.sees(starting).then((started) => {
      announced = true;
      running.resolve({ life: now, ...started });
    });
  };
  start();
  return {
    running: () => running.promise,
    cut: network.cut,
    stop: end,
    crash: (why: string) => {
      if (life?.alive !== true) return;
      count('crashes');
      count(`crash ${why}`);
      world.trace('terminal', `CRASH ${why}`);
      end();
      agenda.at(random.between(100, 30_000), start);
    },
  };
};

const textOf = (detail: unknown): string =>
  typeof detail === 'string' ? detail : JSON.stringify(detail);

const play = async (stage: Stage): Promise<void> => {
  const { world, surroundings, running, nexo } = stage;
  const { random } = world;
  const { shop } = world.weather();
  const rush = world.weather().host.longAbsenceMs > 0;
  const wished = wishesFrom(random.fork('wishes'), shop, rush);
  const wishes = nexo ? inNexo(wished) : wished;
  const cards = cardsFor(random.fork('cards'), shop.offlineCards);
  const line = nexo ? createNexoTill(world, surroundings) : directLine;
  const parts: TillParts = { world, surroundings, cards, line, running };
  const bad = { over: false };
  for (const [what, happen] of mishaps(stage)) happens(world, random.fork(what), happen, bad);
  world.trace('world', 'weather', world.weather());
  const office = officeHours(wishes, parts, random.fork('office'));
  const till = random.fork('till');
  const { longAbsenceMs } = world.weather().host;
  if (longAbsenceMs > 0) {
    const beginsMs = till.between(0, 10_000);
    world.agenda.at(beginsMs, () => bad.over || surroundings.host.away(longAbsenceMs));
  }
  for (const wish of wishes) {
    world.count('payments');
    await want(wish, parts, till.fork(wish.tillId));
    await world.agenda.sleep(till.between(0, 8_000));
  }
  await office;
  await world.agenda.sleep(till.between(0, 60_000));
  bad.over = true;
  stage.heal();
  const [after] = (nexo ? inNexo : same)([lastWish(wishes)]);
  if (after !== undefined) await closeTheDay(wishes, after, parts, till);
};

const same = (wishes: readonly Wish[]): readonly Wish[] => wishes;

type Mishap = readonly [string, { readonly perHour: () => number; happen(random: Random): void }];

const mishaps = ({ world, surroundings, setClock }: Stage): readonly Mishap[] => {
  const { weather, crash, cut, count } = world;
  const { host, counterTop } = surroundings;
  return [
    ['crash', { perHour: () => weather().crashesPerHour, happen: () => crash('at any moment') }],
    [
      'clock',
      {
        perHour: () => weather().clockSetPerHour,
        happen: (random) => setClock(random.pick([1_000, 3_600_000]) * random.between(-1, 1)),
      },
    ],
    ['flap', { perHour: () => weather().network.flapsPerHour, happen: () => cut('it flaps') }],
    [
      'absence',
      {
        perHour: () => weather().host.absencesPerHour,
        happen: (random) => {
          count('absences of the host');
          host.away(random.between(1_000, random.chance(0.3) ? 900_000 : 60_000));
        },
      },
    ],
    [
      'reader',
      {
        perHour: () => weather().card.readerUnpluggedPerHour,
        happen: (random) => {
          count('readers unplugged');
          counterTop.unplug(random.between(500, 30_000));
        },
      },
    ],
  ];
};

const happens = (
  world: World,
  random: Random,
  { perHour, happen }: Mishap[1],
  bad: { readonly over: boolean },
): void => {
  const rate = perHour();
  if (rate === 0) return;
  const next = () => {
    if (bad.over) return;
    world.agenda.at((-Math.log(1 - random.next()) * 3_600_000) / rate, () => {
      if (bad.over) return;
      happen(random);
      next();
    });
  };
  next();
};

// Somebody in the office takes payments back and closes periods while the till goes on.
const officeHours = async (
  wishes: readonly Wish[],
  parts: TillParts,
  random: Random,
): Promise<void> => {
  const { agenda } = parts.world;
  const orders = random.between(0, 3);
  for (let order = 0; order < orders; order++) {
    await agenda.sleep(random.between(0, 90_000));
    if (random.chance(0.5)) await takeBack(random.pick(wishes), parts, random);
    else await reconcile(parts);
  }
};

/** All is well again: what is owed is delivered, and both sides are compared. */
const closeTheDay = async (
  wishes: readonly Wish[],
  after: Wish,
  parts: TillParts,
  random: Random,
): Promise<void> => {
  const { world, surroundings, running } = parts;
  const { agenda, watch } = world;
  const { disk, host } = surroundings;
  await delivered(parts);
  for (const wish of wishes) await want(wish, parts, random);
  // Whatever still happens to card, reader and link has happened.
  await agenda.sleep(120_000);
  // With a card that goes online: others depend on what the shop takes without its host.
  await want(after, { ...parts, cards: parts.cards.slice(0, 1) }, random);
  if (after.answers.at(-1)?.status !== 'approved') watch.say('no payment is approved any more');
  const untilMs = agenda.nowMs() + PATIENCE_MS;
  const open = () => [...disk.durable().rows.values()].filter((row) => row.open);
  while (open().length > 0 && agenda.nowMs() < untilMs) await agenda.sleep(1_000);
  for (const { id, state } of open()) watch.say(`payment ${id} is ${state} for ever`);
  let reconciled = false;
  for (let attempt = 0; attempt < 20 && !reconciled; attempt++) {
    reconciled = await reconcile(parts);
    if (!reconciled) await agenda.sleep(2_000);
  }
  if (!reconciled) watch.say('the period can never be closed');
  const answered = [...wishes, after].filter(({ answers }) => answers.some(isFinal));
  for (const wish of answered) await want(wish, parts, random);
  const { terminal } = await running();
  const { openReversals, toForward, refusal } = terminal.status();
  if (openReversals + toForward > 0) watch.say(`${openReversals} and ${toForward} are left over`);
  if (refusal !== undefined) watch.say(`the terminal takes no payment: ${refusal}`);
  for (const row of disk.durable().rows.values()) {
    if (row.state === 'approved') watch.say(`payment ${row.id} is not reconciled`);
  }
  watch.countWrites();
  compare(disk.durable(), host.ledger(), [...wishes, after], watch, world.wallMs());
};

// Nobody has to ask for it: what is owed goes out by itself.
const delivered = async ({ world, running }: TillParts): Promise<void> => {
  const { agenda, watch } = world;
  const untilMs = agenda.nowMs() + DELIVERY_MS;
  const owed = async () => {
    const { openReversals, toForward } = (await running()).terminal.status();
    return openReversals + toForward;
  };
  while ((await owed()) > 0 && agenda.nowMs() < untilMs) await agenda.sleep(1_000);
  if ((await owed()) > 0) watch.say('what is owed does not go out by itself');
};

const DELIVERY_MS = 600_000;
const PATIENCE_MS = 3_600_000;
