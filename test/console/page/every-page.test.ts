import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  axeOn,
  consoleOfEachTest,
  DESKTOP,
  loaded,
  misfitsOn,
  PHONE,
  takePicture,
} from './pages.ts';

const consoles = consoleOfEachTest();

const OFF = {
  action: 'off',
  reason: { category: 'commercial', text: 'Fees; the contract is being renegotiated' },
  texts: { en: { shopper: 'Today only by chip' } },
  alternatives: ['insert', 'cash'],
};

const open = (page: Page, name: string) => page.getByRole('button', { name }).first().click();

/** Each page and each state of a form: who sees it, where, and how one gets there. */
const STATES: readonly {
  readonly name: string;
  readonly as?: string;
  readonly place?: string;
  readonly before?: () => void;
  readonly act?: (page: Page) => Promise<void>;
}[] = [
  { name: 'now', place: 'now' },
  {
    name: 'now-off-paying',
    place: 'now',
    before: () => {
      const { server } = consoles;
      server.shop.decide({ ...OFF, scope: {} }, 'Ann');
      const { status } = server;
      const keysRefusal = 'The keys can’t be read: key.sealed, the seal is broken.';
      server.status = { ...status, state: 'sale', transactionId: '0198f3aa-0008', keysRefusal };
      server.status = { ...server.status, linkUp: false, openReversals: 1 };
    },
  },
  { name: 'now-cashier', as: 'Bob', place: 'now' },
  {
    name: 'more',
    place: 'now',
    act: async (page) => {
      const more = page.getByRole('button', { name: 'More' });
      if (await more.isVisible()) await more.click();
    },
  },
  { name: 'contactless-on', place: 'contactless' },
  {
    name: 'contactless-off',
    place: 'contactless',
    before: () => consoles.server.shop.decide({ ...OFF, scope: {} }, 'Ann'),
    act: (page) => page.getByText('All of it, and its proof').first().click(),
  },
  {
    name: 'contactless-partly',
    place: 'contactless',
    before: () => {
      const { shop } = consoles.server;
      shop.decide({ ...OFF, scope: { devices: 'phones', scheme: 'Visa' } }, 'Ann');
      shop.approval = { off: true, on: false };
      shop.decide({ ...OFF, scope: { method: 'qr:alipay' } }, 'Carl');
    },
    act: (page) => open(page, 'Verify the register'),
  },
  {
    name: 'contactless-unreadable',
    place: 'contactless',
    before: () => {
      consoles.server.shop.unreadable = 'Entry 302 of the journal does not follow entry 301.';
    },
  },
  { name: 'decide-off', place: 'contactless/off' },
  {
    name: 'decide-off-precisely',
    place: 'contactless/off',
    act: async (page) => {
      await page.getByLabel('A token or number range').check();
      await page.getByText('More precisely').click();
      await page.getByLabel('only in some lanes').check();
      await page.getByLabel('Leading digits, from').fill('48');
      await page.getByLabel('Lane 2', { exact: true }).check();
      await page.getByText('Later, or only at certain hours').click();
      await open(page, 'Add hours');
      await page.getByLabel('Sat').check();
      await page.getByText('English', { exact: true }).click();
      await page.getByText('Mind:').waitFor();
    },
  },
  {
    name: 'decide-off-wrong',
    place: 'contactless/off',
    act: async (page) => {
      await page.getByLabel('Above an amount').check();
      await page.getByRole('group', { name: 'It ends' }).getByLabel('At a date and time').check();
      await open(page, 'Check and confirm');
    },
  },
  {
    name: 'decide-off-confirm',
    place: 'contactless/off',
    act: async (page) => {
      await page.getByLabel('Kind of reason').selectOption('commercial');
      await page.getByLabel('In your words').fill('Fees');
      await open(page, 'Check and confirm');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'decide-on',
    place: 'contactless/on',
    before: () => consoles.server.shop.decide({ ...OFF, scope: { devices: 'phones' } }, 'Ann'),
  },
  {
    name: 'decide-anew',
    place: 'contactless/anew',
    before: () => {
      consoles.server.shop.unreadable = 'Entry 302 of the journal does not follow entry 301.';
    },
  },
  { name: 'payments', place: 'payments' },
  {
    name: 'payments-none',
    place: 'payments',
    act: async (page) => {
      await page.getByLabel('Search').fill('nothing like it');
      await page.getByText('No payment is like that.').waitFor();
    },
  },
  {
    name: 'payment',
    place: 'payments/0198f3aa-0007',
    act: (page) => page.getByText('GET PROCESSING OPTIONS').last().click(),
  },
  {
    name: 'payment-refund',
    as: 'Bob',
    place: 'payments/0198f3aa-0007',
    act: async (page) => {
      await open(page, 'Refund');
      await page.getByLabel('Amount (EUR)').fill('99');
      await page.getByRole('dialog').getByRole('button', { name: 'Refund' }).click();
    },
  },
  {
    name: 'payment-void',
    place: 'payments/0198f3aa-0007',
    act: (page) => open(page, 'Void'),
  },
  { name: 'receipt', place: 'payments/0198f3aa-0007/receipt' },
  {
    name: 'settings',
    place: 'settings',
    act: async (page) => {
      await page.getByText('See you tomorrow').or(page.getByText('Paid')).first().click();
      await page.getByLabel('Floor limit').fill('10');
      await open(page, 'Save');
    },
  },
  { name: 'settings-technician', as: 'Tess', place: 'settings' },
  { name: 'devices', place: 'devices' },
  { name: 'doctor', place: 'doctor' },
  {
    name: 'updates',
    place: 'updates',
    before: () => {
      const { server } = consoles;
      server.upkeep = {
        ...{ managed: true, version: '1.4.0', phase: 'rolledBack', work: 'none', spare: '1.4.1' },
        reason: '1.4.1 was left after 3 starts that weren’t healthy: no reader is found',
        lastLook: { atMs: server.now().atMs, problem: 'unreachable: no route to host' },
      };
    },
  },
  {
    name: 'updates-back',
    as: 'Tess',
    place: 'updates',
    before: () => {
      const standing = { managed: true, version: '1.4.1', phase: 'probation' } as const;
      consoles.server.upkeep = { ...standing, work: 'none', spare: '1.4.0' };
    },
    act: async (page) => {
      await open(page, 'Go back to 1.4.0');
      await page.getByRole('dialog').getByRole('button', { name: 'Go back to 1.4.0' }).click();
      await page.getByText('Say why, in words.').waitFor();
    },
  },
  { name: 'people', place: 'people' },
  { name: 'people-add', place: 'people', act: (page) => open(page, 'Add a person') },
  { name: 'people-unlock', place: 'people', act: (page) => open(page, 'Unlock') },
  { name: 'people-remove', place: 'people', act: (page) => open(page, 'Remove Bob') },
  { name: 'audit', place: 'audit' },
  {
    name: 'me',
    place: 'me',
    act: (page) => open(page, 'Change PIN'),
  },
  {
    name: 'set-up',
    before: () => {
      consoles.server.people = [];
    },
    act: async (page) => {
      await page.getByLabel('Your name').fill('Ann');
      await page.getByLabel('Choose a PIN').fill('271828');
      await open(page, 'Set up');
    },
  },
  {
    name: 'sign-in',
  },
  {
    name: 'sign-in-locked',
    act: async (page) => {
      await page.getByLabel('Name').fill('Tess');
      await page.getByLabel('PIN').fill('000000');
      await open(page, 'Sign in');
      await page.getByText('Locked for').waitFor();
    },
  },
];

const reach = async ({
  as = 'Ann',
  place,
  before,
  act,
}: (typeof STATES)[number]): Promise<Page> => {
  delete consoles.server.people.find(({ name }) => name === as)?.lockedForMs;
  before?.();
  const viewport = PHONE;
  const page = await (place === undefined
    ? consoles.open({ viewport, kept: true })
    : consoles.openAs(as, place, { viewport, kept: true }));
  await loaded(page);
  await act?.(page);
  return page;
};

test.each(STATES)(
  '$name fits and axe finds nothing',
  async (state) => {
    const page = await reach(state);
    const found: Record<string, readonly string[]> = {};
    for (const viewport of [PHONE, DESKTOP]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const look = `${viewport.width}-${colorScheme}`;
        // In the dark nothing differs but the colours.
        const flaws =
          colorScheme === 'dark'
            ? await axeOn(page, ['color-contrast'])
            : [...(await misfitsOn(page)), ...(await axeOn(page))];
        if (flaws.length > 0) found[look] = flaws;
        await takePicture(page, `${state.name}-${look}`);
      }
    }
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(found).toEqual({});
  },
  90_000,
);

test('on a screen of 360 pixels nothing scrolls sideways', async () => {
  const viewport = { width: 360, height: 740 };
  const misfits: Record<string, readonly string[]> = {};
  const page = await consoles.openAs('Ann', 'now', { viewport });
  for (const { name, place, act } of STATES) {
    if (place === undefined || act !== undefined) continue;
    await page.goto(`${consoles.server.url}#/${place}`);
    await loaded(page);
    const found = await misfitsOn(page);
    if (found.length > 0) misfits[name] = found;
  }
  expect(misfits).toEqual({});
});

test('axe and the ruler find faults where there are some', async () => {
  const page = await consoles.openAs('Ann', 'now');
  await page.evaluate(() => {
    const button = document.createElement('button');
    document.querySelector('main')?.append(button);
    document.querySelector('h1')?.remove();
  });
  expect((await axeOn(page)).join()).toContain('button-name');
  expect((await misfitsOn(page)).join()).toContain('BUTTON');
});
