import { defer, merge, share } from 'rxjs';
import {
  decisionProblem,
  explain,
  isDecisionProblem,
  judge,
  type Known,
  UNREADABLE,
} from '#acceptance/index.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import { createTurns } from '#ports/turns.ts';
import type { DecisionConfig } from './config.ts';
import { createCounting } from './counting.ts';
import { draftOf, draftOfBeginning } from './draft.ts';
import { saysOf, warningsOf } from './preview.ts';
import { type Reading, type RegisterJournal, readBook } from './reading.ts';
import type { DecisionBook, RegisterCheck } from './types.ts';
import { watch$ } from './watch.ts';
import { type Desk, writeApproval, writeBeginning, writeDecision } from './write.ts';

export interface DecisionBookParts {
  readonly journal: RegisterJournal;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: DecisionConfig;
  /** How often the register is read again, while somebody listens to `standing$`. */
  readonly checkMs?: number;
}

/**
 * Opens the register of decisions. One that can't be read gives a book by which nothing is taken,
 * and which says why.
 */
export const openDecisionBook = async (parts: DecisionBookParts): Promise<DecisionBook> => {
  const { journal, clock, log, config, checkMs = 30_000 } = parts;
  const { zone, ...subjects } = config;
  const counting = createCounting({ clock, log, zone });
  const { standing$, look, isTimed, now } = counting;
  const inTurn = createTurns();
  const read = async (): Promise<Reading> =>
    counting.take(await readBook(journal, counting.reading()));
  const known = (): Known => ({
    ...subjects,
    now: now(),
    decisions: counting.reading().decisions,
  });
  const desk: Desk = { journal, log, counting, known, read };
  await inTurn(read);
  const watching$ = watch$({
    ...{ clock, standing$, look, isTimed, checkMs },
    read: () => inTurn(read),
  }).pipe(share());
  return {
    standing$: defer(() => {
      look();
      return merge(standing$, watching$);
    }),
    standing: look,
    judge: (facts) => {
      const { inForce, unreadable } = look();
      return unreadable === undefined ? judge(inForce, facts) : UNREADABLE;
    },
    all: () => counting.reading().decisions,
    proofs: () => counting.reading().proofs,
    known,
    why: (facts) => {
      const { decisions, unreadable } = counting.reading();
      return unreadable === undefined ? explain(decisions, facts, now()) : whyNothing(unreadable);
    },
    preview: (request, by) => {
      const reading = counting.reading();
      if (reading.fault !== undefined) return decisionProblem('', reading.fault.detail);
      const begins = reading.unreadable !== undefined;
      const drafted = (begins ? draftOfBeginning : draftOf)(request, by, known(), reading);
      if (isDecisionProblem(drafted)) return drafted;
      const { decision } = drafted;
      const standing = begins ? { ...known(), decisions: [] } : known();
      return {
        decision,
        says: [...(begins ? [BEGINS] : []), ...saysOf(decision, standing)],
        warnings: warningsOf(decision, standing),
      };
    },
    decide: (request, by) => inTurn(() => writeDecision(desk, request, by)),
    approve: (id, by) => inTurn(() => writeApproval(desk, id, by)),
    beginAnew: (request, by) => inTurn(() => writeBeginning(desk, request, by)),
    verify: () => inTurn(async () => checkOf(await read())),
    now,
  };
};

const BEGINS =
  'The register begins anew: from now on only what is decided now counts. ' +
  'What stood before stays in the journal, and is never in force again.';

const whyNothing = (unreadable: string): readonly string[] => [
  'All contactless payments and QR codes: refused.',
  `The register of decisions can't be read: ${unreadable}.`,
  'What can\'t be read may have said "off". A manager can begin the register anew.',
];

const checkOf = ({
  entries,
  unreadable,
  fault,
}: Reading): RegisterCheck | NonNullable<typeof fault> => {
  if (fault !== undefined) return fault;
  const check = { entries: entries.length, head: entries.at(-1)?.hash ?? '' };
  return unreadable === undefined ? check : { ...check, problem: unreadable };
};
