import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { UntrustedReason } from '#ports/trusted-source.ts';
import { makeKey } from '../../../scripts/maker/keys.ts';
import { refresh } from '../../../scripts/maker/publish.ts';
import { rotate } from '../../../scripts/maker/rotate.ts';
import { putPointer } from '../../../scripts/maker/targets.ts';
import {
  aFolder,
  aServer,
  aTerminal,
  aWorld,
  forge,
  type Outcome,
  type Signed,
} from './support.ts';

const refusedAs = (untrusted: UntrustedReason) =>
  expect.objectContaining({ untrusted, detail: expect.any(String) });

const begin = async () => {
  const world = await aWorld();
  const server = await aServer(world.maker.folder);
  const terminal = aTerminal(world);
  const honest = async (): Promise<Outcome> => {
    server.folder = world.maker.folder;
    server.trick = () => false;
    return terminal.update(server);
  };
  return { world, server, terminal, honest };
};

afterEach(() => void vi.useRealTimers());

// The names of section 1.5.2 of the specification, 1.0.30; slow retrieval was in it until 1.0.6.
describe('the attacks of the TUF specification', () => {
  test('arbitrary installation: other bytes under the name of a bundle', async () => {
    const { server, terminal, honest } = await begin();
    server.trick = (path, response) => {
      if (!path.startsWith('targets/releases/')) return false;
      const bytes = readFileSync(join(server.folder, path));
      bytes[bytes.length - 1] = 0;
      response.end(bytes);
      return true;
    };
    expect(await terminal.update(server)).toEqual(refusedAs('content'));
    expect(await honest()).toEqual({ version: '1.0.0' });
  });

  test('arbitrary installation: a whole repository by somebody else', async () => {
    const { server, terminal, honest } = await begin();
    const other = await aWorld();
    await other.release('9.0.0');
    server.folder = other.maker.folder;
    expect(await terminal.update(server)).toEqual(refusedAs('signature'));
    expect(await honest()).toEqual({ version: '1.0.0' });
  });

  test.each([
    ['metadata', 'metadata/timestamp.json'],
    ['metadata of which the length is signed', 'metadata/1.targets.json'],
    ['a bundle', 'targets/releases/'],
  ])('endless data: %s', async (_, begins) => {
    const { server, terminal, honest } = await begin();
    let sent = 0;
    server.trick = (path, response) => {
      if (!path.startsWith(begins)) return false;
      const more = (): void => {
        while (!response.destroyed) {
          sent += 16_384;
          if (!response.write(Buffer.alloc(16_384, ' '))) return void response.once('drain', more);
        }
      };
      more();
      return true;
    };
    expect(await terminal.update(server)).toEqual(refusedAs('endless'));
    // What sockets hold on their way is all that was sent in vain.
    expect(sent).toBeLessThan(20_000_000);
    expect(await honest()).toEqual({ version: '1.0.0' });
  });

  test('extraneous dependencies: firmware that the maker never signed', async () => {
    const { world, server, terminal, honest } = await begin();
    const before = world.mirror();
    const sha256 = 'ab'.repeat(32);
    const firmware = { printer: { target: 'firmware/evil.bin', version: '1' } };
    const path = 'channels/stable/linux-arm64.json';
    const release = 'releases/countertap-1.0.0-linux-arm64.bundle';
    await putPointer(
      world.maker,
      'channel-stable',
      path,
      Buffer.from(JSON.stringify({ release, firmware })),
    );
    // The thief of the channel's key signs for the file as well, in its own role.
    forge(
      join(world.maker.folder, 'pending/channel-stable.json'),
      world.keysOf('stable'),
      ({ targets }) => {
        Object.assign(targets as object, {
          'firmware/evil.bin': { length: 4, hashes: { sha256 } },
        });
      },
    );
    world.publish();
    expect(await terminal.update(server)).toEqual(refusedAs('content'));
    cpSync(join(before, 'targets'), join(world.maker.folder, 'targets'), { recursive: true });
    await world.release('1.0.1');
    expect(await honest()).toEqual({ version: '1.0.1' });
  });

  test('fast-forward: versions that nothing can follow, until the stolen keys are replaced', async () => {
    const { world, server, terminal, honest } = await begin();
    expect(await terminal.update(server)).toEqual({ version: '1.0.0' });
    const attack = await fastForwarded(world);
    server.folder = attack;
    expect(await terminal.update(server)).toEqual({ version: '1.0.0' });
    await world.release('1.1.0');
    expect(await honest()).toEqual(refusedAs('rollback'));
    for (const role of ['snapshot', 'timestamp']) {
      const [out] = world.keysOf(`${role}-1`);
      const into = makeKey(world.keys, `${role}-new`);
      rotate(world.maker, { role, into, ...(out && { out }) });
    }
    world.publish();
    expect(await honest()).toEqual({ version: '1.1.0' });
    server.folder = attack;
    expect(await terminal.update(server)).toEqual(refusedAs('signature'));
  });

  test('indefinite freeze: the same old metadata for ever', async () => {
    const { world, server, terminal, honest } = await begin();
    server.folder = world.mirror();
    expect(await terminal.update(server)).toEqual({ version: '1.0.0' });
    await world.release('1.1.0');
    const later = Date.now() + 31 * 24 * 3600 * 1000;
    vi.useFakeTimers({ toFake: ['Date'], now: later });
    const frozen = await terminal.update(server);
    expect(frozen).toEqual(refusedAs('expired'));
    expect(frozen).toHaveProperty('detail', expect.stringContaining('timestamp.json'));
    expect(frozen).toHaveProperty(
      'detail',
      expect.stringContaining(new Date(later).toISOString().slice(0, 10)),
    );
    refresh(world.maker, world.keysOf('snapshot-1', 'timestamp-1'));
    expect(await honest()).toEqual({ version: '1.1.0' });
  });

  test('malicious mirrors: whatever one did, a good one gives the update', async () => {
    const { world, server, terminal } = await begin();
    const good = await aServer(world.maker.folder);
    server.trick = (_, response) => void response.end('{"signed":{}}') === undefined;
    expect(await terminal.update(server)).toEqual(refusedAs('unreadable'));
    expect(await terminal.update(good)).toEqual({ version: '1.0.0' });
    await world.release('1.1.0');
    server.trick = (_, response) => void response.writeHead(500).end() === undefined;
    expect(await terminal.update(server)).toEqual(refusedAs('unreachable'));
    expect(await terminal.update(good)).toEqual({ version: '1.1.0' });
  });

  test('mix-and-match: a new timestamp over an old snapshot, and old targets under a new one', async () => {
    const { world, server, terminal, honest } = await begin();
    const old = world.mirror();
    await world.release('1.1.0');
    for (const role of ['snapshot', 'targets']) {
      server.folder = world.mirror();
      cpSync(join(old, `metadata/1.${role}.json`), join(server.folder, `metadata/2.${role}.json`));
      expect(await terminal.update(server)).toEqual(refusedAs('mixAndMatch'));
    }
    expect(await honest()).toEqual({ version: '1.1.0' });
  });

  test('rollback: a repository of before, signed and still in time', async () => {
    const { world, server, terminal, honest } = await begin();
    const old = world.mirror();
    await world.release('1.1.0');
    expect(await honest()).toEqual({ version: '1.1.0' });
    server.folder = old;
    expect(await terminal.update(server)).toEqual(refusedAs('rollback'));
    expect(await honest()).toEqual({ version: '1.1.0' });
  });

  test('key compromise: one key of targets, and both that are online', async () => {
    const { world, server, terminal, honest } = await begin();
    server.folder = world.mirror();
    const metadata = join(server.folder, 'metadata');
    const evil = (signed: Signed): void => {
      Object.assign(signed['targets'] as object, {
        'releases/countertap-9.0.0-linux-arm64.bundle': {
          length: 4,
          hashes: { sha256: 'ab'.repeat(32) },
        },
      });
    };
    forge(join(metadata, '1.targets.json'), world.keysOf('targets-1'), evil);
    forge(join(metadata, '1.snapshot.json'), world.keysOf('snapshot-1'), unlisted);
    forge(join(metadata, 'timestamp.json'), world.keysOf('timestamp-1'), unlisted);
    expect(await terminal.update(server)).toEqual(refusedAs('signature'));
    expect(await honest()).toEqual({ version: '1.0.0' });
  });

  test('wrong software: another signed bundle under the name of this one', async () => {
    const { world, server, terminal, honest } = await begin();
    await world.release('1.1.0');
    const other = server.folder;
    server.trick = (path, response) => {
      if (!/^targets\/releases\/.*1\.1\.0/.test(path)) return false;
      const { targets } = JSON.parse(
        readFileSync(join(other, 'metadata/2.targets.json'), 'utf8'),
      ).signed;
      const name = 'countertap-1.0.0-linux-arm64.bundle';
      const { sha256 } = targets[`releases/${name}`].hashes;
      response.end(readFileSync(join(other, `targets/releases/${sha256}.${name}`)));
      return true;
    };
    expect(await terminal.update(server)).toEqual(refusedAs('content'));
    expect(await honest()).toEqual({ version: '1.1.0' });
  });

  test('wrong software: a pointer to a bundle for another machine', async () => {
    const { world, server, terminal, honest } = await begin();
    const pointer = { release: 'releases/countertap-1.0.0-linux-x64.bundle' };
    const path = 'channels/stable/linux-arm64.json';
    await putPointer(world.maker, 'channel-stable', path, Buffer.from(JSON.stringify(pointer)));
    world.publish();
    expect(await terminal.update(server)).toEqual(refusedAs('content'));
    await world.release('1.1.0');
    expect(await honest()).toEqual({ version: '1.1.0' });
  });

  test.each([
    ['nothing comes', 'metadata/timestamp.json', Number.POSITIVE_INFINITY],
    ['a byte now and then', 'metadata/timestamp.json', 30],
    ['a byte of a bundle now and then', 'targets/releases/', 30],
  ])('slow retrieval: %s', async (_, begins, everyMs) => {
    const { server, terminal, honest } = await begin();
    server.trick = (path, response) => {
      if (!path.startsWith(begins)) return false;
      response.writeHead(200);
      response.flushHeaders();
      if (everyMs === Number.POSITIVE_INFINITY) return true;
      const timer = setInterval(() => response.write(' '), everyMs);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    const limits = { silenceMs: 1000, speedWindowMs: 300, leastBytesPerSecond: 1000 };
    expect(await terminal.update(server, { limits })).toEqual(refusedAs('slow'));
    expect(await honest()).toEqual({ version: '1.0.0' });
  });
});

// The same release, under versions far above all that the maker will ever reach.
const fastForwarded = async (world: Awaited<ReturnType<typeof aWorld>>): Promise<string> => {
  const folder = aFolder('attack');
  cpSync(world.maker.folder, folder, { recursive: true });
  const metadata = join(folder, 'metadata');
  const far = 2_000_000_000;
  cpSync(join(metadata, '1.snapshot.json'), join(metadata, `${far}.snapshot.json`));
  forge(join(metadata, `${far}.snapshot.json`), world.keysOf('snapshot-1'), (signed) => {
    signed.version = far;
  });
  forge(join(metadata, 'timestamp.json'), world.keysOf('timestamp-1'), (signed) => {
    signed.version = far;
    signed['meta'] = { 'snapshot.json': { version: far } };
  });
  return folder;
};

// The thief leaves lengths and hashes out, so that only signatures stand in the way.
const unlisted = (signed: Signed): void => {
  for (const file of Object.values(signed['meta'] as Record<string, object>)) {
    Object.assign(file, { length: undefined, hashes: undefined });
  }
};
