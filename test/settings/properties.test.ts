import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBcd, toBcd } from '#bytes/bcd.ts';
import { hex } from '#bytes/hex.ts';
import type { CombinationSet } from '#config/combinations-config.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { tag } from '#data/dictionary.ts';
import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import { preProcess } from '#entry-point/pre-processing.ts';
import { defaults } from '#kernels/c2/configuration.ts';
import { type Configured, isSettingsProblem, type SettingsChange } from '#settings/index.ts';
import { LIMIT_NAMES } from '#settings/limits.ts';
import { ann, base, limitIn, openShop } from './shop.ts';

const KERNEL_2_LIMITS = [
  tag.readerContactlessTransactionLimitNoCdcvm,
  tag.readerContactlessTransactionLimitCdcvm,
  tag.readerContactlessFloorLimitK2,
  tag.readerCvmRequiredLimitK2,
];

// Few amounts, so that limits often meet each other and the amount exactly.
const amount = fc.constantFrom(0, 1, 2, 49, 50, 51, 100, 999_999_999_999);
const perhaps = fc.option(amount, { nil: undefined });

const kernel2Data = fc
  .tuple(...KERNEL_2_LIMITS.map(() => perhaps))
  .map((limits) =>
    KERNEL_2_LIMITS.flatMap((one, i) => {
      const limit = limits[i];
      return limit === undefined ? [] : [[one, toBcd(limit, 6)] as const];
    }),
  )
  .map((rows) => new Map(rows));

const setOf = (index: number) =>
  fc
    .record({
      transactionTypes: fc.constantFrom<string[][]>(['00'], ['00', '20']),
      kernels: fc.constantFrom(['02'], ['03'], ['02', '03']),
      readerContactlessTransactionLimit: perhaps,
      readerContactlessFloorLimit: perhaps,
      terminalFloorLimit: perhaps,
      readerCvmRequiredLimit: perhaps,
      zeroAmountAllowed: fc.option(fc.boolean(), { nil: undefined }),
      ttq: fc.constantFrom(undefined, hex('22004000'), hex('28000000')),
      data: kernel2Data,
    })
    .map(
      ({ kernels, ...set }): CombinationSet => ({
        ...set,
        combinations: kernels.map((kernelId) => ({
          aid: hex(`A0000000${index}31010`),
          kernelId,
        })),
      }),
    );

const configured: fc.Arbitrary<Configured> = fc
  .tuple(setOf(0), setOf(1), kernel2Data)
  .map(([first, second, terminal]) => {
    const sets = [first, second];
    const { kernels } = base.contactless;
    const contactless = contactlessConfiguration({ source: 'here', sets, terminal, kernels });
    if ('configProblem' in contactless) throw new Error(contactless.expected);
    return { ...base, sets, contactless };
  });

/** Mostly the first: what is right in itself should be taken often. */
const mostly = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: wrong });

const line = mostly(
  fc.constantFrom('Hello', ' Hello', 'Good day'),
  fc.constantFrom('', '{rest} left', 'x'.repeat(61), '\u202e'),
);

