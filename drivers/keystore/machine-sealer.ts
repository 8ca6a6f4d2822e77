import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Sealer } from '#ports/sealer.ts';
import { overwriteAndUnlink, reasonOf, writeWhole } from './files.ts';

export interface MachineSealerOptions {
  /** Where the machine key lies, or will lie: 32 random bytes, mode 0600. */
  readonly keyPath: string;
  /** The machine's own identity, mixed in where there is one. machine-id(5) */
  readonly machineIdPath?: string;
}

/**
 * A Sealer without any hardware: AES-256-GCM under a key from a file beside the store and from this
 * machine's identity. The file alone, or the whole folder on another machine, opens nothing.
 * What it gives: nonce (12 bytes), ciphertext, tag (16 bytes).
 */
export const openMachineSealer = ({
  keyPath,
  machineIdPath = '/etc/machine-id',
}: MachineSealerOptions): Sealer => {
  const derived = (): Buffer | Fault => {
    const key = readMachineKey(keyPath);
    if (isFault(key)) return key;
    const id = existsSync(machineIdPath) ? readFileSync(machineIdPath, 'utf8').trim() : '';
    const result = Buffer.from(hkdfSync('sha256', key, id, 'countertap key store', 32));
    key.fill(0);
    return result;
  };
  return {
    name: 'machine',
    seal: async (plain, about) => {
      if (!existsSync(keyPath)) {
        const made = await makeMachineKey(keyPath);
        if (isFault(made)) return made;
      }
      const key = derived();
      if (isFault(key)) return key;
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about);
      key.fill(0);
      const text = [cipher.update(plain), cipher.final()];
      return Buffer.concat([nonce, ...text, cipher.getAuthTag()]);
    },
    open: async (sealed, about) => {
      if (sealed.length < NONCE + TAG) return fault('keys', 'too short to have been sealed');
      const key = derived();
      return isFault(key) ? key : decrypt(key, sealed, about);
    },
    destroy: async () => {
      try {
        overwriteAndUnlink(keyPath);
        return undefined;
      } catch (error) {
        return fault('keys', `the machine key can't be overwritten: ${reasonOf(error)}`);
      }
    },
    close: async () => {},
  };
};

const NONCE = 12;
const TAG = 16;
const KEY = 32;

const decrypt = (key: Buffer, sealed: Uint8Array, about: Uint8Array): Buffer | Fault => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
    .setAAD(about)
    .setAuthTag(sealed.subarray(-TAG));
  key.fill(0);
  const plain = decipher.update(sealed.subarray(NONCE, -TAG));
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return fault('keys', "it was changed, or comes from another machine: it doesn't open");
  }
};

const readMachineKey = (path: string): Buffer | Fault => {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8);
      return fault('keys', `others may read the machine key ${path}: mode ${octal}, not 600`);
    }
    const key = readFileSync(path);
    if (key.length === KEY) return key;
    return fault('keys', `the machine key ${path} has ${key.length} bytes, not ${KEY}`);
  } catch (error) {
    return fault('keys', `the machine key can't be read: ${reasonOf(error)}`);
  }
};

const makeMachineKey = async (path: string): Promise<Fault | undefined> => {
  const key = randomBytes(KEY);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, key);
    return undefined;
  } catch (error) {
    return fault('keys', `the machine key can't be written: ${reasonOf(error)}`);
  } finally {
    key.fill(0);
  }
};
