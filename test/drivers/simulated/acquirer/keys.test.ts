import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromHex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { initialKey } from '#crypto/dukpt-aes.ts';
import { unwrapKey } from '#crypto/key-block.ts';
import { ensureKeys, type HostKeys, issueNewKeys } from '#drivers/simulated/acquirer/keys.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

const blockIn = async ({ paths }: HostKeys, name: 'account' | 'mac') => {
  const transport = fromHex((await readFile(paths.transport, 'ascii')).trim());
  const block = unwrapKey(
    transport ?? new Uint8Array(),
    (await readFile(paths[name], 'ascii')).trim(),
  );
  if (isMalformed(block)) throw new Error(block.problem);
  return block;
};

test('the key blocks hold what the host has, under the transport key', async () => {
  const keys = await ensureKeys(folder);
  const account = await blockIn(keys, 'account');
  expect(account.header).toMatchObject({ version: 'D', usage: 'B1', algorithm: 'A' });
  const [id] = account.header.optionalBlocks;
  expect(id?.id).toBe('IK');
  const expected = initialKey(keys.baseDerivationKey, fromHex(id?.data ?? '') ?? new Uint8Array());
  expect(account.key).toEqual(expected);
  const mac = await blockIn(keys, 'mac');
  expect(mac.header).toMatchObject({ version: 'D', usage: 'M6', algorithm: 'A', modeOfUse: 'C' });
  expect(mac.key).toEqual(keys.macKey);
});

test('they stay the same from start to start, and only this user may read them', async () => {
  const first = await ensureKeys(folder);
  const texts = () =>
    Promise.all(Object.values(first.paths).map((path) => readFile(path, 'ascii')));
  const before = await texts();
  expect(await ensureKeys(folder)).toEqual(first);
  expect(await texts()).toEqual(before);
  for (const path of Object.values(first.paths))
    expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('two hosts have no key in common', async () => {
  const one = await ensureKeys(folder);
  const other = await ensureKeys(join(folder, 'other'));
  expect(toHex(one.baseDerivationKey)).not.toBe(toHex(other.baseDerivationKey));
  expect(toHex(one.macKey)).not.toBe(toHex(other.macKey));
});

test('a key block that was half written is made again, of the same key', async () => {
  const keys = await ensureKeys(folder);
  await writeFile(keys.paths.account, 'D0144B1AX00N0100');
  await writeFile(keys.paths.mac, '');
  const again = await ensureKeys(folder);
  expect((await blockIn(again, 'mac')).key).toEqual(keys.macKey);
  expect((await blockIn(again, 'account')).header.usage).toBe('B1');
});

test('a new initial key has the next id, and stays over a start', async () => {
  const keys = await ensureKeys(folder);
  const before = await blockIn(keys, 'account');
  const mac = await blockIn(keys, 'mac');
  expect(await issueNewKeys(keys.paths)).toBe('C057E70100000002');
  const again = await ensureKeys(folder);
  const after = await blockIn(again, 'account');
  expect(after.header.optionalBlocks[0]?.data).toBe('C057E70100000002');
  expect(toHex(after.key)).not.toBe(toHex(before.key));
  expect((await blockIn(again, 'mac')).key).toEqual(mac.key);
  expect(again.baseDerivationKey).toEqual(keys.baseDerivationKey);
});
