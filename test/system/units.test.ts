import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '#test/support/running-terminal.ts';

// systemd itself judges our units; it need not run for that.

const CONFIG = join(import.meta.dirname, '../../config');
const UNITS = ['countertap.service', 'countertap-kiosk.service'];

let machine: string;

beforeAll(() => {
  machine = mkdtempSync(join(tmpdir(), 'countertap-units-'));
  const put = (path: string, contents = '#!/bin/sh\n', mode = 0o755) => {
    mkdirSync(dirname(join(machine, path)), { recursive: true });
    writeFileSync(join(machine, path), contents, { mode });
  };
  // What Debian brings: its own units, pcscd's among them.
  cpSync('/usr/lib/systemd/system', join(machine, 'usr/lib/systemd/system'), { recursive: true });
  for (const program of ['opt/countertap/node', 'usr/lib/countertap/kiosk', 'usr/bin/cage']) {
    put(program);
  }
  put('usr/sbin/pcscd');
  for (const unit of UNITS) {
    put(
      `usr/lib/systemd/system/${unit}`,
      readFileSync(join(CONFIG, 'systemd', unit), 'utf8'),
      0o644,
    );
  }
});

afterAll(() => rmSync(machine, { recursive: true, force: true }));

const analyze = (...words: readonly string[]) =>
  spawnSync('systemd-analyze', [...words], { encoding: 'utf8' });

const exposure = (unit: string): number => {
  const { stdout } = analyze('security', '--offline=true', `--root=${machine}`, unit);
  return Number(/exposure level for \S+: ([0-9.]+)/.exec(stdout)?.[1]);
};

describe('systemd-analyze', () => {
  test.each(UNITS)('finds nothing to say about %s', (unit) => {
    const { status, stdout, stderr } = analyze('verify', '--man=no', `--root=${machine}`, unit);
    expect(stdout + stderr).not.toContain('countertap');
    expect(status).toBe(0);
  });

  test('would say so, if a line of a unit made no sense', () => {
    const broken = join(machine, 'usr/lib/systemd/system/broken.service');
    writeFileSync(broken, '[Service]\nExecStart=/opt/countertap/node\nNoSuchSetting=yes\n');
    const { stderr } = analyze('verify', '--man=no', `--root=${machine}`, 'broken.service');
    expect(stderr).toContain('NoSuchSetting');
    rmSync(broken);
  });

  test('gives the terminal a score of at most 2.0 (10 is the worst)', () => {
    expect(exposure('countertap.service')).toBeLessThanOrEqual(2);
  });

  // Chromium's own sandbox needs what a stricter unit would take.
  test('gives the browser a score of at most 4.5', () => {
    expect(exposure('countertap-kiosk.service')).toBeLessThanOrEqual(4.5);
  });
});

/** Each with its reason in docs/installing-on-a-pi.md or in the unit. */
const EXPLAINED = [
  'DeviceAllow=',
  'IPAddressDeny=',
  'MemoryDenyWriteExecute=',
  'NotifyAccess=',
  'PrivateDevices=',
  'PrivateNetwork=',
  'ProcSubset=',
  'RestrictAddressFamilies=~AF_(INET|INET6)',
  'RestrictAddressFamilies=~AF_NETLINK',
  'RestrictAddressFamilies=~AF_UNIX',
  'RootDirectory=/RootImage=',
  'SystemCallFilter=~@resources',
];

test('the terminal may do no more than the page about installing names', () => {
  const { stdout } = analyze('security', '--offline=true', `--root=${machine}`, UNITS[0] ?? '');
  const open = [...stdout.matchAll(/^✗ (\S+)/gm)].map(([, name]) => name ?? '');
  expect(open.length).toBeGreaterThan(0);
  expect(open.filter((name) => !EXPLAINED.includes(name))).toEqual([]);
});

const QUIET = { stdio: 'pipe' } as const;

test('users and folders are made as systemd-sysusers and systemd-tmpfiles read them', () => {
  const root = mkdtempSync(join(tmpdir(), 'countertap-users-'));
  mkdirSync(join(root, 'etc'));
  const systemd = join(CONFIG, 'systemd');
  execFileSync('systemd-sysusers', [`--root=${root}`, join(systemd, 'sysusers.conf')], QUIET);
  execFileSync('systemd-tmpfiles', ['--create', `--root=${root}`, join(systemd, 'tmpfiles.conf')]);
  const users = readFileSync(join(root, 'etc/passwd'), 'utf8');
  expect(users).toMatch(/^countertap:.*:\/var\/lib\/countertap:\/usr\/sbin\/nologin$/m);
  expect(users).toMatch(/^countertap-kiosk:/m);
  rmSync(root, { recursive: true });
});

test('the browser is started when the display can be reached, and not before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countertap-kiosk-'));
  const browser = join(folder, 'chromium');
  writeFileSync(browser, '#!/bin/sh\necho "started $*"\n', { mode: 0o755 });
  const port = await freePort();
  const display = `http://127.0.0.1:${port}/`;
  const kiosk = spawn(join(CONFIG, 'systemd/kiosk'), [], {
    env: {
      ...{ PATH: `${folder}:${process.env['PATH']}`, COUNTERTAP_DISPLAY: display },
      RUNTIME_DIRECTORY: '/run/countertap-kiosk',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  kiosk.stdout.on('data', (piece: Buffer) => {
    said += piece.toString();
  });
  await sleep(300);
  expect(said).toBe('');
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(kiosk, 'close');
  server.close();
  expect(said).toMatch(/^started --kiosk --user-data-dir=\/run\/countertap-kiosk\/profile /);
  expect(said.trim().endsWith(display)).toBe(true);
  rmSync(folder, { recursive: true });
});
