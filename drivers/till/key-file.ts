import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { keyCheckValue } from '#crypto/key-check-value.ts';
import { createKeyRing, deriveKey, type SharedKey } from '#nexo/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';

// One file, readable by its owner alone, {"keys":[{identifier, version, cryptoVersion,
// passphrase}]}. It is no place for account data's keys: those are the key store's.

/** The keys in the file; none while there is no file. A Fault `keys` quotes nothing of it. */
export const keysIn = async (path: string): Promise<readonly SharedKey[] | Fault> => {
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0) {
      return unusable(path, `it holds passphrases, and others may read it: chmod 600 ${path}`);
    }
    return parse(path, await readFile(path, 'utf8'));
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? [] : unusable(path, code);
  }
};

const OTHERS = 0o077;

/** What a change makes of the keys, or why not. */
export type KeyChange = (keys: readonly SharedKey[]) => readonly SharedKey[] | Fault;

/** Adds a key at the end. A Fault where its name is taken, or no till could use it. */
export const addKey = (path: string, key: SharedKey): Promise<Fault | undefined> =>
  change(path, (keys) => {
    if (keys.some((one) => isSame(one, key))) {
      const known = `version ${key.version} of ${key.identifier} is known already`;
      return fault('keys', `${known}: give the new passphrase another version`);
    }
    const next = [...keys, key];
    const ring = createKeyRing(next);
    return isMalformed(ring) ? fault('keys', `the key can't be used: ${ring.problem}`) : next;
  });

/** Removes a version of a key; all of them when `version` is absent. */
export const removeKey = (
  path: string,
  identifier: string,
  version: number | undefined,
): Promise<Fault | undefined> =>
  change(path, (keys) => {
    const left = keys.filter(
      (key) => key.identifier !== identifier || (version ?? key.version) !== key.version,
    );
    return left.length < keys.length ? left : fault('keys', 'there is no such key');
  });

/** What tells people on both sides that they have the same key: of its AES-256 key, 10 digits. */
export const checkValueOf = ({ passphrase }: SharedKey): string => {
  const value = keyCheckValue('A', deriveKey(passphrase).cipherKey);
  return value === undefined ? '' : toHex(value);
};

const isSame = (a: SharedKey, b: SharedKey): boolean =>
  a.identifier === b.identifier && a.version === b.version;

// The new file is made by one command at a time, so that no change is lost, and takes the place of
// the old one whole.
const change = async (path: string, make: KeyChange): Promise<Fault | undefined> => {
  const next = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await clearLeftover(next);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    const file = await open(next, flags, 0o600);
    try {
      const before = await keysIn(path);
      const keys = isFault(before) ? before : make(before);
      if (isFault(keys)) {
        await rm(next);
        return keys;
      }
      await file.writeFile(`${JSON.stringify({ keys }, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
    await syncFolder(dirname(path));
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return unusable(path, 'another command is changing it: try again');
    return unusable(path, code);
  }
};

// Of a command that was killed: no living one takes so long.
const clearLeftover = async (next: string): Promise<void> => {
  const { mtimeMs } = await stat(next).catch(() => ({ mtimeMs: Date.now() }));
  if (Date.now() - mtimeMs > LEFT_AFTER_MS) await rm(next, { force: true });
};

const LEFT_AFTER_MS = 10_000;

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const parse = (path: string, text: string): readonly SharedKey[] | Fault => {
  const json = jsonOf(text);
  const keys = typeof json === 'object' && json !== null ? Reflect.get(json, 'keys') : undefined;
  if (!Array.isArray(keys)) return unusable(path, 'no list of keys');
  const bad = keys.findIndex((key) => !isKey(key));
  return bad < 0 ? (keys as SharedKey[]) : unusable(path, `key ${bad + 1} is none`);
};

const isKey = (value: unknown): value is SharedKey => {
  if (typeof value !== 'object' || value === null) return false;
  const { identifier, version, cryptoVersion, passphrase } = value as Record<string, unknown>;
  return (
    typeof identifier === 'string' &&
    identifier !== '' &&
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(cryptoVersion) &&
    typeof passphrase === 'string'
  );
};

// What the parser says quotes what it read.
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const unusable = (path: string, why: string): Fault =>
  fault('keys', `The tills' keys: ${path}: ${why}.`);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
