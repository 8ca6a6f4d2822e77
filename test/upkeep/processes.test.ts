import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { machineDisk, processSelfTest } from '#drivers/disk/index.ts';
import { inPieces, must } from '#test/support/release.ts';
import {
  install,
  packBundle,
  readState,
  type Site,
  settle,
  switchOver,
  tellHealthy,
} from '#upkeep/index.ts';
import { killInstalls } from '../../scripts/power-cuts/campaign.ts';

const root = mkdtempSync(join(tmpdir(), 'countertap-launcher-'));
afterAll(() => rmSync(root, { recursive: true }));

const selfTest = processSelfTest(60_000);
const site: Site = { disk: machineDisk, root, machine: 'linux-x64', selfTest, probationMs: 0 };

const arrive = async (version: string, script: string): Promise<void> => {
  const start = `#!/bin/sh\n[ "$1" = self-test ] && exit 0\n${script}\n`;
  const about = { release: version, version, floor: '0.0.0', machine: 'linux-x64' } as const;
  const bundle = packBundle(about, [{ path: 'start', mode: 0o755, bytes: Buffer.from(start) }]);
  must(await install(site, inPieces(bundle)));
  must(await switchOver(site));
};

const launch = async (): Promise<{ readonly stdout: string; readonly stderr: string }> => {
  copyFileSync(new URL('../../src/upkeep/launcher.ts', import.meta.url), `${root}/launcher.mts`);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    `${root}/launcher.mts`,
    root,
    'run',
  ]);
  return { stdout, stderr };
};

test('ten kills of a process that installs leave the old release or the new one', async () => {
  const { kills, broken } = await killInstalls({ kills: 10, seed: 7 });
  expect({ kills, broken }).toEqual({ kills: 10, broken: [] });
}, 300_000);

test('the launcher, a file alone, leaves a release that crashes at its start', async () => {
  await arrive('1.0.0', 'echo "old with $*"; kill -TERM $PPID; exec sleep 60');
  await launch();
  // A stop is no start.
  expect(await readState(machineDisk, root)).toMatchObject({ slots: { a: { starts: 1 } } });
  must(await tellHealthy(site));
  must(await settle(site, '0.0.0'));
  await arrive('2.0.0', 'echo new; exit 1');
  expect(await launch()).toEqual({ stdout: 'new\nnew\nnew\nold with run\n', stderr: '' });
  expect(await readState(machineDisk, root)).toMatchObject({ phase: 'rolledBack', current: 'a' });
}, 120_000);
