import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import type { Expectation, OutcomeParameter } from './transcript.ts';

/** A `=` line, and whether it holds. */
export interface Check {
  readonly expectation: Expectation;
  readonly holds: boolean;
  /** What came out: an outcome's parameters, a data element's bytes; undefined for nothing. */
  readonly found: Expectation | undefined;
}

/** @param outcome undefined where the run came to none: then nothing holds */
export const check = (expectation: Expectation, outcome: Outcome | undefined): Check => {
  if (outcome === undefined) return { expectation, holds: false, found: undefined };
  if ('tag' in expectation) {
    const value = elementOf(outcome, expectation.tag);
    return {
      expectation,
      holds: value !== undefined && equal(value, expectation.value),
      found: value && { tag: expectation.tag, value },
    };
  }
  const found = {
    outcome: outcome.outcome,
    parameters: expectation.parameters.map(([key]) => [key, parameterOf(outcome, key)] as const),
  };
  const same = expectation.parameters.every(
    ([key, value]) => parameterOf(outcome, key).toLowerCase() === plain(value),
  );
  return { expectation, holds: found.outcome === expectation.outcome && same, found };
};

// To the lab port null and "none" are the same, and so are a and A of a message identifier.
const plain = (value: string): string => (value === 'null' ? 'none' : value.toLowerCase());

/**
 * A data element of an outcome: of its data record, discretionary data or report, else whatever the
 * kernel knew in the end.
 */
export const elementOf = (outcome: Outcome, wanted: number): Uint8Array | undefined => {
  const elements = [...outcome.dataRecord, ...outcome.discretionaryData];
  const element = elements.find((one) => one.tag === wanted);
  if (element !== undefined) return element.value;
  if (wanted === tag.terminalVerificationResults) return outcome.report?.tvr;
  if (wanted === tag.transactionStatusInformation) return outcome.report?.tsi;
  return outcome.report?.known?.(wanted);
};

// As the lab port writes them; a UI request as its message identifier.
export const parameterOf = (outcome: Outcome, parameter: OutcomeParameter): string => {
  switch (parameter) {
    case 'uiOnOutcome':
    case 'uiOnRestart':
      return outcome[parameter]?.messageId ?? 'none';
    case 'fieldOffMs':
      return outcome.fieldOffMs === null ? 'none' : outcome.fieldOffMs.toString();
    default:
      return String(outcome[parameter]);
  }
};
