import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { requestsOf } from '../fake-terminal.ts';
import { KEY, ringOfKey } from './fake-server.ts';
import { fill, flawsOn, press, TABLET, takePicture, tillOfEachTest } from './tills.ts';

const tills = tillOfEachTest();

/** The next payments wait until they are let go, or broken off. */
const holdPayments = (): (() => void) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  tills.server.terminal.payment = async (_request, aborted) => {
    const how = await Promise.race([
      promise.then(() => 'let go' as const),
      aborted.then(() => 'aborted' as const),
    ]);
    return how === 'aborted' ? { status: 'cancelled', reason: 'The till broke it off' } : {};
  };
  return resolve;
};

const beginSale = async (page: Page): Promise<void> => {
  await fill(page);
  await press(page, 'Pay by tap');
  await expect.poll(() => requestsOf(tills.server.terminal, 'Payment').length).toBe(1);
};

test('a page that is loaded anew during a payment comes to know its end', async () => {
  const end = holdPayments();
  const page = await tills.open();
  await beginSale(page);
  await page.reload();
  await page.getByText('the terminal is asked for the end').waitFor();
  await takePicture(page, 'followed');
  end();
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  await page.getByText('€6.30').first().waitFor();
  const { terminal } = tills.server;
  expect(requestsOf(terminal, 'Payment')).toHaveLength(1);
  const tillsAsked = terminal.requests.map(({ header }) => header.SaleID);
  expect(new Set(tillsAsked).size).toBe(1);
  const stored = await page.evaluate(() => Object.keys(sessionStorage));
  expect(stored).toEqual(['saleId']);
  await press(page, 'Next');
  await page.getByText('Touch goods to put them in.').waitFor();
});

test('a page that is loaded anew can still break its payment off', async () => {
  holdPayments();
  const page = await tills.open();
  await beginSale(page);
  await page.reload();
  await press(page, 'Abort');
  await page.getByRole('heading', { name: 'Aborted' }).waitFor();
});

test('loaded anew without a key, it asks for the key first', async () => {
  const { server } = tills;
  server.keys = ringOfKey();
  server.facts = { ...server.facts, needsKey: true };
  const end = holdPayments();
  const page = await tills.open();
  const enterKey = async () => {
    await press(page, 'Settings');
    await page.getByLabel('Key identifier').fill(KEY.identifier);
    await page.getByLabel('Key version').fill(String(KEY.version));
    await page.getByLabel('Passphrase').fill(KEY.passphrase);
    await press(page, 'Use this key');
  };
  await enterKey();
  await beginSale(page);
  const stored = await page.evaluate(() => JSON.stringify(sessionStorage));
  expect(stored).not.toContain(KEY.passphrase);
  await page.reload();
  await page.getByText('Enter the key in the settings').waitFor();
  end();
  await enterKey();
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  expect(requestsOf(server.terminal, 'Payment')).toHaveLength(1);
});

test('of what a card pays in part, the rest is collected by another way', async () => {
  const { terminal } = tills.server;
  const parts = [{ approvedMinor: 400 }, { approvedMinor: 200 }, {}];
  terminal.payment = () => parts.shift() ?? {};
  const page = await tills.open();
  await fill(page);
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'Paid in part' }).waitFor();
  await page.getByText('€2.30 left to pay').waitFor();
  await takePicture(page, 'part');
  expect(await flawsOn(page)).toEqual([]);
  await press(page, 'Collect the rest by code');
  await page.getByText('€0.30 left to pay').waitFor();
  await press(page, 'Back to the basket');
  await page.getByText('Left to pay').waitFor();
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'Paid', exact: true }).waitFor();
  await press(page, 'Next');
  await page.getByText('Touch goods to put them in.').waitFor();
  const asked = requestsOf(terminal, 'Payment').map(
    ({ body }) => body.PaymentTransaction.AmountsReq.RequestedAmount,
  );
  expect(asked).toEqual([6.3, 2.3, 0.3]);
});

test('a connection for events that ends is made again', async () => {
  const page = await tills.open();
  await page.getByText('Connected').waitFor();
  tills.server.dropEvents();
  await page.getByText('No events').waitFor();
  await page.getByText('Connected').waitFor();
});

test('"Next" covers nothing of the outcome, however long the receipt is', async () => {
  const page = await tills.open();
  await fill(page);
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  for (const viewport of [{ width: 1280, height: 600 }, TABLET]) {
    await page.setViewportSize(viewport);
    const [outcome, foot] = await Promise.all(
      ['.outcome', '.outcome-foot'].map((one) => page.locator(one).boundingBox()),
    );
    expect((outcome?.y ?? 0) + (outcome?.height ?? 0)).toBeLessThanOrEqual((foot?.y ?? 0) + 0.5);
    expect(foot?.height).toBeGreaterThan(60);
    const next = page.getByRole('button', { name: 'Next' });
    await next.scrollIntoViewIfNeeded();
    expect(await next.isVisible()).toBe(true);
  }
});

test.each(['reduce', 'no-preference'] as const)('with motion: %s', async (reducedMotion) => {
  holdPayments();
  const page = await tills.open({ reducedMotion });
  await beginSale(page);
  await page.locator('.waves').waitFor();
  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving > 0).toBe(reducedMotion === 'no-preference');
});
