import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Facts, isDecisionProblem, schemeNameOf, verdict } from '#acceptance/index.ts';
import { type DecisionBook, openDecisionBook } from '#decisions/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import { config, START_MS } from '#test/decisions/support.ts';
import { type Durable, memoryJournal } from '#test/support/memory-journal.ts';
import { cardNamed, startHarness } from '#test/support/terminal-harness.ts';
import { clock } from '../../src/cli/world.ts';

/** What a card is, whatever the terminal makes of it; and the command that asks its cryptogram. */
interface Truth {
  readonly name: string;
  readonly facts: Pick<Facts, 'aid' | 'kernel' | 'device' | 'account'>;
  readonly asks: number;
}

const GPO = 0xa8;
const GENERATE_AC = 0xae;

const visa = { aid: 'A0000000031010', kernel: '03' } as const;
const mastercard = { aid: 'A0000000041010', kernel: '02' } as const;

// The first digits of the emulated cards' own numbers.
const CARDS: readonly Truth[] = [
  { name: 'visa-phone', facts: { ...visa, device: 'phone', account: '47617390020' }, asks: GPO },
  {
    name: 'visa-plastic',
    facts: { ...visa, device: 'plastic', account: '47617390030' },
    asks: GPO,
  },
  {
    name: 'mastercard-phone',
    facts: { ...mastercard, device: 'phone', account: '54133300820' },
    asks: GENERATE_AC,
  },
  {
    name: 'mastercard-plastic',
    facts: { ...mastercard, device: 'plastic', account: '54133300830' },
    asks: GENERATE_AC,
  },
];

const HOUR_MS = 3_600_000;

// One part of the card, and perhaps one of the counter: several would seldom be of one application.
const scope = fc
  .tuple(
    fc.constantFrom<object>(
      {},
      { devices: 'phones' },
      { devices: 'phones' },
      { scheme: 'Visa' },
      { scheme: 'Mastercard' },
      { aid: 'A0000000031010' },
      { aid: 'A000000004101001' },
      { kernel: '02' },
      { range: { from: '4', to: '4' } },
      { range: { from: '541333008', to: '541333008' } },
    ),
    fc.constantFrom<object>(
      {},
      {},
      { above: { minor: 1000, currency: 'USD' } },
      { lanes: ['1'] },
      { lanes: ['2'] },
    ),
  )
  .map(([card, counter]) => ({ ...card, ...counter }));

