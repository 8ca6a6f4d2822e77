import { type DecisionProblem, isDecisionProblem, type Moment } from '#acceptance/index.ts';
import type { Json, JsonObject } from '#ports/journal.ts';
import { parseHours } from './hours.ts';
import { parseScope, type ScopeValues } from './scope.ts';
import { parseInstant } from './time.ts';
import { parseList, parseReason, parseWords } from './words.ts';

/** What a person types behind `countertap nfc off`. */
export interface DecisionWords {
  readonly reason?: string;
  readonly scope?: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly hours?: string;
  readonly words?: readonly string[];
  readonly cashierWords?: readonly string[];
  readonly offer?: readonly string[];
  readonly supersedes?: readonly string[];
}

/** The shop as its terminal tells it: what the words mean depends on it. */
export interface Shop extends ScopeValues {
  readonly now: Moment;
  readonly language: string;
}

/** @returns what `parseDecision` takes, or the first thing that can't be understood */
export const requestOf = (
  action: 'off' | 'on',
  words: DecisionWords,
  shop: Shop,
): JsonObject | DecisionProblem => {
  const { now, language } = shop;
  const instant = (field: 'from' | 'until') => {
    const text = words[field];
    return text === undefined ? undefined : parseInstant(field, text, now);
  };
  const fields = {
    reason: parseReason(words.reason),
    scope: parseScope(words.scope ?? [], shop),
    fromMs: instant('from'),
    untilMs: instant('until'),
    hours: words.hours === undefined ? undefined : parseHours(words.hours),
    texts: parseWords(words.words ?? [], words.cashierWords ?? [], language),
    alternatives: parseList(words.offer ?? []),
    supersedes: parseList(words.supersedes ?? []).map(decisionId),
  };
  const request: Record<string, Json> = { action };
  for (const [name, value] of Object.entries(fields)) {
    if (isDecisionProblem(value)) return value;
    if (value !== undefined) request[name] = value as Json;
  }
  return request;
};

/** "d3" is D3. */
export const decisionId = (typed: string): string =>
  /^d[0-9]+$/.test(typed.trim()) ? typed.trim().toUpperCase() : typed.trim();
