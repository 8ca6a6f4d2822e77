import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { tag } from '#data/dictionary.ts';
import { fault } from '#ports/fault.ts';
import type { Configured, SettingsView } from '#settings/index.ts';
import {
  ann,
  base,
  limitIn,
  MASTERCARD,
  NOON_MS,
  openShop,
  screenIn,
  taken,
  VISA,
} from './shop.ts';

const cvmLimit = (minor: number | null, set = VISA) => ({
  limits: [{ set, name: 'readerCvmRequiredLimit', minor }],
});

const words = (headline: string, detail: string, screen = 'welcome', language = 'en') => ({
  texts: [{ language, screen, words: { headline, detail } }],
});

describe('before anything is changed', () => {
  it('the view shows what is configured, scheme by scheme, and nobody who changed it', async () => {
    const { settings } = await openShop();
    const { limits, texts, notInForce, ...changed } = settings.view();
    expect(limits.map(({ title }) => title).slice(0, 2)).toEqual(['Visa', 'Mastercard']);
    expect(limits.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Discover', 'UnionPay']),
    );
    expect(limits.map(({ currency }) => currency)).toEqual(base.sets.map(() => 'USD'));
    expect(limits[VISA]?.aids).toContain('A0000000031010');
    expect(texts.map(({ language }) => language)).toEqual(Object.keys(base.texts));
    expect(texts.flatMap(({ screens }) => screens).some((one) => one.changed)).toBe(false);
    expect(notInForce).toEqual([]);
    expect(changed).toEqual({});
  });

  it('the floor limit is the one that counts, wherever it is configured', async () => {
    const view = (await openShop()).settings.view();
    expect(limitIn(view, VISA, 'readerContactlessFloorLimit')?.configuredMinor).toBe(0);
    expect(limitIn(view, MASTERCARD, 'readerContactlessFloorLimit')?.configuredMinor).toBe(0);
  });

  it('a limit that is not configured has no amount, and kernel 2 has one more', async () => {
    const view = (await openShop()).settings.view();
    const visa = limitIn(view, VISA, 'readerContactlessTransactionLimit');
    expect(visa).not.toHaveProperty('configuredMinor');
    expect(visa).not.toHaveProperty('minor');
    expect(limitIn(view, VISA, 'readerContactlessTransactionLimitNoCdcvm')).toBeUndefined();
    expect(limitIn(view, MASTERCARD, 'readerContactlessTransactionLimitNoCdcvm')).toMatchObject({
      configuredMinor: 100_000,
      minor: 100_000,
    });
  });

  it('it says for each kernel what happens at exactly the limit', async () => {
    const view = (await openShop()).settings.view();
    const name = 'readerContactlessTransactionLimit';
    expect(limitIn(view, VISA, name)?.title).toMatch(/from this amount on$/);
    expect(limitIn(view, MASTERCARD, name)?.title).toMatch(/above this amount$/);
  });
});

