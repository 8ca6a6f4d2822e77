import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Alternative, DisplayView, Way } from '#ports/customer-display.ts';
import { asks, asksIn } from '../questions.ts';
import { LANGUAGES, spokenView } from '../spoken-views.ts';
import { SCREENS, viewOf } from '../views.ts';
import { displayOfEachTest, LARGE, SMALL } from './display.ts';
import { flawsOf } from './in-page.ts';

const display = displayOfEachTest();

/** What axe finds on the page as it is, each with what it is about; and what it can't tell. */
async function axeOn(page: Page): Promise<string[]> {
  // Longer than all that is evaluated here otherwise: once for each page.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations, incomplete, passes } = await axe.run(document, {
      runOnly: { type: 'tag', values: standards },
      resultTypes: ['violations', 'incomplete'],
    });
    if (passes.length === 0) return ['axe looked at nothing'];
    return [...violations, ...incomplete].map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
  });
}

/** Axe can't judge words on a gradient, so it gets the lightest spot of the ground instead. */
const flattenGround = (page: Page) =>
  page.evaluate(() => {
    const lit = document.querySelector<HTMLElement>('.display');
    if (!lit) return;
    const of = (name: string) => getComputedStyle(lit).getPropertyValue(name);
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    if (!canvas) return;
    for (const colour of [of('--ground-high'), of('--tint')]) {
      canvas.fillStyle = colour.trim();
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    lit.style.background = `rgb(${red} ${green} ${blue})`;
  });

// What a size changes for axe it changes in each language, and the other way round.
test.each([
  ['en', LARGE],
  ['de', SMALL],
  ['ar', SMALL],
] as const)(
  'axe finds nothing on any screen in %s at %o',
  async (language, viewport) => {
    const page = await display.openPage({ viewport, reducedMotion: 'reduce' });
    for (const screen of SCREENS) {
      await display.show(page, spokenView(language, screen));
      await flattenGround(page);
      expect({ screen, found: await axeOn(page) }).toEqual({ screen, found: [] });
    }
  },
  120_000,
);

test.each(['en', 'ar'])('axe finds nothing on any form of a question in %s', async (language) => {
  const page = await display.openPage({ reducedMotion: 'reduce' });
  for (const [kind, ask] of Object.entries(asks)) {
    await display.show(page, asksIn(language, ask));
    await page.locator(`[data-ask=${ask.kind}] .question`).waitFor();
    await flattenGround(page);
    expect({ kind, found: await axeOn(page) }).toEqual({ kind, found: [] });
  }
});

test.each(['en', 'ar'])("axe finds nothing beside a receipt's code in %s", async (language) => {
  const page = await display.openPage({ reducedMotion: 'reduce' });
  const receipt = { content: 'http://192.0.2.7:8090/r/4F1C', words: 'Receipt' };
  await display.show(page, { ...spokenView(language, 'approved'), receipt });
  await flattenGround(page);
  expect(await axeOn(page)).toEqual([]);
});

test('axe finds faults where there are some', async () => {
  const page = await display.openPage();
  await display.show(page, viewOf('approved'));
  await flattenGround(page);
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('.detail')?.style.setProperty('color', '#333');
    document.querySelector('.lights')?.removeAttribute('aria-label');
  });
  const found = (await axeOn(page)).map((line) => line.split(':')[0]);
  expect(found).toEqual(expect.arrayContaining(['color-contrast', 'role-img-alt']));
});

test.each(LANGUAGES)('the four lights are told in words in %s, each state its own', async (own) => {
  const page = await display.openPage();
  const told = new Set<string>();
  for (const lights of ['off', 'idle', 'ready', 'processing', 'error'] as const) {
    await display.show(page, { ...spokenView(own, 'reading'), lights });
    // The headline stays the same: the lights say that they are drawn.
    const drawn = page.locator(`.lights[data-lights=${lights}]`);
    const words = await drawn.getAttribute('aria-label');
    if (words) told.add(words);
  }
  expect(told.size).toBe(5);
});

describe('a screen reader', () => {
  /** Every piece of text that a polite region of the page has got since the last time. */
  const heard = async (page: Page, view: DisplayView) => {
    await page.evaluate(() => {
      const pieces: string[] = [];
      Object.assign(window, { pieces });
      const region = document.querySelector('[aria-live=polite][aria-atomic=false]');
      if (!region) return;
      new MutationObserver((changes) => {
        for (const { type, target, addedNodes } of changes) {
          if (type === 'characterData') pieces.push(target.textContent ?? '');
          for (const added of addedNodes) pieces.push(added.textContent ?? '');
        }
      }).observe(region, { subtree: true, childList: true, characterData: true });
    });
    await display.show(page, view);
    return page.evaluate(() => (window as unknown as { pieces: string[] }).pieces);
  };

  test('hears what is new, and nothing again that it has heard', async () => {
    const page = await display.openPage();
    await display.show(page, viewOf('welcome'));
    const asked = viewOf('presentCard', { detail: 'Hold it still' });
    expect((await heard(page, asked)).sort()).toEqual(
      [asked.amount, asked.headline, asked.detail].sort(),
    );
    const read = viewOf('reading');
    expect(await heard(page, read)).toEqual([read.headline, read.detail]);
    expect(await heard(page, viewOf('reading'))).toEqual([]);
    const approved = viewOf('approved');
    expect(await heard(page, approved)).toEqual([approved.headline, approved.detail]);
  });

  test('hears each other way to pay, and none of its drawings', async () => {
    const page = await display.openPage();
    await display.show(page, spokenView('en', 'contactlessOff'));
    const ways = await page.getByRole('listitem').allInnerTexts();
    expect(ways).toEqual(['Insert card', 'Swipe card', 'QR code', 'Cash']);
    expect(await page.locator('.alternatives svg:not([aria-hidden=true])').count()).toBe(0);
  });
});

