import type { SelfTest } from '#ports/self-tests.ts';
import {
  install,
  isRefusal,
  type PackedFile,
  packBundle,
  readState,
  type Site,
  type State,
  settle,
  switchOver,
  tellHealthy,
} from '#upkeep/index.ts';
import { COPIES, countStart, decode } from '#upkeep/launcher.ts';
import { SimulatedDisk } from './simulated-disk.ts';

export const ROOT = '/opt';
export const passes: SelfTest = { run: async () => undefined };

/** A small release: two folders, one file that all versions share, and what tells them apart. */
export const filesOf = (version: string): PackedFile[] => [
  { path: 'start', mode: 0o755, bytes: Buffer.from(`#!/bin/sh\necho ${version}\n`) },
  { path: 'lib/same.js', mode: 0o644, bytes: Buffer.from('the same in all releases') },
  { path: 'lib/deep/own.js', mode: 0o644, bytes: Buffer.from(`own of ${version}`.repeat(20)) },
  { path: `of-${version}.txt`, mode: 0o644, bytes: Buffer.alloc(0) },
];

export const about = (version: string, floor = '0.0.0') =>
  ({ release: `countertap-${version}`, version, floor, machine: 'linux-x64' }) as const;

export const bundleOf = (version: string, floor?: string): Buffer =>
  packBundle(about(version, floor), filesOf(version));

/** In pieces of this size, as it comes from a net. */
export async function* inPieces(bytes: Uint8Array, size = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const siteOn = (disk: SimulatedDisk, selfTest = passes): Site => ({
  disk: disk.disk,
  root: ROOT,
  machine: 'linux-x64',
  selfTest,
  probationMs: 60_000,
});

export const emptyDisk = async (): Promise<SimulatedDisk> => {
  const disk = new SimulatedDisk();
  await disk.disk.makeFolder(ROOT);
  await disk.disk.syncFolder('/');
  return disk;
};

/** From the bundle to a settled release, as the terminal goes through it. */
export const update = async (disk: SimulatedDisk, version: string): Promise<void> => {
  const site = siteOn(disk);
  must(await install(site, inPieces(bundleOf(version))));
  must(await switchOver(site));
  countStart(disk.files, ROOT);
  must(await tellHealthy(site));
  must(await settle(site, '0.0.0'));
};

/** A disk with the first release in slot a, and with the second, which is current, in slot b. */
export const settledDisk = async (first = '1.0.0', second = '2.0.0'): Promise<SimulatedDisk> => {
  const disk = await emptyDisk();
  await update(disk, first);
  await update(disk, second);
  return disk.copy();
};

export const must = <T>(value: T): Exclude<T, { refused: unknown }> => {
  if (isRefusal(value)) throw new Error(`${value.refused}: ${value.detail}`);
  return value as Exclude<T, { refused: unknown }>;
};

export const stateOn = async (disk: SimulatedDisk): Promise<State> => {
  const state = must(await readState(disk.disk, ROOT));
  if (state === 'absent') throw new Error('no state');
  return state;
};

/** The version of the release that stands whole in a slot, by its contents alone. */
export const wholeVersion = async (
  disk: SimulatedDisk,
  slot: string,
  versions: readonly string[],
): Promise<string | undefined> => {
  for (const version of versions) {
    let isWhole = true;
    for (const { path, bytes } of filesOf(version)) {
      const found: Uint8Array[] = [];
      const read = await disk.disk.read(`${ROOT}/slots/${slot}/${path}`, (p) => found.push(p));
      isWhole &&= read === undefined && Buffer.concat(found).equals(Buffer.from(bytes));
    }
    if (isWhole) return version;
  }
  return undefined;
};

export const damage = (disk: SimulatedDisk, ...names: readonly string[]): void => {
  for (const name of names) disk.put(`${ROOT}/${name}`, Buffer.from('damaged'));
};

/** The copies of the state that can be read. */
export const readableCopies = (disk: SimulatedDisk): State[] =>
  COPIES.flatMap((name) => {
    try {
      return decode(`${disk.files.read(`${ROOT}/${name}`)}`) ?? [];
    } catch {
      return [];
    }
  });
