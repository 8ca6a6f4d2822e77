import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  about,
  bundleOf,
  emptyDisk,
  filesOf,
  inPieces,
  must,
  ROOT,
  settledDisk,
  siteOn,
  stateOn,
  update,
  wholeVersion,
} from '#test/support/release.ts';
import type { SimulatedDisk } from '#test/support/simulated-disk.ts';
import {
  install,
  isRefusal,
  packBundle,
  type Refusal,
  settle,
  switchOver,
  tellHealthy,
} from '#upkeep/index.ts';
import { countStart, sha256 } from '#upkeep/launcher.ts';
import { packRaw } from '#upkeep/pack.ts';

const settled = await settledDisk();

const refused = async (bundle: AsyncIterable<Uint8Array>, disk = settled.copy()) => {
  const result = await install(siteOn(disk), bundle);
  if (!isRefusal(result)) throw new Error(`installed ${result.phase}`);
  const { current } = await stateOn(disk);
  expect(await wholeVersion(disk, current, ['2.0.0'])).toBe('2.0.0');
  return result;
};

const row = (path: string, contents = path, more: object = {}) => ({
  path,
  size: Buffer.byteLength(contents),
  mode: path === 'start' ? 0o755 : 0o644,
  sha256: sha256(contents),
  ...more,
});

const lying = (files: readonly object[], contents: readonly string[], more: object = {}) =>
  inPieces(
    packRaw(
      Buffer.from(JSON.stringify({ format: 1, ...about('3.0.0'), files, ...more })),
      contents.map((text) => Buffer.from(text)),
    ),
  );

/** Everything on the disk outside the slot that was to be filled: what a lie must not touch. */
const outside = async (disk: SimulatedDisk, path = ROOT): Promise<string[]> => {
  const entries = await disk.disk.list(path);
  if (entries === 'absent' || 'fault' in entries) return [];
  const found: string[] = [];
  for (const { name, kind } of entries) {
    const below = `${path}/${name}`;
    if (below.startsWith(`${ROOT}/slots/a`) || /current/.test(name)) continue;
    found.push(below, ...(kind === 'folder' ? await outside(disk, below) : []));
  }
  return found;
};

describe('a bundle is refused, and the release that runs stays whole, when', () => {
  test('it ends too early, wherever that is', async () => {
    const bundle = bundleOf('3.0.0');
    for (let length = 0; length < bundle.length; length += 7) {
      const { refused: why } = await refused(inPieces(bundle.subarray(0, length)));
      expect(why).toBe('truncated');
    }
  });

  test.each([
    ['gzip', gzipSync(bundleOf('3.0.0'))],
    ['zstd', zstdCompressSync(bundleOf('3.0.0'))],
  ])('it ends too early, packed by %s', async (_, packed) => {
    for (let length = 5; length < packed.length; length += 13) {
      const { refused: why } = await refused(inPieces(packed.subarray(0, length)));
      expect(['truncated', 'unreadable']).toContain(why);
    }
  });

  test('its source breaks off, as when a stick is pulled out', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bundleOf('3.0.0').subarray(0, 900);
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    }
    expect(await refused(source())).toMatchObject({ refused: 'unreadable' });
  });

  test('it never ends', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bundleOf('3.0.0');
      for (;;) yield Buffer.alloc(1000);
    }
    expect(await refused(source())).toMatchObject({ refused: 'lying' });
  });

  test.each([
    ['another machine', { machine: 'linux-arm64' }, 'machine'],
    ['a machine that nobody has', { machine: 'linux-vax' }, 'manifest'],
  ])('it is made for %s', async (_, more, why) => {
    const bundle = lying([row('start')], ['start'], more);
    expect(await refused(bundle)).toMatchObject({ refused: why });
  });

  test('it is older than the floor', async () => {
    const disk = settled.copy();
    const site = siteOn(disk);
    must(await install(site, inPieces(bundleOf('2.10.0'))));
    must(await switchOver(site));
    countStart(disk.files, ROOT);
    must(await tellHealthy(site));
    must(await settle(site, '2.9.0'));
    expect(await install(site, inPieces(bundleOf('2.8.9')))).toMatchObject({ refused: 'floor' });
    expect(must(await install(site, inPieces(bundleOf('2.9.0')))).phase).toBe('tried');
  });

  test('it is the release that runs', async () => {
    expect(await refused(inPieces(bundleOf('2.0.0')))).toMatchObject({ refused: 'same' });
  });

  test('the disk has no room for it, before anything is touched', async () => {
    const disk = settled.copy();
    disk.free = 10_000;
    expect(await refused(inPieces(bundleOf('3.0.0')), disk)).toMatchObject({ refused: 'diskFull' });
    expect(await wholeVersion(disk, 'a', ['1.0.0'])).toBe('1.0.0');
  });

  test('the disk gets full on the way, wherever that is', async () => {
    for (let room = 0; room < 4000; room += 150) {
      const disk = settled.copy();
      const real = disk.disk.freeBytes;
      Object.assign(disk.disk, { freeBytes: async () => 1e9 });
      disk.free = room;
      const result = await install(siteOn(disk), inPieces(bundleOf('3.0.0')));
      if (isRefusal(result)) expect(['diskFull', 'disk']).toContain(result.refused);
      Object.assign(disk.disk, { freeBytes: real });
      const { current } = await stateOn(disk);
      expect(await wholeVersion(disk, current, ['2.0.0'])).toBe('2.0.0');
      disk.free = 1e9;
      await update(disk, '4.0.0');
    }
  });

  test('its self-test finds no reader, which is in the state for the doctor', async () => {
    const disk = settled.copy();
    const site = siteOn(disk, { run: async () => 'no reader is there' });
    const result = await install(site, inPieces(bundleOf('3.0.0')));
    expect(result).toMatchObject({ refused: 'selfTest', detail: 'no reader is there' });
    const { phase, reason, slots } = await stateOn(disk);
    expect({ phase, reason, a: slots.a }).toEqual({
      phase: 'rolledBack',
      reason: 'selfTest: no reader is there',
      a: null,
    });
  });

  test('the self-test writes into its own release', async () => {
    const disk = settled.copy();
    const run = async (slot: string) => disk.putLink(`${slot}/link`) as undefined;
    const result = await install(siteOn(disk, { run }), inPieces(bundleOf('3.0.0')));
    expect(result).toMatchObject({ refused: 'lying' });
  });
});

