/** The shop's decisions: kept in the journal, in force by the clock. */

export { type DecisionBookParts, openDecisionBook } from './book.ts';
export { type DecisionConfig, type DecisionConfigParts, decisionConfig } from './config.ts';
export type { DecisionBook, Preview, RegisterCheck, Standing } from './types.ts';
