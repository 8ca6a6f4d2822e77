import type { FaultName } from '#drivers/simulated/acquirer/faults.ts';
import type { DialectName } from '#iso8583/index.ts';
import type { Random } from './random.ts';

/** What one run is like: how often each thing goes wrong, and how this shop is set up. */
export interface Weather {
  readonly disk: {
    /** Of each write: the process ends before it is durable, or after and before it is told. */
    readonly crashBefore: number;
    readonly crashAfter: number;
    readonly failure: number;
    /** Of each write: the disk is full from now on, for a while. */
    readonly full: number;
  };
  /** How often the process ends by itself, per simulated hour. */
  readonly crashesPerHour: number;
  /** How often the terminal's wall clock is set, forwards or back. */
  readonly clockSetPerHour: number;
  readonly network: {
    /** Of each message, either way. */
    readonly cutBefore: number;
    readonly cutAfter: number;
    readonly refused: number;
    readonly late: number;
    readonly twice: number;
    readonly damaged: number;
    readonly lost: number;
    /** How often the connection ends by itself, per simulated hour. */
    readonly flapsPerHour: number;
  };
  readonly host: {
    /** Of each message: one of these. */
    readonly fault: number;
    readonly faults: readonly FaultName[];
    readonly slow: number;
    readonly crashBefore: number;
    readonly crashAfter: number;
    /** How often it is away for a while, per simulated hour. */
    readonly absencesPerHour: number;
    /** It is away for so long from some moment on. */
    readonly longAbsenceMs: number;
  };
  readonly card: {
    readonly torn: number;
    readonly nobody: number;
    /** Of each tap that goes online: the kernel wants the card again after the answer. */
    readonly secondTap: number;
    readonly readerUnpluggedPerHour: number;
  };
  readonly till: {
    readonly cancels: number;
    readonly hangsUp: number;
    readonly asksAgain: number;
    /** Asks under an id that it used before for another amount. */
    readonly mistakes: number;
  };
  readonly shop: Shop;
}

export interface Shop {
  readonly dialect: DialectName;
  readonly mac: boolean;
  readonly messages: 'single' | 'dual';
  readonly offlineCards: boolean;
  readonly kernel: boolean;
  readonly deferred: boolean;
  readonly limits: {
    readonly paymentMinor?: number;
    readonly count?: number;
    readonly totalMinor?: number;
  };
  readonly schemes: Readonly<Record<string, { readonly count?: number; totalMinor?: number }>>;
}

const FAULTS: readonly FaultName[] = [
  'late',
  'silent',
  'duplicate',
  'wrong-id',
  'wrong-amount',
  'wrong-mti',
  'wrong-mac',
  'malformed',
  'half-sent',
  'drop-before-record',
  'drop-after-record',
  'restart',
];

export const weatherFrom = (random: Random): Weather => {
  // Half of what could go wrong does not in this run: what is left shows more clearly.
  const often = (most: number): number => (random.chance(0.5) ? 0 : most * random.next() ** 2);
  const shop = shopFrom(random.fork('shop'));
  // Without a MAC nobody would see that a byte changed: TLS is what protects those messages.
  const possible = FAULTS.filter((name) => shop.mac || name !== 'wrong-mac');
  const some = possible.filter(() => random.chance(0.5));
  return {
    disk: {
      crashBefore: often(0.25),
      crashAfter: often(0.25),
      failure: often(0.15),
      full: often(0.1),
    },
    crashesPerHour: often(60),
    clockSetPerHour: often(20),
    network: {
      cutBefore: often(0.2),
      cutAfter: often(0.3),
      refused: often(0.1),
      late: often(0.2),
      twice: often(0.3),
      damaged: often(0.15),
      lost: often(0.2),
      flapsPerHour: often(120),
    },
    host: {
      fault: often(0.6),
      faults: some.length === 0 ? possible : some,
      slow: often(0.3),
      crashBefore: often(0.1),
      crashAfter: often(0.1),
      absencesPerHour: often(30),
      longAbsenceMs: random.chance(0.25) ? random.between(60_000, 900_000) : 0,
    },
    card: {
      torn: often(0.4),
      nobody: often(0.2),
      secondTap: often(1),
      readerUnpluggedPerHour: often(20),
    },
    till: {
      cancels: often(0.6),
      hangsUp: often(0.4),
      asksAgain: random.next() * 0.6,
      mistakes: often(0.5),
    },
    shop,
  };
};

const shopFrom = (random: Random): Shop => {
  const maybe = <T>(value: T): T | undefined => (random.chance(0.6) ? value : undefined);
  const paymentMinor = maybe(random.between(500, 9_000));
  const count = maybe(random.between(1, 4));
  const totalMinor = maybe(random.between(1_000, 20_000));
  return {
    dialect: random.pick([
      'iso8583-1987-ascii',
      'iso8583-1987-ascii',
      'iso8583-1987-bcd',
      'iso8583-1993-ascii',
      'iso8583-2003-ascii',
    ] as const),
    mac: random.chance(0.35),
    messages: random.pick(['single', 'dual'] as const),
    offlineCards: random.chance(0.5),
    kernel: random.chance(0.7),
    deferred: random.chance(0.6),
    limits: {
      ...(paymentMinor === undefined ? {} : { paymentMinor }),
      ...(count === undefined ? {} : { count }),
      ...(totalMinor === undefined ? {} : { totalMinor }),
    },
    schemes: random.chance(0.3) ? { Visa: { count: 1 } } : {},
  };
};

/** What is left when everything heals: the shop stays as it is. */
export const calm = (weather: Weather): Weather => {
  const still = <T extends object>(group: T): T =>
    Object.fromEntries(
      Object.entries(group).map(([name, value]) => [name, typeof value === 'number' ? 0 : value]),
    ) as T;
  return {
    disk: still(weather.disk),
    crashesPerHour: 0,
    clockSetPerHour: 0,
    network: still(weather.network),
    host: still(weather.host),
    card: still(weather.card),
    till: { cancels: 0, hangsUp: 0, asksAgain: 0, mistakes: 0 },
    shop: weather.shop,
  };
};
