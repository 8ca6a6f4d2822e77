import type { Page } from 'playwright-core';
import { firstValueFrom, type Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Choice } from '#ports/customer-display.ts';
import { spokenView } from '../spoken-views.ts';
import { viewOf } from '../views.ts';
import { displayOfEachTest, LARGE, SMALL } from './display.ts';
import { flawsOf } from './in-page.ts';

const display = displayOfEachTest();
let chosen: Choice['id'][];
let watching: Subscription;

beforeEach(() => {
  chosen = [];
  watching = display.kiosk.choices$.subscribe((id) => chosen.push(id));
});
afterEach(() => watching.unsubscribe());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const answered = (page: Page) =>
  page.waitForResponse((response) => response.url().endsWith('/choice'));

const PAY_BY_CODE: Choice = { id: 'code', way: 'qr', words: 'Pay by code' };

describe('a touch', () => {
  test('arrives once, however often it is made, and its button shows it', async () => {
    const page = await display.openPage({ hasTouch: true });
    await display.show(page, viewOf('payByCode'));
    const sign = await button(page, 'Alipay').locator('svg').innerHTML();
    const answer = answered(page);
    await button(page, 'Alipay').evaluate((it: HTMLElement) => {
      it.click();
      it.click();
    });
    await button(page, 'Harbour Wallet').evaluate((it: HTMLElement) => it.click());
    expect((await answer).status()).toBe(204);
    expect(chosen).toEqual(['wallet:alipay']);
    expect(await button(page, 'Alipay').getAttribute('aria-current')).toBe('true');
    expect(await button(page, 'Alipay').locator('svg').innerHTML()).not.toBe(sign);
    expect(await button(page, 'Harbour Wallet').getAttribute('aria-disabled')).toBe('true');
    expect(await flawsOf(page)).toEqual([]);
    await display.picture(page, 'choice-taken');
  });

  test('by finger arrives as well as one by mouse', async () => {
    const page = await display.openPage({ hasTouch: true });
    await display.show(page, viewOf('scanCode'));
    const next = firstValueFrom(display.kiosk.choices$);
    await button(page, 'Cancel').tap();
    expect(await next).toBe('cancel');
  });

  test('by keyboard arrives, and what is in focus can be seen', async () => {
    const page = await display.openPage();
    await display.show(page, viewOf('payByCode'));
    for (let times = 0; times < 3; times += 1) await page.keyboard.press('Tab');
    const focused = page.locator(':focus-visible');
    expect(await focused.innerText()).toBe('Back to tap');
    const outline = await focused.evaluate((it) => getComputedStyle(it).outlineWidth);
    expect(Number.parseFloat(outline)).toBeGreaterThanOrEqual(3);
    await display.picture(page, 'choice-in-focus');
    const next = firstValueFrom(display.kiosk.choices$);
    await page.keyboard.press('Enter');
    expect(await next).toBe('tap');
  });

  test('can be made again in the next view', async () => {
    const page = await display.openPage();
    for (const view of [viewOf('payByCode'), viewOf('payByCode')]) {
      await display.show(page, view);
      await expect.poll(() => page.locator('[data-taken]').count()).toBe(0);
      const next = firstValueFrom(display.kiosk.choices$);
      await button(page, 'Alipay').click();
      await next;
    }
    expect(chosen).toEqual(['wallet:alipay', 'wallet:alipay']);
  });

  test('of an old view is refused, and the button is as before', async () => {
    const page = await display.openPage();
    await display.show(page, viewOf('payByCode'));
    // The page has not heard yet of what the terminal shows now.
    await page.route('**/choice', async (route) => {
      display.kiosk.show(viewOf('payByCode', { headline: 'Which one?' }));
      await route.continue();
    });
    const answer = answered(page);
    await button(page, 'Alipay').click();
    expect((await answer).status()).toBe(409);
    await page.getByText('Which one?').waitFor();
    expect(await page.locator('[data-taken]').count()).toBe(0);
    expect(chosen).toEqual([]);
  });

  test('that never arrived can be made again', async () => {
    const page = await display.openPage();
    await display.show(page, viewOf('payByCode'));
    await page.route('**/choice', (route) => route.abort());
    const failed = page.waitForEvent('requestfailed');
    await button(page, 'Alipay').click();
    await failed;
    await expect.poll(() => page.locator('[data-taken]').count()).toBe(0);
    await page.unroute('**/choice');
    const next = firstValueFrom(display.kiosk.choices$);
    await button(page, 'Alipay').click();
    expect(await next).toBe('wallet:alipay');
  });
});

describe('beneath the tap', () => {
  test.each([SMALL, LARGE, { width: 480, height: 800 }, { width: 1024, height: 600 }])(
    'a choice leaves amount, lights and symbol as large as they were, or nearly, at $width',
    async (viewport) => {
      const page = await display.openPage({ viewport });
      const size = async (selector: string) =>
        (await page.locator(selector).boundingBox())?.height ?? 0;
      for (const language of ['en', 'de', 'ar']) {
        const plain = spokenView(language, 'presentCard');
        await display.show(page, plain);
        const before = [await size('.symbol'), await size('.amount')];
        const choices = [PAY_BY_CODE];
        await display.show(page, { ...spokenView(language, 'presentCard'), choices });
        await page.getByRole('button').waitFor();
        const after = [await size('.symbol'), await size('.amount')];
        for (const [at, height] of after.entries()) {
          expect(height).toBeGreaterThan((before[at] ?? 0) * 0.7);
        }
        expect(await page.locator('.light').count()).toBe(4);
        expect({ language, flaws: await flawsOf(page) }).toEqual({ language, flaws: [] });
        const name = `${viewport.width}x${viewport.height}-${language}-tap-or-code`;
        await display.picture(page, `${name}`);
      }
    },
  );

  test('choices stand beside the other ways where contactless is switched off', async () => {
    for (const viewport of [SMALL, { width: 480, height: 800 }]) {
      const page = await display.openPage({ viewport });
      const view = spokenView('de', 'contactlessOff');
      await display.show(page, { ...view, amount: '12,50 $', choices: [PAY_BY_CODE] });
      expect(await flawsOf(page)).toEqual([]);
      await display.picture(page, `${viewport.width}-off-or-code`);
    }
  });
});

test('buttons have the colours of who asks for their own, and an edge', async () => {
  const page = await display.openPage({ forcedColors: 'active', colorScheme: 'light' });
  await display.show(page, viewOf('payByCode'));
  const look = await button(page, 'Alipay').evaluate((it) => {
    const { borderTopWidth, borderTopColor, color } = getComputedStyle(it);
    return { wide: Number.parseFloat(borderTopWidth), borderTopColor, color };
  });
  expect(look.wide).toBeGreaterThanOrEqual(1);
  expect([look.borderTopColor, look.color]).toEqual(['rgb(0, 0, 0)', 'rgb(0, 0, 0)']);
  await display.picture(page, 'forced-colours-choices');
});
