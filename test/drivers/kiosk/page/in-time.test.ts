import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { BOOK_A_INDICATORS } from '#data/indicators.ts';
import { spokenView } from '../spoken-views.ts';
import { viewOf } from '../views.ts';
import { displayOfEachTest } from './display.ts';
import { flawsOf, litAt } from './in-page.ts';

// The page's clock stands still in these tests and moves when we say so: no waiting, no guessing.
const display = displayOfEachTest();
const stopped = { clock: 'stopped' } as const;

const screenOf = (page: Page) => page.locator('.display').getAttribute('data-screen');
const lightsOf = (page: Page) => page.locator('.lights').getAttribute('data-lights');

/** The lights at each of these moments after their pattern began, 1 for on. */
async function litAtEach(page: Page, moments: readonly number[]): Promise<string[]> {
  const lit: string[] = [];
  for (const afterMs of moments) lit.push(await litAt(page, afterMs));
  return lit;
}

describe('the four lights', () => {
  test.each([
    ['off', '0000'],
    ['ready', '1000'],
    ['processing', '1000'],
    ['error', '0000'],
  ] as const)('%s are steadily %s', async (lights, lit) => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('reading', { lights }));
    expect(await litAtEach(page, [0, 150, 4900])).toEqual([lit, lit, lit]);
  });

  test('idle: the first is on for 200 ms every 5 s', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('welcome'));
    const seen = await litAtEach(page, [0, 190, 210, 4990, 5010, 5210]);
    expect(seen).toEqual(['1000', '1000', '0000', '0000', '1000', '0000']);
  });

  test('success: the others follow in order within 250 ms, and all stay', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('removeCard'));
    const seen = await litAtEach(page, [0, 100, 200, 260, 990]);
    expect(seen).toEqual(['1000', '1100', '1110', '1111', '1111']);
  });

  test('success lasts its second, although the terminal is authorising by then', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('removeCard'));
    await display.show(page, viewOf('authorising', { lights: 'processing' }));
    await page.clock.runFor(990);
    expect(await lightsOf(page)).toBe('success');
    await page.clock.runFor(20);
    expect(await lightsOf(page)).toBe('processing');
  });

  test('success ends dark when nothing new is shown', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('removeCard'));
    await page.clock.runFor(1010);
    expect(await lightsOf(page)).toBe('off');
  });
});

describe('the four lights with a red one (option 2)', () => {
  const indicators = { ...BOOK_A_INDICATORS, option: 2 } as const;

  test.each([
    ['off', '0000'],
    ['ready', '1000'],
    ['processing', '1100'],
    ['error', '000R'],
  ] as const)('%s are steadily %s', async (lights, lit) => {
    await display.restart({ indicators });
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('reading', { lights }));
    expect(await litAtEach(page, [0, 150, 4900])).toEqual([lit, lit, lit]);
  });

  test('success: two and three follow within 125 ms and stay, the red one stays dark', async () => {
    await display.restart({ indicators });
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('removeCard'));
    const seen = await litAtEach(page, [0, 70, 130, 990]);
    expect(seen).toEqual(['1000', '1100', '1110', '1110']);
    await page.clock.runFor(1010);
    expect(await lightsOf(page)).toBe('off');
  });
});

test('where contactless is switched off no light is on, whatever was playing', async () => {
  const page = await display.openPage(stopped);
  await display.show(page, viewOf('removeCard'));
  await display.show(page, viewOf('contactlessOff', { lights: 'idle' }));
  expect(await litAtEach(page, [0, 100, 990, 5010])).toEqual(['0000', '0000', '0000', '0000']);
});

describe('while the terminal is away', () => {
  const toBeLost = (page: Page, times: number) =>
    expect.poll(() => page.evaluate(() => window.spy.lost)).toBe(times);

  test('no old amount stays: after a second it says so, and comes back by itself', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('approved'));
    await display.kiosk.close();
    await toBeLost(page, 1);
    await page.clock.runFor(900);
    expect(await screenOf(page)).toBe('approved');
    await page.clock.runFor(110);
    expect(await screenOf(page)).toBe('away');
    const words = await page.locator('main').innerText();
    expect(words).toMatch(/^Terminal not connected\s+Please ask a member of staff\.$/);
    expect(await lightsOf(page)).toBe('off');
    expect(await flawsOf(page)).toEqual([]);
    await display.picture(page, '800x480-away');

    await display.restart();
    await expect
      .poll(async () => {
        await page.clock.runFor(500);
        return screenOf(page);
      })
      .toBe('starting');
    await display.show(page, viewOf('presentCard'));
    expect(await page.locator('.amount').innerText()).toBe('$12.50');
  });

  test('it says so in the language of the view before', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, spokenView('ar', 'welcome'));
    await display.kiosk.close();
    await toBeLost(page, 1);
    await page.clock.runFor(1010);
    expect(await screenOf(page)).toBe('away');
    expect(await page.locator('h1').innerText()).toBe('الجهاز غير متصل');
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await flawsOf(page)).toEqual([]);
    await display.picture(page, 'ar-away');
  });

  test('a blink is not shown, and the latest view replaces the old one', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('presentCard'));
    await display.kiosk.close();
    await toBeLost(page, 1);
    await display.restart();
    display.kiosk.show(viewOf('cancelled'));
    await page.clock.runFor(500);
    await page.locator('[data-screen=cancelled]').waitFor();
    await page.clock.runFor(3000);
    // A page that gets its first view before it has drawn anything doesn't begin with "starting".
    const [first, ...rest] = await page.evaluate(() => window.spy.screens);
    const screens = first === 'starting' ? rest : [first, ...rest];
    expect(screens).toEqual(['presentCard', 'cancelled']);
  });

  test('a terminal that hangs without a word is away too', async () => {
    const hung = await openHungTerminal(display.kiosk.url);
    const { port } = hung.address() as AddressInfo;
    const page = await display.openPage({ ...stopped, url: `http://127.0.0.1:${port}/` });
    await page.locator('[data-screen=approved]').waitFor();
    await page.clock.runFor(4900);
    expect(await screenOf(page)).toBe('approved');
    await page.clock.runFor(1200);
    expect(await screenOf(page)).toBe('away');
    hung.closeAllConnections();
    hung.close();
  });

  test('one that comes back with a newer page makes the display load it', async () => {
    const page = await display.openPage(stopped);
    await display.show(page, viewOf('welcome'));
    await display.kiosk.close();
    const newer = `${display.pageFolder}-newer`;
    await cp(display.pageFolder, newer, { recursive: true });
    const index = join(newer, 'index.html');
    const html = await readFile(index, 'utf8');
    await writeFile(index, html.replace('<head>', '<head><meta name="newer">'));
    await toBeLost(page, 1);
    await display.restart({ pageFolder: newer });
    const loaded = page.waitForEvent('load');
    await page.clock.runFor(500);
    await loaded;
    expect(await page.locator('meta[name=newer]').count()).toBe(1);
    await rm(newer, { recursive: true });
  });
});

/** Serves the page and one view, says nothing more, and keeps later connections waiting. */
async function openHungTerminal(pageUrl: string): Promise<Server> {
  let streams = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/events') {
      get(new URL(request.url ?? '/', pageUrl), (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      });
      return;
    }
    streams += 1;
    if (streams > 1) return;
    const view = viewOf('approved');
    const message = { run: 'one', page: null, ageMs: 0, indicators: BOOK_A_INDICATORS, view };
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`event: view\ndata: ${JSON.stringify(message)}\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
