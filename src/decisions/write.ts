import {
  approvalToJson,
  approve,
  DECISION_EVENT,
  type Decision,
  type DecisionProblem,
  decisionProblem,
  decisionText,
  isDecisionProblem,
  type Known,
  type Person,
  readOn,
  readRegister,
} from '#acceptance/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { JsonObject } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { Counting } from './counting.ts';
import { draftOf, draftOfBeginning } from './draft.ts';
import { NOTHING_READ, type Reading, type RegisterJournal, readBook } from './reading.ts';

/** Where decisions are written; one at a time, each after the register was read again. */
export interface Desk {
  readonly journal: RegisterJournal;
  readonly log: Log;
  readonly counting: Counting;
  readonly known: () => Known;
  readonly read: () => Promise<Reading>;
}

type Written = Promise<Decision | DecisionProblem | Fault>;

export const writeDecision = async (desk: Desk, request: unknown, by: Person): Written => {
  const reading = await desk.read();
  const closed = closedBy(reading);
  if (closed !== undefined) return closed;
  const draft = draftOf(request, by, desk.known(), reading);
  if (isDecisionProblem(draft)) return draft;
  return write(desk, reading, draft.entries, draft.decision.id);
};

export const writeApproval = async (desk: Desk, id: string, by: Person): Written => {
  const reading = await desk.read();
  const closed = reading.waiting === id ? undefined : closedBy(reading);
  if (closed !== undefined) return closed;
  const { approval, decisions, now } = desk.known();
  const approved = approve(approval, id, decisions, {
    by,
    atMs: now.wallMs,
    number: reading.last + 1,
  });
  if (isDecisionProblem(approved)) return approved;
  return write(desk, reading, [approvalToJson(id, approved)], id);
};

export const writeBeginning = async (desk: Desk, request: unknown, by: Person): Written => {
  const { unreadable, fault } = await desk.read();
  if (fault !== undefined) return fault;
  if (unreadable === undefined) {
    return decisionProblem('', 'the register can be read: decide, and supersede what stands in it');
  }
  // As it is now, whatever this process knew of it.
  const found = await readBook(desk.journal, NOTHING_READ);
  if (found.fault !== undefined) return found.fault;
  const draft = draftOfBeginning(request, by, desk.known(), { ...found, unreadable });
  if (isDecisionProblem(draft)) return draft;
  return write(desk, { ...found, unreadable }, draft.entries, draft.decision.id);
};

/** Why no decision can be made. */
const closedBy = ({ unreadable, fault }: Reading): DecisionProblem | Fault | undefined => {
  if (fault !== undefined || unreadable === undefined) return fault;
  return decisionProblem('', `the register can't be read, so it must begin anew: ${unreadable}`);
};

/**
 * Nothing changes unless the journal has it. And nothing goes there that could not be read back: it
 * would make the whole register unreadable.
 */
const write = async (
  desk: Desk,
  reading: Reading,
  added: readonly JsonObject[],
  id: string,
): Written => {
  const { journal, log, counting } = desk;
  const atMs = counting.now().wallMs;
  const entries = added.map((data) => JSON.parse(JSON.stringify(data)) as JsonObject);
  const datas = reading.entries.map(({ data }) => data);
  const isReadable = reading.unreadable === undefined;
  const after = isReadable
    ? readOn(reading, datas.length, entries)
    : readRegister([...datas, ...entries]);
  if (isDecisionProblem(after)) return unwritable(after);
  const why = await journal.append({
    entries: entries.map((data) => ({ payment: null, event: DECISION_EVENT, atMs, data })),
  });
  if (isFault(why)) {
    log.error({ problem: why, decision: id }, 'the decision could not be written: nothing changed');
    return why;
  }
  const { decisions, last } = after;
  // In force before anything else can happen. A register that could not be read only becomes
  // readable when it was read.
  if (isReadable) counting.take({ ...reading, decisions, last });
  const decision = decisions.find((one) => one.id === id);
  if (decision === undefined) throw new TypeError(`${id} was written and is not there`);
  log.info({ decision: id, says: decisionText(decision, counting.now()) }, 'decided');
  counting.take(await readBook(journal, isReadable ? reading : NOTHING_READ));
  return decision;
};

const unwritable = ({ field, problem }: DecisionProblem): DecisionProblem =>
  decisionProblem(field.replace(/^entry \d+$/, ''), problem);
