import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { PICTURES_WANTED } from '#test/support/pictures.ts';
import { type FakeServer, openFakeServer } from './fake-server.ts';
import { PAST } from './shop.ts';

const PICTURES = 'var/screenshots/console';
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** A console with a fake terminal behind it, and a browser before it; new for each test. */
export interface Consoles {
  server: FakeServer;
  browser: Browser;
  /** Opens the page; every error in it and every breach of its policy fails the test. */
  open(options?: OpenOptions): Promise<Page>;
  /** The same with somebody signed in, at a page such as "payments". */
  openAs(name: string, place?: string, options?: OpenOptions): Promise<Page>;
}

interface OpenOptions extends BrowserContextOptions {
  readonly place?: string;
  /** Who is signed in. */
  readonly as?: string;
  /** Loaded anew into the window of earlier tests, for those that all want the same one. */
  readonly kept?: true;
}

export const consoleOfEachTest = (): Consoles => {
  let folder = '';
  const errors: string[] = [];
  let window: Page | undefined;
  const newWindow = async (options: BrowserContextOptions): Promise<Page> => {
    const page = await consoles.browser.newPage({
      viewport: DESKTOP,
      reducedMotion: 'reduce',
      ...options,
    });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (line) => {
      if (/Content Security Policy/i.test(line.text())) errors.push(line.text());
    });
    return page;
  };
  const consoles = {
    async open({ place = '', as, kept, ...options }: OpenOptions = {}) {
      const page = (kept && window) || (await newWindow(options));
      if (kept) window = page;
      await page.context().clearCookies();
      if (as !== undefined) await page.context().addCookies([consoles.server.signIn(as)]);
      await page.goto(`${consoles.server.url}${place && `#/${place}`}`);
      return page;
    },
    async openAs(name: string, place = 'now', options: OpenOptions = {}) {
      const page = await consoles.open({ ...options, as: name, place });
      await page.locator('nav').waitFor();
      await loaded(page);
      return page;
    },
  } as Consoles;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countertap-console-'));
    const root = fileURLToPath(new URL('../../../src/console/page', import.meta.url));
    await build({
      root,
      configFile: `${root}/vite.config.ts`,
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true },
    });
    consoles.browser = await launchBrowser();
  });
  beforeEach(async () => {
    consoles.server = await openFakeServer(folder);
    for (const request of PAST) consoles.server.shop.decide(request, 'Ann');
  });
  afterEach(async () => {
    await window?.goto('about:blank');
    for (const context of consoles.browser.contexts()) {
      if (context !== window?.context()) await context.close();
    }
    await consoles.server.stop();
    const found = errors.splice(0);
    if (found.length > 0) throw new Error(`the page failed: ${found.join('; ')}`);
  });
  afterAll(async () => {
    await consoles.browser.close();
    await rm(folder, { recursive: true });
  });
  return consoles;
};

export const signIn = async (page: Page, name: string, pin: string): Promise<void> => {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('PIN').fill(pin);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

/** Nothing is awaited any more. */
export const loaded = async (page: Page): Promise<void> => {
  // An address after # is another page only once the browser has told ours.
  await page.evaluate(() => new Promise((told) => requestAnimationFrame(() => setTimeout(told))));
  await page.locator('h1').waitFor();
  await page.locator('.pending').waitFor({ state: 'detached' });
};

/** What axe finds (WCAG 2.2 AA and best practice, or these rules), each with what it is about. */
export const axeOn = async (page: Page, rules?: readonly string[]): Promise<string[]> => {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(
    async (only) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations, incomplete, passes } = await axe.run(document, {
        runOnly: only ? { type: 'rule', values: only } : { type: 'tag', values: standards },
        resultTypes: ['violations', 'incomplete'],
      });
      if (passes.length === 0) return ['axe looked at nothing'];
      const untold = incomplete.filter(({ id }) => id === 'color-contrast');
      return [...violations, ...untold].map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`,
      );
    },
    rules && [...rules],
  );
};

/** What sticks out of the window sideways, and what is too small for a finger; best empty. */
export const misfitsOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > window.innerWidth;
    const misfits = wide ? ['the page scrolls sideways'] : [];
    const told = (element: Element): string =>
      `${element.tagName} "${element.textContent?.trim().slice(0, 40)}"`;
    const seen = [...document.querySelectorAll('a, button, input, select, textarea, summary')]
      .map((element) => element.closest('.choice') ?? element)
      .filter((element) => element.checkVisibility());
    for (const element of new Set(seen)) {
      const { width, height, left, right } = element.getBoundingClientRect();
      if (element.matches('.skip')) continue;
      if (height < 43.5 || width < 43.5) misfits.push(`${told(element)} is ${width} by ${height}`);
      if (left < 0 || right > window.innerWidth + 0.5) misfits.push(`${told(element)} is cut off`);
    }
    return misfits;
  });

/** The whole page in one picture, or what a dialog leaves of it; if pictures are wanted. */
export const takePicture = async (page: Page, name: string): Promise<void> => {
  if (!PICTURES_WANTED) return;
  const size = page.viewportSize() ?? DESKTOP;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const modal = await page.locator('dialog').isVisible();
  if (!modal) await page.setViewportSize({ ...size, height: Math.max(height, size.height) });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
  await page.setViewportSize(size);
};
