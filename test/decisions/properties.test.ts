import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Facts, isDecisionProblem, verdict } from '#acceptance/index.ts';
import type { DecisionConfig } from '#decisions/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import { anyHours, anyScope } from '#test/acceptance/decisions.ts';
import { type MemoryJournal, memoryJournal } from '#test/support/memory-journal.ts';
import {
  ann,
  type Bench,
  bob,
  config,
  DAY_MS,
  HOUR_MS,
  lane3,
  MINUTE_MS,
  openBench,
  phone,
  type ShopClock,
  shopClock,
  twoPeople,
} from './support.ts';

type Step =
  | { readonly kind: 'decide'; readonly request: Asked; readonly disk: boolean }
  | { readonly kind: 'approve'; readonly which: number; readonly disk: boolean }
  | { readonly kind: 'pass' | 'set'; readonly ms: number }
  | { readonly kind: 'restart' | 'verify' };

interface Asked {
  readonly action: 'off' | 'on';
  readonly scope: object;
  readonly fromIn?: number;
  readonly untilIn?: number;
  readonly hours?: object;
  readonly category: string;
  /** Places in the register, from its end. */
  readonly supersedes: readonly number[];
}

const later = fc.constantFrom(20_000, 2 * MINUTE_MS, HOUR_MS, 8 * DAY_MS);
// Wide ones too: they meet more payments.
const wideScope = fc.constantFrom({}, { devices: 'phones' }, { lanes: ['3'] }, { scheme: 'Visa' });
const asked: fc.Arbitrary<Asked> = fc.record(
  {
    action: fc.constantFrom('off' as const, 'on' as const),
    scope: fc.oneof(wideScope, anyScope),
    fromIn: later,
    untilIn: later,
    hours: anyHours,
    category: fc.constantFrom('commercial', 'security'),
    supersedes: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  },
  { requiredKeys: ['action', 'scope', 'category', 'supersedes'] },
);
// One in eight writes fails.
const disk = fc.integer({ min: 0, max: 7 }).map((chance) => chance > 0);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('decide' as const), request: asked, disk }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('approve' as const),
      which: fc.integer({ min: 1, max: 3 }),
      disk,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 20_000, 31_000, 3 * MINUTE_MS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      ms: fc.constantFrom(-9 * DAY_MS, -HOUR_MS, HOUR_MS, 9 * DAY_MS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'verify') }) },
);

// What people pay with, told as far as it can be, and before anything is known of it.
const mastercard = { aid: 'A0000000041010', scheme: 'Mastercard', kernel: '02' };
const payments: readonly Facts[] = [
  lane3,
  { ...lane3, lane: '1' },
  phone,
  { ...phone, lane: '1', amount: { minor: 100, currency: 'EUR' } },
  { ...phone, device: 'plastic', account: '48000000000' },
  { ...phone, ...mastercard, account: '51234567890', lane: '2' },
  { ...phone, ...mastercard, device: null, account: null },
  { method: 'qr', lane: '2', wallet: 'alipay', amount: { minor: 6000, currency: 'EUR' } },
];

/** How each payment fares at this moment, and by which decision. */
const fates = ({ book }: Bench): string[] =>
  payments.map((facts) => {
    const { accepted, by } = book.judge(facts);
    return `${accepted} by ${by?.id ?? 'nobody'}`;
  });

interface Shop {
  readonly clock: ShopClock;
  readonly how: DecisionConfig;
  journal: MemoryJournal;
  bench: Bench;
}

const FULL = fault('journal', 'the disk is full');

const requestOf = ({ clock, bench }: Shop, of: Asked) => {
  const { action, scope, fromIn, untilIn, hours, category, supersedes } = of;
  const ids = bench.book.all().map(({ id }) => id);
  return {
    action,
    scope,
    ...(fromIn === undefined ? {} : { fromMs: clock.wallMs() + fromIn }),
    ...(untilIn === undefined ? {} : { untilMs: clock.wallMs() + untilIn }),
    ...(hours === undefined ? {} : { hours }),
    reason: { category, text: 'so it was decided' },
    supersedes: supersedes.flatMap((place) => ids.at(-place) ?? []),
  };
};

/** What may have let something through that was refused: nothing, unless the step says so. */
interface Cause {
  readonly mayAccept: boolean;
  /** Nothing at all may be another than before. */
  readonly same: boolean;
}
const NONE: Cause = { mayAccept: false, same: true };

