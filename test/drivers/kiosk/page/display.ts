import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Kiosk } from '#drivers/kiosk/index.ts';
import type { DisplayView } from '#ports/customer-display.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { takePicture } from '#test/support/pictures.ts';
import { buildPage, openTestKiosk, type TestKioskOptions } from '../kiosk-support.ts';
import { settle, spyOn } from './in-page.ts';

const PICTURES = 'var/screenshots/kiosk';
export const SMALL = { width: 800, height: 480 };
export const LARGE = { width: 1280, height: 800 };

/** A terminal's display and a browser before it, new for each test of the file that asks. */
export interface Display {
  kiosk: Kiosk;
  browser: Browser;
  pageFolder: string;
  /**
   * Opens the page, spied on: loaded anew, though the window may be that of an earlier test. With
   * `stopped`, its clock moves only when the test says so.
   */
  openPage(options?: PageOptions): Promise<Page>;
  /** Leaves a picture of the page for people to look at, with everything in its place. */
  picture(page: Page, name: string): Promise<void>;
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
  const windows = keepWindows();
  const display = {
    async openPage({ url, ...options }: PageOptions = {}) {
      const stopped = options.clock === 'stopped';
      const open = () => newWindow(display.browser, options);
      const page = stopped ? await open() : await windows.take(JSON.stringify(options), open);
      await page.goto(url ?? display.kiosk.url);
      if (stopped) await page.clock.runFor(START_MS);
      return page;
    },
    picture: (page: Page, name: string) => takePicture(page, `${PICTURES}/${name}.png`, settle),
    async show(page: Page, view: DisplayView) {
      display.kiosk.show(view);
      // Its screen and headline may be those of the view before. A page may go without the spy.
      await page.evaluate(
        (sequence) => (window as Partial<Window>).spy?.arrived(sequence),
        view.sequence,
      );
      const drawn = page.locator(`[data-screen=${view.screen}]`);
      await drawn.getByText(view.headline, { exact: true }).waitFor();
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
    await windows.giveBack(display.browser);
    await display.kiosk.close();
  });
  afterAll(async () => {
    await display.browser.close();
    await rm(display.pageFolder, { recursive: true });
  });
  return display;
}

const newWindow = async (
  browser: Browser,
  { clock, sound, ...options }: PageOptions,
): Promise<Page> => {
  const page = await browser.newPage({ viewport: SMALL, ...options });
  await spyOn(page, sound);
  if (clock) await page.clock.install({ time: 1_000_000 });
  if (clock) await page.clock.pauseAt(1_001_000);
  return page;
};

/**
 * Windows of earlier tests, by what they were opened with: a new one takes longer than most tests.
 * A page that is loaded into one knows nothing of the page before.
 */
const keepWindows = () => {
  const free = new Map<string, Page[]>();
  const taken: { readonly key: string; readonly page: Page }[] = [];
  return {
    take: async (key: string, open: () => Promise<Page>): Promise<Page> => {
      const page = free.get(key)?.pop() ?? (await open());
      taken.push({ key, page });
      return page;
    },
    giveBack: async (browser: Browser): Promise<void> => {
      for (const { key, page } of taken.splice(0).filter((one) => !one.page.isClosed())) {
        page.removeAllListeners();
        await page.unrouteAll();
        await page.goto('about:blank');
        free.set(key, [...(free.get(key) ?? []), page]);
      }
      const kept = [...free.values()].flat().map((page) => page.context());
      for (const context of browser.contexts()) {
        if (!kept.includes(context)) await context.close();
      }
    },
  };
};
