import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Screen } from '#ports/customer-display.ts';
import { wordsIn } from '#test/receipt/samples.ts';
import { LANGUAGES, spokenView } from '../spoken-views.ts';
import { displayOfEachTest, SMALL } from './display.ts';
import { flawsOf } from './in-page.ts';

const display = displayOfEachTest();

const UPRIGHT = { width: 480, height: 800 };
/** Those that say that something was paid, given back or held. */
const SCREENS = ['approved', 'approvedSign', 'approvedPart', 'refunded', 'amountHeld'] as const;

const ADDRESS = 'http://192.168.100.107:8090/r/4F1C2A9B7D30.tvk8w0.AbCdEfGhIjKlMnOpQrStUv';

const receiptIn = (language: string) => ({
  content: ADDRESS,
  words: wordsIn(language).notes.onPhone,
});

const withReceipt = (language: string, screen: Screen) => ({
  ...spokenView(language, screen),
  receipt: receiptIn(language),
});

/** What of mark, code and caption is not wholly seen, too small, or lies on something else. */
const crowded = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const flaws: string[] = [];
    const names = ['.symbol', '.receipt .code', 'figcaption', '.words', '.lights'];
    const boxes = names.map((name) => document.querySelector(name)?.getBoundingClientRect());
    for (const [at, box] of boxes.entries()) {
      const name = names[at] ?? '';
      if (!box || box.width === 0) flaws.push(`${name} is not there`);
      if (!box) continue;
      if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) {
        flaws.push(`${name} sticks out`);
      }
      for (const [other, second] of boxes.slice(0, at).entries()) {
        const apart =
          second &&
          (box.right <= second.left ||
            second.right <= box.left ||
            box.bottom <= second.top ||
            second.bottom <= box.top);
        if (!apart) flaws.push(`${name} lies on ${names[other]}`);
      }
    }
    const [mark, , caption] = boxes;
    if (Math.min(mark?.width ?? 0, mark?.height ?? 0) < 80) flaws.push('the mark is small');
    const letters = document.querySelector('figcaption');
    if (letters && Number.parseFloat(getComputedStyle(letters).fontSize) < 16) {
      flaws.push('the caption is small');
    }
    if ((caption?.height ?? 0) > 62) flaws.push('the caption has more than two lines');
    return flaws;
  });

describe("the receipt's code", () => {
  test.each(LANGUAGES)(
    'in %s stands beside what the screen says, and crowds nothing',
    async (own) => {
      for (const viewport of [SMALL, UPRIGHT]) {
        const page = await display.openPage({ viewport, reducedMotion: 'reduce' });
        for (const screen of SCREENS) {
          const { detail } = await display.show(page, withReceipt(own, screen));
          expect(await page.locator('.detail').innerText()).toBe(detail);
          expect(await page.locator('figcaption').innerText()).toBe(receiptIn(own).words);
          const flaws = [...(await flawsOf(page)), ...(await crowded(page))];
          const { width, height } = viewport;
          const name = `${width}x${height}-${own}-${screen}-receipt`;
          await display.picture(page, name);
          expect({ screen, viewport, flaws }).toEqual({ screen, viewport, flaws: [] });
        }
      }
    },
  );

  test('has whole pixels a module, three at least, and a name for who cannot see it', async () => {
    const page = await display.openPage();
    for (const content of [
      ADDRESS,
      `https://receipts.harbour-coffee.example${ADDRESS.slice(27)}`,
    ]) {
      const view = withReceipt('en', 'approved');
      await display.show(page, { ...view, receipt: { ...view.receipt, content } });
      const code = page.getByRole('img', { name: 'QR code' });
      await code.waitFor();
      const modules = Number((await code.getAttribute('viewBox'))?.split(' ').at(-1));
      const pixels = ((await code.boundingBox())?.width ?? 0) / modules;
      expect(pixels).toBeGreaterThanOrEqual(3);
      expect(pixels).toBe(Math.round(pixels));
    }
    expect(await page.getByText('Scan for your receipt').count()).toBe(1);
  });

  test('goes with the payment it is of', async () => {
    const page = await display.openPage();
    await display.show(page, withReceipt('en', 'approved'));
    await display.show(page, spokenView('en', 'welcome'));
    expect(await page.locator('.code, figcaption').count()).toBe(0);
  });
});