const written = async (shop: Shop, which: Step): Promise<Cause> => {
  const { book } = shop.bench;
  if (which.kind !== 'decide' && which.kind !== 'approve') return NONE;
  const before = shop.journal.durable().entries.length;
  if (!which.disk) shop.journal.failNext(FULL);
  const outcome =
    which.kind === 'decide'
      ? await book.decide(requestOf(shop, which.request), ann)
      : await book.approve(book.all().at(-which.which)?.id ?? 'D0', bob);
  // Refused before it came to the disk: the next write must not fail for it.
  if (!which.disk) await shop.journal.append({ entries: [] });
  const entries = shop.journal.durable().entries.length - before;
  if (isFault(outcome) || isDecisionProblem(outcome)) {
    expect(entries).toBe(0);
    return NONE;
  }
  expect(entries).toBe(1);
  const { approval, approved, action, supersedes } = outcome;
  const counts = approval === 'notNeeded' || approved !== undefined;
  // An "off" that ends nothing never lets anything through.
  return { mayAccept: action === 'on' || supersedes.length > 0, same: !counts };
};

const taken = async (shop: Shop, which: Step): Promise<Cause> => {
  const { clock } = shop;
  switch (which.kind) {
    case 'pass': {
      const { changesAtMs = Number.POSITIVE_INFINITY } = shop.bench.book.standing();
      await clock.pass(which.ms);
      const changed = clock.wallMs() >= changesAtMs;
      return { mayAccept: changed, same: !changed };
    }
    case 'set': {
      const timed = shop.bench.book
        .all()
        .some(({ fromMs, untilMs, hours }) => (fromMs ?? untilMs ?? hours) !== undefined);
      clock.set(which.ms);
      return { mayAccept: timed, same: !timed };
    }
    case 'restart':
      shop.bench.leave();
      shop.journal = memoryJournal(clock.wallMs, shop.journal.durable());
      shop.bench = await openBench(shop.journal, clock, shop.how);
      return NONE;
    case 'verify':
      expect(await shop.bench.book.verify()).not.toHaveProperty('problem');
      return NONE;
    default:
      return written(shop, which);
  }
};

const run = async (steps: readonly Step[], how: DecisionConfig): Promise<void> => {
  const clock = shopClock();
  const journal = memoryJournal(clock.wallMs);
  const shop: Shop = { clock, how, journal, bench: await openBench(journal, clock, how) };
  for (const one of steps) {
    const before = fates(shop.bench);
    const { mayAccept, same } = await taken(shop, one);
    const { book } = shop.bench;
    const after = fates(shop.bench);
    if (same) expect(after).toEqual(before);
    const through = after.filter((fate, index) => {
      return fate.startsWith('yes') && before[index]?.startsWith('no') === true;
    });
    if (!mayAccept) expect(through).toEqual([]);
    // What the book remembers is what the rule says of the whole register at this moment.
    expect(payments.map((facts) => book.judge(facts).accepted)).toEqual(
      payments.map((facts) => verdict(book.all(), facts, book.now()).accepted),
    );
    const again = await openBench(memoryJournal(clock.wallMs, shop.journal.durable()), clock, how);
    expect(fates(again)).toEqual(after);
    expect(again.book.all()).toEqual(book.all());
    again.leave();
  }
  expect(shop.bench.errors.filter((error) => error.includes('nothing is taken'))).toEqual([]);
  shop.bench.leave();
};

const RUNS = { numRuns: 60 };

it.each([
  ['one person decides', config],
  ['two must agree', twoPeople],
])('where %s, a restart changes nothing, and nothing refused is taken without a cause', (_, how) =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), (steps) => run(steps, how)),
    RUNS,
  ),
);

it('the steps of these runs come to decisions of each kind', async () => {
  const kinds = new Set<string>();
  for (const steps of fc.sample(fc.array(step, { minLength: 10, maxLength: 14 }), 40)) {
    const clock = shopClock();
    const journal = memoryJournal(clock.wallMs);
    const shop = {
      clock,
      how: twoPeople,
      journal,
      bench: await openBench(journal, clock, twoPeople),
    };
    for (const one of steps) {
      await taken(shop, one);
      for (const fate of fates(shop.bench)) kinds.add(fate.split(' ')[0] ?? '');
      for (const { approved, supersedes } of shop.bench.book.all()) {
        if (approved !== undefined) kinds.add('approved');
        if (supersedes.length > 0) kinds.add('supersedes');
      }
    }
    shop.bench.leave();
  }
  expect([...kinds].sort()).toEqual(['approved', 'no', 'open', 'supersedes', 'yes']);
});
