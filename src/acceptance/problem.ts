/** Why a decision can't be taken, for the person who asked for it. Nothing was changed. */
export interface DecisionProblem {
  readonly decisionProblem: true;
  /** Such as "until" or "scope.range"; empty for the whole. */
  readonly field: string;
  /** What is wrong, and what would be right. */
  readonly problem: string;
}

export const decisionProblem = (field: string, problem: string): DecisionProblem => ({
  decisionProblem: true,
  field,
  problem,
});

export const isDecisionProblem = (value: unknown): value is DecisionProblem =>
  typeof value === 'object' && value !== null && 'decisionProblem' in value;

/** "scope.range: 559999 lies before 510000" */
export const describeDecisionProblem = ({ field, problem }: DecisionProblem): string =>
  field === '' ? problem : `${field}: ${problem}`;
