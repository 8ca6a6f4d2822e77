// What the key store costs a payment: node test/drivers/keystore/speed.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyStore } from '#drivers/keystore/index.ts';
import { ACCOUNT_BLOCK, CMAC_BLOCK, RETAIL_BLOCK, sound, TRANSPORT } from './key-material.ts';

const silent = () => {};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const folder = mkdtempSync(join(tmpdir(), 'countertap-keys-'));
const store = sound(await openKeyStore({ folder, log }));
sound(await store.loadTransportKey(TRANSPORT));
sound(await store.load(ACCOUNT_BLOCK));
sound(await store.load(CMAC_BLOCK));

const measure = async (name: string, work: (i: number) => Promise<unknown>): Promise<void> => {
  const times: number[] = [];
  for (let i = 0; i < 5_000; i++) {
    const began = performance.now();
    await work(i);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * times.length)] ?? 0).toFixed(3);
  process.stdout.write(
    `${name.padEnd(22)} median ${at(0.5)}  99 % ${at(0.99)}  most ${at(0.9999)} ms\n`,
  );
};

const track = new Uint8Array(19).fill(0x54);
const message = new Uint8Array(400).fill(0x31);
const sealed = sound(await store.seal(track, 'payment', true));
await measure('seal for the host', () => store.seal(track, 'payment', false));
await measure('seal to open again', () => store.seal(track, 'payment', true));
await measure('open', () => store.open(sealed, 'payment'));
await measure('token', (i) => store.token(String(5413330000000000 + i)));
await measure('CMAC of 400 bytes', () => store.mac(message));
sound(await store.load(RETAIL_BLOCK));
await measure('retail MAC, 400 bytes', () => store.mac(message));
await store.close();
rmSync(folder, { recursive: true });
