import * as v from 'valibot';
import type { Disk } from '#ports/disk.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import { readKept, writeKept } from './kept-file.ts';

const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A version that was seen, and the keys that it was seen under. */
const floor = v.strictObject({ version, keys: v.string() });

const seenSchema = v.strictObject({
  /** SHA-256 of the root.json that this terminal was given. */
  given: v.string(),
  root: version,
  timestamp: v.optional(floor),
  snapshot: v.optional(floor),
  /** When the newest timestamp was signed, by its maker's clock. */
  signedMs: v.optional(
    v.strictObject({ ms: v.pipe(v.number(), v.safeInteger()), keys: v.string() }),
  ),
});

/** What must never get less, for as long as the same keys count: small, and kept twice. */
export type Seen = v.InferOutput<typeof seenSchema>;

const metadataSchema = v.strictObject({
  given: v.string(),
  /** By role, as they came. */
  files: v.record(v.string(), v.string()),
});

/** Roles' names and the metadata trusted last. */
export type TrustedFiles = Readonly<Record<string, string>>;

export interface Trusted {
  readonly given?: string;
  readonly files: TrustedFiles;
  readonly seen?: Seen;
  /** What was damaged, in a sentence, or nothing. */
  readonly damage?: string;
}

/**
 * What this terminal has trusted so far. Damaged metadata are begun anew, under the versions seen;
 * only when these are damaged in both copies as well, everything is begun anew.
 */
export const loadTrusted = async (disk: Disk, folder: string): Promise<Trusted | Fault> => {
  const metadata = await readKept(disk, `${folder}/${METADATA}`, metadataSchema);
  if (isFault(metadata)) return metadata;
  const copies = [
    await readKept(disk, `${folder}/${SEEN[0]}`, seenSchema),
    await readKept(disk, `${folder}/${SEEN[1]}`, seenSchema),
  ];
  // An unreadable disk isn't an empty one: beginning anew would forget.
  const broken = copies.find(isFault);
  if (broken) return broken;
  const seen = copies.find((copy) => typeof copy === 'object' && 'value' in copy);
  const lost = [metadata, ...copies].includes('damaged');
  return {
    files: {},
    ...(typeof metadata === 'object' ? metadata.value : {}),
    ...(seen && 'value' in seen ? { seen: seen.value } : {}),
    ...(lost ? { damage: damageIn(metadata === 'damaged', seen !== undefined) } : {}),
  };
};

/** Versions first: with them, metadata from before are refused as well as newer ones. */
export const saveTrusted = async (
  disk: Disk,
  folder: string,
  files: TrustedFiles,
  seen: Seen,
): Promise<Fault | undefined> => {
  const made = (await disk.makeFolder(folder)) ?? undefined;
  if (made) return fault('disk', `what is trusted can't be kept: ${made.detail}`);
  for (const name of SEEN) {
    const problem = await writeKept(disk, folder, name, seen);
    if (problem) return problem;
  }
  return writeKept(disk, folder, METADATA, { given: seen.given, files });
};

const METADATA = 'metadata';
const SEEN = ['seen', 'seen.copy'] as const;

const damageIn = (metadata: boolean, isSeenKnown: boolean): string => {
  if (!metadata) return 'a copy of the versions seen was damaged; the other is used';
  if (isSeenKnown) return 'the trusted metadata were damaged; begun anew above the versions seen';
  return 'all that was trusted is damaged: begun anew from root.json, nothing is known to be old';
};
