import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { machineDisk } from '#drivers/disk/index.ts';
import { openTrustedSource } from '#drivers/tuf/index.ts';
import { createDelegation, removeDelegation } from '../../../scripts/maker/delegations.ts';
import { makeKey } from '../../../scripts/maker/keys.ts';
import { draft, type SignedJson } from '../../../scripts/maker/store.ts';
import { addFirmware, clear, point, putPointer } from '../../../scripts/maker/targets.ts';
import { verify } from '../../../scripts/maker/verify.ts';
import { aFolder, aTerminal, aWorld, live, MACHINE, reasonIn } from './support.ts';

const withStore = async () => {
  const world = await aWorld();
  await world.release('1.1.0');
  createDelegation(world.maker, 'store', '0042', [makeKey(world.keys, 'store')], 1);
  const choice = { release: '1.0.0', machines: [MACHINE], firmware: undefined };
  await point(world.maker, 'store-0042', 'stores/0042', choice);
  world.publish();
  return { world, source: world.maker.folder, terminal: aTerminal(world) };
};

test("a store's choice goes before the channel's, and holds for that store alone", async () => {
  const { source, terminal } = await withStore();
  expect(await terminal.update(source, { store: '0042' })).toEqual({ version: '1.0.0' });
  expect(await terminal.update(source, { store: '0043' })).toEqual({ version: '1.1.0' });
  expect(await terminal.update(source)).toEqual({ version: '1.1.0' });
});

test("a store's choice that is taken back, or its role, leaves it to its channel", async () => {
  const { world, source, terminal } = await withStore();
  const update = () => terminal.update(source, { store: '0042' });
  expect(await update()).toEqual({ version: '1.0.0' });
  clear(world.maker, 'store-0042');
  world.publish();
  expect(await update()).toEqual({ version: '1.1.0' });
  removeDelegation(world.maker, 'store-0042');
  world.publish();
  expect(await update()).toEqual({ version: '1.1.0' });
  // And comes back under versions that were never seen.
  createDelegation(world.maker, 'store', '0042', [makeKey(world.keys, 'store-again')], 1);
  const choice = { release: '1.0.0', machines: [MACHINE], firmware: undefined };
  await point(world.maker, 'store-0042', 'stores/0042', choice);
  world.publish();
  expect(await update()).toEqual({ version: '1.0.0' });
});

test("firmware is offered by its peripheral's name, and with its version", async () => {
  const { world, source } = await withStore();
  const image = join(aFolder('firmware'), 'printer.bin');
  writeFileSync(image, 'image');
  await addFirmware(world.maker, [image]);
  const firmware = { printer: { target: 'firmware/printer.bin', version: '2.1' } };
  const choice = { machines: [], firmware };
  await point(world.maker, 'channel-stable', 'channels/stable', choice);
  world.publish();
  const trusted = openTrustedSource({
    ...{ source, root: join(source, 'metadata/1.root.json'), state: aFolder('state') },
    ...{ disk: machineDisk, channel: 'stable', machine: MACHINE },
  });
  const offer = await trusted.look(live);
  if ('untrusted' in offer) throw new Error(offer.detail);
  expect(offer).toMatchObject({ chosenBy: 'channel', firmware: { printer: { version: '2.1' } } });
  // What was chosen before stays so.
  expect(offer.release?.path).toContain('1.1.0');
  const { target } = offer.firmware['printer'] ?? {};
  const got = target && (await trusted.fetch(target, live));
  if (!got || 'untrusted' in got) throw new Error('not fetched');
  expect(readFileSync(got.file, 'utf8')).toBe('image');
  await trusted.close();
});

test('a store that can not be trusted gets nothing, rather than what the channel has', async () => {
  const { world, source, terminal } = await withStore();
  world.forge('1.store-0042.json', [makeKey(world.keys, 'thief')], () => undefined);
  expect(reasonIn(await terminal.update(source, { store: '0042' }))).toBe('mixAndMatch');
  expect(await terminal.update(source, { store: '0043' })).toEqual({ version: '1.1.0' });
});

test("a channel's key signs for no store's pointer", async () => {
  const { world, source, terminal } = await withStore();
  const pointer = Buffer.from(`{"release":"releases/countertap-1.1.0-${MACHINE}.bundle"}`);
  await putPointer(world.maker, 'channel-stable', `stores/0043/${MACHINE}.json`, pointer);
  const own = Buffer.from(`{"release":"releases/countertap-1.0.0-${MACHINE}.bundle"}`);
  await putPointer(world.maker, 'channel-stable', `channels/stable/${MACHINE}.json`, own);
  world.publish();
  expect(await terminal.update(source, { store: '0043' })).toEqual({ version: '1.0.0' });
});

test('a role that the maker let sign for releases supplies none', async () => {
  const { world, source, terminal } = await withStore();
  draft(world.maker, 'targets', 'targets', (signed: SignedJson) => {
    const { roles } = signed['delegations'] as { roles: { paths: string[] }[] };
    for (const role of roles) role.paths.push('releases/*');
  });
  const name = `releases/countertap-9.0.0-${MACHINE}.bundle`;
  const pointer = Buffer.from(JSON.stringify({ release: name }));
  await putPointer(world.maker, 'channel-stable', `channels/stable/${MACHINE}.json`, pointer);
  await putPointer(world.maker, 'channel-stable', name, Buffer.from('evil'));
  world.publish();
  expect(reasonIn(await terminal.update(source))).toBe('content');
  // The maker is told before any terminal.
  const { wrong } = await verify(world.maker);
  expect(wrong).toContain('channel-stable may sign for more than its own pointers');
});

test.each([
  ['no JSON', 'release: 1.0.0'],
  ['a word that no pointer has', '{"release":"releases/a-linux-arm64.bundle","run":"rm"}'],
  ['a path that leads out', '{"release":"releases/../x-linux-arm64.bundle"}'],
  [
    'firmware from where releases are',
    '{"firmware":{"printer":{"target":"releases/x","version":"1"}}}',
  ],
  ['firmware without its version', '{"firmware":{"printer":{"target":"firmware/x"}}}'],
  ['far too much', `{"release":"${'x'.repeat(70_000)}"}`],
])('a pointer that is %s, though it is signed', async (_, text) => {
  const { world, source, terminal } = await withStore();
  const path = `channels/stable/${MACHINE}.json`;
  await putPointer(world.maker, 'channel-stable', path, Buffer.from(text));
  world.publish();
  expect(reasonIn(await terminal.update(source))).toBe('content');
});

test('a role that is delegated and was never published is a part that is missing', async () => {
  const { world, source, terminal } = await withStore();
  const newest = JSON.parse(readFileSync(join(source, 'metadata/timestamp.json'), 'utf8')).signed;
  const { version } = newest.meta['snapshot.json'];
  world.forge(`${version}.snapshot.json`, world.keysOf('snapshot-1'), (signed) => {
    delete (signed['meta'] as Record<string, unknown>)['store-0042.json'];
  });
  world.forge('timestamp.json', world.keysOf('timestamp-1'), (signed) => {
    signed['meta'] = { 'snapshot.json': { version } };
  });
  expect(reasonIn(await terminal.update(source, { store: '0042' }))).toBe('mixAndMatch');
});
