import { tag } from '#data/dictionary.ts';
import type { Kernel } from '../shared/kernel.ts';
import type { Outcome } from '../shared/outcome.ts';
import { checkBeforeGenerateAc } from './check.ts';
import { defaults } from './configuration.ts';
import { generateAc } from './generate-ac.ts';
import { idle } from './initiate.ts';
import { readRecords } from './read.ts';
import { relayResistance } from './relay-resistance.ts';
import { clearDynamicBits } from './risk-management-data.ts';
import { newRun, type State, type StateName } from './run.ts';

/** Kernel 2 (Mastercard, M/Chip contactless), Book C-2 2.12 without data storage. */
export const kernel2: Kernel = function* (input) {
  const data = new Map(defaults);
  for (const [found, value] of input.terminal) data.set(found, value);
  data.set(tag.unpredictableNumber, input.unpredictableNumber);
  data.set(tag.terminalVerificationResults, new Uint8Array(5));
  data.set(tag.cvmResults, new Uint8Array(3));
  // Terminal Capabilities are put together from the reader's own objects. S1
  data.set(
    tag.terminalCapabilities,
    Uint8Array.of(
      data.get(tag.cardDataInputCapabilityK2)?.[0] ?? 0,
      0,
      data.get(tag.securityCapabilityK2)?.[0] ?? 0,
    ),
  );
  const run = newRun(input, data);
  clearDynamicBits(run);
  let state: StateName = 'idle';
  for (;;) {
    const next: StateName | Outcome = yield* states[state](run);
    if (typeof next !== 'string') return next;
    state = next;
  }
};

const states: Readonly<Record<StateName, State>> = {
  idle,
  relayResistance,
  readRecords,
  checkBeforeGenerateAc,
  generateAc,
};
