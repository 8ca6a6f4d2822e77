import type { Kernel } from '../shared/kernel.ts';
import type { Outcome } from '../shared/outcome.ts';
import { authenticate } from './authenticate.ts';
import { checkBeforeGenerateAc } from './check.ts';
import { complete } from './complete.ts';
import { awaitFirstWrite } from './data-exchange.ts';
import { generateAc } from './generate-ac.ts';
import { initiate } from './initiate.ts';
import { readEnvelopes } from './read-envelopes.ts';
import { readRecords } from './read-records.ts';
import { relayResistance } from './relay-resistance.ts';
import { newRun, type State, type StateName } from './run.ts';
import { noChannel } from './secure-channel.ts';
import { writeEnvelopes } from './write-envelopes.ts';

/** Kernel 8, the common kernel with an encrypted channel, Book C-8 1.2. */
export const kernel8: Kernel = function* (input) {
  const run = newRun(input, new Map(input.terminal), noChannel());
  let state: StateName = 'initiate';
  for (;;) {
    const next: StateName | Outcome = yield* states[state](run);
    if (typeof next !== 'string') return next;
    state = next;
  }
};

const states: Readonly<Record<StateName, State>> = {
  initiate,
  relayResistance,
  readEnvelopes,
  readRecords,
  awaitFirstWrite,
  checkBeforeGenerateAc,
  generateAc,
  authenticate,
  writeEnvelopes,
  complete,
};
