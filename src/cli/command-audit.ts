import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '#drivers/control/index.ts';
import { openJournal } from '#drivers/sqlite/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type Audit, type AuditLine, writeAudit } from '#staff/index.ts';
import type { Places } from './places.ts';
import { clock } from './world.ts';

/**
 * Where a command records what was done: with the terminal that runs beside, which has the journal
 * open, else in the journal itself, held no longer than it takes. What is refused and can't be
 * recorded is at least said.
 */
export const commandAudit =
  (places: Pick<Places, 'controlSocket' | 'journal'>): Audit =>
  async (line) => {
    const unwritten = await writeSomehow(places, line);
    if (unwritten !== undefined && line.outcome === 'refused') {
      process.stderr.write(`countertap: not recorded: ${unwritten.detail}\n`);
    }
    return unwritten;
  };

// A terminal that is just starting or ending has the journal, and no ear yet or no more.
const writeSomehow = async (
  { controlSocket, journal: path }: Pick<Places, 'controlSocket' | 'journal'>,
  line: AuditLine,
): Promise<Fault | undefined> => {
  for (let tries = 1; ; tries++) {
    const told = await tellTerminal(controlSocket, line);
    if (told?.fault !== 'serviceDown') return told;
    const journal = await openJournal({ path, log: quiet, wallMs: clock.wallMs });
    if (!isFault(journal)) {
      const unwritten = await writeAudit(journal, line);
      await journal.close();
      return unwritten;
    }
    if (tries === TRIES) return journal;
    await sleep(PAUSE_MS);
  }
};

const tellTerminal = async (
  socket: string,
  { person, role, action, subject, outcome, says }: AuditLine,
): Promise<Fault | undefined> => {
  const request = { op: 'audit', person, role, action, subject, outcome, says };
  const answer = await call(socket, request);
  if (isFault(answer)) return answer;
  const { error } = answer;
  return error === undefined ? undefined : fault('journal', `the terminal says: ${error}`);
};

const TRIES = 20;
const PAUSE_MS = 100;

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
