import { createReadStream } from 'node:fs';
import { machineDisk } from '#drivers/disk/index.ts';
import type { SelfTest } from '#ports/self-tests.ts';
import { install, isRefusal, MACHINES, readState, type Site, switchOver } from '#upkeep/index.ts';
import { type ExitCode, exit, fail, say } from '../exit.ts';

/**
 * `countertap install-release`: the first release of a new installation, for scripts/install. What
 * comes after it are updates, which ask who made them. Nothing is tried: there is no release to
 * stay with, and no reader yet; its first start is watched as every other's.
 */
export const installRelease = async (bundle: string, root: string): Promise<ExitCode> => {
  const site = siteAt(root);
  if (site === undefined) return fail(`there are no releases for this machine: ${process.arch}`);
  const before = await readState(site.disk, root);
  if (isRefusal(before)) return fail(before.detail);
  if (before !== 'absent' && before.phase !== 'unpacking' && before.phase !== 'rolledBack') {
    return fail(`a release is installed in ${root}; \`countertap update\` brings another`);
  }
  const installed = await install(site, createReadStream(bundle));
  if (isRefusal(installed)) return fail(`${installed.refused}: ${installed.detail}`);
  const state = await switchOver(site);
  if (isRefusal(state)) return fail(state.detail);
  say(`${state.slots[state.current]?.release} is installed in slot ${state.current}`);
  return exit.ok;
};

const siteAt = (root: string): Site | undefined => {
  const names = { x64: 'linux-x64', arm64: 'linux-arm64', arm: 'linux-armv7' } as const;
  const wanted = Object.entries(names).find(([arch]) => arch === process.arch)?.[1];
  const machine = MACHINES.find((one) => one === wanted);
  return machine && { disk: machineDisk, root, machine, selfTest: UNTRIED, probationMs: 600_000 };
};

const UNTRIED: SelfTest = { run: async () => undefined };