const change: fc.Arbitrary<SettingsChange> = fc.record(
  {
    limits: fc.array(
      fc.record({
        set: mostly(fc.constantFrom(0, 1), fc.constant(2)),
        name: fc.constantFrom(...LIMIT_NAMES),
        minor: fc.option(mostly(fc.constantFrom(0, 1, 2, 49, 50), amount)),
      }),
      { maxLength: 2 },
    ),
    texts: fc.array(
      fc.record({
        language: mostly(fc.constantFrom('en', 'ar'), fc.constant('xx')),
        screen: mostly(
          fc.constantFrom('welcome', 'declined'),
          fc.constantFrom('approvedPart', 'nowhere'),
        ),
        words: fc.option(fc.record({ headline: line, detail: line })),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const changes = fc.array(change, { minLength: 1, maxLength: 6 });

const combinationsIn = ({ combinations }: ReaderConfiguration): readonly Combination[] =>
  [...combinations.values()].flat();

const kernel2Numbers = ({ terminal }: ReaderConfiguration, { data }: Combination) => {
  const all = new Map([...defaults, ...terminal, ...data]);
  return KERNEL_2_LIMITS.map((one) => fromBcd(all.get(one) ?? hex('')) ?? 0);
};

const AMOUNTS = [0, 1, 2, 3, 48, 49, 50, 51, 52, 99, 100, 101, 999_999_999_999];

/** What Entry Point asks for at this amount, each a demand that a stricter limit keeps. */
const demandsOf = ({ entryPoint }: Combination, amountAuthorised: number): readonly boolean[] => {
  const transaction = { type: 0, amountAuthorised, amountOther: 0, currency: 840 };
  const { contactlessApplicationNotAllowed, ttq, ...others } = preProcess(
    entryPoint,
    transaction,
    100,
  );
  const [, second = 0] = ttq ?? [];
  return [
    contactlessApplicationNotAllowed,
    others.readerContactlessFloorLimitExceeded,
    others.readerCvmRequiredLimitExceeded,
    (second & 0x80) !== 0,
    (second & 0x40) !== 0,
  ];
};

describe('for all configurations and changes', () => {
  it('nothing is taken, for Entry Point or kernel 2, that the configuration refuses', async () => {
    let stricter = 0;
    const property = fc.asyncProperty(configured, changes, async (terminal, asked) => {
      const { settings } = await openShop(terminal);
      for (const one of asked) await settings.change(one, ann);
      const before = combinationsIn(terminal.contactless);
      const after = combinationsIn(settings.contactless());
      expect(after.length).toBe(before.length);
      for (const [index, old] of before.entries()) {
        const now = after[index] ?? old;
        expect([now.aid, now.kernelId]).toEqual([old.aid, old.kernelId]);
        const numbers = kernel2Numbers(terminal.contactless, old);
        for (const [i, number] of kernel2Numbers(settings.contactless(), now).entries()) {
          expect(number).toBeLessThanOrEqual(numbers[i] ?? 0);
          if (number < (numbers[i] ?? 0)) stricter += 1;
        }
        for (const some of AMOUNTS) {
          const kept = demandsOf(old, some).map((demand, i) => !demand || demandsOf(now, some)[i]);
          expect(kept).toEqual([true, true, true, true, true]);
        }
      }
    });
    await fc.assert(property, { numRuns: 300 });
    // The changes were not all refused.
    expect(stricter).toBeGreaterThan(100);
  });

  it('the limit that is shown is the one that counts, to the minor unit', async () => {
    let looked = 0;
    const property = fc.asyncProperty(configured, changes, async (terminal, asked) => {
      const { settings } = await openShop(terminal);
      for (const one of asked) await settings.change(one, ann);
      const now = settings.contactless();
      for (const [set, { combinations }] of terminal.sets.entries()) {
        // Of one kernel: then one limit holds for all of the set.
        const [only, second] = combinations;
        if (only === undefined || second !== undefined) continue;
        const one = now.combinations.get(0)?.find(({ aid }) => aid === only.aid);
        const shown = LIMIT_NAMES.map((name) => limitIn(settings.view(), set, name)?.minor);
        if (one?.kernelId === '02') {
          const [noCdcvm = 0, cdcvm = 0, floor, cvm] = kernel2Numbers(now, one);
          const before = one.entryPoint.readerContactlessTransactionLimit ?? Infinity;
          const all = Math.min(before, Math.max(noCdcvm, cdcvm));
          expect(shown).toEqual([all, Math.min(before, noCdcvm), floor, cvm]);
        } else if (one !== undefined) {
          const met = AMOUNTS.slice(1).map((some) => demandsOf(one, some).slice(0, 3));
          const [all, , floor, cvm] = shown.map((limit) => limit ?? Infinity);
          const wanted = AMOUNTS.slice(1).map((some) => [
            some >= (all ?? 0),
            some > (floor ?? 0),
            some >= (cvm ?? 0),
          ]);
          expect(met).toEqual(wanted);
        }
        looked += 1;
      }
    });
    await fc.assert(property, { numRuns: 200 });
    expect(looked).toBeGreaterThan(100);
  });

  it('a change that is taken outlasts a restart, one that is refused changes nothing', async () => {
    const counts = { taken: 0, refused: 0 };
    const property = fc.asyncProperty(configured, changes, async (terminal, asked) => {
      let { settings, journal } = await openShop(terminal);
      for (const one of asked) {
        const before = settings.view();
        const entries = journal.durable().entries.length;
        const changed = await settings.change(one, ann);
        if (isSettingsProblem(changed)) {
          counts.refused += 1;
          expect(settings.view()).toBe(before);
          expect(journal.durable().entries.length).toBe(entries);
          continue;
        }
        counts.taken += 1;
        const again = await openShop(terminal, journal.durable());
        expect(again.lines).toEqual([]);
        expect(again.settings.view()).toEqual(settings.view());
        expect(again.settings.texts()).toEqual(settings.texts());
        expect(again.settings.contactless()).toEqual(settings.contactless());
        ({ settings, journal } = again);
      }
    });
    await fc.assert(property, { numRuns: 100 });
    expect(counts.taken).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(50);
  });

  it('with everything put back, all is as configured', async () => {
    const property = fc.asyncProperty(configured, changes, async (terminal, asked) => {
      const { settings } = await openShop(terminal);
      for (const one of asked) await settings.change(one, ann);
      const view = settings.view();
      const limits = view.limits.flatMap(({ set, limits: own }) =>
        own.map(({ name }) => ({ set, name, minor: null })),
      );
      const texts = view.texts.flatMap(({ language, screens }) =>
        screens.map(({ screen }) => ({ language, screen, words: null })),
      );
      await settings.change({ limits, texts }, ann);
      expect(settings.contactless().combinations).toEqual(terminal.contactless.combinations);
      expect(settings.texts()).toEqual(terminal.texts);
    });
    await fc.assert(property, { numRuns: 50 });
  });
});
