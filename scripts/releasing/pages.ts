import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackedFile } from '#upkeep/index.ts';
import type { Sources } from './sources.ts';
import { keyOf, madeOnce, output } from './work.ts';

/** Where each page's source lies, and where what is built of it belongs. */
const PAGES = [
  ['drivers/kiosk/page', 'drivers/kiosk/dist'],
  ['src/console/page', 'src/console/dist'],
  ['src/till/page', 'src/till/dist'],
] as const;

/**
 * The pages of shopper, staff and till, built from the release's sources and not from what lies
 * built in the checkout. Vite and Preact are the checkout's.
 */
export const takePages = async (
  root: string,
  sources: Sources,
  work: string,
): Promise<PackedFile[]> => {
  const folder = await madeOnce(work, `pages-${await pagesKey(sources)}`, async (place) => {
    const tree = join(place, 'tree');
    await cp(sources.folder, tree, { recursive: true });
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
    for (const [source, target] of PAGES) {
      await output(
        process.execPath,
        ['node_modules/vite/bin/vite.js', 'build', source, '--logLevel', 'error'],
        { cwd: tree, env: { NODE_ENV: 'production' } },
      );
      await mkdir(join(place, 'built', target), { recursive: true });
      await cp(join(tree, target), join(place, 'built', target), { recursive: true });
    }
    await output('rm', ['-rf', tree], { cwd: place });
  });
  const built = await Promise.all(
    PAGES.map(([, target]) => filesOf(join(folder, 'built'), target)),
  );
  return built.flat();
};

const filesOf = async (folder: string, below: string): Promise<PackedFile[]> => {
  const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(async ({ parentPath, name }) => ({
        path: join(parentPath, name).slice(folder.length + 1),
        mode: 0o644,
        bytes: await readFile(join(parentPath, name)),
      })),
  );
};

// The pages share rooms with the runtime, so that all sources count.
const pagesKey = async ({ folder, files }: Sources): Promise<string> => {
  const counted = files.filter(({ path }) => /^(?:src|drivers)\/|^package-lock/.test(path));
  const contents = counted.map(({ path }) => readFile(join(folder, path)));
  return keyOf(...counted.map(({ path }) => path), ...(await Promise.all(contents)));
};
