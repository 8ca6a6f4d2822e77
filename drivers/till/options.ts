import type { Log } from '#ports/log.ts';
import type { PageFiles } from '#ports/page-files.ts';
import type { TillDesk } from '#ports/till-line.ts';

export interface TillLineOptions {
  readonly desk: TillDesk;
  readonly log: Log;
  readonly wallMs: () => number;
  /** The reference till's page, under /till/; none when absent. */
  readonly page?: PageFiles;
  /** What that page is told of this terminal, at /till/facts. */
  readonly facts?: object;
  /** For tests that have less time or room. */
  readonly limits?: Partial<TillLimits>;
}

export interface TillLimits {
  /** Messages that are answered at the same time, of all tills and of one connection. */
  readonly atOnce: number;
  readonly atOnceOfOne: number;
  /** Tills that listen for events. */
  readonly listeners: number;
  /** How often a listener is asked whether it is still there. */
  readonly pingMs: number;
}
