import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Metadata, MetadataKind, type TargetFile, type Targets } from '@tufjs/models';
import { Updater } from 'tuf-js';
import type { Disk } from '#ports/disk.ts';
import { isFault } from '#ports/fault.ts';
import { METADATA_BASE, PlaceFetcher } from './fetcher.ts';
import { type Limits, METADATA_BYTES } from './limits.ts';
import { type Place, Refused } from './place.ts';
import { reasonOf } from './reasons.ts';
import { clockBehind, olderThan, seenIn, signedAt, signedFloor, topLevelIn } from './seen.ts';
import { loadTrusted, saveTrusted, type Trusted, type TrustedFiles } from './store.ts';
import { layIn, layOut } from './work-folder.ts';

export interface LookOptions {
  readonly place: Place;
  /** Path of the maker's root.json that this terminal was given. */
  readonly root: string;
  readonly disk: Disk;
  /** Where what is trusted is kept, on `disk`. */
  readonly kept: string;
  /** Where tuf-js may write meanwhile. */
  readonly work: string;
  readonly limits: Limits;
  readonly now: () => number;
  readonly tell: (note: string) => void;
}

/** The metadata of one look, verified by tuf-js and newer than all that was seen. */
export interface Verified {
  readonly targets: Targets;
  readonly isConsistent: boolean;
  /** What the first role in the order of delegations says of this path. */
  find(path: string): Promise<TargetFile | undefined>;
}

/**
 * One look at a place: tuf-js works on copies of what is trusted. What it has verified by the end
 * of `use` is kept, also when the look fails later: a revoked key must not count again.
 * Throws `Refused`, whatever was wrong.
 */
export const lookAt = async <T>(
  options: LookOptions,
  signal: AbortSignal,
  use: (verified: Verified) => Promise<T>,
): Promise<T> => {
  const { place, disk, kept, work, limits, now, tell } = options;
  const given = await givenRoot(options.root);
  const before = await loadTrusted(disk, kept);
  if (isFault(before)) throw new Refused('disk', `what is trusted: ${before.detail}`);
  if (before.damage !== undefined) tell(before.damage);
  const files = startingWith(given, before, tell);
  refuseClock(files, before, now());

  await layOut(work, files);
  const fetcher = new PlaceFetcher(place, limits, signal);
  let result: { readonly value: T } | { readonly error: unknown };
  try {
    const updater = new Updater({
      metadataDir: work,
      metadataBaseUrl: METADATA_BASE,
      fetcher,
      config: METADATA_BYTES,
    });
    await updater.refresh();
    const current = topLevelIn(await layIn(work));
    const behind = clockBehind(signedAt(current.timestamp), now());
    const older = before.seen && olderThan(before.seen, current, given.digest, place.name);
    const problem = behind ?? older;
    if (problem) throw new Refused(problem.untrusted, problem.detail);
    result = { value: await use(await verifiedBy(updater, work)) };
  } catch (error) {
    result = { error };
  }
  const after = await layIn(work);
  const unkept = await keep(options, before, after, given);
  if ('value' in result) {
    if (unkept) throw unkept;
    return result.value;
  }
  if (result.error instanceof Refused) throw result.error;
  const why = reasonOf(result.error, {
    where: place.name,
    trouble: fetcher.trouble,
    expiryOf: (role) => expiryIn(fetcher.received, after, role),
    nowMs: now(),
  });
  throw new Refused(why.untrusted, why.detail);
};

interface Given {
  readonly text: string;
  readonly digest: string;
}

const givenRoot = async (path: string): Promise<Given> => {
  try {
    const text = await readFile(path, 'utf8');
    topLevelIn({ root: text });
    return { text, digest: createHash('sha256').update(text).digest('hex') };
  } catch (error) {
    const { message } = error as Error;
    const detail = `${path}, the root of all trust, can't be read (${message}): install it anew`;
    throw new Refused('unreadable', detail);
  }
};

// A terminal that was given another root begins with it; what its keys still vouch for stays.
const startingWith = (given: Given, before: Trusted, tell: LookOptions['tell']): TrustedFiles => {
  if (before.files['root'] !== undefined && before.given === given.digest) return before.files;
  if (before.files['root'] !== undefined) tell('root.json is another one: begun anew from it');
  return { ...before.files, root: given.text };
};

const refuseClock = (files: TrustedFiles, { seen }: Trusted, nowMs: number): void => {
  const behind = clockBehind(signedFloor(topLevelIn(files).root, seen), nowMs);
  if (behind) throw new Refused(behind.untrusted, behind.detail);
};

const verifiedBy = async (updater: Updater, work: string): Promise<Verified> => {
  const files = await layIn(work);
  const { root } = topLevelIn(files);
  const targets = Metadata.fromJSON(MetadataKind.Targets, JSON.parse(files['targets'] ?? 'null'));
  return {
    targets: targets.signed,
    isConsistent: root.consistentSnapshot,
    find: (path) => updater.getTargetInfo(path),
  };
};

// Nothing is kept of a place that has turned out to be older.
const keep = async (
  { disk, kept, place }: LookOptions,
  before: Trusted,
  after: TrustedFiles,
  { digest }: Given,
): Promise<Refused | undefined> => {
  const found = topLevelIn(after);
  if (before.seen && olderThan(before.seen, found, digest, place.name)) return undefined;
  const seen = seenIn(found, digest, before.seen);
  if (isSame(before, after) && JSON.stringify(seen) === JSON.stringify(before.seen)) {
    return undefined;
  }
  const problem = await saveTrusted(disk, kept, after, seen);
  return problem && new Refused('disk', `what is trusted can't be kept: ${problem.detail}`);
};

const isSame = ({ files, damage }: Trusted, after: TrustedFiles): boolean =>
  damage === undefined &&
  Object.keys(files).length === Object.keys(after).length &&
  Object.entries(after).every(([role, text]) => files[role] === text);

const expiryIn = (
  received: ReadonlyMap<string, Buffer>,
  kept: TrustedFiles,
  role: string,
): string | undefined => {
  const newest = [...received].findLast(([name]) => name.replace(/^\d+\./, '') === `${role}.json`);
  const text = newest?.[1].toString('utf8') ?? kept[role];
  try {
    const { expires } = JSON.parse(text ?? '').signed;
    return typeof expires === 'string' ? expires.slice(0, 40) : undefined;
  } catch {
    return undefined;
  }
};