describe('a limit', () => {
  it('that is lowered counts at once, with its name and hour', async () => {
    const { settings } = await openShop();
    const seen: SettingsView[] = [];
    const watching = settings.changes$.subscribe((view) => seen.push(view));
    const view = taken(await settings.change(cvmLimit(2500), ann));
    expect(limitIn(view, VISA, 'readerCvmRequiredLimit')).toMatchObject({
      configuredMinor: 10_000,
      minor: 2500,
    });
    expect(view).toMatchObject({ changedBy: 'Ann', changedAtMs: NOON_MS });
    expect(settings.view()).toBe(view);
    expect(seen).toEqual([view]);
    watching.unsubscribe();
  });

  it('leaves the limits of other schemes alone', async () => {
    const { settings } = await openShop();
    const before = settings.view();
    const view = taken(await settings.change(cvmLimit(2500), ann));
    expect(view.limits[MASTERCARD]).toEqual(before.limits[MASTERCARD]);
  });

  it('of all Mastercard payments holds for cards that are not checked by the device', async () => {
    const { settings } = await openShop();
    const limits = [{ set: MASTERCARD, name: 'readerContactlessTransactionLimit', minor: 5000 }];
    const view = taken(await settings.change({ limits }, ann));
    const noCdcvm = limitIn(view, MASTERCARD, 'readerContactlessTransactionLimitNoCdcvm');
    expect(noCdcvm).toMatchObject({ configuredMinor: 100_000, minor: 5000 });
  });

  it('of cards that are not checked by the device leaves phones theirs', async () => {
    const { settings } = await openShop();
    const name = 'readerContactlessTransactionLimitNoCdcvm';
    const limits = [{ set: MASTERCARD, name, minor: 5000 }];
    const view = taken(await settings.change({ limits }, ann));
    const all = limitIn(view, MASTERCARD, 'readerContactlessTransactionLimit');
    expect(all?.minor).toBe(all?.configuredMinor);
  });

  it("reaches kernel 8 as its own element, which Entry Point's limit does not", async () => {
    const { settings } = await openShop();
    const set = base.sets.findIndex((one) => one.combinations.some((it) => it.kernelId === '08'));
    const limits = [{ set, name: 'readerCvmRequiredLimit', minor: 2500 }];
    expect(
      limitIn(taken(await settings.change({ limits }, ann)), set, 'readerCvmRequiredLimit'),
    ).toMatchObject({ configuredMinor: 10_000, minor: 2500 });
    const taking = settings.contactless().combinations.get(0) ?? [];
    const kernel8 = taking.find(({ kernelId }) => kernelId === '08');
    expect(kernel8?.data.get(tag.readerCvmRequiredLimitK8)).toEqual(hex('000000002500'));
  });

  it('may come where there was none', async () => {
    const { settings } = await openShop();
    const limits = [{ set: VISA, name: 'readerContactlessTransactionLimit', minor: 20_000 }];
    const view = taken(await settings.change({ limits }, ann));
    const limit = limitIn(view, VISA, 'readerContactlessTransactionLimit');
    expect(limit?.minor).toBe(20_000);
    expect(limit).not.toHaveProperty('configuredMinor');
  });

  it('that is null is as configured again', async () => {
    const { settings } = await openShop();
    const before = settings.contactless();
    taken(await settings.change(cvmLimit(2500), ann));
    expect(settings.contactless()).not.toEqual(before);
    const view = taken(await settings.change(cvmLimit(null), ann));
    expect(limitIn(view, VISA, 'readerCvmRequiredLimit')?.minor).toBe(10_000);
    expect(settings.contactless()).toEqual(before);
  });

  it('above what is configured is refused, with both amounts', async () => {
    const { settings } = await openShop();
    expect(await settings.change(cvmLimit(10_001), ann)).toEqual({
      settingsProblem: true,
      field: 'limits.0.minor',
      problem: '100.01 USD is above the configured 100.00 USD',
    });
  });

  it('over the floor that the terminal has is refused, though the reader has none', async () => {
    const { settings } = await openShop();
    const limits = [{ set: VISA, name: 'readerContactlessFloorLimit', minor: 1 }];
    const refused = await settings.change({ limits }, ann);
    expect(refused).toMatchObject({ field: 'limits.0.minor' });
  });
});

describe('a set of two kernels', () => {
  const both = (): Configured => {
    const aid = hex('A0000000031010');
    const combinations = [
      { aid, kernelId: '02' },
      { aid, kernelId: '03' },
    ];
    const data = new Map([
      [tag.readerCvmRequiredLimitK2, hex('000000005000')],
      [tag.readerContactlessTransactionLimitNoCdcvm, hex('000000080000')],
      [tag.readerContactlessTransactionLimitCdcvm, hex('000000090000')],
    ]);
    const set = { transactionTypes: ['00'], combinations, readerCvmRequiredLimit: 10_000, data };
    const { terminal, kernels } = base.contactless;
    const parts = { source: 'here', sets: [set], terminal, kernels };
    const contactless = contactlessConfiguration(parts);
    if ('configProblem' in contactless) throw new Error(contactless.expected);
    return { ...base, sets: [set], contactless };
  };

  it('shows the higher of their limits, and none where one of them has none', async () => {
    const view = (await openShop(both())).settings.view();
    const shown = view.limits[0]?.limits.map(({ name, minor }) => [name, minor]);
    expect(shown).toEqual([
      ['readerContactlessTransactionLimit', undefined],
      ['readerContactlessTransactionLimitNoCdcvm', 80_000],
      ['readerContactlessFloorLimit', undefined],
      ['readerCvmRequiredLimit', 10_000],
    ]);
  });

  it('has the higher one lowered, down to the lower', async () => {
    const { settings } = await openShop(both());
    taken(await settings.change(cvmLimit(7000), ann));
    const [kernel2, kernel3] = settings.contactless().combinations.get(0) ?? [];
    expect(kernel2?.data.get(tag.readerCvmRequiredLimitK2)).toEqual(hex('000000005000'));
    expect(kernel3?.entryPoint.readerCvmRequiredLimit).toBe(7000);
    taken(await settings.change(cvmLimit(4000), ann));
    const [lower] = settings.contactless().combinations.get(0) ?? [];
    expect(lower?.data.get(tag.readerCvmRequiredLimitK2)).toEqual(hex('000000004000'));
  });
});

