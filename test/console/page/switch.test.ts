import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { consoleOfEachTest, loaded, PHONE } from './pages.ts';

const consoles = consoleOfEachTest();

const OFF = { action: 'off', reason: { category: 'commercial', text: 'Fees' } };

/** Presses Tab until the focus is on something of this name. */
const tabTo = async (page: Page, name: RegExp): Promise<void> => {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
      return (label ?? element)?.textContent?.trim() ?? '';
    });
    const field = await page.evaluate(() => {
      const element = document.activeElement;
      return element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement
        ? (element.labels?.[0]?.textContent ?? '')
        : '';
    });
    if (name.test(here) || name.test(field)) return;
  }
  throw new Error(`Tab never reached ${name}`);
};

/** Whether what has the focus shows it. */
const focusIsSeen = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const focused = document.activeElement;
    const ring = focused?.closest('.choice') ?? focused;
    return ring !== null && getComputedStyle(ring).outlineStyle !== 'none';
  });

describe('a manager with the keyboard alone', () => {
  test('switches contactless off: reason, one hour, confirmed', async () => {
    const page = await consoles.openAs('Ann', 'contactless');
    const { shop } = consoles.server;
    await tabTo(page, /Contactless is ON/);
    expect(await focusIsSeen(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Switch contactless off' }).waitFor();
    await tabTo(page, /Everything contactless/);
    await page.keyboard.press('ArrowDown');
    await tabTo(page, /Kind of reason/);
    expect(await focusIsSeen(page)).toBe(true);
    // One letter: on a slow machine a second one may begin a search of its own.
    await page.keyboard.press('C');
    await tabTo(page, /In your words/);
    await page.keyboard.type('Fees of the phones’ wallets');
    await tabTo(page, /When switched on again/);
    await page.keyboard.press('ArrowDown');
    const about = Date.now() + 3_600_000;
    await tabTo(page, /Check and confirm/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Switch off?' }).waitFor();
    await tabTo(page, /^Switch off$/);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /Contactless is PARTLY ON/ }).waitFor();
    const decision = shop.decisions.at(-1);
    expect(decision).toMatchObject({
      action: 'off',
      scope: { devices: 'phones' },
      reason: { category: 'commercial', text: 'Fees of the phones’ wallets' },
      by: { person: 'Ann', role: 'manager' },
    });
    expect(Math.abs((decision?.untilMs ?? 0) - about)).toBeLessThan(120_000);
    // The state comes by its own stream, before or after the answer to the decision.
    await page.locator('.notices').getByText('D3 switches off').waitFor();
  }, 60_000);

  test('leaves a dialog by Escape, and is back where they were', async () => {
    const page = await consoles.openAs('Ann', 'people');
    await page.getByRole('button', { name: 'Add a person' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await expect.poll(focused).toBe('Add a person');
  });

  test('keeps their place when the button that they pressed has gone', async () => {
    const { shop } = consoles.server;
    shop.approval = { off: true, on: false };
    shop.decide({ ...OFF, scope: {} }, 'Carl');
    const page = await consoles.openAs('Ann', 'contactless');
    await page.getByRole('button', { name: 'Approve D3' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).press('Enter');
    await page.getByRole('link', { name: /Contactless is OFF/ }).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Contactless');
  });

  test('finds the focus on the head line of each page, and a way past the menu', async () => {
    const page = await consoles.openAs('Ann', 'now');
    await page.goto(`${consoles.server.url}#/devices`);
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    // The page moves the focus once it has drawn the heading.
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await expect.poll(focused).toBe('Devices');
    expect(await page.title()).toBe('Devices · Countertap console');
    await page.getByRole('button', { name: 'Skip to content' }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});

describe('the decision form', () => {
  test('ties each error to its field, and puts the focus on the first', async () => {
    const page = await consoles.openAs('Ann', 'contactless/off');
    await page.getByLabel('Above an amount').check();
    await page.getByLabel('Above', { exact: true }).fill('much');
    await page.getByRole('button', { name: 'Check and confirm' }).click();
    const above = page.getByLabel('Above', { exact: true });
    await expect.poll(() => above.getAttribute('aria-invalid')).toBe('true');
    const describe = async (label: string): Promise<string> => {
      const field = page.getByLabel(label, { exact: true });
      const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
      const texts = ids.map((id) => page.locator(`[id="${id}"]`).innerText());
      return (await Promise.all(texts)).join(' ');
    };
    expect(await describe('Above')).toContain('Type an amount such as 50.00.');
    expect(await describe('Kind of reason')).toContain('Choose one.');
    expect(await describe('In your words')).toContain('Say why, in words.');
    // The focus follows once the errors are drawn.
    await expect.poll(() => above.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(consoles.server.seen.some(({ path }) => path.endsWith('/decisions'))).toBe(false);
  });

  test('shows what the server refuses at the field that is meant', async () => {
    const page = await consoles.openAs('Ann', 'contactless/off');
    await page.getByLabel('Kind of reason').selectOption('legal');
    await page.getByLabel('In your words').fill('A court');
    const ends = page.getByRole('group', { name: 'It ends' });
    await ends.getByLabel('At a date and time').check();
    await page.getByLabel('Ends at').fill('2020-01-01T10:00');
    await page.getByRole('button', { name: 'Check and confirm' }).click();
    await expect
      .poll(() => page.locator('.field', { has: page.getByLabel('Ends at') }).innerText())
      .toContain('2020-01-01 10:00 is past');
  });

  test('refuses it there, too, when the server answers later than it is asked again', async () => {
    const page = await consoles.openAs('Ann', 'contactless/off');
    await page.getByLabel('Kind of reason').selectOption('legal');
    await page.getByLabel('In your words').fill('A court');
    const ends = page.getByRole('group', { name: 'It ends' });
    await ends.getByLabel('At a date and time').check();
    consoles.server.answerAfterMs = 600;
    await page.getByLabel('Ends at').fill('2020-01-01T10:00');
    await page.getByRole('button', { name: 'Check and confirm' }).click();
    const field = page.locator('.field', { has: page.getByLabel('Ends at') });
    await expect.poll(() => field.innerText(), { timeout: 10_000 }).toContain('is past');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('reads times by the clock on the shop’s wall, wherever the browser is', async () => {
    const page = await consoles.openAs('Ann', 'contactless/off', {
      timezoneId: 'America/New_York',
    });
    await page.getByLabel('Kind of reason').selectOption('legal');
    await page.getByLabel('In your words').fill('A court');
    const ends = page.getByRole('group', { name: 'It ends' });
    await ends.getByLabel('At a date and time').check();
    await page.getByLabel('Ends at').fill('2031-07-01T18:00');
    await confirm(page, 'Switch off');
    await page.getByRole('heading', { name: 'Contactless', level: 1 }).waitFor();
    expect(consoles.server.shop.decisions.at(-1)?.untilMs).toBe(Date.UTC(2031, 6, 1, 16));
  });

  test('combines parts, hours, words and alternatives into one decision', async () => {
    const page = await consoles.openAs('Ann', 'contactless/off');
    await page.getByLabel('A card scheme').check();
    await page.getByLabel('Scheme', { exact: true }).selectOption('Visa');
    await page.getByText('More precisely').click();
    await page.getByLabel('only above an amount').check();
    await page.getByLabel('Above', { exact: true }).fill('50,5');
    await page.getByLabel('only in some lanes').check();
    await page.getByLabel('Lane 3', { exact: true }).check();
    await page.getByLabel('Kind of reason').selectOption('trial');
    await page.getByLabel('In your words').fill('Two weeks in lane 3');
    await page.getByText('Later, or only at certain hours').click();
    await page.getByRole('button', { name: 'Add hours' }).click();
    await page.getByLabel('Sun').check();
    await page.getByLabel('Sat').check();
    await page.getByText('Deutsch', { exact: true }).click();
    await page.getByLabel('Shoppers read (Deutsch)').fill('Heute nur mit Chip');
    await page.getByLabel('Cash', { exact: true }).check();
    await page.getByLabel('Insert the card').check();
    await confirm(page, 'Switch off');
    await page.getByRole('heading', { name: 'Contactless', level: 1 }).waitFor();
    expect(consoles.server.shop.decisions.at(-1)).toMatchObject({
      scope: { scheme: 'Visa', above: { minor: 5050, currency: 'EUR' }, lanes: ['3'] },
      hours: [{ days: ['sat', 'sun'], from: '08:00', to: '20:00' }],
      texts: { de: { shopper: 'Heute nur mit Chip' } },
      alternatives: ['insert', 'cash'],
      supersedes: [],
    });
  }, 60_000);

  test('tells what a decision would do while it is typed, and writes nothing', async () => {
    const page = await consoles.openAs('Ann', 'contactless/off');
    const preview = page.getByRole('region', { name: 'What this does' });
    await preview.getByText('D3 switches off contactless (Ann').waitFor();
    await page.getByLabel('Phones and watches').first().check();
    await preview.getByText('D3 switches off contactless, phones and watches').waitFor();
    expect(consoles.server.shop.decisions).toHaveLength(2);
  });
});

/** Through the look at what it does, to the yes. */
const confirm = async (page: Page, yes: string): Promise<void> => {
  await page.getByRole('button', { name: 'Check and confirm' }).click();
  await page.getByRole('dialog').getByRole('button', { name: yes, exact: true }).click();
};

describe('switching on again', () => {
  test('offers to end the off that is in force, with its scope', async () => {
    const { shop } = consoles.server;
    shop.decide(
      { ...OFF, scope: { devices: 'phones', above: { minor: 5000, currency: 'EUR' } } },
      'Ann',
    );
    const page = await consoles.openAs('Ann', 'contactless', { viewport: PHONE });
    await page.getByRole('link', { name: /PARTLY ON/ }).click();
    await page.getByRole('heading', { name: 'Switch contactless on' }).waitFor();
    await loaded(page);
    expect(await page.getByLabel(/^D3/).isChecked()).toBe(true);
    expect(await page.getByLabel(/^D2/).count()).toBe(1);
    expect(await page.getByLabel('Above', { exact: true }).inputValue()).toBe('50.00');
    await page.getByLabel('Kind of reason').selectOption('commercial');
    await page.getByLabel('In your words').fill('Agreed');
    await confirm(page, 'Switch on');
    await page.getByRole('link', { name: /Contactless is ON/ }).waitFor();
    expect(shop.decisions.at(-1)).toMatchObject({ action: 'on', supersedes: ['D3'] });
  });

  test('off a second time ends the ons that stand in its way, that of a part too', async () => {
    const { shop } = consoles.server;
    shop.decide({ ...OFF, scope: {} }, 'Ann');
    shop.decide({ ...OFF, action: 'on', scope: {}, supersedes: ['D3'] }, 'Ann');
    const page = await consoles.openAs('Ann', 'contactless/off');
    await page.getByLabel('Kind of reason').selectOption('commercial');
    await page.getByLabel('In your words').fill('Fees again');
    await confirm(page, 'Switch off');
    await page.getByRole('link', { name: /Contactless is OFF/ }).waitFor();
    expect(shop.decisions.at(-1)?.supersedes).toEqual(['D4', 'D2']);
  });
});

describe('two people', () => {
  test('one proposes; only the other finds a button to approve', async () => {
    const { server } = consoles;
    server.shop.approval = { off: true, on: false };
    server.people.push({ name: 'Carl', role: 'manager', pin: '577215' });
    const page = await consoles.openAs('Ann', 'contactless/off');
    await page.getByText('A second person must approve this').waitFor();
    await page.getByLabel('Kind of reason').selectOption('commercial');
    await page.getByLabel('In your words').fill('Fees');
    await confirm(page, 'Propose it to a second person');
    await page.getByText('Another manager must approve it').waitFor();
    expect(await page.getByRole('button', { name: /Approve/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: /Contactless is ON/ }).count()).toBe(1);
    const other = await consoles.openAs('Carl', 'contactless');
    await other.getByRole('button', { name: 'Approve D3' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await other.getByRole('link', { name: /Contactless is OFF/ }).waitFor();
    // The first one's page follows by itself.
    await page.getByRole('link', { name: /Contactless is OFF/ }).waitFor();
  }, 60_000);
});

test('a register that can’t be read is an alarm, and a manager begins anew', async () => {
  const { shop } = consoles.server;
  shop.unreadable = 'Entry 302 of the journal does not follow entry 301.';
  const page = await consoles.openAs('Ann', 'contactless');
  const alarm = page.getByRole('alert').filter({ hasText: 'Entry 302' });
  await alarm.getByRole('link', { name: 'Begin anew' }).click();
  await page.getByRole('radio', { name: 'Switch on' }).check();
  await page.getByLabel('Kind of reason').selectOption('technical');
  await page.getByLabel('In your words').fill('Checked with the acquirer');
  await confirm(page, 'Switch on');
  await page.getByRole('link', { name: /Contactless is ON/ }).waitFor();
  expect(shop.decisions).toHaveLength(1);
});

test('a cashier sees the state and who decided, but no switch', async () => {
  const page = await consoles.openAs('Bob', 'contactless');
  await page.getByText('Contactless is ON').waitFor();
  expect(await page.getByRole('link', { name: /Contactless is ON/ }).count()).toBe(0);
  await page.goto(`${consoles.server.url}#/contactless/off`);
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
  const places = await page.getByRole('navigation').getByRole('link').allInnerTexts();
  expect(places.map((place) => place.split('\n')[0])).toEqual([
    'Now',
    'Contactless',
    'Payments',
    'Limits and texts',
    'Devices',
    'Doctor',
    'Updates',
    'Bob',
  ]);
});

test('the register is verified on demand, and the answer is shown and spoken', async () => {
  const page = await consoles.openAs('Ann', 'contactless');
  await page.getByRole('button', { name: 'Verify the register' }).click();
  await page.getByText('2 entries; the last one’s hash:').waitFor();
  await page.locator('.notices').getByText('The register is whole.').waitFor();
  consoles.server.shop.unreadable = 'Entry 302 does not follow entry 301.';
  await page.getByRole('button', { name: 'Verify the register' }).click();
  await page.getByText('The register is damaged.').waitFor();
  await page.locator('.notices[aria-live=assertive]').waitFor();
});
