import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Pointer, parsePointer, topLevelTarget } from '#drivers/tuf/pointer.ts';
import { readBundle } from '#upkeep/bundle.ts';
import { isRefusal, MACHINES, parseManifest } from '#upkeep/index.ts';
import { currentTargets, draft, type Maker, type SignedJson, writeWhole } from './store.ts';
import { Trouble } from './trouble.ts';

interface TargetJson {
  readonly length: number;
  readonly hashes: { readonly sha256: string };
}

/** Adds bundles under the names that their manifests give them. Returns the targets' paths. */
export const addReleases = async (maker: Maker, bundles: readonly string[]): Promise<string[]> => {
  const added: string[] = [];
  for (const bundle of bundles) {
    const { version, machine } = await manifestIn(bundle);
    added.push(await addTarget(maker, bundle, `releases/countertap-${version}-${machine}.bundle`));
  }
  return added;
};

/** Adds firmware images under their own names. */
export const addFirmware = async (maker: Maker, files: readonly string[]): Promise<string[]> => {
  const added: string[] = [];
  for (const file of files) added.push(await addTarget(maker, file, `firmware/${basename(file)}`));
  return added;
};

export interface Choice {
  /** A version such as "1.4.0", for each machine that the maker has it for. */
  readonly release?: string;
  readonly machines: readonly string[];
  readonly firmware: Pointer['firmware'];
}

/**
 * Writes what a channel or a store chooses, for each machine, into its holder's draft.
 * @param folder such as "channels/stable" or "stores/0042"
 */
export const point = async (
  maker: Maker,
  role: string,
  folder: string,
  choice: Choice,
): Promise<string[]> => {
  const { targets } = currentTargets(maker).signed;
  const machines = choice.machines.length > 0 ? choice.machines : machinesOf(maker, choice.release);
  if (machines.length === 0) throw new Trouble(`no bundle of ${choice.release} has been added`);
  const pointed: string[] = [];
  for (const machine of machines) {
    const release = `releases/countertap-${choice.release}-${machine}.bundle`;
    const pointer = {
      ...(choice.release === undefined ? {} : { release }),
      ...(choice.firmware === undefined ? {} : { firmware: choice.firmware }),
    };
    const path = `${folder}/${machine}.json`;
    const bytes = Buffer.from(`${JSON.stringify(pointer)}\n`);
    checkedPointer(bytes, path);
    const named = [pointer.release, ...Object.values(pointer.firmware ?? {}).map((f) => f.target)];
    const unknown = named.find((name) => name !== undefined && !Object.hasOwn(targets, name));
    if (unknown !== undefined) throw new Trouble(`${unknown} has not been added`);
    await putPointer(maker, role, path, bytes);
    pointed.push(path);
  }
  return pointed;
};

/** Signs nothing and checks nothing: for `point`, and for tests of what clients refuse. */
export const putPointer = async (
  maker: Maker,
  role: string,
  path: string,
  bytes: Buffer,
): Promise<void> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = join(maker.folder, 'targets', dirname(path), `${sha256}.${basename(path)}`);
  writeWhole(file, bytes);
  draft(maker, role, 'delegated', (signed) => {
    targetsOf(signed)[path] = { length: bytes.length, hashes: { sha256 } };
  });
};

const addTarget = async (maker: Maker, file: string, path: string): Promise<string> => {
  const sha256 = await digestOf(file);
  const known = topLevelTarget(currentTargets(maker).signed, path);
  if (known !== undefined && known.hashes['sha256'] !== sha256) {
    throw new Trouble(`${path} is there with other contents: a version is made only once`);
  }
  const folder = join(maker.folder, 'targets', dirname(path));
  await mkdir(folder, { recursive: true });
  const place = join(folder, `${sha256}.${basename(path)}`);
  if (!existsSync(place)) {
    await copyFile(file, `${place}.new`);
    await rename(`${place}.new`, place);
  }
  if (known !== undefined) return path;
  const { size } = statSync(file);
  draft(maker, 'targets', 'targets', (signed) => {
    targetsOf(signed)[path] = { length: size, hashes: { sha256 } };
  });
  return path;
};

const targetsOf = (signed: SignedJson): Record<string, TargetJson> => {
  signed['targets'] ??= {};
  return signed['targets'] as Record<string, TargetJson>;
};

const manifestIn = async (bundle: string) => {
  if (!existsSync(bundle)) throw new Trouble(`${bundle} isn't there`);
  const incoming = readBundle(createReadStream(bundle));
  try {
    const bytes = await incoming.manifest();
    const manifest = isRefusal(bytes) ? bytes : parseManifest(bytes as Uint8Array);
    if (isRefusal(manifest)) throw new Trouble(`${bundle}: ${manifest.detail}`);
    return manifest;
  } finally {
    await incoming.close();
  }
};

/** SHA-256 of a file, in lower-case hexadecimal. */
export const digestOf = async (file: string): Promise<string> => {
  if (!existsSync(file)) throw new Trouble(`${file} isn't there`);
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest('hex');
};

const machinesOf = (maker: Maker, version: string | undefined): string[] => {
  const { targets } = currentTargets(maker).signed;
  return MACHINES.filter((machine) =>
    version === undefined
      ? true
      : Object.hasOwn(targets, `releases/countertap-${version}-${machine}.bundle`),
  );
};

const checkedPointer = (bytes: Buffer, path: string): void => {
  try {
    parsePointer(bytes, path);
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
};
