import { randomBytes as systemRandomBytes } from 'node:crypto';
import { join } from 'node:path';
import { equal } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { nextTransaction } from '#crypto/dukpt-register.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { KeyInfo, KeyStore, Sealed } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import type { Sealer } from '#ports/sealer.ts';
import { type Contents, wipe } from './contents.ts';
import { type Arrival, arrivalOf, describeKeys, transportKeyOf } from './key-rules.ts';
import { openMachineSealer } from './machine-sealer.ts';
import {
  type Change,
  change,
  closeVault,
  eraseAll,
  formerIds,
  hasBlock,
  openVault,
  peek,
  refusalOf,
  reserveBlock,
  type Vault,
} from './vault.ts';
import { macOf, openWith, sealWith, tokenOf } from './working-keys.ts';

export interface KeyStoreOptions {
  /** The store's own folder, made when it isn't there; mode 0700. */
  readonly folder: string;
  /** Keeps the file unreadable elsewhere, and is closed with the store; a machine key if absent. */
  readonly sealer?: Sealer;
  readonly log: Log;
  readonly randomBytes?: (length: number) => Uint8Array;
  readonly nowMs?: () => number;
}

/**
 * Opens the key store in a folder. A Fault when another process has it open or the folder can't be
 * used; a file that doesn't open, or keys that were erased, are the store's own `refusal`.
 */
export const openKeyStore = async (options: KeyStoreOptions): Promise<KeyStore | Fault> => {
  const { folder, sealer = machineSealer(folder), log, nowMs = Date.now } = options;
  const randomBytes = options.randomBytes ?? systemRandomBytes;
  const vault = await openVault({ folder, sealer, log, nowMs });
  return isFault(vault) ? vault : storeOn(vault, randomBytes);
};

/** The keys in a folder, whether or not a terminal has it open; counters as the file has them. */
export const listKeys = async (
  options: Pick<KeyStoreOptions, 'folder' | 'sealer'>,
): Promise<readonly KeyInfo[] | Fault> => {
  const { folder, sealer = machineSealer(folder) } = options;
  const contents = await peek({ folder, sealer });
  return isFault(contents) ? contents : describeKeys(contents);
};

/**
 * MACs by the key in a folder, whether or not a terminal has it open: the one thing that a key
 * gives which uses nothing up.
 */
export const macsBeside = (
  options: Pick<KeyStoreOptions, 'folder' | 'sealer'>,
): Pick<KeyStore, 'mac'> => ({
  mac: async (message) => {
    const { folder, sealer = machineSealer(folder) } = options;
    const contents = await peek({ folder, sealer });
    if (isFault(contents)) return contents;
    const mac = contents.mac ? macOf(contents.mac, message) : fault('keys', 'no MAC key is loaded');
    wipe(contents);
    return mac;
  },
});

const machineSealer = (folder: string): Sealer =>
  openMachineSealer({ keyPath: join(folder, 'machine.key') });

// Closures alone: nothing that is printed or inspected leads to a key.
const storeOn = (vault: Vault, randomBytes: (length: number) => Uint8Array): KeyStore => ({
  get erased() {
    return vault.tombstone !== undefined;
  },
  refusal: () => {
    const refusal = refusalOf(vault);
    // A full disk may have been emptied: whoever asks has it tried again.
    if (refusal !== undefined && refusal === vault.unwritten) void reserveBlock(vault);
    return refusal;
  },
  seal: (plain, about, reopen) => seal(vault, plain, about, reopen),
  open: async (sealed, about) => {
    const { contents } = vault;
    return contents ? openWith(contents.wrappingKey, sealed, about) : noKeys(vault);
  },
  token: async (pan) => {
    const { contents } = vault;
    return contents ? tokenOf(contents.tokenKey, pan) : noKeys(vault);
  },
  get hasMacKey() {
    return vault.contents?.mac !== undefined;
  },
  mac: async (message) => {
    const { contents } = vault;
    if (!contents) return noKeys(vault);
    return contents.mac ? macOf(contents.mac, message) : fault('keys', 'no MAC key is loaded');
  },
  load: (block) =>
    change(vault, (now) => {
      if (!now?.transport)
        return fault('keys', 'a key block needs the transport key: none is there');
      const arrival = arrivalOf(block.trim(), now.transport);
      return isFault(arrival) ? arrival : arrived(now, arrival);
    }),
  loadTransportKey: (key) =>
    change(vault, (now) => {
      const held = transportKeyOf(key);
      if (isFault(held)) return held;
      const contents = now ?? newContents(vault, randomBytes);
      return isFault(contents) ? contents : arrived(contents, { name: 'transport', key: held });
    }),
  list: () => (vault.contents ? describeKeys(withLiveCounter(vault, vault.contents)) : []),
  erase: (why) => eraseAll(vault, why),
  close: () => closeVault(vault),
});

