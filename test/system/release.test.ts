import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineDisk } from '#drivers/disk/index.ts';
import { must, passes } from '#test/support/release.ts';
import { runTerminal } from '#test/support/running-terminal.ts';
import { install, isRefusal, type Machine, parseManifest } from '#upkeep/index.ts';
import { sha256 } from '#upkeep/launcher.ts';
import { checkSlot } from '#upkeep/slot.ts';
import { type BuiltRelease, buildRelease, HOSTS } from '../../scripts/releasing/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const machine: Machine = HOSTS[process.arch] ?? 'linux-armv7';
const run = promisify(execFile);

const home = await mkdtemp(join(tmpdir(), 'countertap-release-'));
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));

// The same commit in another folder, with the changes that this checkout has beyond it, and with a
// file that nobody committed.
const cloneOf = async (place: string): Promise<string> => {
  const git = (...words: string[]) =>
    run('git', ['-c', 'safe.directory=*', ...words], { cwd: ROOT });
  await git('clone', '--quiet', '--shared', ROOT, place);
  const { stdout } = await git('diff', '--name-only', '--no-renames', '-z', 'HEAD');
  for (const path of stdout.split('\0').filter(Boolean)) {
    await rm(join(place, path), { force: true });
    await cp(join(ROOT, path), join(place, path)).catch(() => undefined);
  }
  await symlink(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  await copyFile(join(ROOT, 'LICENSE'), join(place, 'src', 'nobody-committed-this.ts'));
  return place;
};

// In a process of its own, since time zone, language and umask are those of a process.
const buildIn = async (root: string, to: string, umask: string, env: Record<string, string>) => {
  const script = `umask ${umask}; exec "$0" --input-type=module -e "$1" "$2" "$3"`;
  const code = `
    const [root, to] = process.argv.slice(1);
    const { buildRelease } = await import(root + '/scripts/releasing/index.ts');
    const options = { machine: '${machine}', version: '7.8.9', floor: '7.0.0', allowDirty: true };
    console.log(JSON.stringify(await buildRelease({ ...options, root, to, work: to + '/work' })));
  `;
  const { stdout } = await run('sh', ['-c', script, process.execPath, code, root, to], {
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout) as BuiltRelease;
};

let first: BuiltRelease;
let second: BuiltRelease;
let firstMs = 0;
const root = join(home, 'root');
const slot = join(root, 'slots', 'a');

beforeAll(async () => {
  const elsewhere = await cloneOf(join(home, 'else where'));
  const from = performance.now();
  first = await buildIn(ROOT, join(home, 'one'), '022', { TZ: 'Asia/Tokyo', LANG: 'C' });
  firstMs = performance.now() - from;
  const env = { TZ: 'America/Lima', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
  second = await buildIn(elsewhere, join(home, 'two'), '077', env);
  await mkdir(root);
  const site = { disk: machineDisk, root, machine, selfTest: passes, probationMs: 0 };
  must(await install(site, createReadStream(first.bundle)));
  // A minute and a half; a busy machine takes its time.
}, 1_800_000);

describe('a release', () => {
  it('built twice is the same: elsewhere, later, in another language and time zone', async () => {
    expect(second.sha256).toBe(first.sha256);
    const bills = [first, second].map((one) => readFile(one.billOfMaterials, 'utf8'));
    expect(await bills[1]).toBe(await bills[0]);
    expect(sha256(await readFile(second.bundle))).toBe(first.sha256);
    console.log(`the first build took ${Math.round(firstMs / 1000)} s`);
  });

  it('says its version, whatever package.json said', async () => {
    const { stdout } = await run(join(slot, 'start'), ['--version'], { cwd: '/' });
    expect(stdout).toBe('7.8.9\n');
  });

  it('has all packages that its sources ask for, and addons that its own Node loads', async () => {
    const wanted = new Set<string>();
    for (const path of await namesBelow(slot, /^(?:src|drivers)\/.*\.ts$/)) {
      const text = await readFile(join(slot, path), 'utf8');
      const asked = text.matchAll(/(?:from|import\(|require\()\s*'((?!node:)@?[a-z][^' ]*)'/g);
      for (const [, name = ''] of asked) wanted.add(name);
    }
    expect(wanted.size).toBeGreaterThan(15);
    // x509 wants it before itself, as make-certificate.ts has it.
    const code = `
      await import('#drivers/http/metadata.ts');
      for (const name of process.argv.slice(1)) await import(name);
      (await import('node-hid')).default.devices();
      const all = process.report.getReport().sharedObjects;
      console.log(JSON.stringify(all.filter((one) => one.endsWith('.node'))));
    `;
    const words = ['--input-type=module', '-e', code, ...wanted];
    const { stdout } = await run(join(slot, 'node/bin/node'), words, { cwd: slot });
    const loaded = (JSON.parse(stdout) as string[]).map((path) => path.slice(slot.length + 1));
    const shipped = await namesBelow(slot, /\.node$/);
    expect(loaded.toSorted()).toEqual(shipped);
    expect(shipped).toHaveLength(4);
  });

  it('lists what it holds in its bill of materials: packages, Node, the commit', async () => {
    const text = await readFile(join(slot, 'bill-of-materials.cdx.json'), 'utf8');
    const { components, metadata } = JSON.parse(text) as Bill;
    const listed = new Set(components.map(({ name, version = '' }) => `${name}@${version}`));
    const held = await Promise.all(
      (await namesBelow(slot, /node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/)).map(
        async (path) => {
          const { name, version } = JSON.parse(await readFile(join(slot, path), 'utf8'));
          return `${name}@${version}`;
        },
      ),
    );
    expect(held.length).toBeGreaterThan(100);
    expect(held.filter((one) => !listed.has(one))).toEqual([]);
    const others = [...listed].filter((one) => !held.includes(one));
    expect(others.filter((one) => !one.includes('.node@'))).toEqual([
      `node@${process.versions.node}`,
    ]);
    expect(metadata.component.properties).toContainEqual({
      name: 'countertap:commit',
      value: first.commit,
    });
  });

  it('takes payments from its slot, and leaves it as it was', async () => {
    const terminal = await runTerminal({ reader: 'in-process', command: join(slot, 'start') });
    try {
      const paying = terminal.countertap('sale', '12.50', '--json');
      const tapped = await terminal.countertap('tap', 'visa-phone');
      expect(tapped).toMatchObject({ code: 0 });
      expect(JSON.parse((await paying).stdout)).toMatchObject({ status: 'approved' });
      const environment = await readFile(`/proc/${terminal.pid}/environ`, 'latin1');
      expect(environment.split('\0')).toEqual(
        expect.arrayContaining([`COUNTERTAP_ROOT=${root}`, `COUNTERTAP_SLOT=${slot}`]),
      );
      // What was compiled lies with the state, ready for the next start.
      const compiled = await readdir(join(terminal.state, 'compiled', 'a'));
      expect(compiled).toContain('made-for');
    } finally {
      await terminal.close();
    }
    const bytes = await readFile(join(slot, 'manifest.json'));
    const manifest = parseManifest(bytes);
    if (isRefusal(manifest)) throw new Error(manifest.detail);
    expect(await checkSlot(machineDisk, slot, manifest, sha256(bytes))).toBeUndefined();
    expect(manifest).toMatchObject({ release: first.release, floor: '7.0.0', machine });
  }, 120_000);
});

describe('no release is made', () => {
  it('of changed files that nobody committed, but if asked for, and then named so', async () => {
    const changed = await cloneOf(join(home, 'changed'));
    await copyFile(join(ROOT, 'package.json'), join(changed, 'LICENSE'));
    const options = { machine, root: changed, to: home, work: join(home, 'none') };
    await expect(buildRelease(options)).rejects.toThrow(/ M LICENSE/);
    // What is in it is what its name says.
    const dirty = { ...options, work: join(home, 'one', 'work'), allowDirty: true };
    expect((await buildRelease(dirty)).release).toMatch(/^countertap-\d+\.\d+\.\d+\+dirty\.\w{8}$/);
  }, 600_000);

  it('for a machine that has no Node 24', async () => {
    const building = buildRelease({ machine: 'linux-armv7', to: home });
    await expect(building).rejects.toThrow(/no release for linux-armv7: .*Node 24/);
  });
});

interface Bill {
  readonly components: readonly { readonly name: string; readonly version?: string }[];
  readonly metadata: { readonly component: { readonly properties: readonly unknown[] } };
}

const namesBelow = async (folder: string, wanted: RegExp): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((path) => wanted.test(path)).toSorted();
};
