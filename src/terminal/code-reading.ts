import { type Subscription, timer } from 'rxjs';
import type { ScannedCode } from '#ports/code-scanner.ts';
import type { CodeRead } from './desks.ts';
import type { TerminalParts } from './types.ts';

/** A code that a till has asked for, while no payment is taken: one at a time. */
export interface CodeReading {
  /** Resolves to the code, or to why there is none. Aborting `signal` takes it back. */
  read(withinMs: number, signal: AbortSignal): Promise<CodeRead>;
  /** Whether the scan was waited for: what may be money never is, and goes to a payment. */
  take(scan: ScannedCode): boolean;
  /** A payment begins: from now on scans are its own. */
  makeWay(): void;
}

type ReadingParts = Pick<TerminalParts, 'identify' | 'clock' | 'scannerReady'>;

export const createCodeReading = ({ identify, clock, scannerReady }: ReadingParts): CodeReading => {
  let end: ((came: CodeRead) => void) | undefined;
  return {
    read: async (withinMs, signal) => {
      if (signal.aborted) return { kind: 'aborted' };
      if (scannerReady?.() === false) return { kind: 'noScanner' };
      if (end !== undefined) return { kind: 'busy' };
      const { promise, resolve } = Promise.withResolvers<CodeRead>();
      const takeBack = () => resolve({ kind: 'aborted' });
      const late: Subscription = timer(withinMs, clock.scheduler).subscribe(() =>
        resolve({ kind: 'timedOut' }),
      );
      end = resolve;
      signal.addEventListener('abort', takeBack, { once: true });
      const came = await promise;
      signal.removeEventListener('abort', takeBack);
      late.unsubscribe();
      end = undefined;
      return came;
    },
    take: ({ text, symbology }) => {
      if (end === undefined || MONEY.has(identify(text, symbology).kind)) return false;
      end({ kind: 'read', text, ...(symbology === undefined ? {} : { symbology }) });
      return true;
    },
    makeWay: () => end?.({ kind: 'busy' }),
  };
};

const MONEY: ReadonlySet<string> = new Set(['wallet', 'emvConsumer', 'ambiguous']);
