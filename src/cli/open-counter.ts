import { NEVER } from 'rxjs';
import type { TerminalParts } from '#terminal/types.ts';

/** What stands on the counter beside the reader, and the wallets that are paid by code. */
export interface Counter extends Pick<TerminalParts, 'wallets' | 'scanner' | 'identify'> {
  close(): Promise<void>;
}

/** Opens scanners and the hosts of wallets: none yet. */
export const openCounter = async (): Promise<Counter> => ({
  wallets: [],
  scanner: { scans$: NEVER },
  identify: () => ({ kind: 'unknown', why: 'no wallet is set up' }),
  close: async () => {},
});
