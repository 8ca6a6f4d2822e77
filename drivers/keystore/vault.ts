import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DukptRegister, eraseRegister } from '#crypto/dukpt-register.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Sealer } from '#ports/sealer.ts';
import { behindBlock } from './account-key.ts';
import { type Contents, wipe } from './contents.ts';
import { overwriteAndUnlink, reasonOf, removeLeftovers } from './files.ts';
import { takeLock } from './lock.ts';
import { readStore, writeStore } from './store-file.ts';
import {
  beginTombstone,
  describeTombstone,
  makeTombstone,
  readTombstone,
  removeTombstone,
  type Tombstone,
  writeTombstone,
} from './tombstone.ts';

export interface VaultOptions {
  readonly folder: string;
  readonly sealer: Sealer;
  readonly log: Log;
  readonly nowMs: () => number;
}

/** The keys in memory, beside those in the file. Changed by the functions of this file alone. */
export interface Vault {
  readonly options: VaultOptions;
  readonly lock: { release(): void };
  /** As the file has them: its register stands behind the block that is being used. */
  contents: Contents | undefined;
  /** The register in use. */
  live: DukptRegister | undefined;
  /** The last keys were erased, and none were loaded since. */
  tombstone: Tombstone | undefined;
  /** The file is there and doesn't open, or the store is closed: nothing is loaded over it. */
  standing: Fault | undefined;
  /** Why the last write failed. */
  unwritten: Fault | undefined;
  /** Counts erasures: what began before one must not end after it. */
  era: number;
  /** One change of the file after another. */
  work: Promise<unknown>;
}

/** What a change makes of the contents. */
export interface Change<T> {
  readonly to: Contents;
  readonly result: T;
  /** Keys that are overwritten when the change is written, and when it couldn't be. */
  readonly replaced: readonly Uint8Array[];
  readonly brought: readonly Uint8Array[];
}

/** Opens the folder, finishes what was interrupted. A Fault when another process has it open. */
export const openVault = async (options: VaultOptions): Promise<Vault | Fault> => {
  const { folder } = options;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fault('keys', `the key store's folder can't be made: ${reasonOf(error)}`);
  }
  const lock = takeLock(folder);
  if (isFault(lock)) return lock;
  try {
    removeLeftovers(folder);
    const vault: Vault = {
      ...{ options, lock, era: 0, work: Promise.resolve() },
      ...{ contents: undefined, live: undefined, standing: undefined, unwritten: undefined },
      tombstone: readTombstone(tombstoneOf(folder)),
    };
    await fill(vault);
    return vault;
  } catch (error) {
    lock.release();
    return fault('keys', `the key store's folder can't be used: ${reasonOf(error)}`);
  }
};

/** What the file holds, without the lock: a reader sees the old file or the new one. */
export const peek = async (
  options: Pick<VaultOptions, 'folder' | 'sealer'>,
): Promise<Contents | Fault> => {
  const found = await readStore(storeOf(options.folder), options.sealer);
  if (found !== 'absent') return found;
  const tombstone = readTombstone(tombstoneOf(options.folder));
  return fault('keys', tombstone ? describeTombstone(tombstone) : NONE);
};

/** Undefined when account data can be sealed. */
export const refusalOf = (vault: Vault): Fault | undefined => {
  const { standing, tombstone, contents, live } = vault;
  if (standing) return standing;
  if (tombstone) return fault('keys', describeTombstone(tombstone));
  if (!contents) return fault('keys', NONE);
  if (!live || !contents.account) return fault('keys', 'no key for account data (B1) is loaded');
  if (live.counter === 0)
    return fault('keys', 'the key for account data is used up: load a new one');
  return hasBlock(vault) ? undefined : vault.unwritten;
};

/** Whether the file lets the register go on. */
export const hasBlock = ({ live, contents }: Vault): boolean =>
  live !== undefined && live.counter !== contents?.account?.register.counter;

/** Writes the register that stands behind the next block of counters, if it isn't yet. */
export const reserveBlock = (vault: Vault): Promise<Fault | undefined> =>
  inTurn(vault, async () => {
    const { contents, live } = vault;
    if (hasBlock(vault)) return undefined;
    const kept = live && behindBlock(live);
    if (!contents?.account || !kept || kept === 'exhausted') {
      return refusalOf(vault) ?? fault('keys', 'the key for account data gives no further key');
    }
    const to = { ...contents, account: { ...contents.account, register: kept } };
    const failed = await write(vault, to);
    if (failed === undefined) vault.contents = to;
    // Erased meanwhile: what was derived for the file is nobody's any more.
    else if (vault.live === undefined) eraseRegister(kept);
    return failed;
  });

