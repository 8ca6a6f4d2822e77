import { mkdirSync, readdirSync } from 'node:fs';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openReceiptServer, type ReceiptServer } from '#drivers/receipt-page/index.ts';
import { isFault } from '#ports/fault.ts';
import { kinds, receiptOf, wordsIn } from '#test/receipt/samples.ts';
import { launchBrowser } from '#test/support/browser.ts';

const LANGUAGES = readdirSync('config/base/receipts').map((name) => name.slice(0, 2));
const PHONE = { width: 320, height: 640 };
const PICTURES = 'var/screenshots/receipt-page';

let language = 'en';
let kind: keyof typeof kinds = 'approved';
let at = '';
let server: ReceiptServer;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  const opened = await openReceiptServer({
    host: '127.0.0.1',
    port: 0,
    key: new Uint8Array(32),
    origin: 'http://192.0.2.7',
    wallMs: () => 0,
    eachAddress: { burst: 1000, everyMs: 1 },
    log: {
      debug: () => {},
      info: (fields) => {
        at = `http://127.0.0.1:${fields['port']}`;
      },
      warn: () => {},
      error: () => {},
    },
    find: async () => {
      const code = { content: '4f1c2a9b7d30', caption: wordsIn(language).labels.transaction };
      const receipt = receiptOf(kinds[kind], { language, code, copy: 'merchant' });
      return { receipt, title: wordsIn(language).title };
    },
  });
  if (isFault(opened)) throw new Error(opened.detail);
  server = opened;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const path = () => (server.addressOf('4f1c2a9b7d30') ?? '').replace('http://192.0.2.7', at);

/** Opens the page and notes what the browser refuses or asks for. */
const opened = async (): Promise<{ readonly page: Page; readonly refused: readonly string[] }> => {
  const page = await browser.newPage({ viewport: PHONE });
  const refused: string[] = [];
  page.on('console', (message) => refused.push(message.text()));
  page.on('request', (request) => {
    if (request.url() !== path()) refused.push(request.url());
  });
  await page.goto(path());
  return { page, refused };
};

// In the page's own words: these tests are compiled without a browser's types.
const AXE = `axe.run(document, {
  runOnly: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
})`;
const GROUND = 'getComputedStyle(document.body).backgroundColor';
const DIRECTION = 'getComputedStyle(document.body).direction';
const WIDTH = 'document.documentElement.scrollWidth';

const axeOn = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const { violations, incomplete, passes } = await page.evaluate<AxeResults>(AXE);
  if (passes.length === 0) return ['axe looked at nothing'];
  return [...violations, ...incomplete].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
};

it.each([
  ['en', 'signed'],
  ['de', 'declined'],
  ['ar', 'wallet'],
] as const)(
  'axe finds nothing on the page in %s of a payment that is %s',
  async (spoken, which) => {
    [language, kind] = [spoken, which];
    const { page } = await opened();
    expect(await axeOn(page)).toEqual([]);
    await page.close();
  },
);

it.each(LANGUAGES)('the page in %s fits a phone, and asks for nothing else', async (spoken) => {
  [language, kind] = [spoken, 'wallet'];
  const { page, refused } = await opened();
  expect(await page.evaluate(WIDTH)).toBeLessThanOrEqual(PHONE.width);
  expect(await page.evaluate(DIRECTION)).toBe(spoken === 'ar' ? 'rtl' : 'ltr');
  // The policy lets the page's own style through.
  expect(await page.evaluate(GROUND)).toBe('rgb(236, 239, 241)');
  expect(refused).toEqual([]);
  await page.screenshot({ path: `${PICTURES}/${spoken}.png`, fullPage: true });
  await page.close();
});

it('is white on paper', async () => {
  [language, kind] = ['en', 'approved'];
  const { page } = await opened();
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(GROUND)).toBe('rgb(255, 255, 255)');
  await page.close();
});

it('axe finds faults where there are some', async () => {
  const { page } = await opened();
  await page.evaluate("document.documentElement.removeAttribute('lang')");
  expect(await axeOn(page)).toEqual([expect.stringMatching(/^html-has-lang: /)]);
  await page.close();
});
