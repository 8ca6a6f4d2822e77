import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Disk } from '#ports/disk.ts';
import { type Fault, isFault } from '#ports/fault.ts';

/** What a file of ours holds, or why it holds nothing. */
export type Kept<T> = { readonly value: T } | 'absent' | 'damaged' | Fault;

/**
 * Reads a file of two lines, the SHA-256 of the second and JSON, as the installation's own state is
 * written. Anything else in it is damage.
 */
export const readKept = async <S extends v.GenericSchema>(
  disk: Disk,
  path: string,
  schema: S,
): Promise<Kept<v.InferOutput<S>>> => {
  const pieces: Uint8Array[] = [];
  const read = await disk.read(path, (piece) => pieces.push(Uint8Array.from(piece)));
  if (isFault(read) || read === 'absent') return read;
  const text = Buffer.concat(pieces).toString('utf8');
  const at = text.indexOf('\n');
  const body = text.slice(at + 1).replace(/\n$/, '');
  if (at < 0 || text.slice(0, at) !== digestOf(body)) return 'damaged';
  const parsed = v.safeParse(schema, JSON.parse(body));
  return parsed.success ? { value: parsed.output } : 'damaged';
};

/** After a power cut the file is as it was or as it shall be; it is durable when this resolves. */
export const writeKept = async (
  disk: Disk,
  folder: string,
  name: string,
  value: unknown,
): Promise<Fault | undefined> => {
  const path = `${folder}/${name}`;
  const file = await disk.create(`${path}.new`, 0o600);
  if (isFault(file)) return file;
  const body = JSON.stringify(value);
  const text = Buffer.from(`${digestOf(body)}\n${body}\n`);
  const problem = (await file.write(text)) ?? (await file.sync());
  const closed = (await file.close()) ?? problem;
  if (closed) {
    // A full disk gets back what this took.
    await disk.remove(`${path}.new`);
    return closed;
  }
  return (await disk.rename(`${path}.new`, path)) ?? (await disk.syncFolder(folder));
};

const digestOf = (body: string): string => createHash('sha256').update(body).digest('hex');
