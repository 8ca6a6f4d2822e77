import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { DESKTOP, fill, flawsOn, press, TABLET, takePicture, tillOfEachTest } from './tills.ts';

const tills = tillOfEachTest();

test('messages are shown both ways, with their timing, and open by the keyboard', async () => {
  const page = await tills.open();
  await fill(page);
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  const head = page.locator('.messages-head');
  await head.focus();
  await page.keyboard.press('Enter');
  const rows = page.locator('.message > summary');
  expect(await rows.count()).toBe(2);
  expect(await rows.nth(0).textContent()).toMatch(/Received Payment.*\d\d:\d\d:\d\d\.\d{3}.* m?s$/);
  expect(await rows.nth(1).textContent()).toMatch(/Sent Payment/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const json = page.locator('.message[open] .json');
  await json.waitFor();
  const shown = JSON.parse((await json.textContent()) ?? '');
  expect(shown.SaleToPOIResponse.PaymentResponse.Response.Result).toBe('Success');
  const weights = await json.locator('.json-name').first().evaluate(weightOf);
  expect(weights).toBeGreaterThan(await json.locator('.json-text').first().evaluate(weightOf));
  expect(await flawsOn(page)).toEqual([]);
  await takePicture(page, 'messages');
});

const weightOf = (element: Element): number => Number(getComputedStyle(element).fontWeight);

test('a sale can be made with the keyboard alone', async () => {
  const page = await tills.open();
  await page.getByRole('button', { name: /^Espresso/ }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Pay by tap' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Paid');
});

/** Each look of the page, and how one gets there. */
const LOOKS: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ['empty', async () => {}],
  ['filled', fill],
  [
    'running',
    async (page) => {
      tills.server.terminal.payment = async (_request, aborted) => {
        await aborted;
        return { status: 'cancelled' };
      };
      await fill(page);
      await press(page, 'Pay by tap');
      await page.getByRole('button', { name: 'Abort' }).waitFor();
    },
  ],
  [
    'declined',
    async (page) => {
      const reason = 'The issuer declines it: not enough money.';
      tills.server.terminal.payment = () => ({ status: 'declined', reason, responseCode: '51' });
      await fill(page);
      await press(page, 'Pay by tap');
      await page.getByRole('heading', { name: 'Declined' }).waitFor();
    },
  ],
  [
    'past-sales',
    async (page) => {
      await fill(page);
      await press(page, 'Pay by tap');
      await press(page, /^Sales/);
      await page.getByText('Receipts').click();
    },
  ],
  [
    'status',
    async (page) => {
      await press(page, 'Status');
      await page.getByText('Card reader').waitFor();
    },
  ],
  ['settings', (page) => press(page, 'Settings')],
];

test.each(LOOKS)(
  '%s fits desk and tablet, by day and by night, and axe finds nothing',
  async (name, reach) => {
    const page = await tills.open();
    await reach(page);
    const found: Record<string, readonly string[]> = {};
    for (const viewport of [DESKTOP, TABLET]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const flaws = await flawsOn(page);
        if (flaws.length > 0) found[`${viewport.width} ${colorScheme}`] = flaws;
        await takePicture(page, `${name}-${viewport.width}-${colorScheme}`);
      }
    }
    expect(found).toEqual({});
  },
  90_000,
);

test('axe and the ruler find faults where there are some', async () => {
  const page = await tills.open();
  await page.evaluate(() => {
    document.querySelector('main')?.append(document.createElement('button'));
  });
  expect((await flawsOn(page)).join()).toMatch(/button-name.*BUTTON/s);
});
