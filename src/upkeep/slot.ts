import { createHash } from 'node:crypto';
import type { Disk } from '#ports/disk.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Incoming } from './bundle.ts';
import { foldersOf, type Manifest, type ManifestFile } from './manifest.ts';
import { type Refusal, refusal } from './refusal.ts';

/**
 * Unpacks a bundle's files into a folder that isn't there yet. Each is compared with the manifest
 * as it comes; when it resolves to undefined all of it is on the disk, manifest.json last.
 */
export const unpack = async (
  disk: Disk,
  slotPath: string,
  incoming: Incoming,
  manifest: Manifest,
  manifestBytes: Uint8Array,
): Promise<Refusal | undefined> => {
  const folders = [slotPath, ...foldersOf(manifest).map((folder) => `${slotPath}/${folder}`)];
  for (const folder of folders) {
    const problem = await disk.makeFolder(folder);
    if (problem) return onDisk(problem);
  }
  for (const file of manifest.files) {
    const problem = await unpackFile(disk, slotPath, incoming, file);
    if (problem) return problem;
  }
  const over = await incoming.end();
  if (over) return over;
  const unsynced = await syncFiles(disk, slotPath, manifest.files);
  if (unsynced) return onDisk(unsynced);
  for (const folder of folders.toReversed()) {
    const problem = await disk.syncFolder(folder);
    if (problem) return onDisk(problem);
  }
  const problem =
    (await writeFile(disk, `${slotPath}/manifest.json`, manifestBytes)) ??
    (await disk.syncFolder(slotPath)) ??
    (await disk.syncFolder(above(slotPath)));
  return problem && onDisk(problem);
};

/** Reads a slot back: undefined when it holds all that the manifest says, and nothing else. */
export const checkSlot = async (
  disk: Disk,
  slotPath: string,
  manifest: Manifest,
  digest: string,
): Promise<Refusal | undefined> => {
  const found = new Set<string>();
  const strange = await walk(disk, slotPath, '', found);
  if (strange) return strange;
  const wanted = [{ path: 'manifest.json', sha256: digest, mode: 0o644 }, ...manifest.files];
  for (const { path, sha256, mode } of wanted) {
    const hash = createHash('sha256');
    const read = await disk.read(`${slotPath}/${path}`, (piece) => hash.update(piece));
    if (isFault(read)) return onDisk(read);
    if (read === 'absent') return refusal('lying', `${path} is missing`);
    if (hash.digest('hex') !== sha256) return refusal('lying', `${path} isn't what it should be`);
    if (!found.delete(`${path} ${mode}`)) return refusal('lying', `${path} has other permissions`);
  }
  const [extra] = found;
  return extra === undefined ? undefined : refusal('lying', `${extra} belongs to no release`);
};

/** Removes a folder and all below it. Links are removed, not followed. */
export const removeTree = async (disk: Disk, path: string): Promise<Fault | undefined> => {
  const entries = await disk.list(path);
  if (isFault(entries)) return entries;
  // A link may stand there.
  if (entries === 'absent') return disk.remove(path);
  for (const { name, kind } of entries) {
    const below = `${path}/${name}`;
    const problem = kind === 'folder' ? await removeTree(disk, below) : await disk.remove(below);
    if (problem) return problem;
  }
  return disk.remove(path);
};

/** Bytes of all files in and below a folder. */
export const sizeOf = async (disk: Disk, path: string): Promise<number | Fault> => {
  const entries = await disk.list(path);
  if (isFault(entries)) return entries;
  let sum = 0;
  for (const { name, kind, size } of entries === 'absent' ? [] : entries) {
    const below = kind === 'folder' ? await sizeOf(disk, `${path}/${name}`) : size;
    if (isFault(below)) return below;
    sum += below;
  }
  return sum;
};

// Not each as it is written: a file system takes several that wait at the same time to the disk in
// one go: the 4,400 of a release take a third to a fifth of the time.
const syncFiles = async (disk: Disk, slotPath: string, files: readonly ManifestFile[]) => {
  for (let at = 0; at < files.length; at += SYNCED_AT_ONCE) {
    const few = files.slice(at, at + SYNCED_AT_ONCE);
    const waited = await Promise.all(few.map(({ path }) => disk.syncFile(`${slotPath}/${path}`)));
    const problem = waited.find((one) => one !== undefined);
    if (problem) return problem;
  }
  return undefined;
};

const SYNCED_AT_ONCE = 64;

const unpackFile = async (
  disk: Disk,
  slotPath: string,
  incoming: Incoming,
  { path, size, mode, sha256: wanted }: ManifestFile,
): Promise<Refusal | undefined> => {
  const file = await disk.create(`${slotPath}/${path}`, mode);
  if (isFault(file)) return onDisk(file);
  const hash = createHash('sha256');
  const problem = await incoming.contents<Fault>(size, (piece) => {
    hash.update(piece);
    return file.write(piece);
  });
  const closed = await file.close();
  const first = problem ?? closed;
  if (isFault(first)) return onDisk(first);
  if (first) return first;
  return hash.digest('hex') === wanted
    ? undefined
    : refusal('lying', `${path} isn't what the manifest says`);
};

const writeFile = async (disk: Disk, path: string, bytes: Uint8Array) => {
  const file = await disk.create(path, 0o644);
  if (isFault(file)) return file;
  const problem = (await file.write(bytes)) ?? (await file.sync());
  return (await file.close()) ?? problem;
};

const walk = async (
  disk: Disk,
  slotPath: string,
  below: string,
  found: Set<string>,
): Promise<Refusal | undefined> => {
  const entries = await disk.list(slotPath + below);
  if (isFault(entries)) return onDisk(entries);
  for (const { name, kind, mode } of entries === 'absent' ? [] : entries) {
    const path = `${below}/${name}`;
    if (kind === 'other') return refusal('lying', `${path.slice(1)} is neither file nor folder`);
    const problem = kind === 'folder' ? await walk(disk, slotPath, path, found) : undefined;
    if (problem) return problem;
    if (kind === 'file') found.add(`${path.slice(1)} ${mode}`);
  }
  return undefined;
};

export const onDisk = ({ detail }: Fault): Refusal =>
  refusal(/ENOSPC|EDQUOT/.test(detail) ? 'diskFull' : 'disk', detail);

const above = (path: string): string => path.slice(0, path.lastIndexOf('/'));
