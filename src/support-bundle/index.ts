/** What a maker gets to find a fault by: everything but account data, keys and people. */

export { extractLine } from './journal-extract.ts';
export { type Leak, leakIn } from './leaks.ts';
export { withoutRiddles } from './masking.ts';
export { type Bundle, type Collected, type LeftOut, type Part, packed } from './pack.ts';
export { ownWords, replayTerminal } from './replay-configuration.ts';
export { LEFT_OUT, SECRET_KEYS, withoutSecrets } from './secret-keys.ts';
export { transcriptForElsewhere } from './transcripts.ts';
