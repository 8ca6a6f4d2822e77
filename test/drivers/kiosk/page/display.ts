import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Kiosk } from '#drivers/kiosk/index.ts';
import type { DisplayView } from '#ports/customer-display.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { buildPage, openTestKiosk, type TestKioskOptions } from '../kiosk-support.ts';
import { spyOn } from './in-page.ts';

export const PICTURES = 'var/screenshots/kiosk';
export const SMALL = { width: 800, height: 480 };
export const LARGE = { width: 1280, height: 800 };

/** A terminal's display and a browser before it, new for each test of the file that asks. */
export interface Display {
  kiosk: Kiosk;
  browser: Browser;
  pageFolder: string;
  /** Opens the page, spied on. With `stopped`, its clock moves only when the test says so. */
  openPage(options?: PageOptions): Promise<Page>;
  /** Shows a view and waits until the page has drawn it. */
  show(page: Page, view: DisplayView): Promise<DisplayView>;
  /** The terminal starts again at the same address, with the same page and settings or others. */
  restart(options?: Partial<TestKioskOptions>): Promise<void>;
}

interface PageOptions extends BrowserContextOptions {
  readonly clock?: 'stopped';
  readonly sound?: 'running' | 'suspended';
  readonly url?: string;
}

/** Longer than the page takes from its load to its first connection, by its own clock. */
const START_MS = 200;

export function displayOfEachTest(): Display {
  const display = {
    async openPage({ clock, sound, url, ...options }: PageOptions = {}) {
      const page = await display.browser.newPage({ viewport: SMALL, ...options });
      await spyOn(page, sound);
      if (clock) await page.clock.install({ time: 1_000_000 });
      if (clock) await page.clock.pauseAt(1_001_000);
      await page.goto(url ?? display.kiosk.url);
      if (clock) await page.clock.runFor(START_MS);
      return page;
    },
    async show(page: Page, view: DisplayView) {
      display.kiosk.show(view);
      await page.locator(`[data-screen=${view.screen}]`).waitFor();
      await page.getByText(view.headline, { exact: true }).waitFor();
      return view;
    },
    async restart(options: Partial<TestKioskOptions> = {}) {
      const port = Number(new URL(display.kiosk.url).port);
      await display.kiosk.close();
      const { pageFolder } = display;
      display.kiosk = await openTestKiosk({ pageFolder, port, ...options });
    },
  } as Display;
  beforeAll(async () => {
    display.pageFolder = await mkdtemp(join(tmpdir(), 'countertap-display-'));
    await buildPage(display.pageFolder);
    display.browser = await launchBrowser();
  });
  beforeEach(async () => {
    display.kiosk = await openTestKiosk({ pageFolder: display.pageFolder });
  });
  afterEach(async () => {
    for (const context of display.browser.contexts()) await context.close();
    await display.kiosk.close();
  });
  afterAll(async () => {
    await display.browser.close();
    await rm(display.pageFolder, { recursive: true });
  });
  return display;
}
