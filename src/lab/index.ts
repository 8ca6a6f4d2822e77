export type { LabWorld } from './activation.ts';
export { lineReader } from './lines.ts';
export { type OutcomeJson, outcomeJson } from './outcome-json.ts';
export { type LabSession, labSession } from './session.ts';
