import type { Observable } from 'rxjs';
import type { Fault } from './fault.ts';

/** How updates stand, for staff, technicians and metrics. */
export interface UpkeepStanding {
  /** Whether the terminal runs from a slot at all; else from a checkout, which nothing updates. */
  readonly managed: boolean;
  readonly version: string;
  /** The other slot's, to which the launcher can go back. */
  readonly spare?: string;
  /** As `Phase` in src/upkeep/types.ts; "idle" where it isn't managed. */
  readonly phase: string;
  /** Why the last update was left, or what the running release says of itself. */
  readonly reason?: string;
  /** `firmware`: of peripherals, after releases. */
  readonly work:
    | ('none' | 'looking' | 'fetching' | 'installing' | 'ready' | 'switching')
    | 'firmware';
  /** What a release that is ready waits for. */
  readonly waitsFor?: 'payment' | 'window';
  /** The version that is being fetched or is ready. */
  readonly offered?: string;
  readonly lastLook?: { readonly atMs: number; readonly problem?: string };
}

export type UpkeepOrder =
  | { readonly order: 'look' }
  /** `from`: an HTTPS address, a folder or a file; the configuration's own when absent. */
  | { readonly order: 'install'; readonly from?: string; readonly atOnce: boolean }
  | { readonly order: 'rollBack'; readonly why: string };

/** Updates of a running terminal. Never during a payment. */
export interface Upkeep {
  /** The standing at subscription, and each change. */
  readonly standing$: Observable<UpkeepStanding>;
  standing(): UpkeepStanding;
  /** Takes it up, or says why not; what becomes of it is told by `standing$`. */
  order(order: UpkeepOrder): Promise<undefined | Fault>;
}
