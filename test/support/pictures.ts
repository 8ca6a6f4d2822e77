import type { Page, PageScreenshotOptions } from 'playwright-core';

/** People look at pictures, tests don't: taking them is most of the time of a page's test. */
export const PICTURES_WANTED = process.env['PICTURES'] !== undefined;

/** Leaves a picture at `path` if PICTURES is set; `before` makes the page stand still. */
export const takePicture = async (
  page: Page,
  path: string,
  before: (page: Page) => Promise<void> = async () => {},
  options: PageScreenshotOptions = {},
): Promise<void> => {
  if (!PICTURES_WANTED) return;
  await before(page);
  await page.screenshot({ ...options, path });
};
