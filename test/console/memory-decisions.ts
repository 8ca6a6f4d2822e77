import { BehaviorSubject } from 'rxjs';
import {
  approve,
  type Decision,
  decisionProblem,
  explain,
  inForce,
  isDecisionProblem,
  type Known,
  type Moment,
  type Person,
  parseDecision,
  verdict,
  zoneOf,
} from '#acceptance/index.ts';
import type { DecisionBook, Standing } from '#decisions/types.ts';
import type { Fault } from '#ports/fault.ts';

export interface MemoryDecisions extends DecisionBook {
  /** From now on the register can't be read. */
  damage(why: string): void;
  /** The next decision can't be written. */
  failNext(why: Fault): void;
}

const SUBJECTS: Omit<Known, 'now' | 'decisions'> = {
  approval: { off: false, on: true, urgent: ['security'], roles: ['manager'] },
  applications: [
    { aid: 'A0000000031010', kernel: '03', scheme: 'Visa' },
    { aid: 'A0000000041010', kernel: '02', scheme: 'Mastercard' },
  ],
  wallets: ['alipay'],
  lanes: ['1', '2', '3'],
  currencies: ['USD'],
  languages: ['en', 'de'],
  alternatives: ['insert', 'cash'],
};

const proofsOf = (decisions: readonly Decision[]) =>
  new Map(decisions.map(({ id, number }) => [id, { sequence: number, hash: HASH }]));

const previewOf = (decision: ReturnType<typeof parseDecision>) =>
  isDecisionProblem(decision)
    ? decision
    : { decision, says: [`switches ${decision.action}`], warnings: [] };

const HASH = 'ab'.repeat(32);

const zone = zoneOf('Europe/Berlin') ?? { name: 'UTC', localMs: (ms: number) => ms };

/** A register without a journal: the rules are the real ones. */
export const memoryDecisions = (wallMs: () => number): MemoryDecisions => {
  let decisions: readonly Decision[] = [];
  let unreadable: string | undefined;
  let next: Fault | undefined;
  const now = (): Moment => ({ wallMs: wallMs(), zone });
  const standing = (): Standing => ({
    inForce: unreadable === undefined ? inForce(decisions, now()) : [],
    ...(unreadable === undefined ? {} : { unreadable }),
  });
  const standings = new BehaviorSubject(standing());
  const known = (): Known => ({ now: now(), decisions, ...SUBJECTS });
  const parse = (request: unknown, by: Person) => {
    const number = nextNumber(decisions);
    return parseDecision(request, known(), { id: `D${number}`, number, by });
  };
  const become = (all: readonly Decision[]): void => {
    decisions = all;
    standings.next(standing());
  };
  const decide: DecisionBook['decide'] = async (request, by) => {
    const decision = parse(request, by);
    const failed = next;
    next = undefined;
    if (failed !== undefined) return failed;
    if (!isDecisionProblem(decision)) become([...decisions, decision]);
    return decision;
  };
  return {
    standing$: standings,
    standing,
    judge: (facts) =>
      unreadable === undefined
        ? verdict(decisions, facts, now())
        : { accepted: 'no', why: [], needs: [] },
    all: () => decisions,
    proofs: () => proofsOf(decisions),
    known,
    why: (facts) => explain(decisions, facts, now()),
    preview: (request, by) => previewOf(parse(request, by)),
    decide,
    approve: async (id, by) => {
      const number = nextNumber(decisions);
      const approved = approve(known().approval, id, decisions, { by, atMs: wallMs(), number });
      if (isDecisionProblem(approved)) return approved;
      become(decisions.map((one) => (one.id === id ? { ...one, approved } : one)));
      return decisions.find((one) => one.id === id) ?? decisionProblem('id', 'there is none');
    },
    beginAnew: async (request, by) => {
      unreadable = undefined;
      decisions = [];
      return decide(request, by);
    },
    verify: async () => ({
      entries: decisions.length,
      head: decisions.length === 0 ? '' : HASH,
      ...(unreadable === undefined ? {} : { problem: unreadable }),
    }),
    now,
    damage: (why) => {
      unreadable = why;
      standings.next(standing());
    },
    failNext: (why) => {
      next = why;
    },
  };
};

const nextNumber = (decisions: readonly Decision[]): number =>
  1 + Math.max(0, ...decisions.map(({ number, approved }) => approved?.number ?? number));
