// table: what went wrong with the journal's file, in words for cashier and technician.
import { type Fault, fault } from '#ports/fault.ts';
import { codeOf } from './connection.ts';
import { Damage } from './damage.ts';

/** Why the journal can't be used. */
export interface Trouble {
  readonly fault: Fault;
  /**
   * `passing`: may be gone at the next try. `broken`: so may it, but the file has to be opened
   * anew. `lasting`: only a person mends it.
   */
  readonly kind: 'passing' | 'broken' | 'lasting';
}

export const troubleOf = (error: unknown, path: string): Trouble => {
  if (error instanceof Damage) return damaged(path, error.message);
  const sqlite = codeOf(error);
  const key = sqlite === undefined ? systemCode(error) : String(sqlite);
  const row = reasons.find(([codes]) => codes.includes(key));
  if (row === undefined) throw error;
  const [, kind, sentence] = row;
  return { kind, fault: fault('journal', sentence.replaceAll('FILE', path)) };
};

/** Found to be damaged or tampered with. */
export const damaged = (path: string, problem: string): Trouble => ({
  kind: 'lasting',
  fault: fault('journal', `the journal ${path} is damaged: ${problem}; ${MEND}`),
});

const MEND = 'stop the terminal and run `countertap journal recover`';

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

// Result codes of SQLite (sqlite.org/rescode.html), and of the system.
// biome-ignore format: a row stays on its line
const reasons: readonly (readonly [readonly string[], Trouble['kind'], string])[] = [
  [['13', 'ENOSPC', 'EDQUOT'], 'passing', 'the disk is full: the journal FILE can\'t grow; make room on it'],
  [['8', 'EROFS'], 'broken', 'the journal FILE is read-only: make the file, its folder and its disk writable'],
  [['10', 'EIO'], 'broken', 'the disk of the journal FILE reports an error: look at the disk'],
  [['14', '3', '23', 'EACCES', 'EPERM'], 'broken', 'the journal FILE can\'t be opened: look at the rights of the file and its folder'],
  [['EISDIR'], 'broken', 'the journal FILE can\'t be opened: a folder stands in its place; take it away'],
  [['ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'], 'broken', 'the journal FILE can\'t be opened: something else stands at its path'],
  [['5', '6'], 'passing', 'the journal FILE is locked by another program: end it'],
  [['7', 'ENOMEM', 'EMFILE', 'ENFILE'], 'passing', 'the machine is short of memory or open files: the journal FILE can\'t be used'],
  [['11', '26'], 'lasting', `the journal FILE is damaged: its pages can't be read; ${MEND}`],
  // A table or column that must be there isn't.
  [['1', '17', 'ERR_OUT_OF_RANGE'], 'lasting', `the journal FILE is damaged: it doesn't hold what it should; ${MEND}`],
  [['ENOENT'], 'lasting', `the journal FILE is gone, and it held payments: put it back, or ${MEND}`],
];