/** Changes what the file holds, and then what memory holds; a Fault when it couldn't be written. */
export const change = <T>(
  vault: Vault,
  make: (now: Contents | undefined) => Change<T> | Fault,
): Promise<T | Fault> =>
  inTurn(vault, async () => {
    if (vault.standing) return vault.standing;
    const before = vault.contents;
    const made = make(before);
    if (isFault(made)) return made;
    const { to, result } = made;
    const failed = await write(vault, to);
    for (const key of failed ? made.brought : made.replaced) key.fill(0);
    if (failed) return failed;
    if (to.account !== before?.account) {
      for (const old of [vault.live, before?.account?.register]) if (old) eraseRegister(old);
      vault.live = to.account?.register;
    }
    vault.contents = to;
    vault.tombstone = undefined;
    attempt(vault.options.log, () => removeTombstone(tombstoneOf(vault.options.folder)));
    return result;
  });

/**
 * First what is in memory, then the key of the file, then the file: each is enough. A Fault names
 * what is still there.
 */
export const eraseAll = async (vault: Vault, why: string): Promise<Fault | undefined> => {
  const { folder, log, nowMs, sealer } = vault.options;
  const tombstone = noteOf(vault) ?? makeTombstone(why, nowMs(), formerIds(vault));
  vault.era++;
  vault.tombstone = tombstone;
  vault.standing = undefined;
  forget(vault);
  attempt(log, () => beginTombstone(tombstoneOf(folder), tombstone));
  const sealed = await destroyFile(vault.options, sealer);
  const left = await inTurn(vault, async () => [
    sealed,
    // Again: a write may have been under way.
    attempt(log, () => overwriteAndUnlink(storeOf(folder))),
    attempt(log, () => writeTombstone(tombstoneOf(folder), tombstone)),
  ]);
  const still = left.filter((one) => one !== undefined);
  if (still.length > 0) return fault('keys', `not everything is erased: ${still.join('; ')}`);
  log.error({ why: tombstone.why }, 'all keys are erased');
  return undefined;
};

/** The ids of initial keys that a store made anew has to refuse; undefined when nobody knows. */
export const formerIds = ({
  contents,
  tombstone,
  standing,
}: Vault): readonly string[] | undefined => {
  if (contents) return contents.usedKeyIds;
  if (tombstone) return tombstone.usedKeyIds;
  return standing ? undefined : [];
};

export const closeVault = (vault: Vault): Promise<void> =>
  inTurn(vault, async () => {
    if (vault.standing === CLOSED) return;
    forget(vault);
    vault.standing = CLOSED;
    await vault.options.sealer.close();
    vault.lock.release();
  });

const NONE = 'no keys are loaded: first the transport key, then key blocks';
const CLOSED = fault('keys', 'the key store is closed');

const storeOf = (folder: string) => join(folder, 'keys.sealed');
const tombstoneOf = (folder: string) => join(folder, 'erased.json');

// Nothing was loaded since: what was erased then is what there is to tell.
const noteOf = ({ contents, tombstone }: Vault): Tombstone | undefined =>
  contents === undefined && tombstone?.atMs !== undefined ? tombstone : undefined;

const fill = async (vault: Vault): Promise<void> => {
  const { options, tombstone } = vault;
  const found = await readStore(storeOf(options.folder), options.sealer);
  if (found === 'absent') return;
  // Keys that were loaded after the last erasure know its id.
  const interrupted = tombstone && (isFault(found) || found.after !== tombstone.id);
  if (interrupted) {
    options.log.error({}, 'the erasing of the keys was interrupted, and is finished now');
    if (!isFault(found)) wipe(found);
    await destroyFile(options, options.sealer);
  } else if (isFault(found)) {
    vault.standing = found;
  } else {
    vault.contents = found;
    vault.live = found.account?.register;
    vault.tombstone = undefined;
    removeTombstone(tombstoneOf(options.folder));
  }
};

const forget = (vault: Vault): void => {
  if (vault.live) eraseRegister(vault.live);
  if (vault.contents) wipe(vault.contents);
  vault.live = undefined;
  vault.contents = undefined;
};

const inTurn = <T>(vault: Vault, step: () => Promise<T>): Promise<T> => {
  const turn = vault.work.then(step);
  vault.work = turn.catch(() => undefined);
  return turn;
};

/** A Fault, too, when the keys were erased meanwhile. */
const write = async (vault: Vault, to: Contents): Promise<Fault | undefined> => {
  const { folder, sealer, log } = vault.options;
  const began = vault.era;
  const failed = await writeStore(storeOf(folder), sealer, to, () => vault.era === began);
  if (vault.era !== began) return refusalOf(vault) ?? fault('keys', 'the keys were erased');
  vault.unwritten = failed;
  if (failed) log.error({ why: failed.detail }, 'the key store was not written');
  return failed;
};

const destroyFile = async (
  { folder, log }: VaultOptions,
  sealer: Sealer,
): Promise<string | undefined> => {
  const destroyed = sealer.destroy();
  attempt(log, () => overwriteAndUnlink(storeOf(folder)));
  const failed = await destroyed;
  if (failed) log.error({ why: failed.detail }, "the sealer's key is not destroyed");
  return failed?.detail;
};

/** Erasing goes on, whatever part of it fails; what the disk said names the file. */
const attempt = (log: Log, step: () => void): string | undefined => {
  try {
    step();
    return undefined;
  } catch (error) {
    log.error({ why: reasonOf(error) }, 'a file of the key store is still there');
    return reasonOf(error);
  }
};
