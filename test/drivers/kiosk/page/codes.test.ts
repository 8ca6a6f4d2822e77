import type { Page } from 'playwright-core';
import { encode } from 'uqr';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DisplayView } from '#ports/customer-display.ts';
import { LANGUAGES, spokenView } from '../spoken-views.ts';
import { CODE, viewOf } from '../views.ts';
import { displayOfEachTest, LARGE, SMALL } from './display.ts';
import { flawsOf, settle } from './in-page.ts';

const display = displayOfEachTest();
afterEach(() => vi.restoreAllMocks());
const UPRIGHT = { width: 480, height: 800 };
const WIDE = { width: 1024, height: 600 };

/** As long as a wallet's digits are, and a code as the acquirers' are. */
const CODES = [
  CODE,
  { content: 'HARBOUR-7F3A9C', digits: '4711', wallet: 'Harbour Wallet' },
  {
    content: `00020101021226200014A000000000000199${'5204541153039785405'.repeat(6)}6304BBE4`,
    wallet: 'Bank',
  },
] as const;

/** What a camera sees of the code: a point in the middle of each module, 1 for dark. */
async function modulesSeen(page: Page, size: number): Promise<string[]> {
  const png = await page.locator('.code').screenshot();
  return page.evaluate(
    async ([base64, modules]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      if (!canvas) return [];
      canvas.drawImage(picture, 0, 0);
      const { paddingLeft, paddingTop } = getComputedStyle(
        document.querySelector('.code') as Element,
      );
      const [left, top] = [Number.parseFloat(paddingLeft), Number.parseFloat(paddingTop)];
      const pixels = (picture.width - 2 * left) / modules;
      const at = (x: number, y: number) =>
        canvas.getImageData(left + (x + 0.5) * pixels, top + (y + 0.5) * pixels, 1, 1).data;
      const line = (y: number) =>
        Array.from({ length: modules }, (_, x) => {
          const [red, green, blue] = at(x, y);
          if (red === 0 && green === 0 && blue === 0) return '1';
          return red === 255 && green === 255 && blue === 255 ? '0' : '?';
        }).join('');
      return Array.from({ length: modules }, (_, y) => line(y));
    },
    [png.toString('base64'), size] as const,
  );
}

const matrixOf = (content: string) => encode(content, { ecc: 'M', border: 4 });
const linesOf = (data: boolean[][]) =>
  data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''));

