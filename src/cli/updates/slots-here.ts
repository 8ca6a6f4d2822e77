import { resolve } from 'node:path';
import { machineDisk } from '#drivers/disk/index.ts';
import type { Disk } from '#ports/disk.ts';
import type { Machine } from '#upkeep/index.ts';

/** Where the releases of this terminal lie. */
export interface SlotsHere {
  readonly disk: Disk;
  /** The folder with `current` and `slots`. */
  readonly root: string;
  /** The release that this process runs from. */
  readonly slot?: string;
}

/** Undefined for a terminal that runs from a checkout: a release's `start` says where it lies. */
export const slotsHere = (): SlotsHere | undefined => {
  const { COUNTERTAP_ROOT: root, COUNTERTAP_SLOT: slot } = process.env;
  if (!root) return undefined;
  return { disk: machineDisk, root: resolve(root), ...(slot ? { slot: resolve(slot) } : {}) };
};

/** Undefined for a machine that no release is made for. */
export const machineHere = (): Machine | undefined =>
  process.platform === 'linux' ? MACHINES_BY_ARCH[process.arch] : undefined;

const MACHINES_BY_ARCH: Readonly<Record<string, Machine>> = {
  x64: 'linux-x64',
  arm64: 'linux-arm64',
  arm: 'linux-armv7',
};
