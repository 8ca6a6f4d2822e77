import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, zstdCompressSync } from 'node:zlib';
import { type Machine, type PackedFile, packBundle } from '#upkeep/index.ts';
import { takeAddons } from './addons.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { nodeFiles, noNodeFor, takeNode } from './node-builds.ts';
import { packageFiles, takePackages } from './packages.ts';
import { takePages } from './pages.ts';
import { runtimeSources, takeSources } from './sources.ts';
import { keyOf, ReleaseProblem } from './work.ts';

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
/** Higher ones take twice as long for 4 % less. */
const LEVEL = 9;

/**
 * Makes the bundle of a whole runtime for one machine: the same commit, version and compiler give
 * the same bytes, whoever builds it, where and when. A minute for the first one, seconds after it.
 * @throws ReleaseProblem with what to do
 */
export const buildRelease = async (options: ReleaseOptions): Promise<BuiltRelease> => {
  const { machine, to, root = ROOT, work = join(root, 'var/release'), floor = '0.0.0' } = options;
  const refused = noNodeFor(machine);
  if (refused !== undefined) throw new ReleaseProblem(refused);
  await mkdir(work, { recursive: true });
  const sources = await takeSources(root, work, options.allowDirty ?? false);
  const described = JSON.parse(await readFile(join(sources.folder, 'package.json'), 'utf8'));
  const version = versionOf(options.version ?? described.version);
  const release = `countertap-${version}${sources.dirty ? `+dirty.${sources.dirty}` : ''}`;
  const [node, packages] = await Promise.all([
    takeNode(root, work, machine),
    takePackages(sources, work),
  ]);
  await samePacker(node.version);
  const [addons, pages] = await Promise.all([
    takeAddons(packages, work, machine, node),
    takePages(root, sources, work),
  ]);
  const files = [
    ...(await runtimeSources(sources)),
    ...pages,
    ...(await packageFiles(packages, machine)),
    ...addons.files,
    ...(await nodeFiles(node)),
    textFile('package.json', JSON.stringify(shortened(described, version), null, 2)),
  ];
  const { compiler } = addons;
  const bill = await billOfMaterials(
    { release, version, machine, sources, node, compiler, files },
    work,
  );
  files.push({ path: BILL, mode: 0o644, bytes: bill });
  files.push(await startOf(files));
  const packed = compressed(
    packBundle({ release, version, floor: versionOf(floor), machine }, files),
  );
  const bundle = join(to, `${release}-${machine}.bundle`);
  const billFile = join(to, `${release}-${machine}.cdx.json`);
  await mkdir(to, { recursive: true });
  await writeWhole(bundle, packed);
  await writeWhole(billFile, bill);
  const sha256 = createHash('sha256').update(packed).digest('hex');
  const places = { bundle, billOfMaterials: billFile };
  const { commit } = sources;
  const sizes = { bytes: packed.length, sha256, files: files.length };
  return { release, version, machine, commit, ...places, ...sizes };
};

const versionOf = (text: string): string => {
  if (/^\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(text)) return text;
  throw new ReleaseProblem(`"${text}" is no version: three numbers, such as 1.4.0`);
};

// Another Node may bring another zstd, which packs the same into other bytes.
const samePacker = async (wanted: string): Promise<void> => {
  if (process.versions.node !== wanted) {
    throw new ReleaseProblem(
      `releases are packed by Node ${wanted}, and this is ${process.versions.node}: ` +
        'remove other Nodes from PATH and run ./scripts/setup',
    );
  }
};

// What Node and the command line read of it.
const shortened = (described: Record<string, unknown>, version: string) => {
  const { name, description, license, type, engines, imports, dependencies } = described;
  return {
    name,
    version,
    private: true,
    description,
    license,
    type,
    engines,
    imports,
    dependencies,
  };
};

const textFile = (path: string, text: string): PackedFile => ({
  path,
  mode: 0o644,
  bytes: Buffer.from(`${text}\n`),
});

// It knows its release by the contents of all other files: what was compiled for one isn't used
// for another.
const startOf = async (files: readonly PackedFile[]): Promise<PackedFile> => {
  const template = await readFile(new URL('start.sh', import.meta.url), 'utf8');
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const build = keyOf(...sorted.flatMap(({ path, bytes }) => [path, bytes]));
  return { path: 'start', mode: 0o755, bytes: Buffer.from(template.replace('@BUILD@', build)) };
};

const compressed = (bundle: Buffer): Buffer =>
  zstdCompressSync(bundle, {
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
      [constants.ZSTD_c_nbWorkers]: 0,
    },
  });

const writeWhole = async (path: string, bytes: Uint8Array): Promise<void> => {
  await writeFile(`${path}.new`, bytes, { mode: 0o644 });
  await rename(`${path}.new`, path);
};
