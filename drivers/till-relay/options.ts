import type { Log } from '#ports/log.ts';
import type { TillDesk } from '#ports/till-line.ts';

export interface RelayOptions {
  /** "wss://relay.example/terminals". */
  readonly address: string;
  /** How tills call this terminal. */
  readonly poiId: string;
  /** A file with the bearer token. All files are read at each connection: a new one counts then. */
  readonly tokenPath?: string;
  /** PEM: our own client certificate. */
  readonly certificate?: { readonly certificatePath: string; readonly keyPath: string };
  /** PEM: the one authority that the relay's certificate may come from. */
  readonly authorityPath?: string;
  /** Loaded with the first message, and not before. */
  readonly desk: () => Promise<TillDesk>;
  readonly log: Log;
  readonly monotonicMs: () => number;
  readonly timing?: Partial<RelayTiming>;
  readonly mostUnderWay?: number;
  readonly mostKept?: number;
}

export interface RelayTiming {
  readonly connectWithinMs: number;
  /** Pause before the first new attempt; it doubles up to the last. Both are spread by chance. */
  readonly retryFirstMs: number;
  readonly retryLastMs: number;
  /** A connection that lasted so long was a good one: the pauses start anew. */
  readonly goodAfterMs: number;
  /** How often the relay is asked whether it is there; silent until the next time, it is not. */
  readonly pingMs: number;
}

export const timingDefaults: RelayTiming = {
  connectWithinMs: 10_000,
  retryFirstMs: 500,
  retryLastMs: 60_000,
  goodAfterMs: 10_000,
  pingMs: 20_000,
};
