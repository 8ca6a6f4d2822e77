import * as v from 'valibot';
import type { Disk } from '#ports/disk.ts';
import { isFault } from '#ports/fault.ts';
import type { Refusal } from './refusal.ts';
import { onDisk } from './slot.ts';

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const schema = v.object({
  /** The bundle that was last installed, and the manifest that it brought. */
  installed: v.optional(v.object({ sha256, digest: sha256, version: v.string() })),
  /** The bundle that isn't tried again before another is offered or staff order it. */
  failed: v.optional(v.object({ sha256, version: v.string(), why: v.string() })),
  lastLook: v.optional(v.object({ atMs: v.number(), problem: v.optional(v.string()) })),
  /** What a release that had proved itself had at its end: the next one must have it, too. */
  before: v.optional(v.object({ reader: v.boolean(), host: v.boolean(), journal: v.boolean() })),
});

/** What updates remember, beside the state of the slots: nothing that a start depends on. */
export type Known = v.InferOutput<typeof schema>;

/** @returns nothing known for a file that is missing or damaged: the next look makes it anew */
export const readKnown = async (disk: Disk, path: string): Promise<Known> => {
  const pieces: Uint8Array[] = [];
  const read = await disk.read(path, (piece) => pieces.push(Uint8Array.from(piece)));
  if (isFault(read) || read === 'absent') return {};
  try {
    const parsed = v.safeParse(schema, JSON.parse(Buffer.concat(pieces).toString()));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
};

/** Changes some of it, whole or not at all. */
export const noteKnown = async (
  disk: Disk,
  path: string,
  change: Known,
): Promise<Refusal | undefined> => {
  const known = { ...(await readKnown(disk, path)), ...change };
  const folder = path.slice(0, path.lastIndexOf('/'));
  const made = await disk.makeFolder(folder);
  if (made) return onDisk(made);
  const file = await disk.create(`${path}.new`, 0o600);
  if (isFault(file)) return onDisk(file);
  const problem = (await file.write(Buffer.from(JSON.stringify(known)))) ?? (await file.sync());
  const last = (await file.close()) ?? problem ?? (await disk.rename(`${path}.new`, path));
  const synced = last ?? (await disk.syncFolder(folder));
  return synced && onDisk(synced);
};
