import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { tag } from '#data/dictionary.ts';
import { fault } from '#ports/fault.ts';
import type { JsonObject } from '#ports/journal.ts';
import type { Configured, SettingsChange } from '#settings/index.ts';
import { ann, base, limitIn, MASTERCARD, openShop, screenIn, taken, VISA } from './shop.ts';

const CHANGE: SettingsChange = {
  limits: [
    { set: VISA, name: 'readerCvmRequiredLimit', minor: 2500 },
    { set: MASTERCARD, name: 'readerCvmRequiredLimit', minor: 3000 },
  ],
  texts: [
    { language: 'en', screen: 'welcome', words: { headline: 'Hello', detail: '' } },
    { language: 'fr', screen: 'welcome', words: { headline: 'Salut', detail: '' } },
  ],
};

/** What a shop that made the change above left behind. */
const left = async () => {
  const { settings, journal } = await openShop();
  taken(await settings.change(CHANGE, ann));
  return journal.durable();
};

/** The same terminal with other sets. */
const withSets = (change: (sets: Configured['sets']) => Configured['sets']): Configured => {
  const sets = change(base.sets);
  const { terminal, kernels } = base.contactless;
  const contactless = contactlessConfiguration({ source: 'here', sets, terminal, kernels });
  if ('configProblem' in contactless) throw new Error(contactless.expected);
  return { ...base, sets, contactless };
};

const cvmLimits = ({ settings }: Awaited<ReturnType<typeof openShop>>) =>
  settings.view().limits.map((_, set) => limitIn(settings.view(), set, 'readerCvmRequiredLimit'));

describe('after a restart', () => {
  it('everything counts as before, with who changed it and when', async () => {
    const before = await openShop();
    taken(await before.settings.change(CHANGE, ann));
    const after = await openShop(base, before.journal.durable());
    expect(after.settings.view()).toEqual(before.settings.view());
    expect(after.settings.contactless()).toEqual(before.settings.contactless());
    expect(after.settings.texts()).toEqual(before.settings.texts());
    expect(after.lines).toEqual([]);
  });

  it('the latest change counts', async () => {
    const { settings, journal } = await openShop(base, await left());
    const texts = [{ language: 'en', screen: 'welcome', words: null }];
    taken(await settings.change({ texts }, { person: 'Ben', role: 'manager' }));
    const after = await openShop(base, journal.durable());
    expect(after.settings.view().changedBy).toBe('Ben');
    expect(screenIn(after.settings.view(), 'en', 'welcome')?.changed).toBe(false);
    expect(screenIn(after.settings.view(), 'fr', 'welcome')?.headline).toBe('Salut');
    expect(limitIn(after.settings.view(), VISA, 'readerCvmRequiredLimit')?.minor).toBe(2500);
  });

  it('sets in another order keep each its limit', async () => {
    const turned = withSets((sets) => sets.slice(0, 2).reverse());
    const after = await openShop(turned, await left());
    expect(cvmLimits(after)).toMatchObject([
      { configuredMinor: 10_000, minor: 3000 },
      { configuredMinor: 10_000, minor: 2500 },
    ]);
    expect(after.settings.view().notInForce).toEqual([]);
  });

  it('a set that was split keeps its limit in both parts', async () => {
    const split = withSets(([visa, mastercard]) =>
      visa === undefined
        ? []
        : [
            { ...visa, transactionTypes: ['00'] },
            { ...visa, transactionTypes: ['20'] },
            ...(mastercard === undefined ? [] : [mastercard]),
          ],
    );
    const after = await openShop(split, await left());
    expect(cvmLimits(after).map((limit) => limit?.minor)).toEqual([2500, 2500, 3000]);
    expect(after.settings.view().limits.map(({ title }) => title)).toEqual([
      'Visa: purchase',
      'Visa: refund',
      'Mastercard',
    ]);
  });

  it('sets that were put together have the lower limit of the two', async () => {
    const { settings, journal } = await openShop(
      withSets(([visa, ...others]) =>
        visa === undefined
          ? []
          : [
              { ...visa, transactionTypes: ['00'] },
              { ...visa, transactionTypes: ['20'] },
              ...others,
            ],
      ),
    );
    const name = 'readerCvmRequiredLimit';
    const limits = [
      { set: 0, name, minor: 2000 },
      { set: 1, name, minor: 1000 },
    ];
    taken(await settings.change({ limits }, ann));
    const after = await openShop(base, journal.durable());
    expect(limitIn(after.settings.view(), VISA, name)?.minor).toBe(1000);
  });

  it('a set that is gone takes its limit with it, which is shown and logged', async () => {
    const after = await openShop(
      withSets((sets) => sets.slice(VISA, MASTERCARD)),
      await left(),
    );
    const [sentence] = after.settings.view().notInForce;
    expect(sentence).toMatch(/^The CVM limit of 30.00 USD: no combination set has it any more for/);
    expect(after.lines).toEqual(['warn: what the shop changed does not fit']);
    expect(limitIn(after.settings.view(), VISA, 'readerCvmRequiredLimit')?.minor).toBe(2500);
  });

  it('a limit that is configured lower now is the configured one, until that rises', async () => {
    const strict = withSets((sets) =>
      sets.map((set) => ({ ...set, readerCvmRequiredLimit: 1000 })),
    );
    const after = await openShop(strict, await left());
    expect(limitIn(after.settings.view(), VISA, 'readerCvmRequiredLimit')).toMatchObject({
      configuredMinor: 1000,
      minor: 1000,
    });
    expect(after.settings.view().notInForce).toEqual([
      'Visa: the CVM limit of 25.00 USD: 10.00 USD is configured now, which is lower',
    ]);
    const texts = [{ language: 'en', screen: 'welcome', words: null }];
    taken(await after.settings.change({ texts }, ann));
    const later = await openShop(base, after.journal.durable());
    expect(limitIn(later.settings.view(), VISA, 'readerCvmRequiredLimit')?.minor).toBe(2500);
  });

  it('limits in another currency count for nothing', async () => {
    const after = await openShop({ ...base, currency: 'JPY' }, await left());
    expect(after.settings.view().notInForce).toEqual([
      'All limits, which were in USD: this terminal takes JPY now',
    ]);
    expect(after.settings.contactless().combinations).toEqual(base.contactless.combinations);
    expect(screenIn(after.settings.view(), 'en', 'welcome')?.changed).toBe(true);
  });

  it('a language that was removed takes its words with it', async () => {
    const { fr, ...texts } = base.texts;
    const after = await openShop({ ...base, texts }, await left());
    expect(after.settings.view().notInForce).toEqual([
      'The words "Salut" of welcome in "fr": there is no such screen or language any more',
    ]);
    expect(Object.keys(after.settings.texts())).toEqual(Object.keys(texts));
    expect(after.settings.texts()['en']?.screens.welcome.headline).toBe('Hello');
    taken(await after.settings.change(CHANGE.limits ? { limits: CHANGE.limits } : {}, ann));
    expect(after.settings.view().notInForce).toEqual([]);
  });

  it('words without what a new version fills in are the configured ones', async () => {
    const texts = structuredClone(base.texts);
    const { en } = texts;
    if (en === undefined) throw new Error('there is no English');
    const welcome = { headline: 'Welcome', detail: 'to {shop}' };
    const changed = { ...texts, en: { ...en, screens: { ...en.screens, welcome } } };
    const after = await openShop({ ...base, texts: changed }, await left());
    expect(after.settings.texts()['en']?.screens.welcome).toEqual(welcome);
    expect(after.settings.view().notInForce).toEqual([
      'The words "Hello" of welcome in "en": {shop} must stand in it, as often as before',
    ]);
  });

  it("a limit of the terminal's own data counts for kernel 2, and can be lowered", async () => {
    const sets = base.sets.map((set) => {
      const data = new Map(set.data);
      data.delete(tag.readerCvmRequiredLimitK2);
      return { ...set, data };
    });
    const terminal = new Map(base.contactless.terminal);
    terminal.set(tag.readerCvmRequiredLimitK2, hex('000000005000'));
    const { kernels } = base.contactless;
    const contactless = contactlessConfiguration({ source: 'here', sets, terminal, kernels });
    if ('configProblem' in contactless) throw new Error(contactless.expected);
    const { settings } = await openShop({ ...base, sets, contactless });
    const name = 'readerCvmRequiredLimit';
    expect(limitIn(settings.view(), MASTERCARD, name)?.configuredMinor).toBe(5000);
    taken(await settings.change({ limits: [{ set: MASTERCARD, name, minor: 4000 }] }, ann));
    expect(limitIn(settings.view(), MASTERCARD, name)?.minor).toBe(4000);
  });
});

