import { readFileSync } from 'node:fs';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Sealer } from '#ports/sealer.ts';
import { type Contents, decodeContents, encodeContents } from './contents.ts';
import { reasonOf, writeWhole } from './files.ts';

/**
 * The store's file: "CTKS", version, length of the sealer's name, its name, and what the sealer
 * made of the contents. The head is authenticated with them.
 */
export const readStore = async (
  path: string,
  sealer: Sealer,
): Promise<Contents | 'absent' | Fault> => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    return fault('keys', `the key store can't be read: ${reasonOf(error)}`);
  }
  const head = headOf(sealer);
  const problem = headProblem(bytes, head, sealer);
  if (problem !== undefined) return fault('keys', `the key store ${path} ${problem}`);
  const plain = await sealer.open(bytes.subarray(head.length), head);
  if (isFault(plain)) return fault('keys', `the key store ${path}: ${plain.detail}`);
  const contents = decodeContents(plain);
  plain.fill(0);
  if (!isMalformed(contents)) return contents;
  return fault('keys', `the key store ${path}: ${describeMalformed(contents)}`);
};

/**
 * @param mayReplace asked last before the new file takes the old one's place
 * @returns a Fault when it can't be sealed or written: then the old file stands
 */
export const writeStore = async (
  path: string,
  sealer: Sealer,
  contents: Contents,
  mayReplace: () => boolean,
): Promise<Fault | undefined> => {
  const head = headOf(sealer);
  const plain = encodeContents(contents);
  const sealed = await sealer.seal(plain, head);
  plain.fill(0);
  if (isFault(sealed)) return fault('keys', `the key store can't be sealed: ${sealed.detail}`);
  try {
    await writeWhole(path, Buffer.concat([head, sealed]), mayReplace);
    return undefined;
  } catch (error) {
    return fault('keys', `the key store can't be written: ${reasonOf(error)}`);
  }
};

const MAGIC = 'CTKS';
const VERSION = 1;

const headOf = ({ name }: Sealer): Buffer =>
  Buffer.concat([
    Buffer.from(MAGIC, 'latin1'),
    Buffer.of(VERSION, name.length),
    Buffer.from(name, 'latin1'),
  ]);

const headProblem = (bytes: Buffer, head: Buffer, sealer: Sealer): string | undefined => {
  if (bytes.subarray(0, 4).toString('latin1') !== MAGIC) return 'is no key store';
  const version = bytes[4] ?? 0;
  if (version > VERSION) return `is of version ${version}: this terminal knows up to ${VERSION}`;
  if (bytes.subarray(0, head.length).equals(head)) return undefined;
  return `is not sealed by the ${sealer.name} sealer, as configured`;
};
