import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine, PackedFile } from '#upkeep/index.ts';
import type { NodeBuild } from './node-builds.ts';
import { isShipped } from './packages.ts';
import type { Sources } from './sources.ts';
import { output } from './work.ts';

/** What a release consists of, as its bill of materials tells it. */
export interface Materials {
  readonly release: string;
  readonly version: string;
  readonly machine: Machine;
  readonly sources: Sources;
  readonly node: NodeBuild;
  readonly compiler: string;
  /** All files of the release but this bill and `start`. */
  readonly files: readonly PackedFile[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly [more: string]: unknown;
}

interface Lock {
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Bill {
  readonly components: readonly Component[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
  readonly metadata: { readonly component: Component; readonly [more: string]: unknown };
  readonly [more: string]: unknown;
}

/**
 * A CycloneDX 1.5 bill of materials, in UTF-8: npm's own list of the packages, without what isn't
 * in the release, and with Node, the addons' binaries and the sources' commit. The same release
 * gives the same bytes: npm's random serial number and the time are made from the contents.
 */
export const billOfMaterials = async (about: Materials, work: string): Promise<Buffer> => {
  const { sources, release, version, node } = about;
  const npms = await npmsBill(sources.folder, work);
  const components = npms.components
    .filter(({ name }) => isShipped(name))
    .concat(nodeComponent(node), ...addonComponents(about))
    .toSorted(byRef);
  const kept = new Set(components.map((one) => one['bom-ref']));
  const ref = `countertap@${version}`;
  const roots = npms.metadata.component['bom-ref'];
  const dependencies = npms.dependencies
    .filter((one) => one.ref === roots || kept.has(one.ref))
    .map((one) => ({
      ref: one.ref === roots ? ref : one.ref,
      dependsOn: (one.dependsOn ?? [])
        .filter((other) => kept.has(other))
        .concat(one.ref === roots ? [refOf(node)] : [])
        .toSorted(),
    }))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  const component = {
    'bom-ref': ref,
    type: 'application',
    name: 'countertap',
    version,
    licenses: [{ license: { id: 'Apache-2.0' } }],
    properties: propertiesOf(about),
  };
  const contents = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { timestamp: sources.committedAt, component },
    components,
    dependencies,
  };
  const serialNumber = `urn:uuid:${uuidOf(release + JSON.stringify(contents))}`;
  return Buffer.from(`${JSON.stringify({ ...contents, serialNumber }, null, 1)}\n`);
};

// With `--omit=dev` npm leaves out what tests need as well as the runtime (npm 11.21). So it gets a
// project that has no tests.
const npmsBill = async (folder: string, work: string): Promise<Bill> => {
  const place = await mkdtemp(join(work, '.bill-'));
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const write = (name: string, json: unknown) => writeFile(join(place, name), JSON.stringify(json));
  try {
    const described = { ...(await read('package.json')), devDependencies: {} };
    const lock: Lock = await read('package-lock.json');
    const kept = Object.entries(lock.packages).filter(([, one]) => one['dev'] !== true);
    const packages = { ...Object.fromEntries(kept), '': described };
    await write('package.json', described);
    await write('package-lock.json', { ...lock, packages });
    const words = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--loglevel=error'];
    return JSON.parse(await output('npm', words, { cwd: place }));
  } finally {
    await rm(place, { recursive: true });
  }
};

const propertiesOf = ({ release, machine, sources, compiler }: Materials) =>
  Object.entries({
    release,
    machine,
    commit: sources.commit,
    ...(sources.dirty === undefined ? {} : { changedSinceCommit: sources.dirty }),
    compiler,
  }).map(([name, value]) => ({ name: `countertap:${name}`, value }));

const refOf = (node: NodeBuild): string => `node@${node.version}`;

const nodeComponent = (node: NodeBuild): Component => ({
  'bom-ref': refOf(node),
  type: 'platform',
  name: 'node',
  version: node.version,
  purl: `pkg:npm/${node.package}@${node.version}`,
  hashes: [{ alg: 'SHA-256', content: node.sha256 }],
  licenses: [{ license: { id: 'MIT' } }],
});

const addonComponents = ({ files }: Materials): Component[] =>
  files
    .filter(({ path }) => path.endsWith('.node'))
    .map(({ path, bytes }) => ({
      'bom-ref': path,
      type: 'file',
      name: path,
      hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') }],
    }));

const byRef = (a: Component, b: Component): number => (a['bom-ref'] < b['bom-ref'] ? -1 : 1);

// Version 8 of RFC 9562: what the bits mean is ours; here, the contents' SHA-256.
const uuidOf = (text: string): string => {
  const digits = createHash('sha256').update(text).digest('hex');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
};
