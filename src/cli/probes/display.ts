import { join } from 'node:path';
import { pageFiles } from '#drivers/http/index.ts';
import { type Kiosk, openKiosk } from '#drivers/kiosk/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Probe } from '#ports/finding.ts';
import type { Log } from '#ports/log.ts';
import type { Configuration } from '../load-configuration.ts';
import { INSTALLATION } from '../places.ts';
import { bounded, type Looked } from './bounded.ts';

/**
 * Whether the display draws: the kiosk driver, on a port of its own, serves its page with all that
 * it consists of, and a screen that is shown arrives on its line of events.
 * @param page the folder of the built page, for tests
 */
export const displayProbe = (
  { terminal }: Pick<Configuration, 'terminal'>,
  page = join(INSTALLATION, 'drivers', 'kiosk', 'dist'),
): Probe =>
  bounded('display', WITHIN_MS, INSTALL, async (signal) => {
    const options = { ...terminal.display, port: 0, page: pageFiles(page), log: quiet };
    const kiosk = await openKiosk(options);
    if (isFault(kiosk)) return { wrong: kiosk.detail, remedy: 'see to "display" in terminal.json' };
    try {
      return (await wholePage(kiosk.url, signal)) ?? (await drawn(kiosk, terminal, signal));
    } finally {
      await kiosk.close();
    }
  });

const WITHIN_MS = 15_000;
const INSTALL = 'install this release anew; in a checkout: npm run build:display';

const wholePage = async (url: string, signal: AbortSignal): Promise<Looked | undefined> => {
  const known = new Set<string>([url]);
  // A page names scripts and styles, and a style names its faces.
  for (const address of known) {
    const answer = await fetch(address, { signal });
    const text = await answer.text();
    const name = new URL(address).pathname;
    if (answer.status !== 200 || text === '') {
      return { wrong: `the display's page isn't whole: ${name} is missing`, remedy: INSTALL };
    }
    if (/(\/|\.css)$/.test(name)) for (const more of named(text, address)) known.add(more);
  }
  if (known.size > 2) return undefined;
  return { wrong: "the display's page holds no script and no style", remedy: INSTALL };
};

const named = (text: string, base: string): string[] =>
  [...text.matchAll(/(?:src=|href=|url\()["']?([^"')\s>]+)/g)]
    .map(([, name = '']) => new URL(name, base))
    .filter(({ origin }) => origin === new URL(base).origin)
    .map(({ href }) => href);

const drawn = async (
  kiosk: Kiosk,
  { merchant, terminal }: Configuration['terminal'],
  signal: AbortSignal,
): Promise<Looked> => {
  const line = await fetch(`${kiosk.url}events`, { signal });
  kiosk.show({
    ...{ sequence: 1, screen: 'welcome', headline: MARK, detail: '', lights: 'idle' },
    ...{ language: terminal.language, merchant: merchant.name },
  });
  let said = '';
  for await (const piece of line.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    said += piece;
    if (said.includes(MARK)) return { well: 'the display draws: its page is whole, a screen came' };
  }
  return { wrong: "a screen that was shown didn't reach the display's page", remedy: INSTALL };
};

const MARK = 'self-test';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
