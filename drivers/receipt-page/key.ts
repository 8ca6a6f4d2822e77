import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Fault, fault } from '#ports/fault.ts';

const KEY_BYTES = 32;

/**
 * This installation's key for receipts' addresses: read, or made where there is none. Whoever
 * deletes the file ends every address that was given out. A Fault `keys` when it can be neither.
 */
export const receiptKey = (path: string): Uint8Array | Fault => {
  try {
    return read(path) ?? make(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fault('keys', `the key of receipts' addresses: ${why}`);
  }
};

const read = (path: string): Uint8Array | undefined => {
  try {
    const key = readFileSync(path);
    if (key.length === KEY_BYTES) return key;
    throw new Error(`${path} has ${key.length} bytes and not ${KEY_BYTES}: delete it`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

const make = (path: string): Uint8Array => {
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, key, { mode: 0o600, flag: 'wx' });
  return key;
};
