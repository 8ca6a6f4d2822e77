import type { Page, PageScreenshotOptions } from 'playwright-core';

/** People look at pictures, tests don't: taking them is most of the time that a page's test takes. */
export const PICTURES_WANTED = process.env['PICTURES'] !== undefined;

/** Leaves a picture at `path` if the environment has PICTURES; `before` makes the page stand still. */
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
