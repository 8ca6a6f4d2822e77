import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { openMachineSealer, watchTamper } from '#drivers/keystore/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import type { Sealer } from '#ports/sealer.ts';
import {
  ACCOUNT_BLOCK,
  block,
  CMAC_BLOCK,
  detailOf,
  idBlock,
  initial,
  sound,
  TRANSPORT,
} from './key-material.ts';
import { loadedIn, log, newFolder, openIn } from './stores.ts';

const DATA = hex('5413330089600010');
const AT = Date.UTC(2026, 10, 22, 0, 51, 54);
const WHY = 'the keys were erased at 2026-11-22T00:51:54.000Z: the case was opened';

const watches: { close(): void }[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.close();
});

describe('erased keys', () => {
  it('are gone from memory and folder; why and when stays, also over a restart', async () => {
    const folder = newFolder();
    const store = await loadedIn(folder, { nowMs: () => AT });
    const sealed = sound(await store.seal(DATA, 'a', true));
    await store.erase('the case was opened');
    expect(readdirSync(folder).sort()).toEqual(['erased.json', 'lock']);
    expect(store.hasMacKey).toBe(false);
    expect(detailOf(await store.open(sealed, 'a'))).toBe(WHY);
    await store.close();
    const again = await openIn(folder);
    expect(again.refusal()?.detail).toBe(WHY);
    expect(again.erased).toBe(true);
    expect(detailOf(await again.load(CMAC_BLOCK))).toMatch(/needs the transport key/);
  });

  it('keep the note of when and why over a second erasing, until keys are loaded', async () => {
    const folder = newFolder();
    let now = AT;
    const store = await loadedIn(folder, { nowMs: () => now });
    await store.erase('the case was opened');
    now += 3_600_000;
    expect(await store.erase('sold')).toBeUndefined();
    expect(store.refusal()?.detail).toBe(WHY);
    await store.close();
    const again = await openIn(folder, { nowMs: () => now });
    await again.erase('sold');
    expect(again.refusal()?.detail).toBe(WHY);
    sound(await again.loadTransportKey(TRANSPORT));
    await again.erase('sold');
    expect(again.refusal()?.detail).toMatch(/T01:51:54\.000Z: sold$/);
    expect(detailOf(await again.load(CMAC_BLOCK))).toMatch(/needs the transport key/);
    sound(await again.loadTransportKey(TRANSPORT));
    expect(detailOf(await again.load(ACCOUNT_BLOCK))).toMatch(/was in this store before/);
  });

  it.each([
    ['unreadable', () => 'not JSON'],
    ['without its keys', (note: string) => note.replace('usedKeyIds', 'x')],
    ['with a damaged key id', (note: string) => note.replace('1234567800000042', '12345678')],
  ])('let no initial key come back where the note of them is %s', async (_, damage) => {
    const folder = newFolder();
    const store = await loadedIn(folder);
    await store.erase('the case was opened');
    await store.close();
    const path = join(folder, 'erased.json');
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    const refusal = /which initial keys were here before is not known: remove the key store/;
    const again = await openIn(folder);
    expect(again.refusal()?.detail).not.toContain('1970');
    expect(detailOf(await again.loadTransportKey(TRANSPORT))).toMatch(refusal);
    await again.erase('sold');
    expect(detailOf(await again.loadTransportKey(TRANSPORT))).toMatch(refusal);
    await again.close();
    expect(detailOf(await (await openIn(folder)).loadTransportKey(TRANSPORT))).toMatch(refusal);
  });

  it('let none come back, either, that were in a file which no longer opened', async () => {
    const folder = newFolder();
    await (await loadedIn(folder)).close();
    writeFileSync(join(folder, 'keys.sealed'), 'not a key store');
    const store = await openIn(folder);
    expect(await store.erase('damaged')).toBeUndefined();
    expect(detailOf(await store.loadTransportKey(TRANSPORT))).toMatch(/is not known: remove/);
  });

  it('make room for new ones, which open nothing of before', async () => {
    const folder = newFolder();
    const store = await loadedIn(folder);
    const sealed = sound(await store.seal(DATA, 'a', true));
    const token = await store.token('5413330089600010');
    await store.erase('the case was opened');
    const id = hex('1234567800000043');
    sound(await store.loadTransportKey(TRANSPORT));
    sound(await store.load(block(initial(id), { optionalBlocks: idBlock(id) })));
    expect(store.refusal()).toBeUndefined();
    expect(store.erased).toBe(false);
    expect(detailOf(await store.open(sealed, 'a'))).toMatch(/doesn't open/);
    expect(await store.token('5413330089600010')).not.toBe(token);
    await store.close();
    const again = await openIn(folder);
    expect(again.refusal()).toBeUndefined();
    expect(existsSync(join(folder, 'erased.json'))).toBe(false);
  });

  it('stay erased when the note of it comes back beside new keys', async () => {
    const folder = newFolder();
    const store = await loadedIn(folder);
    await store.erase('the case was opened');
    const note = readFileSync(join(folder, 'erased.json'));
    sound(await store.loadTransportKey(TRANSPORT));
    await store.close();
    // A crash between the new store and the end of the note: the new keys know the note.
    writeFileSync(join(folder, 'erased.json'), note);
    const again = await openIn(folder);
    expect(again.list().map(({ name }) => name)).toEqual(['transport']);
  });

  it('are erased for payments that are being sealed, too', async () => {
    const folder = newFolder();
    const store = await loadedIn(folder);
    const pending = Array.from({ length: 20 }, () => store.seal(DATA, 'a', true));
    const loading = store.load(CMAC_BLOCK);
    const erasing = store.erase('the case was opened');
    for (const answer of await Promise.all(pending)) {
      expect(detailOf(answer)).toMatch(/the case was opened/);
    }
    expect(isFault(await loading)).toBe(true);
    await erasing;
    expect(readdirSync(folder).sort()).toEqual(['erased.json', 'lock']);
  });

  it('are erased from disk and memory where the module does not answer', async () => {
    const folder = newFolder();
    const inner = openMachineSealer({ keyPath: join(folder, 'machine.key') });
    const sealer: Sealer = { ...inner, destroy: async () => fault('keys', 'the module is away') };
    const store = await loadedIn(folder, { sealer });
    expect(detailOf(await store.erase('the case was opened'))).toMatch(
      /erased: the module is away/,
    );
    expect(existsSync(join(folder, 'keys.sealed'))).toBe(false);
    expect(store.refusal()?.detail).toMatch(/the case was opened/);
    expect(log.lines.join()).toContain('the module is away');
  });
});

describe('the tamper signal', () => {
  const signalled = (path: string, change: () => void, pollMs = 500) => {
    let why: string | undefined;
    const told = new EventTarget();
    const watch = watchTamper({
      ...{ path, log, pollMs },
      onTamper: (reason) => {
        why = reason;
        told.dispatchEvent(new Event('tamper'));
      },
    });
    watches.push(watch);
    const heard = why === undefined ? once(told, 'tamper') : Promise.resolve();
    change();
    return { heard, why: () => why };
  };

  it('is a wire that says 1', async () => {
    const path = join(newFolder(), 'value');
    writeFileSync(path, '0\n');
    const signal = signalled(path, () => writeFileSync(path, '1\n'));
    await signal.heard;
    expect(signal.why()).toBe(`${path} says 1`);
  });

  it('is a file that appears', async () => {
    const path = join(newFolder(), 'opened');
    const signal = signalled(path, () => writeFileSync(path, ''));
    await signal.heard;
    expect(signal.why()).toBe(`${path} has appeared`);
  });

  it('counts when it came while nobody watched', () => {
    const path = join(newFolder(), 'value');
    writeFileSync(path, '1');
    expect(signalled(path, () => {}).why()).toBe(`${path} says 1`);
  });

  it('is found where the system tells nobody of it, as in sysfs: by asking', async () => {
    const folder = join(newFolder(), 'not', 'there', 'yet');
    const path = join(folder, 'value');
    const elsewhere = newFolder();
    writeFileSync(join(elsewhere, 'value'), '1');
    const signal = signalled(path, () => {}, 20);
    mkdirSync(join(folder, '..'), { recursive: true });
    renameSync(elsewhere, folder);
    await signal.heard;
    expect(signal.why()).toBe(`${path} says 1`);
    rmSync(folder, { recursive: true });
    mkdirSync(elsewhere);
  });

  it('erases the keys before anything else can happen', async () => {
    const folder = newFolder();
    const store = await loadedIn(folder);
    const path = join(newFolder(), 'value');
    writeFileSync(path, '1');
    watches.push(watchTamper({ path, log, onTamper: (why) => void store.erase(why) }));
    // Not one turn of the loop has passed.
    expect(existsSync(join(folder, 'keys.sealed'))).toBe(false);
    expect(existsSync(join(folder, 'machine.key'))).toBe(false);
    expect(store.refusal()?.detail).toContain('says 1');
  });

  it('is none while the wire says 0, is written anew, or vanishes: that is reported', async () => {
    const path = join(newFolder(), 'value');
    writeFileSync(path, '0');
    const signal = signalled(path, () => writeFileSync(path, ''), 5);
    writeFileSync(path, '0');
    rmSync(path);
    const reported = () =>
      log.lines.some((line) => line.includes("the tamper signal can't be read"));
    for (let i = 0; i < 500 && !reported(); i++) {
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(reported()).toBe(true);
    expect(signal.why()).toBeUndefined();
  });
});
