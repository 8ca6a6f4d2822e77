import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { transactionCounter } from '#crypto/dukpt-aes.ts';
import { listKeys, openKeyStore, openMachineSealer } from '#drivers/keystore/index.ts';
import { fault } from '#ports/fault.ts';
import type { Sealer } from '#ports/sealer.ts';
import { ACCOUNT_BLOCK, CMAC_BLOCK, detailOf, sound, TRANSPORT } from './key-material.ts';
import { loadedIn, log, newFolder, openIn } from './stores.ts';

const DATA = hex('5413330089600010');
const fileOf = (folder: string) => join(folder, 'keys.sealed');

const machine = (folder: string, id: string): Sealer => {
  const machineIdPath = join(newFolder(), 'machine-id');
  writeFileSync(machineIdPath, `${id}\n`);
  return openMachineSealer({ keyPath: join(folder, 'machine.key'), machineIdPath });
};

/** Refused at opening, for one reason; nothing may be loaded over it. */
const refusalIn = async (folder: string, sealer?: Sealer): Promise<string> => {
  const store = await openIn(folder, sealer ? { sealer } : {});
  const refusal = store.refusal();
  expect(await store.seal(DATA, 'a', false)).toEqual(refusal);
  expect(await store.loadTransportKey(TRANSPORT)).toEqual(refusal);
  await store.close();
  return refusal?.detail ?? 'no refusal';
};

