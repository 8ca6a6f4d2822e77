import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { machineDisk, processSelfTest } from '#drivers/disk/index.ts';
import { launcherIn } from '#test/support/launcher-file.ts';
import { inPieces, must } from '#test/support/release.ts';
import {
  install,
  packBundle,
  readState,
  rollBack,
  type Site,
  settle,
  switchOver,
  tellHealthy,
} from '#upkeep/index.ts';
import { killInstalls } from '../../scripts/power-cuts/campaign.ts';

const root = mkdtempSync(join(tmpdir(), 'countertap-launcher-'));
afterAll(() => rmSync(root, { recursive: true }));

const HOLDER = fileURLToPath(new URL('../support/lock-holder.ts', import.meta.url));
const selfTest = processSelfTest(60_000);
const site: Site = { disk: machineDisk, root, machine: 'linux-x64', selfTest, probationMs: 0 };

const arrive = async (version: string, script: string): Promise<void> => {
  const start = `#!/bin/sh\n[ "$1" = self-test ] && exit 0\n${script}\n`;
  const about = { release: version, version, floor: '0.0.0', machine: 'linux-x64' } as const;
  const bundle = packBundle(about, [{ path: 'start', mode: 0o755, bytes: Buffer.from(start) }]);
  must(await install(site, inPieces(bundle)));
  must(await switchOver(site));
};

const launch = async (
  ...flags: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> => {
  const words = [...flags, launcherIn(root), root, 'run'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words);
  return { stdout, stderr };
};

// The launcher's two minutes, over in a moment; its file is the one that runs in the field.
const HASTE = `data:text/javascript,${encodeURIComponent(`
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (work, ms, ...more) => real(work, ms === 120_000 ? 400 : ms, ...more);
`)}`;

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

describe('a release that hangs', () => {
  test('in its probation is killed and left for the one before', async () => {
    await arrive('3.0.0', 'echo hung; exec sleep 600');
    const { stdout } = await launch('--import', HASTE);
    expect(stdout).toBe('hung\nhung\nhung\nold with run\n');
    expect(await readState(machineDisk, root)).toMatchObject({
      ...{ phase: 'rolledBack', current: 'a' },
      reason: "3.0.0 was left after 3 starts that weren't healthy",
    });
  }, 120_000);

  test('and is settled may wait for its reader as long as it likes', async () => {
    await arrive('4.0.0', 'echo waits; sleep 1.2; echo still; kill -TERM $PPID; exec sleep 60');
    must(await tellHealthy(site));
    // Its probation begins with the first start.
    await launch();
    must(await tellHealthy(site));
    must(await settle(site, '0.0.0'));
    expect((await launch('--import', HASTE)).stdout).toBe('waits\nstill\n');
  }, 120_000);
});

test('a stop within the pause before the next start is the end of the launcher', async () => {
  // Once the release is gone, and before it is started anew, somebody stops the service.
  const after = 'while kill -0 $$ 2>/dev/null; do sleep 0.01; done; kill -TERM $launcher';
  await arrive('5.0.0', `echo crashed; launcher=$PPID; (${after}) & exit 1`);
  expect((await launch()).stdout).toBe('crashed\n');
  expect(await readState(machineDisk, root)).toMatchObject({
    slots: { b: { version: '4.0.0' }, a: { version: '5.0.0', starts: 1 } },
  });
}, 120_000);

test('a process that dies while it installs keeps nobody from the next install', async () => {
  const holder = spawn(process.execPath, [HOLDER, `${root}/install.lock`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(holder.stdout, 'data');
  expect(String(said)).toBe('held\n');
  must(await rollBack(site, 'by staff'));
  expect(await install(site, inPieces(Buffer.from('')))).toMatchObject({
    ...{ refused: 'busy', detail: 'another process installs a release: wait until it is done' },
  });
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
  expect(await install(site, inPieces(Buffer.from('')))).toMatchObject({ refused: 'truncated' });
}, 60_000);