describe('the words of a screen', () => {
  it('are the new ones in one language, and can be put back', async () => {
    const { settings } = await openShop();
    const view = taken(await settings.change(words('Hello', 'We take cards'), ann));
    expect(screenIn(view, 'en', 'welcome')).toEqual({
      screen: 'welcome',
      headline: 'Hello',
      detail: 'We take cards',
      changed: true,
      configured: base.texts['en']?.screens.welcome,
    });
    expect(settings.texts()['en']?.screens.welcome.headline).toBe('Hello');
    expect(settings.texts()['de']).toEqual(base.texts['de']);
    const texts = [{ language: 'en', screen: 'welcome', words: null }];
    taken(await settings.change({ texts }, ann));
    expect(settings.texts()).toEqual(base.texts);
  });

  it('are kept without blanks around them, each letter in one spelling', async () => {
    const { settings } = await openShop();
    taken(await settings.change(words('  Cafe\u0301 ', ''), ann));
    expect(settings.texts()['en']?.screens.welcome).toEqual({ headline: 'Café', detail: '' });
  });

  it('that are the configured ones are no change', async () => {
    const { settings } = await openShop();
    const { headline = '', detail = '' } = base.texts['en']?.screens.welcome ?? {};
    const view = taken(await settings.change(words(` ${headline}`, detail), ann));
    expect(screenIn(view, 'en', 'welcome')?.changed).toBe(false);
  });

  it.each([
    ['without what is left to pay', 'Ask for the rest', 'must stand in it'],
    ['with it twice', '{rest} and {rest}', 'must stand in it'],
    ['with another thing to fill in', 'Pay {rest} of {amount}', '{amount} stands for nothing'],
    ['with a brace of its own', 'Pay {rest} }', '} stands for nothing'],
  ])('%s are refused on the screen that says it', async (_, detail, problem) => {
    const { settings } = await openShop();
    const refused = await settings.change(words('Part', detail, 'approvedPart'), ann);
    expect(refused).toMatchObject({ settingsProblem: true, field: 'texts.0.words.detail' });
    expect(refused).toHaveProperty('problem', expect.stringContaining(problem));
  });

  it('may say it elsewhere in the line', async () => {
    const { settings } = await openShop();
    taken(await settings.change(words('Part', '{rest}: in cash', 'approvedPart'), ann));
    expect(settings.texts()['en']?.screens.approvedPart.detail).toBe('{rest}: in cash');
  });
});

