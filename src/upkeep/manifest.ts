import * as v from 'valibot';
import { type Refusal, refusal } from './refusal.ts';

export const MACHINES = ['linux-x64', 'linux-arm64', 'linux-armv7'] as const;
export type Machine = (typeof MACHINES)[number];

export const MOST_MANIFEST_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 50_000;
const MOST_BYTES = 2 * 1024 ** 3;
/** The file that the launcher starts; it stands at the top of each release. */
export const START = 'start';

// Plain names only: nothing that another file system, shell or reader takes for something else.
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9@+~_.,()[\]$#! -]{1,200}$/;
const isPath = (path: string): boolean =>
  path.length <= 1024 && path !== 'manifest.json' && path.split('/').every((s) => NAME.test(s));

const version = v.pipe(v.string(), v.regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/));

const file = v.strictObject({
  path: v.pipe(v.string(), v.check(isPath, 'a plain path inside the release')),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MOST_BYTES)),
  mode: v.picklist([0o644, 0o755]),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const schema = v.strictObject({
  format: v.literal(1),
  release: v.pipe(v.string(), v.regex(/^[\w.+-]{1,80}$/)),
  version,
  /** Once this release is settled, nothing older than that is installed. */
  floor: version,
  machine: v.picklist(MACHINES),
  files: v.pipe(v.array(file), v.minLength(1), v.maxLength(MOST_FILES)),
});

/** What a release consists of; `files` in the order of their contents in the bundle. */
export type Manifest = v.InferOutput<typeof schema>;
export type ManifestFile = Manifest['files'][number];

/** Reads manifest.json, or says why no release may have it: never more than one reason. */
export const parseManifest = (bytes: Uint8Array): Manifest | Refusal => {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refusal('manifest', 'manifest.json is no JSON');
  }
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (!parsed.success) {
    const [{ path, message }] = parsed.issues;
    const where = (path ?? []).map(({ key }) => String(key)).join('.');
    return refusal('manifest', `manifest.json: ${where}: ${message.slice(0, 200)}`);
  }
  const problem = problemOf(parsed.output);
  return problem === undefined ? parsed.output : refusal('manifest', `manifest.json: ${problem}`);
};

/** All folders that the files lie in, each after the one above it. */
export const foldersOf = ({ files }: Manifest): string[] => {
  const folders = new Set<string>();
  for (const { path } of files) {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth++) folders.add(names.slice(0, depth).join('/'));
  }
  return [...folders].sort();
};

/** What the release takes on a disk that gives space in blocks of 4 KiB, in bytes. */
export const spaceFor = (manifest: Manifest): number =>
  [...manifest.files.map(({ size }) => size), ...foldersOf(manifest).map(() => 1)].reduce(
    (sum, size) => sum + Math.ceil(size / 4096) * 4096,
    MOST_MANIFEST_BYTES,
  );

const problemOf = (manifest: Manifest): string | undefined => {
  const paths = new Set(manifest.files.map(({ path }) => path));
  if (paths.size < manifest.files.length) return 'a file stands there twice';
  const both = foldersOf(manifest).find((folder) => paths.has(folder));
  if (both !== undefined) return `${both} is a file and a folder`;
  const total = manifest.files.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST_BYTES) return 'larger than 2 GiB';
  const start = manifest.files.find(({ path }) => path === START);
  return start?.mode === 0o755 ? undefined : `no executable file "${START}"`;
};
