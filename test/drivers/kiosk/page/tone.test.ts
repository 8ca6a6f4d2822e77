import type { Page } from 'playwright-core';
import { afterEach, expect, test, vi } from 'vitest';
import { BOOK_A_INDICATORS } from '#data/indicators.ts';
import { viewOf } from '../views.ts';
import { displayOfEachTest } from './display.ts';

const display = displayOfEachTest();
const beeps = (page: Page) => page.evaluate(() => window.spy.beeps);

afterEach(() => vi.restoreAllMocks());

test('success is 1500 Hz for half a second, once for each sequence number', async () => {
  const page = await display.openPage();
  const view = await display.show(page, viewOf('removeCard'));
  display.kiosk.show(view);
  await display.show(page, viewOf('authorising'));
  const once = { type: 'sine', hertz: 1500, fromMs: 0, toMs: 500 };
  expect(await beeps(page)).toEqual([once]);
  await display.show(page, viewOf('removeCard'));
  expect(await beeps(page)).toEqual([once, once]);
});

test('alert is 750 Hz: 200 ms on, 200 ms off, 200 ms on', async () => {
  const page = await display.openPage();
  await display.show(page, viewOf('tryAgain'));
  expect(await beeps(page)).toEqual([
    { type: 'sine', hertz: 750, fromMs: 0, toMs: 200 },
    { type: 'sine', hertz: 750, fromMs: 400, toMs: 600 },
  ]);
});

test('tones are what the terminal is set to, and none where it is set to silence', async () => {
  const { success } = BOOK_A_INDICATORS.tones;
  const alert = { hertz: 600, onMs: 100, offMs: 50, times: 3 };
  const quiet = { ...success, times: 0 };
  await display.restart({ indicators: { option: 1, tones: { success: quiet, alert } } });
  const page = await display.openPage();
  await display.show(page, viewOf('removeCard'));
  expect(await beeps(page)).toEqual([]);
  await display.show(page, viewOf('tryAgain'));
  expect(await beeps(page)).toEqual([
    { type: 'sine', hertz: 600, fromMs: 0, toMs: 100 },
    { type: 'sine', hertz: 600, fromMs: 150, toMs: 250 },
    { type: 'sine', hertz: 600, fromMs: 300, toMs: 400 },
  ]);
});

test('a tone is of its moment: a display that comes much later stays silent', async () => {
  display.kiosk.show(viewOf('removeCard'));
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + 10_000);
  const page = await display.openPage();
  await page.locator('[data-screen=removeCard]').waitFor();
  expect(await beeps(page)).toEqual([]);
  expect(await page.locator('.lights').getAttribute('data-lights')).toBe('off');
});

test('the same view, seen again after a blink, makes no second sound', async () => {
  const page = await display.openPage();
  const loaded = viewOf('removeCard');
  await display.show(page, loaded);
  const again = page.waitForRequest('**/events');
  await page.evaluate(() => window.spy.loseConnection());
  await again;
  await display.show(page, viewOf('authorising'));
  expect(await beeps(page)).toHaveLength(1);
});

test('a browser that refuses sound shows everything all the same', async () => {
  const page = await display.openPage({ sound: 'suspended' });
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await display.show(page, viewOf('removeCard'));
  await display.show(page, viewOf('approved'));
  expect(await beeps(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test("the browser's own sound is asked without an error", async () => {
  const page = await display.browser.newPage();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(display.kiosk.url);
  await display.show(page, viewOf('removeCard'));
  await page.mouse.click(10, 10);
  await display.show(page, viewOf('tryAgain'));
  expect(errors).toEqual([]);
});
