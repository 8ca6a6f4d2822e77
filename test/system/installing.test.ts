import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedFile, packBundle } from '#upkeep/index.ts';

// scripts/install and scripts/uninstall, into a folder: with a small release whose start and Node
// are this checkout's own.

const ROOT = join(import.meta.dirname, '..', '..');
const MACHINE = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';

let folder: string;
let prefix: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countertap-install-'));
  prefix = join(folder, 'machine');
  bundle = join(folder, 'countertap-1.0.0.bundle');
  writeFileSync(bundle, packBundle(about('1.0.0'), release()));
  install('--bundle', bundle);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const about = (version: string) =>
  ({ release: `countertap-${version}`, version, floor: '0.0.0', machine: MACHINE }) as const;

const script = (path: string, line: string): PackedFile => ({
  ...{ path, mode: 0o755 },
  bytes: Buffer.from(`#!/bin/sh\n${line}\n`),
});

const release = (): PackedFile[] => [
  script('start', `exec '${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}' "$@"`),
  script('node/bin/node', `exec '${process.execPath}' "$@"`),
  ...['src/upkeep/launcher.ts', ...filesBelow('config')].map((path): PackedFile => {
    const mode = (lstatSync(join(ROOT, path)).mode & 0o100) === 0 ? 0o644 : 0o755;
    return { path, mode, bytes: readFileSync(join(ROOT, path)) };
  }),
];

const filesBelow = (below: string): readonly string[] =>
  readdirSync(join(ROOT, below), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(ROOT.length + 1));

const install = (...words: readonly string[]): string =>
  execFileSync(join(ROOT, 'scripts/install'), ['--prefix', prefix, ...words], { encoding: 'utf8' });

const uninstall = (...words: readonly string[]): string =>
  execFileSync(join(ROOT, 'scripts/uninstall'), ['--prefix', prefix, ...words], {
    encoding: 'utf8',
  });

/** Every path with its mode, its owner and its contents. */
const picture = (): readonly string[] =>
  readdirSync(prefix, { recursive: true, withFileTypes: true })
    .map((one) => {
      const path = join(one.parentPath, one.name);
      const { mode, uid, gid } = lstatSync(path);
      const contents = one.isFile() ? readFileSync(path, 'base64') : '';
      return `${path.slice(prefix.length)} ${mode.toString(8)} ${uid}:${gid} ${contents}`;
    })
    .toSorted();

const at = (path: string) => join(prefix, path);
const modeOf = (path: string) => (lstatSync(at(path)).mode & 0o7777).toString(8);

const userNumber = (): number =>
  Number(/^countertap:[^:]*:(\d+):/m.exec(readFileSync(at('etc/passwd'), 'utf8'))?.[1]);

