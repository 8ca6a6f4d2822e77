import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { machineDisk } from '#drivers/disk/index.ts';
import type { Collected } from '#support-bundle/index.ts';
import { readState } from '#upkeep/index.ts';
import { INSTALLATION } from '../places.ts';
import { VERSION } from '../version.ts';

/** What runs here, by its versions. */
export const versionParts = async (): Promise<Collected> => {
  const root = process.env['COUNTERTAP_ROOT'];
  const versions = {
    countertap: VERSION,
    node: process.version,
    flags: process.execArgv,
    machine: `${process.platform}-${process.arch}`,
    dependencies: dependencies(),
    packages: await debianPackages(),
    slots: root ? await readState(machineDisk, resolve(root)) : 'a checkout',
  };
  // Digests are in groups, so that nothing takes them for keys.
  const text = JSON.stringify(versions, null, 2).replaceAll(/"[0-9a-f]{64}"/g, (digest) =>
    digest.replaceAll(/[0-9a-f]{8}(?=[0-9a-f])/g, '$& '),
  );
  return { parts: [{ path: 'versions.json', text: `${text}\n` }] };
};

const dependencies = (): Readonly<Record<string, string>> => {
  const { dependencies: names = {} } = JSON.parse(
    readFileSync(join(INSTALLATION, 'package.json'), 'utf8'),
  ) as { readonly dependencies?: Readonly<Record<string, string>> };
  return Object.fromEntries(Object.keys(names).map((name) => [name, versionOf(name)]));
};

const versionOf = (name: string): string => {
  try {
    const path = join(INSTALLATION, 'node_modules', name, 'package.json');
    return String(JSON.parse(readFileSync(path, 'utf8')).version);
  } catch {
    return 'missing';
  }
};

const PACKAGES = ['pcscd', 'libpcsclite1', 'libccid', 'libacsccid1', 'systemd', 'chromium'];

const debianPackages = (): Promise<readonly string[]> =>
  new Promise((resolve) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own places
    const words = ['--show', '--showformat=${Package} ${Version}\\n', ...PACKAGES];
    // It ends with 1 where one isn't installed, and tells the others.
    execFile('dpkg-query', words, { timeout: 5000 }, (_, stdout) =>
      resolve(stdout.split('\n').filter((line) => line.trim().includes(' '))),
    );
  });
