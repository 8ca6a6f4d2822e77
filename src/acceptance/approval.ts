import { contradiction } from './contradiction.ts';
import {
  type Approved,
  type Decision,
  isDecided,
  isProposed,
  type ReasonCategory,
} from './decision.ts';
import { supersessions } from './in-force.ts';
import { type DecisionProblem, decisionProblem } from './problem.ts';

/** When a shop wants two people to agree. */
export interface ApprovalConfig {
  /** For decisions that may lead to less being taken, and to more. */
  readonly off: boolean;
  readonly on: boolean;
  /** Reasons too urgent to wait for a second person; they excuse an "off" only. */
  readonly urgent: readonly ReasonCategory[];
  /** Who may approve. */
  readonly roles: readonly string[];
}

/**
 * Whether a second person must agree. What a decision supersedes counts as well: to end an "off"
 * is to switch on, whatever stands in its place.
 * @param decisions the register, where the superseded ones are looked up
 */
export const approvalNeeded = (
  config: ApprovalConfig,
  decision: Pick<Decision, 'action' | 'supersedes' | 'reason'>,
  decisions: readonly Decision[],
): boolean => {
  const ended = decisions.filter(({ id }) => decision.supersedes.includes(id));
  const ends = (action: Decision['action']): boolean =>
    ended.some((one) => one.action === action && isDecided(one));
  if (config.on && (decision.action === 'on' || ends('off'))) return true;
  const switchesOff = decision.action === 'off' || ends('on');
  return config.off && switchesOff && !config.urgent.includes(decision.reason.category);
};

/**
 * A second person agrees to a proposed decision.
 * @returns what to write into the register, or why not: the same person, the wrong role, nothing
 * to approve, or a decision that has been overtaken meanwhile
 */
export const approve = (
  config: Pick<ApprovalConfig, 'roles'>,
  id: string,
  decisions: readonly Decision[],
  approval: Approved,
): Approved | DecisionProblem => {
  const decision = decisions.find((one) => one.id === id);
  if (decision === undefined) return decisionProblem('id', `there is no decision ${id}`);
  const { by, atMs } = approval;
  const refuse = (problem: string) => decisionProblem('approval', `${id} ${problem}`);
  if (!isProposed(decision)) return refuse('needs no approval, or has it');
  if (!config.roles.includes(by.role)) {
    return refuse(`can be approved by ${config.roles.join(' or ')}, not by a ${by.role}`);
  }
  if (isSamePerson(by.person, decision.by.person)) {
    return refuse(`was made by ${by.person}: another person must approve it`);
  }
  if (decision.untilMs !== undefined && decision.untilMs <= atMs) return refuse('is over');
  if (decision.setAside !== undefined) return refuse('was set aside: the register began anew');
  if (supersessions(decisions).has(id)) return refuse('was superseded');
  const other = contradiction({ ...decision, approved: approval }, decisions, atMs);
  if (other !== undefined) return refuse(`contradicts ${other.id}, which was decided meanwhile`);
  return approval;
};

/**
 * The decision with which the register began anew, while it still waits for its second person:
 * until then the register is as unreadable as it was, or one person could take back every "off".
 */
export const waitingBeginning = (decisions: readonly Decision[]): Decision | undefined =>
  decisions.find(
    (one) => one.beginning !== undefined && one.setAside === undefined && isProposed(one),
  );

/** "Ann", " ann" and "ＡＮＮ" are one person. */
export const isSamePerson = (a: string, b: string): boolean => plain(a) === plain(b);

const plain = (name: string): string =>
  name.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();
