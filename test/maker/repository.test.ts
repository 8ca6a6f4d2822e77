import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { aFolder, aTerminal, aWorld, bundleOf } from '#test/drivers/tuf/support.ts';
import { createDelegation } from '../../scripts/maker/delegations.ts';
import { makeKey, publicKeyIn, signingKeysIn } from '../../scripts/maker/keys.ts';
import { publish, refresh } from '../../scripts/maker/publish.ts';
import { rotate } from '../../scripts/maker/rotate.ts';
import { sign, signFile } from '../../scripts/maker/signing.ts';
import { draft, pendingPath, pendingRoles, publishedText } from '../../scripts/maker/store.ts';
import { addFirmware, addReleases, point } from '../../scripts/maker/targets.ts';
import { verify } from '../../scripts/maker/verify.ts';

describe('a maker', () => {
  test('publishes nothing before enough have signed, and is told who is missing', async () => {
    const { maker, keysOf } = await aWorld();
    const image = join(aFolder('firmware'), 'printer.bin');
    writeFileSync(image, 'image');
    expect(await addFirmware(maker, [image])).toEqual(['firmware/printer.bin']);
    const online = keysOf('snapshot-1', 'timestamp-1');
    const before = publishedText(maker, 'timestamp');
    sign(maker, 'targets', keysOf('targets-1', 'root-1', 'stable'));
    const words = 'targets.json has 1 of 2 signatures that root asks for';
    expect(() => publish(maker, online)).toThrow(words);
    expect(publishedText(maker, 'timestamp')).toBe(before);
    // The second holder has the file alone, on another machine.
    const carried = join(aFolder('carried'), 'targets.json');
    writeFileSync(carried, readFileSync(pendingPath(maker, 'targets')));
    signFile(carried, keysOf('targets-3'));
    writeFileSync(pendingPath(maker, 'targets'), readFileSync(carried));
    expect(publish(maker, online)).toContainEqual(expect.stringMatching(/^2\.targets\.json/));
    expect(pendingRoles(maker)).toEqual([]);
    expect((await verify(maker)).wrong).toEqual([]);
  });

  test('asks both for the old keys and for the new ones of a root', async () => {
    const { maker, keys, keysOf } = await aWorld();
    for (const at of [1, 2]) {
      const [out] = keysOf(`root-${at}`);
      rotate(maker, { role: 'root', into: makeKey(keys, `new-${at}`), ...(out && { out }) });
    }
    const after = sign(maker, 'root', keysOf('new-1', 'new-2'));
    expect(after.missing).toEqual([
      'root.json has 0 of 2 signatures that the root before asks for',
    ]);
    const old = sign(maker, 'root', keysOf('root-1', 'root-2'));
    expect(old.missing).toEqual([]);
  });

  test('has targets signed anew when too few of its keys are left', async () => {
    const { maker, keys, keysOf } = await aWorld();
    const [first] = keysOf('targets-1');
    const into = makeKey(keys, 'targets-4');
    expect(rotate(maker, { role: 'targets', into, ...(first && { out: first }) })).toEqual([
      'root',
    ]);
    const [second] = keysOf('targets-2');
    const more = {
      role: 'targets',
      into: makeKey(keys, 'targets-5'),
      ...(second && { out: second }),
    };
    expect(rotate(maker, more)).toEqual(['root', 'targets']);
  });

  test('refreshes the timestamp while a draft waits, and the draft stays one', async () => {
    const { maker, keysOf } = await aWorld();
    draft(maker, 'targets', 'targets', () => undefined);
    const online = keysOf('snapshot-1', 'timestamp-1');
    expect(refresh(maker, online)).toEqual([expect.stringMatching(/^timestamp\.json/)]);
    expect(pendingRoles(maker)).toEqual(['targets']);
  });

  test('makes a snapshot only when something has changed or it ends soon', async () => {
    const { maker, keysOf } = await aWorld();
    const online = keysOf('snapshot-1', 'timestamp-1');
    expect(refresh(maker, online)).toHaveLength(1);
    const later = { ...maker, now: () => Date.now() + 40 * 24 * 3600 * 1000 };
    expect(refresh(later, online)).toHaveLength(2);
  });

  test('makes a version once', async () => {
    const { maker } = await aWorld();
    const file = join(aFolder('bundle'), 'other');
    const bytes = bundleOf('1.0.0');
    bytes.fill('x', bytes.length - 5);
    writeFileSync(file, bytes);
    await expect(addReleases(maker, [file])).rejects.toThrow('a version is made only once');
    writeFileSync(file, 'no bundle at all, but long enough for one');
    await expect(addReleases(maker, [file])).rejects.toThrow('this is no bundle of Countertap');
  });

  test('points at nothing that has not been added, and names nothing odd', async () => {
    const { maker, keys } = await aWorld();
    const choice = { release: '7.0.0', machines: ['linux-x64'], firmware: undefined };
    const pointing = point(maker, 'channel-stable', 'channels/stable', choice);
    await expect(pointing).rejects.toThrow('has not been added');
    const key = makeKey(keys, 'another');
    for (const name of ['', '../x', 'A', 'a/b', '*']) {
      expect(() => createDelegation(maker, 'store', name, [key], 1)).toThrow("can't be a store");
    }
    expect(() => createDelegation(maker, 'store', '1', [key], 2)).toThrow("2 of 1 keys can't be");
  });

  test('is told by verify what was damaged, and what ends', async () => {
    const { maker } = await aWorld();
    const releases = join(maker.folder, 'targets/releases');
    const file = join(releases, readdirSync(releases)[0] ?? '');
    writeFileSync(file, 'something else');
    const changed = await verify({ ...maker, now: () => Date.now() + 31 * 24 * 3600 * 1000 });
    expect(changed.wrong).toEqual([
      expect.stringMatching(/^timestamp\.json ended on /),
      expect.stringMatching(/1\.0\.0.* has other contents than were signed$/),
    ]);
    rmSync(file);
    expect((await verify(maker)).wrong).toEqual([expect.stringMatching(/isn't there$/)]);
  });

  test('keeps private keys to their owner, and out of every message', async () => {
    const { keys } = await aWorld();
    const path = join(keys, 'root-1.pem');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => makeKey(keys, 'root-1')).toThrow('is there already');
    expect(publicKeyIn(join(keys, 'root-1.pub')).id).toBe(signingKeysIn([path])[0]?.id);
    const pem = readFileSync(path, 'utf8');
    writeFileSync(path, pem.slice(0, -60));
    const secret = pem.split('\n')[1]?.slice(20, 40) ?? '';
    try {
      signingKeysIn([keys]);
      expect.unreachable();
    } catch (error) {
      expect(String((error as Error).stack)).not.toContain(secret);
    }
  });
});

test('the command line makes what a terminal takes', async () => {
  const folder = aFolder('shell');
  const command = join(import.meta.dirname, '../../scripts/repository');
  const run = async (line: string): Promise<string> => {
    const { stdout } = await promisify(execFile)(command, line.split(' '), { cwd: folder });
    return stdout;
  };
  writeFileSync(join(folder, 'bundle'), bundleOf('1.0.0'));
  expect(await run('-r repo -k keys init --root 1/2 --days timestamp=7')).toContain('root: 1 of 2');
  await run('key keys/beta');
  expect(await run('-r repo -k keys add-release bundle')).toContain(
    'releases/countertap-1.0.0-linux-arm64.bundle is in the draft',
  );
  await run('-r repo -k keys channel beta --create --key keys/beta.pub --release 1.0.0');
  expect(await run('-r repo -k keys publish')).toContain('timestamp.json, until');
  expect(await run('-r repo verify')).toContain('all of it is as it was signed');
  await run('-r repo pack stick');
  const wrong = await run('-r repo -k keys channel beta --release 2.0.0').catch((error) => error);
  expect(wrong).toMatchObject({ code: 1, stderr: 'no bundle of 2.0.0 is there\n' });
  const maker = { folder: join(folder, 'repo'), now: Date.now };
  const terminal = aTerminal({ maker } as never);
  const got = await terminal.update(join(folder, 'stick'), { channel: 'beta' });
  expect(got).toEqual({ version: '1.0.0' });
}, 120_000);
