import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { concat } from '#bytes/bytes.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed, type Malformed } from '#bytes/malformed.ts';
import { initialKey } from '#crypto/dukpt-aes.ts';
import { paddingLength, unwrapKey, wrapKey } from '#crypto/key-block.ts';
import type { KeyBlockHeader } from '#crypto/key-block-header.ts';

/** What the room of key injection hands to a terminal, as files. */
export interface KeyPaths {
  /** The key block protection key in hexadecimal: in the world it comes in components, on paper. */
  readonly transport: string;
  /** TR-31 key block: AES DUKPT initial key (B1), its id in the optional block IK. */
  readonly account: string;
  /** TR-31 key block: the messages' MAC key (M6, CMAC). */
  readonly mac: string;
}

/** What the host keeps for itself. */
export interface HostKeys {
  readonly paths: KeyPaths;
  /** AES-128 base derivation key of the terminals' account data. */
  readonly baseDerivationKey: Uint8Array;
  /** AES-128 CMAC key. */
  readonly macKey: Uint8Array;
}

/**
 * The keys in `folder`, made on the first start, and the key blocks, made again when they don't
 * hold them (a crash while they were written, a file that was changed). All files are readable by
 * their owner only.
 */
export const ensureKeys = async (folder: string): Promise<HostKeys> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const paths: KeyPaths = {
    transport: join(folder, 'transport.key'),
    account: join(folder, 'account.tr31'),
    mac: join(folder, 'mac.tr31'),
  };
  const transport = await ensureKey(paths.transport, 32);
  const baseDerivationKey = await ensureKey(join(folder, 'base-derivation.key'), 16);
  const macKey = await ensureKey(join(folder, 'mac.key'), 16);
  const id = initialKeyId(await derivationIdIn(folder));
  const initial = initialKey(baseDerivationKey, id);
  await ensureBlock(paths.account, transport, accountHeader(id), orThrow(initial));
  await ensureBlock(paths.mac, transport, MAC, macKey);
  return { paths, baseDerivationKey, macKey };
};

/**
 * A new initial key, under the next derivation id: for a terminal whose keys were erased, which
 * takes none that it had before. Transport and MAC key stay.
 * @returns its id, 16 hexadecimal digits
 */
export const issueNewKeys = async ({ account }: KeyPaths): Promise<string> => {
  const folder = dirname(account);
  const next = (await derivationIdIn(folder)) + 1;
  await replace(join(folder, DERIVATION_ID), String(next));
  await ensureKeys(folder);
  return toHex(initialKeyId(next));
};

const DERIVATION_ID = 'derivation-id';

const derivationIdIn = async (folder: string): Promise<number> => {
  const text = await readFile(join(folder, DERIVATION_ID), 'ascii').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '1';
      throw error;
    },
  );
  if (!/^[1-9][0-9]{0,8}\n?$/.test(text)) throw new Error(`${folder}: ${DERIVATION_ID} is damaged`);
  return Number(text);
};

// Base derivation key id, of which this host has one, then derivation id. X9.24-3 §5.3.1
const initialKeyId = (derivationId: number): Uint8Array => {
  const id = Buffer.of(0, 0, 0, 0);
  id.writeUInt32BE(derivationId);
  return concat(Uint8Array.of(0xc0, 0x57, 0xe7, 1), id);
};

const common = {
  version: 'D',
  algorithm: 'A',
  keyVersion: '00',
  exportability: 'N',
  context: '00',
} as const;

const accountHeader = (id: Uint8Array): KeyBlockHeader => ({
  ...common,
  usage: 'B1',
  modeOfUse: 'X',
  optionalBlocks: [{ id: 'IK', data: toHex(id) }],
});

const MAC: KeyBlockHeader = { ...common, usage: 'M6', modeOfUse: 'C', optionalBlocks: [] };

const ensureKey = async (path: string, length: number): Promise<Uint8Array> => {
  const text = await readFile(path, 'ascii').catch(() => '');
  const known = fromHex(text.trim());
  if (known?.length === length) return known;
  const made = new Uint8Array(randomBytes(length));
  await replace(path, toHex(made));
  return made;
};

const ensureBlock = async (
  path: string,
  transport: Uint8Array,
  header: KeyBlockHeader,
  key: Uint8Array,
): Promise<void> => {
  const text = await readFile(path, 'ascii').catch(() => '');
  const known = unwrapKey(transport, text.trim());
  if (!isMalformed(known) && toHex(known.key) === toHex(key)) return;
  const padding = new Uint8Array(randomBytes(paddingLength(header, key.length)));
  await replace(path, orThrow(wrapKey(transport, header, key, padding)));
};

const replace = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.new`, `${text}\n`, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
};

// The keys are our own: one that can't be used is a bug of ours.
const orThrow = <T extends string | Uint8Array>(made: T | Malformed): T => {
  if (typeof made !== 'string' && isMalformed(made)) throw new Error(describeMalformed(made));
  return made as T;
};
