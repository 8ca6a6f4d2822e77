export type { Check } from './check.ts';
export { parseTranscript } from './parse.ts';
export { expectationText, printTranscript } from './print.ts';
export { newTape, recorded, type Tape, transcriptOf } from './record.ts';
export { redacted, redactedOutcome } from './redact.ts';
export {
  type Replay,
  type ReplayEnd,
  type ReplayedExchange,
  type ReplayOptions,
  replay,
  unexpectedText,
} from './replay.ts';
export { resultJson } from './result-json.ts';
export type { Order } from './script.ts';
export type { Exchange, Expectation, Transcript } from './transcript.ts';