describe('a manifest lies in vain with', () => {
  test.each([
    ['a path out of its folder', [row('start'), row('../b/start')]],
    ['a path out of its folder, further in', [row('start'), row('lib/../../b/start')]],
    ['an absolute path', [row('start'), row('/etc/passwd')]],
    ['a path of nothing', [row('start'), row('')]],
    ['an empty name in a path', [row('start'), row('lib//x')]],
    ['a dot in a path', [row('start'), row('./x')]],
    ['a NUL in a path', [row('start'), row('x\0y')]],
    ['a backslash', [row('start'), row('..\\x')]],
    ['a symbolic link', [row('start'), row('x', 'x', { link: '/etc/passwd' })]],
    ['a set-user-id bit', [row('start'), row('x', 'x', { mode: 0o4755 })]],
    ['one file twice', [row('start'), row('x'), row('x')]],
    ['a file that is a folder', [row('start'), row('x'), row('x/y')]],
    ['a manifest of its own', [row('start'), row('manifest.json')]],
    ['a size below nothing', [row('start'), row('x', 'x', { size: -1 })]],
    ['more than a disk holds', [row('start'), row('x', 'x', { size: 2 ** 50 })]],
    ['no start', [row('x')]],
    ['a start that nobody may run', [row('start', 'start', { mode: 0o644 })]],
    ['no file', []],
  ])('%s', async (_, files) => {
    const disk = settled.copy();
    const before = await outside(disk);
    const contents = files.map(({ path }) => path);
    expect(await refused(lying(files, contents), disk)).toMatchObject({ refused: 'manifest' });
    expect(await outside(disk)).toEqual(before);
    expect(await wholeVersion(disk, 'a', ['1.0.0'])).toBe('1.0.0');
  });

  test.each([
    ['a wrong digest', [row('start'), row('x', 'y')], ['start', 'z'], 'lying'],
    ['a file that is missing', [row('start'), row('x')], ['start'], 'truncated'],
    ['a file too many', [row('start')], ['start', 'x'], 'lying'],
  ])('%s', async (_, files, contents, why) => {
    expect(await refused(lying(files, contents))).toMatchObject({ refused: why });
  });

  test('any bytes that are changed anywhere: what runs stays whole, and current', async () => {
    const bundle = bundleOf('3.0.0');
    const flips = fc.array(fc.tuple(fc.nat(bundle.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const changed = Buffer.from(bundle);
        for (const [at, mask] of changes) changed[at] = (changed[at] ?? 0) ^ mask;
        const disk = settled.copy();
        const before = await outside(disk);
        const result = await install(siteOn(disk), inPieces(changed));
        expect(await outside(disk)).toEqual(before);
        const { current, slots } = await stateOn(disk);
        expect(await wholeVersion(disk, current, ['2.0.0'])).toBe('2.0.0');
        if (!isRefusal(result)) expect(slots.a?.digest).not.toBe(sha256(''));
      }),
      { numRuns: 300 },
    );
  });

  test('any path: none gets a file out of the slot', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        'b',
        'slots',
        '/',
        '\\',
        '\0',
        '~',
        'current',
        '%2e%2e',
        '．．',
      ),
      fc.string({ maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (parts) => {
        const disk = settled.copy();
        const before = await outside(disk);
        const path = parts.join('/');
        await install(siteOn(disk), lying([row('start'), row(path)], ['start', path]));
        expect(await outside(disk)).toEqual(before);
        expect((await stateOn(disk)).current).toBe('b');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a bundle is installed', () => {
  test.each([
    ['as it is', bundleOf('3.0.0')],
    ['packed by gzip', gzipSync(bundleOf('3.0.0'))],
    ['packed by zstd', zstdCompressSync(bundleOf('3.0.0'))],
  ])('%s, in pieces of any size', async (_, bundle) => {
    for (const size of [1, 3, 20, 1e6]) {
      const disk = settled.copy();
      const result: unknown = await install(siteOn(disk), inPieces(bundle, size));
      expect((result as Refusal).detail).toBeUndefined();
      expect(await wholeVersion(disk, 'a', ['3.0.0'])).toBe('3.0.0');
    }
  });

  test('the same, byte for byte, whatever the order of its files', () => {
    const files = filesOf('3.0.0');
    const reversed = packBundle(about('3.0.0'), files.toReversed());
    expect(reversed.equals(packBundle(about('3.0.0'), files))).toBe(true);
  });

  test('onto a disk that has nothing yet', async () => {
    const disk = await emptyDisk();
    await update(disk, '1.0.0');
    expect(await stateOn(disk)).toMatchObject({ current: 'a', phase: 'settled' });
  });
});