const noKeys = (vault: Vault): Fault => refusalOf(vault) ?? fault('keys', 'no keys are loaded');

const seal = async (
  vault: Vault,
  plain: Uint8Array,
  about: string,
  reopen: boolean,
): Promise<Sealed | Fault> => {
  while (!hasBlock(vault)) {
    const refused = await reserveBlock(vault);
    if (refused) return refused;
  }
  const { live, contents } = vault;
  const next = live && nextTransaction(live);
  if (!contents || !next || next === 'exhausted') return noKeys(vault);
  vault.live = next.after;
  return sealWith(next, plain, about, reopen ? contents.wrappingKey : undefined);
};

const newContents = (
  vault: Vault,
  randomBytes: (length: number) => Uint8Array,
): Contents | Fault => {
  const usedKeyIds = formerIds(vault);
  if (usedKeyIds === undefined) return fault('keys', IDS_LOST);
  return {
    tokenKey: randomBytes(32),
    wrappingKey: randomBytes(32),
    usedKeyIds,
    after: vault.tombstone?.id ?? '',
  };
};

// One that came back would start its counters over.
const IDS_LOST =
  'which initial keys were here before is not known: ' +
  'remove the key store, and load an initial key that no terminal had';

const arrived = (now: Contents, arrival: Arrival): Change<KeyInfo> | Fault => {
  if (arrival.name === 'account') return accountArrived(now, arrival);
  const { name, key } = arrival;
  const old = now[name];
  const to = { ...now, [name]: key };
  const replaced = old ? [old.key] : [];
  return { to, replaced, brought: [key.key], result: infoOf(to, name) };
};

/**
 * An initial key that was here before would start its counters over: the same keys once more. The
 * one that is here stays as it is.
 */
const accountArrived = (
  now: Contents,
  { account }: Arrival & { readonly name: 'account' },
): Change<KeyInfo> | Fault => {
  const id = toHex(account.register.initialKeyId);
  const brought = account.register.keys.filter((key) => key !== undefined);
  const present = now.account;
  if (
    present &&
    id === toHex(present.register.initialKeyId) &&
    equal(present.checkValue, account.checkValue)
  ) {
    for (const key of brought) key.fill(0);
    return { to: now, replaced: [], brought: [], result: infoOf(now, 'account') };
  }
  if (now.usedKeyIds.includes(id)) {
    for (const key of brought) key.fill(0);
    return fault('keys', `refused: initial key ${id} was in this store before: ask for another`);
  }
  const to = { ...now, account, usedKeyIds: [...now.usedKeyIds, id] };
  return { to, replaced: [], brought, result: infoOf(to, 'account') };
};

const infoOf = (contents: Contents, name: KeyInfo['name']): KeyInfo => {
  const info = describeKeys(contents).find((one) => one.name === name);
  if (info === undefined) throw new TypeError(`no ${name} key among those just put there`);
  return info;
};

/** The file's counter is the block's end. */
const withLiveCounter = ({ live }: Vault, contents: Contents): Contents =>
  contents.account && live
    ? { ...contents, account: { ...contents.account, register: live } }
    : contents;
