import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PackedFile } from '#upkeep/index.ts';
import type { NodeBuild, ReleasedMachine } from './node-builds.ts';
import { keyOf, madeOnce, output, ReleaseProblem } from './work.ts';

/** What is compiled here; the other addons bring a binary for each machine. */
export interface Addons {
  readonly files: readonly PackedFile[];
  /** As the compiler calls itself: another one may make other bytes of the same sources. */
  readonly compiler: string;
}

interface Tools {
  readonly prefix: string;
  readonly architecture: string;
  readonly package: string;
}

const TOOLS: Readonly<Record<ReleasedMachine, Tools>> = {
  'linux-x64': { prefix: 'x86_64-linux-gnu-', architecture: 'x64', package: 'g++' },
  'linux-arm64': {
    prefix: 'aarch64-linux-gnu-',
    architecture: 'arm64',
    package: 'g++-aarch64-linux-gnu',
  },
};

const BUILT = [
  'node_modules/@pokusew/pcsclite/build/Release/pcsclite.node',
  'node_modules/pkcs11js/build/Release/pkcs11.node',
];
const PCSC_HEADER = '/usr/include/PCSC/winscard.h';
/** In the addons' key: with other flags they are compiled anew. */
const LINKED = '-Wl,--build-id=none -Wl,--no-as-needed -s';

/**
 * The addons for smart cards and security modules, compiled for this machine from the sources in
 * `packages`: no path of this machine in them, no build id, no symbols.
 */
export const takeAddons = async (
  packages: string,
  work: string,
  machine: ReleasedMachine,
  node: NodeBuild,
): Promise<Addons> => {
  const compiler = await compilerOf(machine);
  const lock = await readFile(join(packages, 'package-lock.json'));
  const key = keyOf(machine, node.sha256, compiler, LINKED, lock);
  const folder = await madeOnce(work, `addons-${key}`, (place) =>
    compile(packages, place, machine, node),
  );
  const files = BUILT.map(async (path) => ({
    path,
    mode: 0o644 as const,
    bytes: await readFile(join(folder, 'built', path)),
  }));
  return { compiler, files: await Promise.all(files) };
};

const compile = async (
  packages: string,
  place: string,
  machine: ReleasedMachine,
  node: NodeBuild,
) => {
  const { prefix, architecture } = TOOLS[machine];
  for (const name of ['package.json', 'node_modules/nan', ...BUILT.map(packageOf)]) {
    await cp(join(packages, name), join(place, name), { recursive: true });
  }
  await stubOfPcsc(place, `${prefix}gcc`);
  const mapped = [place, node.home].map((folder) => `-ffile-prefix-map=${folder}=.`).join(' ');
  const env = {
    CC: `${prefix}gcc`,
    CXX: `${prefix}g++`,
    AR: `${prefix}ar`,
    CFLAGS: mapped,
    CXXFLAGS: mapped,
    LDFLAGS: `-L${place} ${LINKED}`,
    // Twice, as in scripts/setup: npm 11 hands on the long names only, others the short ones.
    npm_config_nodedir: node.home,
    npm_package_config_node_gyp_nodedir: node.home,
    npm_config_arch: architecture,
    npm_package_config_node_gyp_arch: architecture,
  };
  for (const path of BUILT) {
    const gyp = ['rebuild', '--foreground-scripts', '--loglevel=error', nameOf(path)];
    await output('npm', gyp, { cwd: place, env });
    await mkdir(join(place, 'built', dirname(path)), { recursive: true });
    await rename(join(place, path), join(place, 'built', path));
  }
  await output('rm', ['-rf', 'node_modules'], { cwd: place });
};

// The addon only needs the library's name: the linker gets one without contents, so that neither
// the release of this machine's library nor its processor matters.
const stubOfPcsc = async (place: string, compiler: string): Promise<void> => {
  await writeFile(join(place, 'stub.c'), '');
  const words = ['-shared', '-nostdlib', '-Wl,-soname,libpcsclite.so.1', '-o', 'libpcsclite.so'];
  await output(compiler, [...words, 'stub.c'], { cwd: place });
};

const compilerOf = async (machine: ReleasedMachine): Promise<string> => {
  const { prefix, package: wanted } = TOOLS[machine];
  if (!existsSync(PCSC_HEADER)) {
    throw new ReleaseProblem(`${PCSC_HEADER} is missing: apt-get install libpcsclite-dev`);
  }
  const said = await output(`${prefix}g++`, ['--version'], { cwd: '/' }).catch(() => '');
  const version = said.split('\n')[0];
  if (version) return version;
  throw new ReleaseProblem(`no compiler for ${machine}: apt-get install ${wanted}`);
};

const packageOf = (path: string): string => path.slice(0, path.indexOf('/build/'));
const nameOf = (path: string): string => packageOf(path).slice('node_modules/'.length);
