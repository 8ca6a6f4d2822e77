import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type KeyStoreOptions, openKeyStore } from '#drivers/keystore/index.ts';
import type { KeyStore } from '#ports/key-store.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { ACCOUNT_BLOCK, CMAC_BLOCK, sound, TRANSPORT } from './key-material.ts';

const opened: KeyStore[] = [];
const folders: string[] = [];

export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'countertap-keys-'));
  folders.push(folder);
  return folder;
};

export const log = keptLog();

/** Closed at the test's end. */
export const openIn = async (
  folder: string,
  options: Partial<KeyStoreOptions> = {},
): Promise<KeyStore> => {
  const store = sound(await openKeyStore({ folder, log, ...options }));
  opened.push(store);
  return store;
};

/** A store with a transport key, an initial key and a MAC key. */
export const loadedIn = async (
  folder: string,
  options: Partial<KeyStoreOptions> = {},
): Promise<KeyStore> => {
  const store = await openIn(folder, options);
  sound(await store.loadTransportKey(TRANSPORT));
  sound(await store.load(ACCOUNT_BLOCK));
  sound(await store.load(CMAC_BLOCK));
  return store;
};

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
