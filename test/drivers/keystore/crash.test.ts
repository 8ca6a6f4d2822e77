import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import {
  ACCOUNT_BLOCK,
  block,
  CMAC_BLOCK,
  CMAC_KEY,
  idBlock,
  initial,
  KEY_ID,
  TRANSPORT,
} from './key-material.ts';
import { loadedIn, newFolder, openIn } from './stores.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const KEYS = Buffer.concat([TRANSPORT, Buffer.from(`${ACCOUNT_BLOCK}\n${CMAC_BLOCK}\n`)]);

const start = (job: string, folder: string) =>
  spawn(process.execPath, [CHILD, job, folder], { stdio: ['pipe', 'pipe', 'inherit'] });

/** Serial numbers that a process wrote down until it was killed behind `count` of them. */
const killedAfter = async (folder: string, count: number): Promise<string[]> => {
  const child = start('seal', folder);
  const serials: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    serials.push(line);
    if (serials.length === count) child.kill('SIGKILL');
  }
  // A line cut off by the end says nothing.
  return serials.filter((serial) => /^[0-9a-f]{24}$/.test(serial));
};

describe('a process killed while it seals', () => {
  it('never uses a key serial number twice, in 10,000 and more of them', async () => {
    const folder = newFolder();
    await (await loadedIn(folder)).close();
    const seen = new Set<string>();
    let sealed = 0;
    let runs = 0;
    for (const count of fc.sample(fc.integer({ min: 400, max: 1600 }), 60)) {
      if (sealed >= 10_000) break;
      const serials = await killedAfter(folder, count);
      sealed += serials.length;
      runs++;
      for (const serial of serials) seen.add(serial);
    }
    expect(sealed).toBeGreaterThanOrEqual(10_000);
    expect(runs).toBeGreaterThanOrEqual(5);
    expect(seen.size).toBe(sealed);
  }, 60_000);
});

describe('a process killed while it erases', () => {
  it('leaves no usable key, and the reason', async () => {
    const folder = newFolder();
    const child = start('erase', folder);
    child.stdin.end(KEYS);
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    const store = await openIn(folder);
    expect(store.refusal()?.detail).toMatch(/^the keys were erased at .*: killed in the middle$/);
    expect(store.erased).toBe(true);
    expect(store.list()).toEqual([]);
  });
});

describe('whatever can be printed of a process', () => {
  it('holds no key: object, JSON, log and heap', async () => {
    const child = start('secrets', newFolder());
    child.stdin.end(KEYS);
    const printed = await text(child.stdout);
    // Not `toContain`: a failure would print 10 MB.
    const holds = (part: string): boolean => printed.includes(part);
    expect(holds('[Function: seal]')).toBe(true);
    expect(holds('this text stands in the heap')).toBe(true);
    for (const key of [TRANSPORT, initial(), CMAC_KEY]) {
      for (const part of [key.subarray(0, 8), key.subarray(8, 16)]) {
        expect(holds(toHex(part))).toBe(false);
        expect(holds(toHex(part).toLowerCase())).toBe(false);
        expect(holds([...part].join(','))).toBe(false);
      }
      expect(holds(Buffer.from(key.subarray(0, 12)).toString('base64'))).toBe(false);
    }
  }, 30_000);
});

describe('the memory of a process', () => {
  it('holds the transport key while it is in use, and no more when it is erased', async () => {
    // Random: no table of a library looks like it.
    const transport = new Uint8Array(randomBytes(32));
    const blocks = [
      block(initial(), { optionalBlocks: idBlock(KEY_ID) }, transport),
      block(CMAC_KEY, { usage: 'M6', modeOfUse: 'G' }, transport),
    ];
    const child = start('memory', newFolder());
    child.stdin.end(Buffer.concat([transport, Buffer.from(`${blocks.join('\n')}\n`)]));
    const printed = await text(child.stdout);
    expect(printed).toMatch(/^in use [1-9]/m);
    expect(printed).toMatch(/^erased 0$/m);
  });
});

describe('an erasing that stopped half-way', () => {
  it.each([
    ['the note is begun', ['note']],
    ['the note is begun, and empty', ['empty note']],
    ['the machine key is overwritten', ['zeros']],
    ['the note is begun, the machine key overwritten', ['note', 'zeros']],
    ['the store is overwritten', ['note', 'store']],
  ])('leaves no usable key where %s', async (_, steps) => {
    const folder = newFolder();
    await (await loadedIn(folder)).close();
    const machineKey = join(folder, 'machine.key');
    const storeFile = join(folder, 'keys.sealed');
    const note = { id: '00112233AABBCCDD', why: 'the case was opened', atMs: 0, usedKeyIds: [] };
    if (steps.includes('note')) writeFileSync(join(folder, 'erased.json'), JSON.stringify(note));
    if (steps.includes('empty note')) writeFileSync(join(folder, 'erased.json'), '');
    if (steps.includes('zeros')) writeFileSync(machineKey, Buffer.alloc(32));
    if (steps.includes('store')) {
      writeFileSync(storeFile, Buffer.alloc(readFileSync(storeFile).length));
    }
    const store = await openIn(folder);
    expect(store.refusal()?.detail).toMatch(/the keys were erased|it was changed/);
    expect(store.list()).toEqual([]);
    await store.erase('once more');
    // A note that can be read stays the one of why they went.
    const told = steps.includes('note') ? /the case was opened/ : /once more/;
    expect(store.refusal()?.detail).toMatch(told);
  });
});