const decision = fc.record({
  action: fc.constantFrom('off' as const, 'off' as const, 'on' as const),
  scope,
  timing: fc.constantFrom('now', 'now', 'fromSoon', 'untilSoon'),
  supersede: fc.boolean(),
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('decide' as const), decision }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('tap' as const),
      card: fc.constantFrom(...CARDS),
      amountMinor: fc.constantFrom(500, 1500),
      // A decision that comes with one of the card's commands.
      during: fc.option(fc.record({ at: fc.integer({ min: 1, max: 6 }), decision })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      byMs: fc.constantFrom(-2 * HOUR_MS, HOUR_MS / 4, HOUR_MS, 3 * HOUR_MS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tamper' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Asked = typeof decision extends fc.Arbitrary<infer D> ? D : never;

/** A shop whose terminal is started again, whose clock is set, whose register is tampered with. */
interface World {
  journal: Journal & { durable(): Durable };
  book: DecisionBook;
  setBy: number;
  /** Cryptograms that were asked for while the shop had refused, as a sentence each. */
  readonly wrong: string[];
  asked: number;
}

const wallMs = (world: Pick<World, 'setBy'>): number => START_MS + world.setBy;
const now = (world: World) => ({ wallMs: wallMs(world), zone: config.zone });
const ann = { person: 'ann', role: 'manager' };

const open = async (world: World, durable?: Durable): Promise<void> => {
  world.journal = memoryJournal(() => wallMs(world), durable);
  world.book = await openDecisionBook({
    journal: world.journal,
    clock: { ...clock, wallMs: () => wallMs(world) },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    config: { ...config, lanes: ['1', '2'], currencies: ['USD'], applications: APPLICATIONS },
  });
};

const APPLICATIONS = [
  { ...visa, scheme: 'Visa' },
  { ...mastercard, scheme: 'Mastercard' },
];

const decide = async (world: World, asked: Asked): Promise<void> => {
  const { action, timing, supersede } = asked;
  const at = wallMs(world) + HOUR_MS / 2;
  const last = world.book.all().at(-1)?.id;
  const request = {
    action,
    scope: asked.scope,
    reason: { category: 'trial', text: 'a property' },
    ...(timing === 'fromSoon' ? { fromMs: at } : timing === 'untilSoon' ? { untilMs: at } : {}),
    ...(supersede && last !== undefined ? { supersedes: [last] } : {}),
  };
  const { unreadable } = world.book.standing();
  const made = await (unreadable === undefined
    ? world.book.decide(request, ann)
    : world.book.beginAnew(request, ann));
  // A contradiction, an application that no scope can have: refused, and nothing changed.
  expect(isFault(made)).toBe(false);
  expect(isDecisionProblem(made) || made).toBeTruthy();
};

/** What the shop says of this card, of which everything is known; by the register alone. */
const truth = ({ book, ...world }: World, { facts }: Truth, amountMinor: number): string => {
  if (book.standing().unreadable !== undefined) return 'no';
  const all: Facts = {
    method: 'contactless',
    lane: '1',
    amount: { minor: amountMinor, currency: 'USD' },
    scheme: schemeNameOf(facts.aid ?? '') ?? 'other',
    ...facts,
  };
  const moment = { wallMs: wallMs(world), zone: config.zone };
  return verdict(book.all(), all, moment).accepted;
};

const tap = async (world: World, one: Extract<Step, { do: 'tap' }>): Promise<void> => {
  const { card: known, amountMinor, during } = one;
  const harness = await startHarness({
    acceptance: world.book,
    settings: { attempts: 1, cardTimeoutMs: 60, resultMs: 0 },
  });
  const card = cardNamed(known.name);
  let count = 0;
  let deciding: Promise<void> | undefined;
  // A decision that comes after the terminal has looked, while its command is on the way to the
  // card, finds a tap that has asked. So it must have stood when the card answered the last one.
  let before = truth(world, known, amountMinor);
  const respond = (command: Uint8Array) => {
    if (command[1] === known.asks) {
      world.asked += 1;
      if (before !== 'yes' && truth(world, known, amountMinor) !== 'yes') {
        world.wrong.push(`${known.name} was asked at ${now(world).wallMs}`);
      }
    }
    count += 1;
    before = truth(world, known, amountMinor);
    if (during !== null && count === during.at) deciding = decide(world, during.decision);
    return card.respond(command);
  };
  harness.reader.place({ ...card, respond });
  const result = await harness.terminal.sale(
    { amountMinor, currency: 840 },
    new AbortController().signal,
  );
  await deciding;
  expect(['approved', 'declined', 'timedOut']).toContain(result.status);
  harness.close();
};

const perform = async (world: World, one: Step): Promise<void> => {
  switch (one.do) {
    case 'decide':
      return decide(world, one.decision);
    case 'tap':
      return tap(world, one);
    case 'restart':
      return open(world, world.journal.durable());
    case 'clock':
      world.setBy += one.byMs;
      return;
    case 'tamper': {
      const { entries, ...rest } = world.journal.durable();
      const gone = entries.findIndex(({ event }) => event === 'decision');
      return open(world, { ...rest, entries: entries.filter((_, index) => index !== gone) });
    }
  }
};

describe('whatever the shop decides, whoever restarts the terminal or sets its clock', () => {
  it('no card that is refused is asked for a cryptogram', async () => {
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
        const world = { setBy: 0, wrong: [], asked: 0 } as unknown as World;
        await open(world);
        for (const one of steps) await perform(world, one);
        asked += world.asked;
        expect(world.wrong).toEqual([]);
      }),
      { numRuns: 60 },
    );
    // And not because no card ever was.
    expect(asked).toBeGreaterThan(40);
  }, 120_000);
});