describe('a change is refused, and nothing written, when it', () => {
  const visa = { set: VISA, name: 'readerCvmRequiredLimit', minor: 1 };
  const welcome = { language: 'en', screen: 'welcome', words: { headline: 'Hi', detail: '' } };
  const saying = (said: object) => ({ texts: [{ ...welcome, words: said }] });

  it.each<[string, unknown, string]>([
    ['is nothing', null, ''],
    ['is a list', [], ''],
    ['changes nothing', {}, ''],
    ['changes nothing, in two lists', { limits: [], texts: [] }, ''],
    ['names something else', { tones: [] }, 'tones'],
    ['means no set', { limits: [{ ...visa, set: base.sets.length }] }, 'limits.0.set'],
    ['means a set before the first', { limits: [{ ...visa, set: -1 }] }, 'limits.0.set'],
    ['means no limit', { limits: [{ ...visa, name: 'ttq' }] }, 'limits.0.name'],
    [
      'means a limit of the prototype',
      { limits: [{ ...visa, name: 'toString' }] },
      'limits.0.name',
    ],
    [
      "means kernel 2's limit of a set without it",
      { limits: [{ ...visa, name: 'readerContactlessTransactionLimitNoCdcvm' }] },
      'limits.0.name',
    ],
    ['is not about money', { limits: [{ ...visa, minor: 'none' }] }, 'limits.0.minor'],
    ['is below nothing', { limits: [{ ...visa, minor: -1 }] }, 'limits.0.minor'],
    ['splits a cent', { limits: [{ ...visa, minor: 0.5 }] }, 'limits.0.minor'],
    ['has no amount', { limits: [{ set: 0, name: visa.name }] }, 'limits.0.minor'],
    ['says one limit twice', { limits: [visa, { ...visa, minor: 2 }] }, 'limits.1'],
    [
      'is right but for one',
      { limits: [visa], texts: [{ ...welcome, screen: 'x' }] },
      'texts.0.screen',
    ],
    ['means no language', { texts: [{ ...welcome, language: 'xx' }] }, 'texts.0.language'],
    [
      'means no language of people',
      { texts: [{ ...welcome, language: '__proto__' }] },
      'texts.0.language',
    ],
    ['means no screen', { texts: [{ ...welcome, screen: 'constructor' }] }, 'texts.0.screen'],
    ['says one screen twice', { texts: [welcome, welcome] }, 'texts.1'],
    ['has no headline', saying({ headline: ' ', detail: '' }), 'texts.0.words.headline'],
    ['leaves the headline out', saying({ detail: '' }), 'texts.0.words.headline'],
    [
      'has a long headline',
      saying({ headline: 'x'.repeat(61), detail: '' }),
      'texts.0.words.headline',
    ],
    [
      'has a long detail',
      saying({ headline: 'x', detail: 'x'.repeat(121) }),
      'texts.0.words.detail',
    ],
    ['breaks a line', saying({ headline: 'a\nb', detail: '' }), 'texts.0.words.headline'],
    [
      'turns letters around',
      saying({ headline: '\u202eevil', detail: '' }),
      'texts.0.words.headline',
    ],
    ['has a third line', saying({ headline: 'x', detail: '', icon: 'x' }), 'texts.0.words.icon'],
  ])('%s', async (_, change, field) => {
    const { settings, journal } = await openShop();
    const before = settings.view();
    const refused = await settings.change(change, ann);
    expect(refused).toMatchObject({ settingsProblem: true, field });
    expect(refused).toHaveProperty('problem', expect.stringMatching(/./));
    expect(settings.view()).toBe(before);
    expect(journal.durable().entries).toEqual([]);
  });

  it('can not be written', async () => {
    const { settings, journal } = await openShop();
    const before = settings.view();
    const full = fault('journal', 'the disk is full');
    journal.failNext(full);
    expect(await settings.change(cvmLimit(1), ann)).toBe(full);
    expect(settings.view()).toBe(before);
    expect(settings.contactless().combinations).toEqual(base.contactless.combinations);
  });
});

it('two changes at once are both in force', async () => {
  const { settings } = await openShop();
  const both = [cvmLimit(2500), cvmLimit(3000, MASTERCARD), words('Hello', '')];
  await Promise.all(both.map((one) => settings.change(one, ann)));
  const view = settings.view();
  expect(limitIn(view, VISA, 'readerCvmRequiredLimit')?.minor).toBe(2500);
  expect(limitIn(view, MASTERCARD, 'readerCvmRequiredLimit')?.minor).toBe(3000);
  expect(screenIn(view, 'en', 'welcome')?.headline).toBe('Hello');
});

it('what is in force is put together when it changes, not when it is asked for', async () => {
  const { settings } = await openShop();
  taken(await settings.change(cvmLimit(2500), ann));
  expect(settings.contactless()).toBe(settings.contactless());
  expect(settings.texts()).toBe(settings.texts());
});