describe('the file', () => {
  it('belongs to its user alone, like everything beside it', async () => {
    const folder = join(newFolder(), 'keys');
    await loadedIn(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).sort()).toEqual(['keys.sealed', 'lock', 'machine.key']);
    for (const name of ['keys.sealed', 'lock', 'machine.key']) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('alone, in another folder, opens nothing', async () => {
    const folder = newFolder();
    await (await loadedIn(folder)).close();
    const elsewhere = newFolder();
    cpSync(fileOf(folder), fileOf(elsewhere));
    expect(await refusalIn(elsewhere)).toMatch(/the machine key can't be read/);
    writeFileSync(join(elsewhere, 'machine.key'), Buffer.alloc(32, 7), { mode: 0o600 });
    expect(await refusalIn(elsewhere)).toMatch(/it was changed, or comes from another machine/);
  });

  it('that a user may not read is not taken for one that is not there', async () => {
    const folder = join(newFolder(), 'keys');
    mkdirSync(folder);
    writeFileSync(join(folder, 'erased.json'), '{');
    const root = process.getuid?.() === 0;
    chmodSync(folder, root ? 0o700 : 0);
    if (root) process.seteuid?.(65_534);
    const listing = listKeys({ folder });
    if (root) process.seteuid?.(0);
    const detail = detailOf(await listing);
    chmodSync(folder, 0o700);
    expect(detail).toMatch(/^the key store can't be read: EACCES/);
  });

  it('with the whole folder, on another machine, opens nothing', async () => {
    const folder = newFolder();
    await (await loadedIn(folder, { sealer: machine(folder, 'a'.repeat(32)) })).close();
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true });
    expect(await refusalIn(copy, machine(copy, 'b'.repeat(32)))).toMatch(/from another machine/);
    const home = await openIn(copy, { sealer: machine(copy, 'a'.repeat(32)) });
    expect(home.refusal()).toBeUndefined();
  });

  it('with any byte changed, or cut off anywhere, opens nothing, and is kept', async () => {
    const folder = newFolder();
    await (await loadedIn(folder)).close();
    const good = readFileSync(fileOf(folder));
    for (let i = 0; i < good.length; i++) {
      const changed = Buffer.from(good);
      changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
      writeFileSync(fileOf(folder), changed);
      expect(await refusalIn(folder)).toMatch(/^the key store .*keys\.sealed/);
      expect(readFileSync(fileOf(folder))).toEqual(changed);
    }
    for (const length of [0, 1, 4, 6, 12, 13, 40, 60, good.length - 1]) {
      writeFileSync(fileOf(folder), good);
      truncateSync(fileOf(folder), length);
      expect(await refusalIn(folder)).toMatch(/^the key store /);
    }
    writeFileSync(fileOf(folder), good);
    expect((await openIn(folder)).refusal()).toBeUndefined();
  });

  it('of a later version, or of another sealer, is told from a damaged one', async () => {
    const folder = newFolder();
    await (await loadedIn(folder)).close();
    const good = readFileSync(fileOf(folder));
    const later = Buffer.from(good);
    later[4] = 2;
    writeFileSync(fileOf(folder), later);
    expect(await refusalIn(folder)).toMatch(/is of version 2: this terminal knows up to 1/);
    writeFileSync(fileOf(folder), good);
    const other: Sealer = { ...machine(folder, 'a'), name: 'pkcs11' };
    expect(await refusalIn(folder, other)).toMatch(/not sealed by the pkcs11 sealer/);
  });

  it('is not opened with a machine key that others may read', async () => {
    const folder = newFolder();
    await (await loadedIn(folder)).close();
    chmodSync(join(folder, 'machine.key'), 0o644);
    expect(await refusalIn(folder)).toMatch(
      /others may read the machine key .*: mode 644, not 600/,
    );
  });

  it('keeps every key over a restart', async () => {
    const folder = newFolder();
    const first = await loadedIn(folder);
    const mac = await first.mac(DATA);
    const listed = first.list();
    await first.close();
    const second = await openIn(folder);
    expect(await second.mac(DATA)).toEqual(mac);
    expect(second.list()).toEqual(listed);
    sound(await second.load(CMAC_BLOCK));
  });

  it('holds no key as it is, nor does its machine key open it by itself', async () => {
    const folder = newFolder();
    await loadedIn(folder);
    for (const name of readdirSync(folder)) {
      expect(toHex(readFileSync(join(folder, name)))).not.toContain(toHex(TRANSPORT.slice(0, 8)));
    }
  });
});

describe('two processes', () => {
  it("don't have one store: the second is told so", async () => {
    const folder = newFolder();
    const first = await loadedIn(folder);
    const second = await openKeyStore({ folder, log });
    expect(detailOf(second)).toBe('another process has the key store open');
    await first.close();
    expect((await openIn(folder)).refusal()).toBeUndefined();
  });

  it('can both see which keys there are', async () => {
    const folder = newFolder();
    expect(detailOf(await listKeys({ folder }))).toMatch(/no keys are loaded/);
    const store = await loadedIn(folder);
    await store.seal(DATA, 'a', false);
    const listed = sound(await listKeys({ folder }));
    expect(listed.map(({ name }) => name)).toEqual(['transport', 'account', 'mac']);
    expect(listed[1]?.counter).toBe(256);
    expect(store.list()[1]?.counter).toBe(2);
  });
});

describe('counters', () => {
  it('go on behind the reserved block after a restart', async () => {
    const folder = newFolder();
    const counters: number[] = [];
    for (let run = 0; run < 4; run++) {
      const store = run === 0 ? await loadedIn(folder) : await openIn(folder);
      for (let i = 0; i < 2; i++) {
        counters.push(
          transactionCounter(sound(await store.seal(DATA, 'a', false)).keySerialNumber),
        );
      }
      await store.close();
    }
    expect(counters).toEqual([1, 2, 256, 257, 512, 513, 768, 769]);
  });

  it('cost one write for each block, and none between', async () => {
    const folder = newFolder();
    let writes = 0;
    const inner = openMachineSealer({ keyPath: join(folder, 'machine.key') });
    const counting: Sealer = {
      ...inner,
      seal: (plain, about) => {
        writes++;
        return inner.seal(plain, about);
      },
    };
    const store = await loadedIn(folder, { sealer: counting });
    writes = 0;
    for (let i = 0; i < 255 + 256; i++) sound(await store.seal(DATA, 'a', false));
    expect(writes).toBe(2);
    sound(await store.seal(DATA, 'a', false));
    expect(writes).toBe(3);
  });
});

describe('a disk that is full', () => {
  it('lets the block in use go on, then refuses, and is tried again', async () => {
    const folder = newFolder();
    const inner = openMachineSealer({ keyPath: join(folder, 'machine.key') });
    let full = false;
    const sealer: Sealer = {
      ...inner,
      seal: async (plain, about) =>
        full ? fault('keys', 'no space left') : inner.seal(plain, about),
    };
    const store = await loadedIn(folder, { sealer });
    sound(await store.seal(DATA, 'a', false));
    full = true;
    for (let i = 2; i < 256; i++) sound(await store.seal(DATA, 'a', false));
    expect(store.refusal()).toBeUndefined();
    expect(detailOf(await store.seal(DATA, 'a', false))).toMatch(/can't be sealed: no space left/);
    expect(store.refusal()?.detail).toMatch(/no space left/);
    full = false;
    expect(store.refusal()?.detail).toMatch(/no space left/);
    const sealed = sound(await store.seal(DATA, 'a', false));
    expect(transactionCounter(sealed.keySerialNumber)).toBe(256);
    expect(store.refusal()).toBeUndefined();
  });

  it('leaves the file that was there, whatever the system says', async () => {
    const folder = newFolder();
    const store = await loadedIn(folder);
    const before = readFileSync(fileOf(folder));
    mkdirSync(`${fileOf(folder)}.new`);
    expect(detailOf(await store.loadTransportKey(DATA.slice(0, 0)))).toMatch(/no AES key/);
    expect(detailOf(await store.loadTransportKey(TRANSPORT))).toMatch(/can't be written: .*EISDIR/);
    expect(readFileSync(fileOf(folder))).toEqual(before);
    rmdirSync(`${fileOf(folder)}.new`);
    sound(await store.loadTransportKey(TRANSPORT));
  });

  it('keeps the keys as they were when a new one cannot be written', async () => {
    const folder = newFolder();
    const inner = openMachineSealer({ keyPath: join(folder, 'machine.key') });
    let full = false;
    const sealer: Sealer = {
      ...inner,
      seal: async (plain, about) =>
        full ? fault('keys', 'no space left') : inner.seal(plain, about),
    };
    const store = await openIn(folder, { sealer });
    sound(await store.loadTransportKey(TRANSPORT));
    full = true;
    expect(detailOf(await store.load(ACCOUNT_BLOCK))).toMatch(/no space left/);
    expect(store.list().map(({ name }) => name)).toEqual(['transport']);
    full = false;
    sound(await store.load(ACCOUNT_BLOCK));
  });
});
