import { expect, test } from 'vitest';
import { LANGUAGES, shopViews, spokenView } from '../spoken-views.ts';
import { SCREENS } from '../views.ts';
import { displayOfEachTest, LARGE } from './display.ts';
import { flawsOf } from './in-page.ts';

const display = displayOfEachTest();

test.each(LANGUAGES)('in %s each screen shows its words in full', async (language) => {
  const page = await display.openPage({ reducedMotion: 'reduce' });
  for (const screen of SCREENS) {
    const { detail } = await display.show(page, spokenView(language, screen));
    expect(await page.locator('.detail').allInnerTexts()).toEqual(detail ? [detail] : []);
    expect({ screen, flaws: await flawsOf(page) }).toEqual({ screen, flaws: [] });
    await display.picture(page, `${language}-${screen}`);
  }
});

test.each(['de', 'ar'])('in %s each screen fits a large display as well', async (language) => {
  const page = await display.openPage({ viewport: LARGE, reducedMotion: 'reduce' });
  for (const screen of SCREENS) {
    await display.show(page, spokenView(language, screen));
    expect({ screen, flaws: await flawsOf(page) }).toEqual({ screen, flaws: [] });
  }
});

test.each(LANGUAGES)('in %s what the shop decided is shown in full', async (language) => {
  const page = await display.openPage({ reducedMotion: 'reduce' });
  for (const [name, view] of shopViews(language)) {
    await display.show(page, view);
    expect(await page.locator('.alternatives li').count()).toBe(view.alternatives?.length ?? 0);
    expect({ name, flaws: await flawsOf(page) }).toEqual({ name, flaws: [] });
    await display.picture(page, `${language}-shop-${name}`);
  }
});