describe('the code', () => {
  test.each(CODES)('of $wallet is drawn module for module, with its quiet zone', async (code) => {
    const page = await display.openPage();
    await display.show(page, viewOf('scanCode', { code }));
    const { data, size } = matrixOf(code.content);
    expect(await modulesSeen(page, size)).toEqual(linesOf(data));
    const quiet = linesOf(data).flatMap((line, y) =>
      y < 4 || y >= size - 4 ? [line] : [line.slice(0, 4), line.slice(-4)],
    );
    expect(quiet.join('')).toMatch(/^0+$/);
    expect(await page.locator('.typed').count()).toBe('digits' in code ? 1 : 0);
  });

  test.each([
    ['right to left', { language: 'ar' }, {}],
    ['in colours of their own', {}, { forcedColors: 'active', colorScheme: 'light' }],
    ['with more contrast', {}, { contrast: 'more' }],
  ] as const)('is the same, dark on light, for who reads %s', async (name, words, options) => {
    const page = await display.openPage(options);
    const view = spokenView('language' in words ? words.language : 'en', 'scanCode');
    await display.show(page, view);
    const { data, size } = matrixOf(CODE.content);
    expect(await modulesSeen(page, size)).toEqual(linesOf(data));
    const [bar, left] = await page
      .locator('.bar, .bar i')
      .evaluateAll((all) => all.map((it) => getComputedStyle(it).backgroundColor));
    expect(bar).not.toBe(left);
    await display.picture(page, `code-${name.replaceAll(' ', '-')}`);
  });

  test.each([
    [SMALL, 5],
    [UPRIGHT, 5],
    [WIDE, 7],
    [LARGE, 10.1],
  ] as const)('at %o on %d inches is more than 25 mm wide', async (viewport, inches) => {
    const page = await display.openPage({ viewport });
    const mmOfPixel = (inches * 25.4) / Math.hypot(viewport.width, viewport.height);
    for (const code of CODES) {
      await display.show(page, viewOf('scanCode', { code }));
      const { size } = matrixOf(code.content);
      // The headline is that of the code before.
      await page.locator(`.code[viewBox="0 0 ${size} ${size}"]`).waitFor();
      const box = await page.locator('.code rect').boundingBox();
      const modulePixels = (box?.width ?? 0) / size;
      expect((size - 8) * modulePixels * mmOfPixel).toBeGreaterThan(25);
      // Whole pixels: every module is as wide as every other.
      expect(modulePixels).toBe(Math.round(modulePixels));
      expect(await flawsOf(page)).toEqual([]);
    }
  });

  test('has a name for who cannot see it, and digits in fours, from left to right', async () => {
    const page = await display.openPage();
    await display.show(page, spokenView('ar', 'scanCode'));
    const image = page.getByRole('img', { name: 'رمز QR: Alipay' });
    expect(await image.count()).toBe(1);
    const digits = page.locator('.digits');
    expect(await digits.innerText()).toBe('2812 3456 7890 1234 56');
    expect(await digits.evaluate((it) => getComputedStyle(it).direction)).toBe('ltr');
  });

  test('names the wallet and the amount, and no light invites to tap', async () => {
    const page = await display.openPage();
    await display.show(page, viewOf('presentCard'));
    expect(await page.locator('.light').count()).toBe(4);
    for (const screen of ['payByCode', 'scanCode', 'showYourCode', 'confirmOnPhone'] as const) {
      await display.show(page, viewOf(screen, { lights: 'ready' }));
      expect(await page.locator('.light').count()).toBe(0);
      expect(await page.locator('.amount').innerText()).toBe('$12.50');
    }
    await display.show(page, viewOf('scanCode'));
    expect(await page.locator('.wallet').innerText()).toBe('Alipay');
  });
});

describe('each screen about codes', () => {
  const SCREENS = ['payByCode', 'scanCode', 'showYourCode', 'confirmOnPhone'] as const;

  test.each(LANGUAGES)('in %s shows its words in full, large enough, at any size', async (own) => {
    for (const viewport of [SMALL, UPRIGHT, WIDE]) {
      const page = await display.openPage({ viewport, reducedMotion: 'reduce' });
      for (const screen of SCREENS) {
        const { detail, choices } = await display.show(page, spokenView(own, screen));
        expect(await page.locator('.detail').innerText()).toBe(detail);
        expect(await page.getByRole('button').count()).toBe(choices?.length ?? 0);
        const small = await tooSmall(page, Math.min(viewport.width, viewport.height) / 30);
        expect({ screen, viewport, flaws: await flawsOf(page), small }).toEqual({
          screen,
          viewport,
          flaws: [],
          small: [],
        });
        const { width, height } = viewport;
        await display.picture(page, `${width}x${height}-${own}-${screen}`);
      }
    }
  });

  test.each([SMALL, UPRIGHT])('leaves room for many wallets at $width', async (viewport) => {
    const page = await display.openPage({ viewport });
    const choices = Array.from({ length: 6 }, (_, at) => ({
      id: `wallet:${at}`,
      way: 'qr' as const,
      words: at === 0 ? 'Alipay' : `Kundenkartenguthaben ${at}`,
    }));
    await display.show(page, { ...spokenView('de', 'payByCode'), choices });
    expect(await flawsOf(page)).toEqual([]);
    expect(await tooSmall(page, 14)).toEqual([]);
    await display.picture(page, `${viewport.width}-many-wallets`);
  });
});

/** Words smaller than so many pixels. */
const tooSmall = (page: Page, pixels: number): Promise<string[]> =>
  page.evaluate((least) => {
    const words = '.amount, .headline, .detail, .wallet, .typed, .digits, .time p, button';
    return [...document.querySelectorAll(words)]
      .map((it) => [it.className || it.tagName, Number.parseFloat(getComputedStyle(it).fontSize)])
      .filter(([, size]) => Number(size) < least)
      .map(([name, size]) => `${name} has ${size}`);
  }, pixels);

