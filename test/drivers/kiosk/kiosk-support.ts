import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { pageFiles } from '#drivers/http/index.ts';
import { type Kiosk, type KioskOptions, openKiosk } from '#drivers/kiosk/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';

export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface TestKioskOptions extends Partial<KioskOptions> {
  /** Folder of a built page. */
  readonly pageFolder: string;
}

/** A kiosk on a free port of loopback, unless told otherwise; a refusal is the test's failure. */
export async function openTestKiosk({ pageFolder, ...options }: TestKioskOptions): Promise<Kiosk> {
  const page = pageFiles(pageFolder);
  const kiosk = await openKiosk({ host: '127.0.0.1', port: 0, log: SILENT, page, ...options });
  if (isFault(kiosk)) throw new Error(kiosk.detail);
  return kiosk;
}

/** Builds the page as it is now into a folder of the test's own. */
export async function buildPage(folder: string): Promise<void> {
  const root = fileURLToPath(new URL('../../../drivers/kiosk/page', import.meta.url));
  await build({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
}
