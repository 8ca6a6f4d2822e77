import { expect, test } from 'vitest';
import { LANGUAGES, shopViews, spokenView } from '../spoken-views.ts';
import { SCREENS } from '../views.ts';
import { displayOfEachTest, PICTURES, SMALL } from './display.ts';
import { flawsOf, settle } from './in-page.ts';

/** By then the lights of the screen before have finished. */
const LIGHTS_END_MS = 1100;

const display = displayOfEachTest();

test.each(LANGUAGES)('in %s each screen shows its words in full', async (language) => {
  const page = await display.openPage({ viewport: SMALL, clock: 'stopped' });
  for (const screen of SCREENS) {
    await page.clock.runFor(LIGHTS_END_MS);
    const { detail } = await display.show(page, spokenView(language, screen));
    expect(await page.locator('.detail').allInnerTexts()).toEqual(detail ? [detail] : []);
    expect({ screen, flaws: await flawsOf(page) }).toEqual({ screen, flaws: [] });
    await settle(page);
    await page.screenshot({ path: `${PICTURES}/${language}-${screen}.png` });
  }
});

test.each(LANGUAGES)('in %s what the shop decided is shown in full', async (language) => {
  const page = await display.openPage({ viewport: SMALL, clock: 'stopped' });
  for (const [name, view] of shopViews(language)) {
    await page.clock.runFor(LIGHTS_END_MS);
    await display.show(page, view);
    expect(await page.locator('.alternatives li').count()).toBe(view.alternatives?.length ?? 0);
    expect({ name, flaws: await flawsOf(page) }).toEqual({ name, flaws: [] });
    await settle(page);
    await page.screenshot({ path: `${PICTURES}/${language}-shop-${name}.png` });
  }
});