describe('the time that is left', () => {
  const timer = (page: Page) => page.getByRole('timer').innerText();
  const said = (page: Page) => page.getByRole('status').innerText();
  const barOf = (page: Page) =>
    page.locator('.bar').evaluate((bar) => {
      const fill = bar.firstElementChild?.getBoundingClientRect();
      return (fill?.width ?? 0) / bar.getBoundingClientRect().width;
    });
  /** Seconds by the page's clock, with a terminal that is there all the time. */
  const pass = async (page: Page, seconds: number, each?: () => Promise<void>) => {
    for (let second = 0; second < seconds; second += 1) {
      await page.clock.runFor(1000);
      await page.evaluate(() => window.spy.beat());
      await each?.();
    }
  };
  const shown = (ms: number, ofMs: number): DisplayView =>
    viewOf('scanCode', { timeLeft: { ms, ofMs } });

  test('runs in minutes and seconds, and as a bar', async () => {
    const page = await display.openPage({ clock: 'stopped', reducedMotion: 'reduce' });
    await display.show(page, shown(90_000, 120_000));
    expect(await timer(page)).toBe('Time left 1:30');
    expect(await barOf(page)).toBeCloseTo(0.75, 2);
    await pass(page, 31);
    expect(await timer(page)).toBe('Time left 0:59');
    await pass(page, 49);
    expect(await timer(page)).toBe('Time left 0:10');
    expect(await barOf(page)).toBeCloseTo(10 / 120, 2);
  });

  test('is said aloud at a minute, half of one and ten seconds, and at no other time', async () => {
    const page = await display.openPage({ clock: 'stopped' });
    await display.show(page, shown(90_000, 120_000));
    const heard = new Set<string>();
    await pass(page, 89, async () => void heard.add(await said(page)));
    expect([...heard]).toEqual([
      '',
      'Time left: 60 seconds',
      'Time left: 30 seconds',
      'Time left: 10 seconds',
    ]);
    expect(await page.getByRole('timer').getAttribute('aria-live')).toBe('off');
  });

  test('ends with the code: what is closed by then is not to be scanned', async () => {
    const page = await display.openPage({ clock: 'stopped' });
    await display.show(page, shown(5000, 60_000));
    await pass(page, 4);
    expect(await page.locator('.code').count()).toBe(1);
    await pass(page, 1);
    expect(await timer(page)).toBe('Time left 0:00');
    expect(await page.locator('.code, .digits').count()).toBe(0);
    expect(await flawsOf(page)).toEqual([]);
    display.kiosk.show(shown(60_000, 60_000));
    await page.locator('.code').waitFor();
  });

  test('is what is left, for a display that comes in the middle of it', async () => {
    const page = await display.openPage({ clock: 'stopped' });
    const atMs = performance.now();
    const now = vi.spyOn(performance, 'now').mockReturnValue(atMs);
    const view = await display.show(page, shown(90_000, 120_000));
    await pass(page, 30);
    // The same page loaded again: the terminal says how old its view is by then.
    now.mockReturnValue(atMs + 60_000);
    const other = await display.openPage({ clock: 'stopped' });
    await other.getByText(view.headline, { exact: true }).waitFor();
    expect(await timer(page)).toBe('Time left 1:00');
    expect(await timer(other)).toBe('Time left 0:30');
    expect(await said(other)).toBe('');
  });

  test('moves for nobody who asks for less motion', async () => {
    const page = await display.openPage({ clock: 'stopped', reducedMotion: 'reduce' });
    await display.show(page, shown(90_000, 120_000));
    await page.clock.runFor(1000);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});

test('a display whose terminal is gone shows no code, no digits and nothing to touch', async () => {
  const page = await display.openPage({ clock: 'stopped' });
  await display.show(page, viewOf('scanCode'));
  await settle(page);
  await display.kiosk.close();
  await expect.poll(() => page.evaluate(() => window.spy.lost)).toBe(1);
  await page.clock.runFor(1100);
  await page.locator('[data-screen=away]').waitFor();
  expect(await page.locator('.code, .digits, .wallet, .time, button').count()).toBe(0);
});
