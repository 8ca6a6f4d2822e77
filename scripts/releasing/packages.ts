import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackedFile } from '#upkeep/index.ts';
import type { ReleasedMachine } from './node-builds.ts';
import type { Sources } from './sources.ts';
import { keyOf, madeOnce, output } from './work.ts';

/** The packages of a running terminal as npm installs them, in a folder with node_modules. */
export const takePackages = async ({ folder }: Sources, work: string): Promise<string> => {
  const lock = await readFile(join(folder, 'package-lock.json'));
  return madeOnce(work, `packages-${keyOf(lock)}`, async (place) => {
    for (const name of ['package.json', 'package-lock.json']) {
      await copyFile(join(folder, name), join(place, name));
    }
    // No install script runs: what has to be compiled is compiled for the release's machine.
    await output(
      'npm',
      ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
      { cwd: place },
    );
  });
};

/** What of the packages goes into a release for this machine. */
export const packageFiles = async (
  packages: string,
  machine: ReleasedMachine,
): Promise<PackedFile[]> => {
  const entries = await readdir(join(packages, 'node_modules'), {
    recursive: true,
    withFileTypes: true,
  });
  const prefix = join(packages, 'node_modules').length + 1;
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(prefix))
    .filter((path) => isRead(path, machine));
  return Promise.all(
    paths.map(async (path) => ({
      path: `node_modules/${path}`,
      mode: 0o644,
      bytes: await readFile(join(packages, 'node_modules', path)),
    })),
  );
};

/** Whether a package itself is in a release at all. */
export const isShipped = (name: string): boolean => !UNREAD_PACKAGES.test(name);

// Compilers and headers that packages name as peers or for building, and what only Bare loads.
const UNREAD_PACKAGES = /^(?:@typescript\/.*|typescript|nan|node-addon-api|bare-[a-z]+)$/;
const LICENCE = /^(?:licen[cs]e|copying|notice|copyright|patents|authors)/i;
/** Types, maps and texts; Node reads no TypeScript of a package. */
const UNREAD_ENDING = /\.(?:map|[cm]?ts|tsx|md|markdown|tsbuildinfo|flow|gyp|gypi|ya?ml|html)$/i;
/** Folders beside a package's own package.json. */
const UNREAD_FOLDER = /^(?:tests?|__tests__|docs?|examples?|bench(?:marks?)?|coverage|\..*)$/i;
/** Sources of the addons, and what of a package is there once more in another form. */
const UNREAD_OF: Readonly<Record<string, RegExp>> = {
  '@pokusew/pcsclite': /^(?:src|build)\//,
  pkcs11js: /^(?:src|includes|build)\//,
  '@serialport/bindings-cpp': /^src\//,
  'node-hid': /^(?:src|hidapi)\//,
  // Of its five forms Node loads cjs.
  rxjs: /^(?:src|dist\/(?:bundles|esm5?|types))\//,
};
// Of node-hid's two, Linux uses the one for hidraw.
const PREBUILT = /^prebuilds\/(?:HID_hidraw-)?(.*)$/;
const PREBUILT_OF: Readonly<Record<ReleasedMachine, RegExp>> = {
  'linux-x64': /^linux-x64\/[^/]*(?:glibc|napi-v\d)\.node$/,
  'linux-arm64': /^linux-arm64\/[^/]*(?:armv8\.glibc|napi-v\d)\.node$/,
};

const isRead = (path: string, machine: ReleasedMachine): boolean => {
  const at = path.lastIndexOf('node_modules/');
  const inner = at === -1 ? path : path.slice(at + 'node_modules/'.length);
  const [, name = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(inner) ?? [];
  // .bin and npm's own notes.
  if (rest === '' || name.startsWith('.')) return false;
  if (owners(path).some((owner) => !isShipped(owner))) return false;
  if (LICENCE.test(rest.slice(rest.lastIndexOf('/') + 1))) return true;
  const prebuilt = PREBUILT.exec(rest)?.[1];
  if (prebuilt !== undefined) return PREBUILT_OF[machine].test(prebuilt);
  const folder = rest.includes('/') ? (rest.split('/')[0] ?? '') : '';
  if (UNREAD_ENDING.test(rest) || UNREAD_FOLDER.test(folder)) return false;
  const isDotFile = /(?:^|\/)\.[^/]*$/.test(rest);
  return !isDotFile && UNREAD_OF[name]?.test(rest) !== true;
};

// "a/node_modules/@b/c/file" belongs to c, which a brings along.
const owners = (path: string): string[] =>
  path.split('node_modules/').map((part) => /^(?:@[^/]+\/)?[^/]+/.exec(part)?.[0] ?? part);
