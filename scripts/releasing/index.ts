import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Machine, type PackedFile, packBundle } from '#upkeep/index.ts';
import { takeAddons } from './addons.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import {
  type NodeBuild,
  nodeFiles,
  type ReleasedMachine,
  released,
  takeNode,
} from './node-builds.ts';
import { packageFiles, takePackages } from './packages.ts';
import { takePages } from './pages.ts';
import { runtimeSources, type Sources, START, takeSources } from './sources.ts';
import { keyOf, output, ReleaseProblem } from './work.ts';

export { ReleaseProblem } from './work.ts';

export interface ReleaseOptions {
  readonly machine: Machine;
  /** Where the bundle and its bill of materials go. */
  readonly to: string;
  /** Three numbers; package.json's when absent. */
  readonly version?: string;
  /** Once it is settled nothing older is installed; "0.0.0" when absent. */
  readonly floor?: string;
  /** Takes tracked files as they lie there, and says so in the release's name. */
  readonly allowDirty?: boolean;
  /** Packed in a fraction of the time and less tightly: the same release, another bundle. */
  readonly quick?: boolean;
  /** The checkout; this one when absent. */
  readonly root?: string;
  /** Keeps what needs long and stays the same: packages, addons, pages, Node. */
  readonly work?: string;
}

export interface BuiltRelease {
  /** Such as "countertap-1.4.0"; with "+dirty.1234abcd" when it isn't what was committed. */
  readonly release: string;
  readonly version: string;
  readonly machine: Machine;
  readonly commit: string;
  /** Paths of the bundle, packed by zstd, and of its CycloneDX bill of materials. */
  readonly bundle: string;
  readonly billOfMaterials: string;
  readonly bytes: number;
  /** Of the bundle; lower-case hexadecimal. */
  readonly sha256: string;
  readonly files: number;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BILL = 'bill-of-materials.cdx.json';
/** The machine that this process runs on, by Node's name of its processor. */
export const HOSTS: Readonly<Record<string, ReleasedMachine>> = {
  x64: 'linux-x64',
  arm64: 'linux-arm64',
};
const COMPRESS = fileURLToPath(new URL('compress.ts', import.meta.url));

/**
 * Makes the bundle of a whole runtime for one machine: the same commit, version and compiler give
 * the same bytes, whoever builds it, where and when. A minute for the first one, seconds after it.
 * @throws ReleaseProblem with what to do
 */
export const buildRelease = async (options: ReleaseOptions): Promise<BuiltRelease> => {
  const { root = ROOT } = options;
  const machine = released(options.machine);
  const work = resolve(options.work ?? join(root, 'var/release'));
  const floor = versionOf(options.floor ?? '0.0.0');
  await mkdir(work, { recursive: true });
  const place = await mkdtemp(join(work, '.sources-'));
  try {
    const sources = await takeSources(root, place, options.allowDirty ?? false);
    const described = JSON.parse(await readFile(join(place, 'package.json'), 'utf8'));
    const version = versionOf(options.version ?? described.version);
    const release = `countertap-${version}${sources.dirty ? `+dirty.${sources.dirty}` : ''}`;
    const about = { release, version, machine };
    const { files, bill } = await contents(root, work, sources, about, described);
    const to = resolve(options.to);
    await mkdir(to, { recursive: true });
    const bundle = join(to, `${release}-${machine}.bundle`);
    const packer = await takeNode(root, work, HOSTS[process.arch] ?? machine);
    const plain = packBundle({ ...about, floor }, files);
    const packed = await writeCompressed(bundle, plain, packer, options.quick ? ['1'] : []);
    const billOfMaterials = join(to, `${release}-${machine}.cdx.json`);
    await writeFile(billOfMaterials, bill);
    const { commit } = sources;
    return { ...about, commit, bundle, billOfMaterials, files: files.length, ...packed };
  } finally {
    await rm(place, { recursive: true });
  }
};

interface About extends Pick<BuiltRelease, 'release' | 'version'> {
  readonly machine: ReleasedMachine;
}

const contents = async (
  root: string,
  work: string,
  sources: Sources,
  about: About,
  described: Record<string, unknown>,
): Promise<{ readonly files: readonly PackedFile[]; readonly bill: Uint8Array }> => {
  const { machine, version } = about;
  const [node, packages] = await Promise.all([
    takeNode(root, work, machine),
    takePackages(sources, work),
  ]);
  const [{ files: addons, compiler }, pages] = await Promise.all([
    takeAddons(packages, work, machine, node),
    takePages(root, sources, work),
  ]);
  const files = [
    ...(await runtimeSources(sources)),
    ...pages,
    ...(await packageFiles(packages, machine)),
    ...addons,
    ...(await nodeFiles(node)),
    textFile('package.json', JSON.stringify(shortened(described, version), null, 2)),
  ];
  const bill = await billOfMaterials({ ...about, sources, node, compiler, files }, work);
  files.push({ path: BILL, mode: 0o644, bytes: bill });
  files.push(await startOf(sources, files));
  return { files, bill };
};

const versionOf = (text: string): string => {
  if (/^\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(text)) return text;
  throw new ReleaseProblem(`"${text}" is no version: three numbers, such as 1.4.0`);
};

// What Node and the command line read of it.
const shortened = (described: Record<string, unknown>, version: string) => {
  const { scripts, devDependencies, allowScripts, ...kept } = described;
  return { ...kept, version };
};

const textFile = (path: string, text: string): PackedFile => ({
  path,
  mode: 0o644,
  bytes: Buffer.from(`${text}\n`),
});

// It knows its release by the contents of all other files: what was compiled for one isn't used
// for another.
const startOf = async ({ folder }: Sources, files: readonly PackedFile[]): Promise<PackedFile> => {
  const template = await readFile(join(folder, START), 'utf8');
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const build = keyOf(...sorted.flatMap(({ path, bytes }) => [path, bytes]));
  return { path: 'start', mode: 0o755, bytes: Buffer.from(template.replace('@BUILD@', build)) };
};

// Packed by the Node that goes into releases, whatever Node runs this.
const writeCompressed = async (
  file: string,
  bundle: Uint8Array,
  packer: NodeBuild,
  level: readonly string[],
) => {
  await writeFile(`${file}.plain`, bundle);
  const words = [COMPRESS, `${file}.plain`, `${file}.new`, ...level];
  await output(join(packer.home, 'bin/node'), words, { cwd: dirname(file) });
  await rename(`${file}.new`, file);
  await rm(`${file}.plain`);
  const packed = await readFile(file);
  return { bytes: packed.length, sha256: createHash('sha256').update(packed).digest('hex') };
};
