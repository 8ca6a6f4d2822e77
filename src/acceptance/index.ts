export {
  type ApprovalConfig,
  approvalNeeded,
  approve,
  isSamePerson,
  waitingBeginning,
} from './approval.ts';
export { contradiction } from './contradiction.ts';
export {
  type AccountRange,
  type Amount,
  type Approved,
  type Beginning,
  DAYS,
  type Day,
  type Decision,
  type Hours,
  isDecided,
  isProposed,
  type Person,
  REASON_CATEGORIES,
  type ReasonCategory,
  type Scope,
  type WeeklyHours,
  type Words,
} from './decision.ts';
export { decisionText, explain } from './explain.ts';
export { type Proof, registerCsv, registerJson, supersededBy } from './export.ts';
export {
  FACTS,
  type FactName,
  type Facts,
  OTHER_SCHEME,
  type Stage,
  schemeNameOf,
  withApplication,
  withCard,
} from './facts.ts';
export { inForce, nextChange, stateOf } from './in-force.ts';
export {
  isOf,
  type Known,
  type KnownApplication,
  type Made,
  parseDecision,
} from './parse-decision.ts';
export {
  type DecisionProblem,
  decisionProblem,
  describeDecisionProblem,
  isDecisionProblem,
} from './problem.ts';
export { compareDecisions, type Rule, ruleBetween } from './rank.ts';
export {
  approvalToJson,
  beginningToJson,
  DECISION_EVENT,
  decisionToJson,
  numberOfBeginning,
  type Register,
  readableIn,
  readOn,
  readRegister,
} from './register.ts';
export { compareScopes, PARTS, sameScope, scopesMayMeet, scopeText } from './scope.ts';
export { judge, type Reason, UNREADABLE, type Verdict, verdict } from './verdict.ts';
export { type Moment, type Zone, zoneOf, zoneWhenAsked } from './zone.ts';
