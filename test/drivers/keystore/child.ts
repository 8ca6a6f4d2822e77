// A process of its own around a key store, for tests that kill it or look into its memory:
// node child.ts seal|erase|secrets|memory FOLDER; keys arrive on standard input, none as text.
import { readSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { getHeapSnapshot } from 'node:v8';
import { openKeyStore } from '#drivers/keystore/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { LogFields } from '#ports/log.ts';
import { copiesInMemory, needleOf } from './own-memory.ts';

const sound = <T>(value: T | Fault): T => {
  if (isFault(value)) throw new Error(value.detail);
  return value;
};

const say = (line: string) => writeSync(1, `${line}\n`);
const note = (_: LogFields, message: string) => say(`log ${message}`);
const log = { debug: note, info: note, warn: note, error: note };
const data = new Uint8Array(19).fill(0x54);

/** Read into one place, without the copies that streams leave behind. */
const everythingSent = (): Buffer => {
  const room = Buffer.alloc(1 << 16);
  let length = 0;
  for (let more = -1; more !== 0; length += more) more = readSync(0, room, { offset: length });
  return room.subarray(0, length);
};

/** 32 bytes of transport key, then key blocks, a line each. */
const loadFrom = async (store: KeyStore, input: Buffer): Promise<void> => {
  sound(await store.loadTransportKey(input.subarray(0, 32)));
  input.fill(0, 0, 32);
  for (const line of input.toString('latin1', 32).trim().split('\n')) sound(await store.load(line));
};

const jobs: Readonly<Record<string, (store: KeyStore) => Promise<void>>> = {
  // Until it is killed.
  seal: async (store) => {
    for (;;) {
      const { keySerialNumber } = sound(await store.seal(data, 'a', false));
      say(Buffer.from(keySerialNumber).toString('hex'));
    }
  },
  // Killed at the first moment that anything else could run.
  erase: async (store) => {
    await loadFrom(store, everythingSent());
    sound(await store.seal(data, 'a', true));
    void store.erase('killed in the middle');
    process.kill(process.pid, 'SIGKILL');
  },
  // All that it has done, then everything that can be printed of it.
  secrets: async (store) => {
    await loadFrom(store, everythingSent());
    for (let i = 0; i < 300; i++) sound(await store.seal(data, 'a', true));
    const sealed = sound(await store.seal(data, 'a', true));
    sound(await store.open(sealed, 'a'));
    sound(await store.mac(data));
    say(inspect(store, { depth: 20, showHidden: true, getters: true }));
    say(JSON.stringify([store, store.list(), await store.open(sealed, 'b')]));
    const kept = new Map([['known', 'this text stands in the heap']]);
    for await (const chunk of getHeapSnapshot()) writeSync(1, chunk as Buffer);
    kept.clear();
  },
  // How many copies of the transport key there are: in use, and erased.
  memory: async (store) => {
    const input = everythingSent();
    const needle = needleOf(input);
    await loadFrom(store, input);
    for (let i = 0; i < 300; i++) sound(await store.seal(data, 'a', true));
    say(`in use ${copiesInMemory(needle)}`);
    await store.erase('a test');
    say(`erased ${copiesInMemory(needle)}`);
  },
};

const [, , job = '', folder = ''] = process.argv;
const store = sound(await openKeyStore({ folder, log }));
await jobs[job]?.(store);
