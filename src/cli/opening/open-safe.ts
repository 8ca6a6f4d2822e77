import { readFile } from 'node:fs/promises';
import { fromHex } from '#bytes/hex.ts';
import type { TerminalConfig } from '#config/terminal-config.ts';
import { openKeyStore } from '#drivers/keystore/index.ts';
import type { KeyPaths } from '#drivers/simulated/acquirer/index.ts';
import { openJournal } from '#drivers/sqlite/index.ts';
import { type Books, openBooks } from '#payment/index.ts';
import { type RidingJournal, withRiders } from '#payment/riders.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';

/** What has to be there before the first payment: the journal, its books, and the keys. */
export interface Safe {
  readonly journal: RidingJournal;
  readonly books: Books;
  readonly keys: KeyStore;
  close(): Promise<void>;
}

/**
 * Opens journal and key store. What the last run left open is taken back here, before any tap. A
 * Fault only where another process has them open; a journal or a store that can't be used refuses
 * payments by itself.
 */
export const openSafe = async (
  { securityModule }: TerminalConfig,
  places: Places,
  log: Log,
): Promise<Safe | Fault> => {
  const sealer = await sealerIn(securityModule, log);
  if (isFault(sealer)) return sealer;
  const keys = await openKeyStore({ folder: places.keys, log, ...(sealer ? { sealer } : {}) });
  if (isFault(keys)) return keys;
  const opened = await openJournal({ path: places.journal, log, wallMs: clock.wallMs });
  if (isFault(opened)) {
    await keys.close();
    return opened;
  }
  const journal = withRiders(opened);
  const books = await openBooks({ journal, clock, log });
  const close = async () => {
    await journal.close();
    await keys.close();
  };
  return { journal, books, keys, close };
};

// The module's driver is native code: it is loaded where there is a module.
const sealerIn = async (module: TerminalConfig['securityModule'], log: Log) => {
  if (module === undefined) return undefined;
  const { sealerOf } = await import('../keys.ts');
  const { library: moduleLibrary, token: moduleToken, pinFile: modulePin } = module;
  return sealerOf({ moduleLibrary, moduleToken, modulePin }, log);
};

/**
 * The keys of the simulated host, for a terminal that has none: key injection, as a person would do
 * it with `countertap keys`. Keys that were erased stay erased.
 */
export const injectSimulatedKeys = async (
  keys: KeyStore,
  paths: KeyPaths,
  log: Log,
): Promise<Fault | undefined> => {
  if (keys.erased || keys.list().some(({ name }) => name === 'mac')) return undefined;
  const transport = fromHex((await readFile(paths.transport, 'utf8')).trim());
  if (transport === undefined) return fault('keys', `${paths.transport}: not in hexadecimal`);
  const loaded = await keys.loadTransportKey(transport);
  if (isFault(loaded)) return loaded;
  for (const path of [paths.account, paths.mac]) {
    const key = await keys.load((await readFile(path, 'utf8')).trim());
    if (isFault(key)) return key;
    log.info({ name: key.name, checkValue: key.checkValue }, 'loaded a key of the simulated host');
  }
  return undefined;
};
