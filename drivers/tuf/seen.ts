import { Metadata, MetadataKind, type Root, type Snapshot, type Timestamp } from '@tufjs/models';
import type { Untrusted } from '#ports/trusted-source.ts';
import type { Seen, TrustedFiles } from './store.ts';

/** The field of timestamp.json that scripts/repository adds: when it was signed, ISO 8601. */
export const SIGNED_AT = 'x-signed-at';

// A clock that is set by hand, or in another zone's time, isn't wrong.
const CLOCK_TOLERANCE_MS = 26 * 3600 * 1000;

/** The top-level metadata of a look, as far as the root's keys vouch for them. */
export interface TopLevel {
  readonly root: Root;
  readonly timestamp?: Timestamp | undefined;
  readonly snapshot?: Snapshot | undefined;
}

/** @param files what tuf-js works with; what the newest root doesn't vouch for is left out */
export const topLevelIn = (files: TrustedFiles): TopLevel => {
  const root = Metadata.fromJSON(MetadataKind.Root, jsonIn(files, 'root'));
  const vouched = <T extends Timestamp | Snapshot>(found: Metadata<T>): T | undefined => {
    try {
      root.verifyDelegate(found.signed.type, found);
      return found.signed;
    } catch {
      return undefined;
    }
  };
  const { timestamp, snapshot } = files;
  return {
    root: root.signed,
    timestamp:
      timestamp === undefined
        ? undefined
        : vouched(Metadata.fromJSON(MetadataKind.Timestamp, jsonIn(files, 'timestamp'))),
    snapshot:
      snapshot === undefined
        ? undefined
        : vouched(Metadata.fromJSON(MetadataKind.Snapshot, jsonIn(files, 'snapshot'))),
  };
};

/**
 * The versions seen with these. Each holds for its role's keys: new keys in the root undo the
 * versions that a thief of the old ones has signed (fast-forward, 5.3.11 of the specification).
 */
export const seenIn = (found: TopLevel, given: string, before: Seen | undefined): Seen => {
  const { root, timestamp, snapshot } = found;
  const signedMs = Math.max(signedAt(timestamp) ?? 0, signedFloor(root, before) ?? 0);
  return {
    given,
    root: root.version,
    ...floorOf('timestamp', timestamp?.version, root, before),
    ...floorOf('snapshot', snapshot?.version, root, before),
    ...(signedMs > 0 ? { signedMs: { ms: signedMs, keys: keysOf(root, 'timestamp') } } : {}),
  };
};

/** Whether any of these is older than what was seen before under the same keys. */
export const olderThan = (
  seen: Seen,
  found: TopLevel,
  given: string,
  where: string,
): Untrusted | undefined => {
  const { root, timestamp, snapshot } = found;
  const rows = [
    // Whoever gives this machine another root.json may begin with an older one.
    ['root', root.version, seen.given === given ? seen.root : undefined],
    ['timestamp', timestamp?.version, versionFloor('timestamp', root, seen)],
    ['snapshot', snapshot?.version, versionFloor('snapshot', root, seen)],
  ] as const;
  for (const [role, version, least] of rows) {
    if (version === undefined || version >= (least ?? 0)) continue;
    const detail =
      `${where} has version ${version} of ${role}.json, and this terminal has seen version ` +
      `${least}: it isn't up to date, or somebody wants an old release installed`;
    return { untrusted: 'rollback', detail };
  }
  return undefined;
};

/**
 * A clock that is behind makes everything old look fresh. Nothing was signed in the future: so the
 * clock is refused that is behind the newest signature, by more than a day.
 */
export const clockBehind = (signedMs: number | undefined, nowMs: number): Untrusted | undefined => {
  if (signedMs === undefined || nowMs >= signedMs - CLOCK_TOLERANCE_MS) return undefined;
  const detail =
    `this machine's clock says ${new Date(nowMs).toISOString()}, and the maker has signed on ` +
    `${new Date(signedMs).toISOString()}: set the clock, nothing can be judged by it`;
  return { untrusted: 'expired', detail };
};

/** When it was signed, where it says so. */
export const signedAt = (timestamp: Timestamp | undefined): number | undefined => {
  const at = timestamp?.unrecognizedFields[SIGNED_AT];
  const ms = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};

/** The newest signature's time that was seen under the keys that still count. */
export const signedFloor = (root: Root, seen: Seen | undefined): number | undefined =>
  seen?.signedMs?.keys === keysOf(root, 'timestamp') ? seen.signedMs.ms : undefined;

type Floored = 'timestamp' | 'snapshot';

const floorOf = (
  role: Floored,
  version: number | undefined,
  root: Root,
  before: Seen | undefined,
): Partial<Record<Floored, { version: number; keys: string }>> => {
  const most = Math.max(version ?? 0, versionFloor(role, root, before) ?? 0);
  return most > 0 ? { [role]: { version: most, keys: keysOf(root, role) } } : {};
};

const versionFloor = (role: Floored, root: Root, seen: Seen | undefined): number | undefined =>
  seen?.[role]?.keys === keysOf(root, role) ? seen[role].version : undefined;

const keysOf = (root: Root, role: Floored): string => {
  const { keyIDs = [], threshold = 0 } = root.roles[role] ?? {};
  return `${threshold}:${keyIDs.toSorted().join()}`;
};

const jsonIn = (files: TrustedFiles, role: string) => JSON.parse(files[role] ?? 'null');
