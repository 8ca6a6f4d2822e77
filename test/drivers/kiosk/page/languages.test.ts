import { expect, test } from 'vitest';
import { LANGUAGES, spokenView } from '../spoken-views.ts';
import { SCREENS } from '../views.ts';
import { displayOfEachTest, PICTURES, SMALL } from './display.ts';
import { flawsOf, settle } from './in-page.ts';

const display = displayOfEachTest();

test.each(LANGUAGES)('in %s each screen shows its words in full', async (language) => {
  const page = await display.openPage({ viewport: SMALL, reducedMotion: 'reduce' });
  for (const screen of SCREENS) {
    const { detail } = await display.show(page, spokenView(language, screen));
    expect(await page.locator('.detail').allInnerTexts()).toEqual(detail ? [detail] : []);
    expect({ screen, flaws: await flawsOf(page) }).toEqual({ screen, flaws: [] });
    await settle(page);
    await page.screenshot({ path: `${PICTURES}/${language}-${screen}.png` });
  }
});
