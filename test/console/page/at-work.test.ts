import { describe, expect, test } from 'vitest';
import { resultOf, TIMES } from './fixtures.ts';
import { consoleOfEachTest, loaded, signIn } from './pages.ts';

const consoles = consoleOfEachTest();

describe('before anybody is signed in', () => {
  test('the first start asks for a manager’s name and PIN, twice, and has no default', async () => {
    consoles.server.people = [];
    const page = await consoles.open();
    await page.getByRole('heading', { name: 'Set up this terminal' }).waitFor();
    for (const label of ['Your name', 'Choose a PIN', 'The same PIN again']) {
      expect(await page.getByLabel(label).inputValue()).toBe('');
    }
    await page.getByLabel('Your name').fill('Nina');
    await page.getByLabel('Choose a PIN').fill('271828');
    await page.getByLabel('The same PIN again').fill('271829');
    await page.getByRole('button', { name: 'Set up and go on' }).click();
    await page.getByText('The two PINs differ.').waitFor();
    expect(consoles.server.people).toEqual([]);
    await page.getByLabel('The same PIN again').fill('271828');
    await page.getByRole('button', { name: 'Set up and go on' }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    expect(consoles.server.people).toEqual([{ name: 'Nina', role: 'manager', pin: '271828' }]);
  });

  test('a wrong PIN is told and spoken, and the field is empty again', async () => {
    const page = await consoles.open();
    await signIn(page, 'Ann', '999999');
    await page.getByRole('alert').getByText('Name or PIN is wrong.').waitFor();
    expect(await page.getByLabel('PIN').inputValue()).toBe('');
  });

  test('a lock-out counts down, holds for that name alone, and ends', async () => {
    const page = await consoles.open();
    await page.clock.install();
    await signIn(page, 'Tess', '000000');
    const button = page.getByRole('button', { name: /Locked for/ });
    await button.waitFor();
    await page.clock.fastForward(60_000);
    expect(await button.innerText()).toMatch(/Locked for 2[34]:\d\d/);
    await page.getByLabel('Name').fill('Bob');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.getByLabel('Name').fill('Tess');
    await button.waitFor();
    await page.clock.fastForward(25 * 60_000);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.getByText('You can try again now.').waitFor();
  });

  test('a session that ends leads to sign-in, and back to the same page', async () => {
    const page = await consoles.openAs('Ann', 'devices');
    consoles.server.endSessions();
    await page.getByText('Your session has ended.').waitFor();
    await signIn(page, 'Ann', '271828');
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
  });
});

describe('live', () => {
  test('a tap appears by itself, with a bar for each command and one for our time', async () => {
    const page = await consoles.openAs('Bob', 'now');
    const result = resultOf({ transactionId: '0198f3aa-0008', amountMinor: 4711 });
    const atMs = Date.now();
    consoles.server.tell('tap', {
      transactionId: result.transactionId,
      atMs,
      result,
      times: TIMES,
    });
    const tap = page.getByRole('article').filter({ hasText: '€47.11' });
    await tap.waitFor();
    const spoken = page.getByRole('status').filter({ hasText: '€47.11: Approved' });
    expect(await spoken.count()).toBe(1);
    const table = tap.getByRole('table', { name: 'Where the time of this tap went' });
    const rows = await table.getByRole('row').allInnerTexts();
    expect(rows).toHaveLength(1 + TIMES.commands.length + 1);
    expect(rows.at(-1)).toMatch(/Ours.*56 ms/s);
    const bars = await table
      .locator('.bar-time')
      .evaluateAll((all) =>
        all.map((bar) => ['x', 'width'].map((name) => Number(bar.getAttribute(name)))),
      );
    const scale = 1000 / TIMES.totalMs;
    for (const [place, { startMs, ms }] of TIMES.commands.entries()) {
      expect(bars[place]?.[0]).toBeCloseTo(startMs * scale, 3);
      expect(bars[place]?.[1]).toBeCloseTo(ms * scale, 3);
    }
    expect(await page.getByRole('article').first().innerText()).toContain('€47.11');
  });

  test('a payment that is running can be cancelled by a cashier, not by a technician', async () => {
    const { server } = consoles;
    server.status = { ...server.status, state: 'sale', transactionId: '0198f3aa-0009' };
    const page = await consoles.openAs('Bob', 'now');
    await page.getByRole('button', { name: 'Cancel this payment' }).click();
    await page.getByText('The payment is being cancelled.').waitFor();
    expect(server.seen.at(-1)?.path).toBe('/api/cancel');
    for (const person of server.people) delete person.lockedForMs;
    const other = await consoles.openAs('Tess', 'now');
    await other.getByText('A payment is running').waitFor();
    expect(await other.getByRole('button', { name: 'Cancel this payment' }).count()).toBe(0);
  });

  test('a terminal that is away shows a banner, and is back by itself', async () => {
    const page = await consoles.openAs('Ann', 'now');
    await consoles.server.stop();
    await page.getByText('The terminal does not answer.').waitFor();
    await consoles.server.start();
    await page.getByText('The terminal does not answer.').waitFor({ state: 'detached' });
    consoles.server.status = { ...consoles.server.status, keysRefusal: 'The seal is broken.' };
    consoles.server.tell('now', consoles.server.now());
    await page.getByText('The seal is broken.').waitFor();
  });
});

describe('payments', () => {
  test('are searched, and more are shown on demand', async () => {
    const page = await consoles.openAs('Bob', 'payments');
    const rows = page.locator('.rows > li');
    await expect.poll(() => rows.count()).toBe(25);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows.count()).toBe(40);
    await page.getByLabel('Search').fill('4111');
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByText('1 payments shown').waitFor();
    await page.getByLabel('Search').fill('');
    await page.getByLabel('State').selectOption('queued');
    await expect.poll(() => rows.allInnerTexts()).toHaveLength(1);
  });

  test('a double press refunds once, under one id, and says what it does meanwhile', async () => {
    const { server } = consoles;
    const page = await consoles.openAs('Bob', 'payments/0198f3aa-0007');
    await page.getByRole('button', { name: 'Refund' }).click();
    await page.getByLabel('Amount (EUR)').fill('4.50');
    server.answerAfterMs = 600;
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Refund €4.50' }).dblclick();
    const button = dialog.getByRole('button', { name: 'Refunding…' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('€4.50 refunded.').waitFor();
    const refunds = server.seen.filter(({ path }) => path.endsWith('/refund'));
    expect(refunds).toHaveLength(1);
    expect(refunds[0]?.body).toMatchObject({
      amountMinor: 450,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('a refund that got no answer is sent again under the same id', async () => {
    const { server } = consoles;
    const page = await consoles.openAs('Bob', 'payments/0198f3aa-0007');
    await page.getByRole('button', { name: 'Refund' }).click();
    const asked: unknown[] = [];
    await page.route('**/refund', async (route) => {
      asked.push(route.request().postDataJSON());
      if (asked.length === 1) await route.abort();
      else await route.continue();
    });
    const again = page.getByRole('dialog').getByRole('button', { name: 'Refund €12.50' });
    await again.click();
    await page.getByRole('dialog').getByText('The terminal does not answer.').waitFor();
    await again.click();
    await page.getByText('€12.50 refunded.').waitFor();
    expect(asked[1]).toEqual(asked[0]);
    expect(server.refunded).toBe(1250);
  });

  test('more than what is left is refused at the field; a void is asked about first', async () => {
    const page = await consoles.openAs('Bob', 'payments/0198f3aa-0007');
    await page.getByRole('button', { name: 'Refund' }).click();
    await page.getByLabel('Amount (EUR)').fill('12.51');
    await page.getByRole('dialog').getByRole('button', { name: 'Refund' }).click();
    await page.getByText('up to €12.50.').first().waitFor();
    expect(await page.getByLabel('Amount (EUR)').getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Void' }).click();
    expect(consoles.server.seen.some(({ path }) => path.endsWith('/void'))).toBe(false);
    await page.getByRole('button', { name: 'Void €12.50' }).click();
    await page.getByText('Voided.').waitFor();
  });

  test('on paper a receipt is alone, and a technician can’t reprint it', async () => {
    const page = await consoles.openAs('Bob', 'payments/0198f3aa-0007/receipt');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.receipt pre').isVisible()).toBe(true);
    for (const other of ['.side', '.page-head', '.skip']) {
      expect(await page.locator(other).isVisible()).toBe(false);
    }
    for (const person of consoles.server.people) delete person.lockedForMs;
    const tess = await consoles.openAs('Tess', 'payments/0198f3aa-0007');
    await tess.getByText('What happened').waitFor();
    expect(await tess.getByRole('link', { name: 'Receipt' }).count()).toBe(0);
    expect(await tess.getByRole('button', { name: /Refund|Void/ }).count()).toBe(0);
  });
});

describe('a manager', () => {
  test('lowers a limit, is held below what is configured, and puts it back', async () => {
    const page = await consoles.openAs('Ann', 'settings');
    const set = page.getByRole('region', { name: 'Visa, kernel 3, purchases' });
    const limit = set.getByLabel('Largest contactless amount (EUR)');
    await limit.fill('1000.01');
    await set.getByRole('button', { name: 'Save' }).click();
    await set.getByText('No more than €1,000.00').waitFor();
    expect(consoles.server.seen.filter(({ method }) => method === 'PUT')).toEqual([]);
    await limit.fill('80');
    await set.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(consoles.server.seen.at(-1)?.body).toEqual({
      limits: [{ set: 0, name: 'readerContactlessTransactionLimit', minor: 8000 }],
    });
    await set.getByRole('button', { name: 'Put back' }).click();
    await expect.poll(() => limit.inputValue()).toBe('1000.00');
  });

  test('writes the shop’s own words beside those that are configured', async () => {
    const page = await consoles.openAs('Ann', 'settings');
    await page.locator('summary').filter({ hasText: 'Welcome' }).first().click();
    const form = page.getByRole('form', { name: 'Welcome' });
    await form.getByLabel('Headline').fill('Good morning');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.locator('summary').filter({ hasText: 'Good morning' }).waitFor();
    expect(consoles.server.seen.at(-1)?.body).toMatchObject({
      texts: [{ language: 'en', screen: 'welcome', words: { headline: 'Good morning' } }],
    });
  });

  test('adds a person, unlocks another, and can’t remove the last manager', async () => {
    const page = await consoles.openAs('Ann', 'people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Dora');
    await dialog.getByLabel('Cashier').check();
    await dialog.getByLabel('PIN to begin with').fill('1');
    await dialog.getByRole('button', { name: 'Add a person' }).click();
    await dialog.getByText('A PIN has 6 digits or more.').waitFor();
    await dialog.getByLabel('PIN to begin with').fill('141421');
    await dialog.getByRole('button', { name: 'Add a person' }).click();
    await page.getByText('Dora can sign in now.').waitFor();
    await page.getByRole('button', { name: 'Unlock with a new PIN Tess' }).click();
    await dialog.getByLabel('New PIN', { exact: true }).fill('173205');
    await dialog.getByLabel('The same PIN again').fill('173205');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Tess has a new PIN.').waitFor();
    await page.getByRole('button', { name: 'Remove Ann' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText('Ann is the last manager').waitFor();
  }, 60_000);

  test('changes the own PIN, and stays signed in when the present one is wrong', async () => {
    const page = await consoles.openAs('Ann', 'me');
    await page.getByLabel('Present PIN').fill('000000');
    await page.getByLabel('New PIN').fill('662607');
    await page.getByLabel('The same PIN again').fill('662607');
    await page.getByRole('button', { name: 'Change PIN' }).click();
    await page.getByText('This is not your PIN.').waitFor();
    await page.getByLabel('Present PIN').fill('271828');
    await page.getByRole('button', { name: 'Change PIN' }).click();
    await page.getByText('Your PIN is changed.').waitFor();
    expect(consoles.server.people[0]?.pin).toBe('662607');
  });
});

describe('who asks for', () => {
  test('colours of their own gets them, with every edge and bar to be seen', async () => {
    const page = await consoles.openAs('Ann', 'now', { forcedColors: 'active' });
    const fill = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((bar) => getComputedStyle(bar).fill);
    expect(await fill('.bar-time')).not.toBe(await fill('.bar-ground'));
    await page.goto(`${consoles.server.url}#/contactless/off`);
    await loaded(page);
    const chosen = page.locator('.choice:has(:checked)').first();
    expect(await chosen.evaluate((it) => getComputedStyle(it).borderTopWidth)).toBe('3px');
  });

  test('less motion gets none', async () => {
    const page = await consoles.openAs('Ann', 'contactless', { reducedMotion: 'reduce' });
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return transitionDuration !== '0s' || animationName !== 'none';
        }).length,
    );
    expect(moving).toBe(0);
  });
});

describe('the doctor', () => {
  test('names what is wrong first with what to do, and looks again when asked', async () => {
    const { server } = consoles;
    const page = await consoles.openAs('Tess', 'doctor');
    const heads = page.locator('main h2');
    await expect
      .poll(() => heads.allInnerTexts())
      .toEqual(['Card reader', 'Certificate for the host', 'In order', 'Not used here']);
    await page.getByText('Plug the reader in').waitFor();
    server.diagnosis = { verdict: 'well', atMs: 0, by: 'terminal', findings: [] };
    server.answerAfterMs = 300;
    await page.getByRole('button', { name: 'Look again' }).click();
    const busy = page.getByRole('button', { name: 'Looking…' });
    expect(await busy.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('status').getByText('All is well').waitFor();
    await expect.poll(() => heads.count()).toBe(0);
  });

  test('that can’t be asked says so, and can be tried again', async () => {
    const page = await consoles.openAs('Ann', 'now');
    await page.route('**/api/doctor', (route) => route.abort());
    await page.goto(`${consoles.server.url}#/doctor`);
    await page.getByText('The terminal does not answer. Is it on').waitFor();
    await page.unroute('**/api/doctor');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Card reader' }).waitFor();
  });
});
