/** One of the two places for a whole release: `<root>/slots/a` and `<root>/slots/b`. */
export type Slot = 'a' | 'b';

/** How far the latest update has come; `phases.ts` has what may follow what. */
export type Phase =
  | 'idle' // there was none yet
  | 'unpacking' // the other slot is neither the release before nor the new one
  | 'checked' // every file in it is as the manifest says
  | 'tried' // its self-test passed; it may become current
  | 'switched' // current, not started yet
  | 'probation' // started; the one before is kept whole beside it
  | 'settled' // it has proved itself
  | 'rolledBack'; // it was left, and `reason` says why

/** What is known of the whole release in a slot. */
export interface SlotRecord {
  readonly release: string;
  readonly version: string;
  /** SHA-256 of its manifest.json, which has those of all its files; lower-case hexadecimal. */
  readonly digest: string;
  /** Since it last came up healthy. */
  readonly starts: number;
  /** Since it became current. */
  readonly trials: number;
  readonly healthy: boolean;
  /**
   * How long one run must last, healthy, until it is settled. A span and no date: a clock that is
   * wrong by years neither ends a probation nor makes it endless.
   */
  readonly probationMs: number;
}

/**
 * What `<root>/current` holds, and `<root>/current.copy` once more. Launchers that no update
 * replaces read it: format 1 only ever gets further keys.
 */
export interface State {
  readonly format: 1;
  /** Counts the writes: of two copies the later one holds. */
  readonly sequence: number;
  readonly current: Slot;
  /** No version below it is installed any more. */
  readonly floor: string;
  readonly phase: Phase;
  /** Why the last update was left, or what an unhealthy release says of itself. */
  readonly reason: string | null;
  /** null: nothing, or nothing whole. */
  readonly slots: Readonly<Record<Slot, SlotRecord | null>>;
}

/** What the launcher asks of the disk, each in one step; whatever fails throws. */
export interface LauncherFiles {
  read(path: string): Buffer;
  write(path: string, text: string): void;
  /** A file's contents, or a folder's names. */
  sync(path: string): void;
  rename(from: string, to: string): void;
}