const UNKNOWN = 'entry 1 of the journal is not as this version writes it';

describe('an entry that can not be read leaves what is configured', () => {
  it.each<[string, (data: JsonObject) => JsonObject]>([
    ['of another version', (data) => ({ ...data, version: 2 })],
    ['of no version', ({ version, ...data }) => data],
    ['with more in it', (data) => ({ ...data, tones: [] })],
    ['with limits that are none', (data) => ({ ...data, limits: [{ name: 'x', minor: 5 }] })],
    ['with words that are none', (data) => ({ ...data, texts: 'Hello' })],
    ['with nothing', () => ({})],
  ])('%s', async (_, spoil) => {
    const durable = await left();
    const entries = durable.entries.map((one) => ({ ...one, data: spoil(one.data) }));
    const { settings, lines } = await openShop(base, { ...durable, entries });
    expect(settings.contactless().combinations).toEqual(base.contactless.combinations);
    expect(settings.texts()).toEqual(base.texts);
    expect(lines).toEqual([`error: limits and texts are as configured: ${UNKNOWN}`]);
    expect(settings.view().notInForce).toHaveLength(1);
    taken(await settings.change(CHANGE, ann));
    expect(settings.view().notInForce).toEqual([]);
  });

  it('because the journal is away; it counts, and can be changed, when it is back', async () => {
    const { journal } = await openShop(base, await left());
    const away = fault('journal', 'the disk is away');
    journal.refuse(away);
    const { settings, lines } = await openShop(base, journal);
    expect(lines).toEqual(["error: the shop's limits and texts can't be read: as configured"]);
    expect(settings.texts()).toEqual(base.texts);
    expect(await settings.change(CHANGE, ann)).toBe(away);
    journal.refuse(undefined);
    const limits = [{ set: VISA, name: 'readerContactlessTransactionLimit', minor: 9000 }];
    const view = taken(await settings.change({ limits }, ann));
    expect(limitIn(view, VISA, 'readerCvmRequiredLimit')?.minor).toBe(2500);
    expect(view.notInForce).toEqual([]);
  });

  it('but is read again when somebody asks for what counts', async () => {
    const { journal } = await openShop(base, await left());
    journal.refuse(fault('journal', 'the disk is away'));
    const { settings } = await openShop(base, journal);
    journal.refuse(undefined);
    const again = new Promise((resolve) => settings.changes$.subscribe(resolve));
    settings.texts();
    await again;
    expect(settings.texts()['en']?.screens.welcome.headline).toBe('Hello');
    expect(limitIn(settings.view(), VISA, 'readerCvmRequiredLimit')?.minor).toBe(2500);
  });
});
