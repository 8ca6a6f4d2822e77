import { NEVER } from 'rxjs';
import type { TerminalParts } from '#terminal/types.ts';

/** A counter without wallets and scanners. */
export const noCodes: Pick<TerminalParts, 'wallets' | 'scanner' | 'identify'> = {
  wallets: [],
  scanner: { scans$: NEVER },
  identify: () => ({ kind: 'unknown', why: 'no wallet is set up' }),
};
