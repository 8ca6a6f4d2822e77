import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack as tarPack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { machineDisk } from '#drivers/disk/index.ts';
import { openTrustedSource } from '#drivers/tuf/index.ts';
import { pack } from '../../../scripts/maker/pack.ts';
import {
  aFolder,
  aServer,
  aTerminal,
  aWorld,
  live,
  MACHINE,
  reasonIn,
  type Trick,
} from './support.ts';

const saying = (untrusted: string, words: string) => ({
  untrusted,
  detail: expect.stringContaining(words),
});
const everything = { versions: [], machines: [] };

describe('a server', () => {
  const always =
    (answer: (response: ServerResponse) => unknown): Trick =>
    (_, response) => {
      answer(response);
      return true;
    };
  test.each([
    ['has nothing', always((to) => to.writeHead(404).end()), 'unreadable'],
    ['has broken down', always((to) => to.writeHead(500).end()), 'unreachable'],
    ['sends us elsewhere', always((to) => to.writeHead(302).end()), 'unreachable'],
    ['wants a password', always((to) => to.writeHead(401).end()), 'unreachable'],
    ['is a page to sign in at', always((to) => to.end('<html>Welcome!</html>')), 'unreadable'],
    ['is empty', always((to) => to.end()), 'unreadable'],
    ['sends null', always((to) => to.end('null')), 'unreadable'],
    ['sends bytes', always((to) => to.end(Buffer.alloc(5000, 0xfe))), 'unreadable'],
    ['hangs up', always((to) => to.destroy()), 'unreachable'],
    ['sends 50 MB of JSON', always((to) => Readable.from(fiftyMegabytes()).pipe(to)), 'endless'],
    ['nests without end', always((to) => to.end('['.repeat(100_000))), 'unreadable'],
    ['nests within', always((to) => to.end(NESTED)), 'unreadable'],
  ])('%s', async (_, trick, reason) => {
    const world = await aWorld();
    const server = await aServer(world.maker.folder);
    const terminal = aTerminal(world);
    server.trick = trick;
    expect(reasonIn(await terminal.update(server))).toBe(reason);
    server.trick = () => false;
    expect(await terminal.update(server)).toEqual({ version: '1.0.0' });
  });

  function* fiftyMegabytes(): Generator<string> {
    yield '["';
    for (let at = 0; at < 50; at++) yield 'x'.repeat(1_000_000);
    yield '"]';
  }
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  const NESTED = `{"signed":{"_type":"root","a":${deep}},"signatures":[]}`;

  test('that is asked three times gives what it has the third time', async () => {
    const world = await aWorld();
    const server = await aServer(world.maker.folder);
    let left = 2;
    server.trick = (path, to) => {
      if (path !== 'metadata/timestamp.json' || left === 0) return false;
      left -= 1;
      to.writeHead(503).end();
      return true;
    };
    expect(await aTerminal(world).update(server)).toEqual({ version: '1.0.0' });
    expect(server.asked.filter((path) => path.endsWith('timestamp.json'))).toHaveLength(3);
  });

  test('is asked only for the rest of a bundle that broke off', async () => {
    const world = await aWorld();
    const server = await aServer(world.maker.folder);
    const ranges: (string | undefined)[] = [];
    server.trick = (path, to, range) => {
      if (!path.startsWith('targets/releases/')) return false;
      ranges.push(range);
      const bytes = readFileSync(join(server.folder, path));
      if (range === undefined) {
        to.writeHead(200, { 'content-length': bytes.length });
        to.write(bytes.subarray(0, 70_000), () => to.destroy());
      } else {
        const from = Number(/=(\d+)-/.exec(range)?.[1]);
        const whole = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
        to.writeHead(206, { 'content-range': whole }).end(bytes.subarray(from));
      }
      return true;
    };
    expect(await aTerminal(world).update(server)).toEqual({ version: '1.0.0' });
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  test('that knows no ranges sends a bundle that broke off once more', async () => {
    const world = await aWorld();
    const server = await aServer(world.maker.folder);
    let isFirst = true;
    server.trick = (path, to) => {
      if (!path.startsWith('targets/releases/') || !isFirst) return false;
      isFirst = false;
      const bytes = readFileSync(join(server.folder, path));
      to.writeHead(200, { 'content-length': bytes.length });
      to.write(bytes.subarray(0, 70_000), () => to.destroy());
      return true;
    };
    expect(await aTerminal(world).update(server)).toEqual({ version: '1.0.0' });
  });

  test('that ends a bundle too early has another one than was signed for', async () => {
    const world = await aWorld();
    const server = await aServer(world.maker.folder);
    server.trick = (path, to) => {
      if (!path.startsWith('targets/releases/')) return false;
      to.end(readFileSync(join(server.folder, path)).subarray(0, 50_000));
      return true;
    };
    expect(await aTerminal(world).update(server)).toEqual(saying('content', '50000'));
  });

  test('with a certificate by nobody, for another name, or of no TLS at all is none', async () => {
    const world = await aWorld();
    const [server, other] = [await aServer(world.maker.folder), await aServer(world.maker.folder)];
    const terminal = aTerminal(world);
    const { address } = server;
    expect(await terminal.update(address)).toEqual(saying('unreachable', 'certificate'));
    const crossed = { ...server, authority: other.authority };
    expect(await terminal.update(crossed)).toEqual(saying('unreachable', 'does not trust'));
    const elsewhere = await aServer(world.maker.folder, ['updates.example']);
    expect(await terminal.update(elsewhere)).toEqual(saying('unreachable', 'another name'));
    const http = address.replace('https:', 'http:');
    expect(await terminal.update(http)).toEqual(saying('unreachable', 'only https://'));
    expect(server.asked).toEqual([]);
  });

  test('is left at once when it is given up', async () => {
    const world = await aWorld();
    const server = await aServer(world.maker.folder);
    const giving = new AbortController();
    server.trick = () => {
      giving.abort();
      return true;
    };
    const state = aFolder('state');
    const source = openTrustedSource({
      source: server.address,
      authority: server.authority,
      root: join(world.maker.folder, 'metadata/1.root.json'),
      ...{ state, disk: machineDisk, channel: 'stable', machine: MACHINE },
    });
    expect(await source.look(giving.signal)).toEqual(saying('unreachable', 'given up'));
    expect(await source.close()).toBeUndefined();
  });
});

describe('a stick', () => {
  test('gives what an address gives', async () => {
    const world = await aWorld();
    const stick = aFolder('stick');
    await pack(world.maker, stick, everything);
    expect(await aTerminal(world).update(stick)).toEqual({ version: '1.0.0' });
  });

  test('that is pulled out while it is read is unreachable, and nothing is left', async () => {
    const world = await aWorld();
    const stick = aFolder('stick');
    await pack(world.maker, stick, everything);
    const state = aFolder('state');
    const source = openTrustedSource({
      source: stick,
      root: join(world.maker.folder, 'metadata/1.root.json'),
      ...{ state, disk: machineDisk, channel: 'stable', machine: MACHINE },
    });
    const offer = await source.look(live);
    if ('untrusted' in offer || !offer.release) throw new Error('no offer');
    rmSync(stick, { recursive: true });
    expect(await source.fetch(offer.release, live)).toEqual(saying('unreachable', 'plugged in'));
    expect(await source.look(live)).toEqual(saying('unreachable', 'plugged in'));
    expect(await source.close()).toBeUndefined();
  });

  test('that loses its end while it is read has another bundle than was signed for', async () => {
    const world = await aWorld();
    const stick = aFolder('stick');
    await pack(world.maker, stick, everything);
    const source = openTrustedSource({
      source: stick,
      root: join(world.maker.folder, 'metadata/1.root.json'),
      state: aFolder('state'),
      ...{ disk: machineDisk, channel: 'stable', machine: MACHINE },
    });
    const offer = await source.look(live);
    if ('untrusted' in offer || !offer.release) throw new Error('no offer');
    const releases = join(stick, 'targets/releases');
    const name = join(releases, readdirSync(releases)[0] ?? '');
    const half = () => truncateSync(name, 1000);
    const got = await source.fetch(offer.release, live, half);
    expect(got).toEqual(saying('content', 'signed for'));
    expect(await source.close()).toBeUndefined();
  });

  test('with no repository, a link, a pipe or half a bundle is told apart', async () => {
    const world = await aWorld();
    const stick = aFolder('stick');
    const terminal = aTerminal(world);
    expect(await terminal.update(stick)).toEqual(saying('unreadable', 'no metadata/'));
    mkdirSync(join(stick, 'metadata'));
    expect(await terminal.update(stick)).toEqual(saying('unreadable', 'no repository'));
    const timestamp = join(stick, 'metadata/timestamp.json');
    symlinkSync('/dev/zero', timestamp);
    expect(reasonIn(await terminal.update(stick))).toBe('unreachable');
    rmSync(timestamp);
    execFileSync('mkfifo', [timestamp]);
    expect(await terminal.update(stick)).toEqual(saying('unreadable', 'is no file'));
    rmSync(timestamp);
    await pack(world.maker, stick, everything);
    const releases = join(stick, 'targets/releases');
    truncateSync(join(releases, readdirSync(releases)[0] ?? ''), 50_000);
    expect(await terminal.update(stick)).toEqual(saying('content', '50000'));
  });
});

describe('a tar', () => {
  const packed = async () => {
    const world = await aWorld();
    const file = join(aFolder('tar'), 'shop.tar');
    await pack(world.maker, file, everything);
    return { world, file, terminal: aTerminal(world) };
  };

  test('gives what an address gives, also when it was packed by tar itself', async () => {
    const { world, file, terminal } = await packed();
    expect(await terminal.update(file)).toEqual({ version: '1.0.0' });
    execFileSync('tar', ['-C', world.maker.folder, '-cf', file, './targets', './metadata']);
    expect(await terminal.update(file)).toEqual({ version: '1.0.0' });
  });

  test('is the same bytes of the same repository', async () => {
    const { world, file } = await packed();
    const again = join(aFolder('tar'), 'again.tar');
    await pack(world.maker, again, everything);
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  });

  test.each([
    ['a path that leads out', { name: '../evil' }],
    ['a path that leads out by the way', { name: 'targets/../../evil' }],
    ['a path from the top', { name: '/etc/evil' }],
    ['a link', { name: 'metadata/link', type: 'symlink' as const, linkname: '/etc/passwd' }],
    ['a hard link', { name: 'metadata/link', type: 'link' as const, linkname: 'x' }],
    ['a device', { name: 'metadata/null', type: 'character-device' as const }],
  ])('with %s is refused whole', async (_, entry) => {
    const { world, terminal } = await packed();
    const file = join(aFolder('tar'), 'evil.tar');
    const archive = tarPack();
    for (const name of readdirSync(join(world.maker.folder, 'metadata'))) {
      const bytes = readFileSync(join(world.maker.folder, 'metadata', name));
      archive.entry({ name: `metadata/${name}` }, bytes);
    }
    if ('type' in entry) archive.entry(entry);
    else archive.entry(entry, 'evil');
    archive.finalize();
    writeFileSync(file, await buffer(archive as AsyncIterable<Uint8Array>));
    expect(await terminal.update(file)).toEqual(saying('unreadable', 'no repository has'));
  });

  test('that ends too early, holds a name twice, or is none is refused', async () => {
    const { file, terminal } = await packed();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 60_000));
    expect(await terminal.update(file)).toEqual(saying('unreadable', 'ends too early'));
    writeFileSync(file, Buffer.concat([bytes.subarray(0, bytes.length - 1024), bytes]));
    expect(await terminal.update(file)).toEqual(saying('unreadable', 'twice'));
    writeFileSync(file, 'Dear customer, '.repeat(100));
    expect(await terminal.update(file)).toEqual(saying('unreadable', 'is no tar'));
    writeFileSync(file, '');
    expect(await terminal.update(file)).toEqual(saying('unreadable', 'no metadata/'));
    rmSync(file);
    expect(await terminal.update(file)).toEqual(saying('unreachable', 'plugged in'));
  });

  test('with metadata without end is left before they are in memory', async () => {
    const { terminal } = await packed();
    const file = join(aFolder('tar'), 'endless.tar');
    const archive = tarPack();
    for (let at = 0; at < 5; at++) {
      archive.entry({ name: `metadata/${at}.root.json` }, Buffer.alloc(4_000_000));
    }
    archive.finalize();
    writeFileSync(file, await buffer(archive as AsyncIterable<Uint8Array>));
    expect(reasonIn(await terminal.update(file))).toBe('endless');
  });
});

