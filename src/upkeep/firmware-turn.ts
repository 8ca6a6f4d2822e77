import type { Clock } from '#ports/clock.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { FirmwareResult } from './firmware/index.ts';

/** Brings peripherals to the firmware that is offered, in a process of its own. */
export interface FirmwareWork {
  /**
   * What waits for a payment is left to the next call; aborting `signal` ends it between blocks.
   * @param from an HTTPS address, or an absolute path; the configuration's own when absent
   */
  readonly run: (signal: AbortSignal, from?: string) => Promise<readonly FirmwareResult[] | Fault>;
  /** Whether a transfer was broken off by a power cut or the like. */
  readonly isUnfinished: () => Promise<boolean>;
}

/** When the firmware of peripherals gets its turn in a running terminal. */
export interface FirmwareTurn {
  /** Asks for one, as soon as nobody pays and nothing else is under way. */
  readonly want: (from?: string) => void;
  readonly isDue: () => boolean;
  /** Never rejects for a fault of the world; what it left undone gets another turn. */
  readonly take: (signal: AbortSignal) => Promise<void>;
}

export const firmwareTurn = (
  work: FirmwareWork,
  { clock, log }: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly log: Log },
): FirmwareTurn => {
  let due: { readonly sinceMs: number; readonly from: string | undefined } | undefined;
  return {
    want: (from) => {
      due = { sinceMs: 0, from };
    },
    isDue: () => due !== undefined && due.sinceMs <= clock.monotonicMs(),
    take: async (signal) => {
      const from = due?.from;
      due = undefined;
      const results = await work.run(signal, from);
      if (signal.aborted) return;
      if (isFault(results)) log.error({ problem: results }, 'no firmware of peripherals');
      // A shop that is never quiet for long, or a network that comes up after the terminal.
      const isLeft = isFault(results)
        ? await work.isUnfinished()
        : results.some(({ outcome }) => outcome === 'waits');
      if (isLeft) due ??= { sinceMs: clock.monotonicMs() + AGAIN_MS, from };
    },
  };
};

/** Each turn starts a process and asks the source. */
const AGAIN_MS = 300_000;