describe('contactless that is switched off', () => {
  const WAYS: readonly Way[] = ['insert', 'swipe', 'card', 'phone', 'qr', 'cash', 'other'];

  test.each([SMALL, LARGE, { width: 480, height: 800 }])(
    'leaves room for all ways and many words at $width by $height',
    async (viewport) => {
      const page = await display.openPage({ viewport });
      const alternatives: Alternative[] = WAYS.map((way) => ({
        way,
        words: `Kundenkartenguthaben ${way}`,
      }));
      const detail =
        'Bis Montag um acht Uhr nehmen wir keine kontaktlosen Zahlungen an. Wir bitten um Ihr ' +
        'Verständnis und helfen gern weiter.';
      const words = { language: 'de', headline: 'Kontaktlos ist ausgeschaltet', detail };
      await display.show(page, viewOf('contactlessOff', { ...words, alternatives }));
      expect(await flawsOf(page)).toEqual([]);
      for (const line of await page.locator('.headline, .detail, .alternatives').all()) {
        const size = await line.evaluate((it) => Number.parseFloat(getComputedStyle(it).fontSize));
        expect(size).toBeGreaterThanOrEqual(Math.min(viewport.width, viewport.height) / 30);
      }
      await display.picture(page, `${viewport.width}-all-ways`);
      const signs = await page.locator('.way').evaluateAll((all) => all.map((it) => it.innerHTML));
      expect(new Set(signs).size).toBe(WAYS.length);
    },
  );

  test('says so without any other way as well', async () => {
    const page = await display.openPage();
    await display.show(page, viewOf('contactlessOff', { alternatives: [] }));
    expect(await flawsOf(page)).toEqual([]);
    expect(await page.getByRole('list').count()).toBe(0);
  });
});

describe('who asks for', () => {
  test('more contrast gets white on black', async () => {
    const page = await display.openPage({ contrast: 'more' });
    for (const screen of ['seePhone', 'declined', 'contactlessOff'] as const) {
      await display.show(page, viewOf(screen));
      const { ink, ground, quiet } = await coloursOf(page);
      expect([ink, ground, quiet]).toEqual(['rgb(255, 255, 255)', '#000', 'rgb(255, 255, 255)']);
      await flattenGround(page);
      expect(await axeOn(page)).toEqual([]);
      await display.picture(page, `more-contrast-${screen}`);
    }
  });

  test('colours of their own gets them, symbols and lights included', async () => {
    const page = await display.openPage({ forcedColors: 'active', colorScheme: 'light' });
    await display.show(page, viewOf('tryAgain'));
    expect((await coloursOf(page)).ink).toBe('rgb(0, 0, 0)');
    const stroke = await page
      .locator('.symbol')
      .evaluate((symbol) => getComputedStyle(symbol).stroke);
    expect(stroke).toBe('rgb(0, 0, 0)');
    const lights = await page
      .locator('.light')
      .evaluateAll((all) => all.map((light) => getComputedStyle(light).backgroundColor));
    const [on, off] = ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'];
    expect(lights).toEqual([on, off, off, off]);
    await display.picture(page, 'forced-colours');
  });

  const coloursOf = (page: Page) =>
    page.evaluate(() => {
      const colour = (selector: string) => {
        const element = document.querySelector(selector);
        return element ? getComputedStyle(element).color : 'nothing there';
      };
      const ground = getComputedStyle(document.documentElement).getPropertyValue('--ground');
      return { ink: colour('.headline'), quiet: colour('.detail'), ground };
    });
});

test('a word too wide for any size breaks rather than ends', async () => {
  const page = await display.openPage();
  const headline = 'Rindfleischetikettierungsüberwachungsaufgabenübertragung';
  const detail = `${headline}${headline}`.slice(0, 118);
  await display.show(page, viewOf('approved', { language: 'de', headline, detail }));
  expect(await flawsOf(page)).toEqual([]);
  const box = await page.locator('.detail').boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThan(SMALL.width);
});

test('a sum stays whole beside Arabic: digits, point and currency in order', async () => {
  const page = await display.openPage();
  await display.show(page, spokenView('ar', 'approvedPart'));
  const order = await page.locator('.amount bdi').evaluate((bdi) => {
    const text = bdi.firstChild;
    const range = document.createRange();
    const lefts = [...(text?.textContent ?? '')].map((letter, at) => {
      if (!text) return { letter, left: 0 };
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return { letter, left: range.getBoundingClientRect().left };
    });
    return lefts.sort((a, b) => a.left - b.left).map(({ letter }) => letter);
  });
  expect(order.join('').replace(/\s/g, ' ')).toBe('12.50 US$');
});