describe('what a terminal asks for', () => {
  const opened = async () => {
    const world = await aWorld();
    const source = openTrustedSource({
      source: world.maker.folder,
      root: join(world.maker.folder, 'metadata/1.root.json'),
      state: aFolder('state'),
      ...{ disk: machineDisk, channel: 'stable', machine: MACHINE },
    });
    const offer = await source.look(live);
    if ('untrusted' in offer || !offer.release) throw new Error('no offer');
    return { world, source, release: offer.release };
  };

  test('is given only as the maker has signed for it', async () => {
    const { source, release } = await opened();
    const wrong = [
      { ...release, path: 'releases/countertap-9.9.9-linux-arm64.bundle' },
      { ...release, path: '__proto__' },
      { ...release, bytes: release.bytes + 1 },
      { ...release, sha256: 'ab'.repeat(32) },
    ];
    for (const target of wrong) {
      expect(await source.fetch(target, live)).toEqual(saying('content', 'has not signed'));
    }
    expect(await source.fetch(release, live)).toEqual({ file: expect.any(String) });
    expect(await source.close()).toBeUndefined();
  });

  test('is told how far it has come, and gone when the source is closed', async () => {
    const { source, release } = await opened();
    const steps: number[] = [];
    const got = await source.fetch(release, live, (bytes) => steps.push(bytes));
    if ('untrusted' in got) throw new Error(got.detail);
    expect(readFileSync(got.file)).toHaveLength(release.bytes);
    expect(steps.at(-1)).toBe(release.bytes);
    await source.close();
    expect(() => readFileSync(got.file)).toThrow('ENOENT');
  });

  test('may be nothing: a machine or a channel that nothing is chosen for', async () => {
    const { world } = await opened();
    const terminal = aTerminal(world);
    const { folder } = world.maker;
    expect(await terminal.update(folder, { machine: 'linux-x64' })).toEqual({ version: 'none' });
    expect(await terminal.update(folder, { channel: 'beta' })).toEqual({ version: 'none' });
  });
});
