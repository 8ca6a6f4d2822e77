import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { type FakeServer, openFakeServer } from './fake-server.ts';

export const DESKTOP = { width: 1280, height: 800 };
export const TABLET = { width: 820, height: 1180 };

/** A till's page with a fake terminal behind it, and a browser before it; new for each test. */
export interface Tills {
  server: FakeServer;
  browser: Browser;
  /** Every error in the page and every breach of its policy fails the test. */
  open(options?: BrowserContextOptions): Promise<Page>;
}

export const tillOfEachTest = (): Tills => {
  let folder = '';
  const errors: string[] = [];
  const tills = {
    async open(options: BrowserContextOptions = {}) {
      const page = await tills.browser.newPage({
        viewport: DESKTOP,
        reducedMotion: 'reduce',
        ...options,
      });
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (line) => {
        if (/Content Security Policy/i.test(line.text())) errors.push(line.text());
      });
      await page.goto(tills.server.url);
      await page.getByRole('heading', { name: 'Goods' }).waitFor();
      return page;
    },
  } as Tills;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countertap-till-'));
    const root = fileURLToPath(new URL('../../../src/till/page', import.meta.url));
    await build({
      root,
      configFile: `${root}/vite.config.ts`,
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true },
    });
    tills.browser = await launchBrowser();
  });
  beforeEach(async () => {
    tills.server = await openFakeServer(folder);
  });
  afterEach(async () => {
    for (const context of tills.browser.contexts()) await context.close();
    await tills.server.stop();
    const found = errors.splice(0);
    if (found.length > 0) throw new Error(`the page failed: ${found.join('; ')}`);
  });
  afterAll(async () => {
    await tills.browser.close();
    await rm(folder, { recursive: true });
  });
  return tills;
};

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();

/** Two espressos and a croissant: 6.30. */
export const fill = async (page: Page): Promise<void> => {
  await press(page, /^Espresso/);
  await press(page, /^Espresso/);
  await press(page, /^Croissant/);
};

/** What axe finds (WCAG 2.2 AA, best practice), what is cut off or too small for a finger. */
export const flawsOn = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations, passes } = await axe.run(document, { runOnly: { type: 'tag', values } });
    if (passes.length === 0) return ['axe looked at nothing'];
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  return [...found, ...(await misfitsOn(page))];
};

const misfitsOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const misfits = document.documentElement.scrollWidth > window.innerWidth ? ['too wide'] : [];
    const seen = [
      ...document.querySelectorAll('button, select, summary, label.check, input.input'),
    ];
    for (const element of seen.filter((one) => one.checkVisibility())) {
      const { width, height, right } = element.getBoundingClientRect();
      const told = `${element.tagName} "${element.textContent?.trim().slice(0, 30)}"`;
      if (height < 43.5 || width < 43.5) misfits.push(`${told} is ${width} by ${height}`);
      if (right > window.innerWidth + 0.5) misfits.push(`${told} is cut off`);
    }
    return misfits;
  });

export const takePicture = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: `var/screenshots/till/${name}.png` });
