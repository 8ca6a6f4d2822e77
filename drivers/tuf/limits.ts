/** How much patience, time and room a source gets. Milliseconds and bytes. */
export interface Limits {
  /** Until the TLS handshake is done. */
  readonly connectMs: number;
  /** The longest time without a byte. */
  readonly silenceMs: number;
  /** Less than that, over a whole `speedWindowMs` of waiting, is slow retrieval. */
  readonly leastBytesPerSecond: number;
  readonly speedWindowMs: number;
  /** For all the metadata of one look, whatever its speed. */
  readonly lookMs: number;
  /** For one file, the first included; only what may pass by itself is tried again. */
  readonly attempts: number;
  /** Before the second attempt; it doubles. */
  readonly pauseMs: number;
  readonly mostTargetBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  connectMs: 10_000,
  silenceMs: 20_000,
  leastBytesPerSecond: 1024,
  speedWindowMs: 30_000,
  lookMs: 300_000,
  attempts: 3,
  pauseMs: 500,
  mostTargetBytes: 1024 ** 3,
};

/**
 * The most that one metadata file may have where nobody has signed for its length. Small, because
 * @tufjs/models takes a time that grows with the square of the entries, before it knows who signed.
 */
export const METADATA_BYTES = {
  rootMaxLength: 128 * 1024,
  timestampMaxLength: 16 * 1024,
  snapshotMaxLength: 512 * 1024,
  targetsMaxLength: 2 * 1024 * 1024,
} as const;

export const MOST_POINTER_BYTES = 64 * 1024;
