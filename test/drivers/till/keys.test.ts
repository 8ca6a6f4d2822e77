import {
  chmodSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { addKey, checkValueOf, keepKeyRing, keysIn, removeKey } from '#drivers/till/index.ts';
import { openSecured, type SharedKey, seal } from '#nexo/index.ts';
import { isFault } from '#ports/fault.ts';
import { type Line, newFolder, recordingLog } from '../http/support.ts';

const PASSPHRASE = 'correct horse battery';
const key = (version: number, passphrase = PASSPHRASE, identifier = 'shop'): SharedKey => ({
  ...{ identifier, version, cryptoVersion: 1, passphrase },
});
const newPath = () => join(newFolder(), 'till', 'keys.json');
let kept: { close(): void } | undefined;
afterEach(() => {
  kept?.close();
  kept = undefined;
});

const follow = async (path: string) => {
  const lines: Line[] = [];
  const ring = await keepKeyRing(path, { log: recordingLog(lines), lookMs: 30 });
  kept = ring;
  const has = (version: number) =>
    ring.ring()?.find({ KeyIdentifier: 'shop', KeyVersion: version }) !== undefined;
  const errors = () => lines.filter(({ level }) => level === 'error');
  return { ring, has, errors, lines };
};

describe('the file of the keys', () => {
  test('is for its owner alone, and whole', async () => {
    const path = newPath();
    expect(await keysIn(path)).toEqual([]);
    expect(await addKey(path, key(1))).toBeUndefined();
    expect(await addKey(path, key(2, 'another passphrase'))).toBeUndefined();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.new`)).toBe(false);
    expect(await keysIn(path)).toEqual([key(1), key(2, 'another passphrase')]);
    expect(await removeKey(path, 'shop', 1)).toBeUndefined();
    expect(await keysIn(path)).toEqual([key(2, 'another passphrase')]);
    expect(await removeKey(path, 'shop', undefined)).toBeUndefined();
    expect(await keysIn(path)).toEqual([]);
    expect(await removeKey(path, 'shop', 9)).toMatchObject({ fault: 'keys' });
  });

  test('refuses a name that is taken and a passphrase that tills encode in two ways', async () => {
    const path = newPath();
    await addKey(path, key(1));
    expect(await addKey(path, key(1, 'something else'))).toMatchObject({ fault: 'keys' });
    const refused = await addKey(path, key(2, 'Fünfzehn Zeichen'));
    expect(refused).toMatchObject({ fault: 'keys' });
    expect(JSON.stringify(refused)).not.toContain('Zeichen');
    expect(await keysIn(path)).toEqual([key(1)]);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  test('is changed by one command at a time; what a killed one left is cleared', async () => {
    const path = newPath();
    await addKey(path, key(1));
    writeFileSync(`${path}.new`, '');
    const busy = await addKey(path, key(2));
    expect(busy?.detail).toContain('another command is changing it');
    const longAgo = Date.now() / 1000 - 60;
    utimesSync(`${path}.new`, longAgo, longAgo);
    expect(await addKey(path, key(2))).toBeUndefined();
    const all = [3, 4, 5, 6].map((version) => addKey(path, key(version)));
    const done = (await Promise.all(all)).filter((refused) => refused === undefined);
    expect(await keysIn(path)).toHaveLength(2 + done.length);
  });

  test.each([
    ['no JSON', 'nonsense with a secret'],
    ['no list', '{"keys":{}}'],
    ['no key', '{"keys":[{"identifier":"a","version":"1","passphrase":"secret"}]}'],
  ])('that is %s is a fault that quotes nothing', async (_, text) => {
    const path = join(newFolder(), 'keys.json');
    writeFileSync(path, text, { mode: 0o600 });
    const found = await keysIn(path);
    expect(isFault(found)).toBe(true);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test('tells two keys apart by a value that is not the passphrase', () => {
    expect(checkValueOf(key(1))).toMatch(/^[0-9A-F]{10}$/);
    expect(checkValueOf(key(1))).toBe(checkValueOf(key(7)));
    expect(checkValueOf(key(1))).not.toBe(checkValueOf(key(1, 'another passphrase')));
  });
});

describe('the keys of a running terminal', () => {
  test('follow the file: two versions at once while tills go over, then the new one', async () => {
    const path = newPath();
    await addKey(path, key(1));
    const { ring, has } = await follow(path);
    const old = ring.ring()?.current;
    expect([has(1), has(2)]).toEqual([true, false]);
    await addKey(path, key(2, 'the next passphrase'));
    await expect.poll(() => has(2)).toBe(true);
    expect(has(1)).toBe(true);
    expect(ring.ring()?.current.key.version).toBe(2);
    // What was derived once is not derived again.
    expect(ring.ring()?.find({ KeyIdentifier: 'shop', KeyVersion: 1 })?.derived).toBe(old?.derived);
    await removeKey(path, 'shop', 1);
    await expect.poll(() => has(1)).toBe(false);
    expect(has(2)).toBe(true);
  });

  test('open what a till sealed with either of them', async () => {
    const path = newPath();
    await addKey(path, key(1));
    await addKey(path, key(2, 'the next passphrase'));
    const { ring } = await follow(path);
    const now = ring.ring();
    if (now === undefined) throw new Error('no ring');
    for (const version of [1, 2]) {
      const found = now.find({ KeyIdentifier: 'shop', KeyVersion: version });
      if (found === undefined) throw new Error('no key');
      const header = {
        ...{ MessageClass: 'Service', MessageCategory: 'Diagnosis', MessageType: 'Request' },
        ...{ ServiceID: '1', SaleID: 'till', POIID: 'poi', ProtocolVersion: '3.0' },
      } as const;
      const sealed = seal('SaleToPOIRequest', header as never, '{}', found, new Uint8Array(16));
      expect(openSecured(JSON.parse(sealed), now)).toMatchObject({
        key: { version },
      });
    }
  });

  test('stay as they were when the file is bad, gone or readable by others', async () => {
    const path = newPath();
    await addKey(path, key(1));
    const { has, errors } = await follow(path);
    const good = readFileSync(path);
    writeFileSync(path, `{"keys":[{"passphrase":"${PASSPHRASE}"`);
    await expect.poll(() => errors().length).toBe(1);
    rmSync(path);
    await expect.poll(() => errors().length).toBe(2);
    writeFileSync(path, good, { mode: 0o600 });
    chmodSync(path, 0o644);
    await expect.poll(() => errors().at(-1)?.message).toContain('chmod 600');
    expect(has(1)).toBe(true);
    expect(JSON.stringify(errors())).not.toContain(PASSPHRASE);
    chmodSync(path, 0o600);
    await addKey(path, key(2));
    await expect.poll(() => has(2)).toBe(true);
  });

  test('are none once the last one is removed, and come with the first one', async () => {
    const path = newPath();
    const { ring, has, lines } = await follow(path);
    expect(ring.ring()).toBeUndefined();
    expect(lines).toEqual([]);
    await addKey(path, key(1));
    await expect.poll(() => has(1)).toBe(true);
    await removeKey(path, 'shop', 1);
    await expect.poll(() => ring.ring()).toBeUndefined();
    expect(JSON.stringify(lines)).not.toContain(PASSPHRASE);
  });
});