describe('an installation', () => {
  test('has the release in slot a, for the launcher to start', () => {
    const [, state = ''] = readFileSync(at('opt/countertap/current'), 'utf8').split('\n');
    expect(JSON.parse(state)).toMatchObject({
      ...{ current: 'a', phase: 'switched' },
      slots: { a: { release: 'countertap-1.0.0' }, b: null },
    });
    const started = spawnSync(
      at('opt/countertap/slots/a/start'),
      ['schemes', '--config', at('etc/countertap')],
      { encoding: 'utf8' },
    );
    expect(started.status).toBe(0);
  });

  test("lets the terminal's user write slots and state, and not launcher, Node or configuration", () => {
    const user = userNumber();
    for (const path of ['slots', 'slots/a/start', 'current', 'current.copy']) {
      expect(lstatSync(at(`opt/countertap/${path}`)).uid, path).toBe(user);
    }
    expect(modeOf('opt/countertap')).toBe('1775');
    for (const path of ['opt/countertap', 'opt/countertap/node', 'opt/countertap/launcher.mts']) {
      expect(lstatSync(at(path)).uid, path).toBe(0);
    }
    expect(lstatSync(at('etc/countertap/terminal.json')).uid).toBe(0);
    expect(modeOf('etc/countertap/terminal.json')).toBe('640');
    expect(modeOf('var/lib/countertap')).toBe('700');
    expect(lstatSync(at('var/lib/countertap')).uid).toBe(user);
  });

  test('a second time changes nothing', () => {
    const before = picture();
    const said = install('--bundle', bundle);
    expect(said).toContain('/etc/countertap stays as it is');
    expect(said).toContain('one is here');
    expect(picture()).toEqual(before);
  });

  test("leaves the shop's own configuration alone", () => {
    const file = at('etc/countertap/terminal.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, '{ "mine": true }');
    install('--bundle', bundle, '--config', join(ROOT, 'config/base'));
    expect(readFileSync(file, 'utf8')).toBe('{ "mine": true }');
    writeFileSync(file, before);
  });

  test('knows where updates come from, and whom to believe', () => {
    const rootJson = join(folder, 'root.json');
    writeFileSync(rootJson, '{ "signed": {} }');
    const updated = join(folder, 'updated');
    execFileSync(join(ROOT, 'scripts/install'), [
      ...['--prefix', updated, '--bundle', bundle, '--root-json', rootJson],
      ...['--repository', 'https://updates.example/countertap/'],
    ]);
    const config = JSON.parse(readFileSync(join(updated, 'etc/countertap/terminal.json'), 'utf8'));
    expect(config.upkeep).toEqual({ repository: 'https://updates.example/countertap/' });
    expect(readFileSync(join(updated, 'etc/countertap/trust/root.json'), 'utf8')).toContain(
      'signed',
    );
  });

  test('with --dry-run says each step and changes nothing', () => {
    const before = picture();
    const said = install('--dry-run', '--bundle', bundle);
    expect(said).toContain('Nothing was changed.');
    expect(picture()).toEqual(before);
    const fresh = join(folder, 'untouched');
    execFileSync(join(ROOT, 'scripts/install'), ['--dry-run', '--prefix', fresh]);
    expect(existsSync(fresh) ? readdirSync(fresh) : []).toEqual([]);
  });

  test.each([
    ['that is none', () => Buffer.from('this is a text, and no bundle'), 'no bundle of Countertap'],
    [
      'that ends too early',
      () => packBundle(about('1.0.0'), release()).subarray(0, 20_000),
      'too early',
    ],
  ])('stops at a bundle %s, with nothing in /opt', (_, contents, why) => {
    const file = join(folder, 'broken.bundle');
    writeFileSync(file, contents());
    const elsewhere = join(folder, 'elsewhere');
    const { status, stdout } = spawnSync(
      join(ROOT, 'scripts/install'),
      ['--prefix', elsewhere, '--bundle', file],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stdout).toContain(why);
    expect(existsSync(join(elsewhere, 'opt'))).toBe(false);
  });
});

describe('an uninstallation', () => {
  test('leaves state, logs, configuration and users, and nothing else of ours', () => {
    writeFileSync(at('var/lib/countertap/journal.db'), 'payments');
    uninstall();
    uninstall();
    const left = picture()
      .map((line) => line.split(' ')[0])
      .filter((path) => path?.includes('countertap'));
    const kept = /^\/(var\/(lib|log)|etc)\/countertap(\/|$)|^\/usr\/lib\/sysusers\.d\/countertap/;
    expect(left.filter((path) => !kept.test(path ?? ''))).toEqual([]);
    expect(readFileSync(at('var/lib/countertap/journal.db'), 'utf8')).toBe('payments');
  });

  test('is followed by an installation that takes up what was left', () => {
    install('--bundle', bundle);
    expect(readFileSync(at('var/lib/countertap/journal.db'), 'utf8')).toBe('payments');
    expect(existsSync(at('opt/countertap/slots/a/start'))).toBe(true);
  });

  test('with --purge asks, and takes nothing without the word', () => {
    const before = picture();
    const asked = spawnSync(join(ROOT, 'scripts/uninstall'), ['--prefix', prefix, '--purge'], {
      ...{ encoding: 'utf8', input: 'yes\n' },
    });
    expect(asked.status).toBe(1);
    expect(picture()).toEqual(before);
  });

  test('with --purge leaves nothing of ours at all', () => {
    const asked = spawnSync(join(ROOT, 'scripts/uninstall'), ['--prefix', prefix, '--purge'], {
      ...{ encoding: 'utf8', input: 'purge\n' },
    });
    expect(asked.status).toBe(0);
    expect(picture().filter((line) => line.includes('countertap'))).toEqual([]);
    expect(readFileSync(at('etc/passwd'), 'utf8')).not.toContain('countertap');
    rmSync(prefix, { recursive: true });
  });
});
