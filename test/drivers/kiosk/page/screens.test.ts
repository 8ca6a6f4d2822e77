import { describe, expect, test } from 'vitest';
import type { DisplayView } from '#ports/customer-display.ts';
import { SCREENS, viewOf } from '../views.ts';
import { displayOfEachTest, LARGE, SMALL } from './display.ts';
import { flawsOf } from './in-page.ts';

const OTHERS = [
  { width: 480, height: 800 },
  { width: 1024, height: 600 },
  { width: 1920, height: 1080 },
];

const LONG_NAME: Partial<DisplayView> = {
  language: 'de',
  merchant: 'Feinkost-Spezialitätenhandlung Oberschleißheim am Viktualienmarkt',
};

const LONG: Partial<DisplayView> = {
  ...LONG_NAME,
  amount: '$123,456.78',
  headline: 'Bitte beachten Sie die Sicherheitsanweisungen auf Ihrem Mobiltelefon',
  detail: 'Folgen Sie den Anweisungen und halten Sie es dann noch einmal an das Kartenterminal.',
};

const display = displayOfEachTest();

describe.each([SMALL, LARGE])('at $width by $height', ({ width, height }) => {
  test('each screen shows its words in full and its symbol', async () => {
    const page = await display.openPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    for (const screen of SCREENS) {
      const { headline, amount, detail } = await display.show(page, viewOf(screen));
      expect(await page.locator('h1').innerText()).toBe(headline);
      expect(await page.locator('.amount').allInnerTexts()).toEqual(amount ? [amount] : []);
      expect(await page.locator('.detail').allInnerTexts()).toEqual(detail ? [detail] : []);
      expect(await page.locator('.symbol, .code').count()).toBe(1);
      expect({ screen, flaws: await flawsOf(page) }).toEqual({ screen, flaws: [] });
      await display.picture(page, `${width}x${height}-${screen}`);
    }
  });

  test('long German words and a large sum fit, and are large enough to read', async () => {
    const page = await display.openPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    for (const [screen, words] of [
      ['presentCard', LONG],
      ['seePhone', LONG],
      ['welcome', { ...LONG_NAME, headline: 'Herzlich willkommen' }],
    ] as const) {
      await display.show(page, viewOf(screen, words));
      expect(await flawsOf(page)).toEqual([]);
      for (const words of await page.locator('.headline, .detail, .amount').all()) {
        const size = await words.evaluate((it) => Number.parseFloat(getComputedStyle(it).fontSize));
        expect(size).toBeGreaterThanOrEqual(height / 30);
      }
      await display.picture(page, `${width}x${height}-long-${screen}`);
    }
  });
});

test.each(OTHERS)('fits $width by $height as well', async ({ width, height }) => {
  const page = await display.openPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  for (const screen of SCREENS) {
    await display.show(page, viewOf(screen));
    expect({ screen, flaws: await flawsOf(page) }).toEqual({ screen, flaws: [] });
  }
});

test('everything comes from the terminal, and nothing breaks its policy', async () => {
  const page = await display.browser.newPage({ viewport: SMALL });
  const foreign: string[] = [];
  const complaints: string[] = [];
  const { url } = display.kiosk;
  page.on('request', (it) => it.url().startsWith(url) || foreign.push(it.url()));
  page.on('console', (it) => it.type() === 'error' && complaints.push(it.text()));
  page.on('pageerror', (it) => complaints.push(it.message));
  await page.goto(url);
  await display.show(page, viewOf('presentCard'));
  expect(await page.evaluate(() => document.fonts.check('600 40px Inter', '$12.50'))).toBe(true);
  expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
});

test('no state is told by colour alone: each has a symbol of its own', async () => {
  const page = await display.openPage();
  const shapes = new Set<string>();
  for (const screen of ['approved', 'declined', 'cancelled', 'seePhone', 'tryAgain'] as const) {
    await display.show(page, viewOf(screen));
    shapes.add(await page.locator('.symbol').innerHTML());
  }
  expect(shapes.size).toBe(5);
});

test('language and direction follow the view', async () => {
  const page = await display.openPage();
  const html = page.locator('html');
  await display.show(page, viewOf('welcome', { language: 'de' }));
  await expect.poll(() => html.getAttribute('lang')).toBe('de');
  const headline = 'قرّب هاتفك أو بطاقتك هنا';
  await display.show(page, viewOf('presentCard', { language: 'ar', headline }));
  await expect.poll(() => html.getAttribute('dir')).toBe('rtl');
  const symbol = await page.locator('.symbol').boundingBox();
  expect(symbol?.x).toBeLessThan(SMALL.width / 4);
  expect(await flawsOf(page)).toEqual([]);
  await display.picture(page, '800x480-right-to-left');
});

test('who asks for less motion sees none but the lights', async () => {
  const page = await display.openPage({ reducedMotion: 'reduce' });
  for (const screen of ['presentCard', 'reading', 'authorising', 'approved'] as const) {
    await display.show(page, viewOf(screen));
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  }
});
