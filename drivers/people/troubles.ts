// table: what went wrong with the people's database, in words for a technician.
import { type Fault, fault } from '#ports/fault.ts';

/** Why the database can't be used. */
export interface Trouble {
  readonly fault: Fault;
  /** `ruined`: only a person mends it; else it may be gone at the next try. */
  readonly kind: 'passing' | 'ruined';
}

/** What is wrong with the content of the file, to be thrown where it is found. */
export const damage = (problem: string): Error =>
  Object.assign(new Error(problem), { code: DAMAGE });

/** The file isn't there, and people were known. */
export const gone = (): Error => Object.assign(new Error('gone'), { code: GONE });

/** Another process is writing: to be tried again in a moment. */
export const isBusy = (error: unknown): boolean => sqliteCode(error) === '5';

/** @throws what is a bug of ours */
export const troubleOf = (error: unknown, path: string): Trouble => {
  const key = sqliteCode(error) ?? systemCode(error);
  const row = reasons.find(([codes]) => codes.includes(key));
  if (row === undefined) throw error;
  const [, kind, sentence] = row;
  const why = (error instanceof Error ? error.message : '').replace(/[\s*]+/g, ' ').trim();
  const detail = sentence.replaceAll('FILE', path).replaceAll('WHY', why);
  return { kind, fault: fault('people', `nobody can sign in: ${detail}`) };
};

const DAMAGE = 'COUNTERTAP_DAMAGE';
const GONE = 'COUNTERTAP_GONE';

// Primary result code: the lower eight bits.
const sqliteCode = (error: unknown): string | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? String(error.errcode & 0xff)
    : undefined;

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const MEND = 'put a sound copy in its place, or begin anew with `countertap people reset --yes`';

// Result codes of SQLite (sqlite.org/rescode.html), and of the system.
// biome-ignore format: a row stays on its line
const reasons: readonly (readonly [readonly string[], Trouble['kind'], string])[] = [
  [[DAMAGE], 'ruined', `the people's database FILE is damaged: WHY; ${MEND}`],
  [[GONE], 'ruined', `the people's database FILE is gone, and people were known; ${MEND}`],
  [['11', '26'], 'ruined', `the people's database FILE is damaged: its pages can't be read; ${MEND}`],
  [['1', '17', '19', '20'], 'ruined', `the people's database FILE is damaged: it doesn't hold what it should; ${MEND}`],
  [['13', 'ENOSPC', 'EDQUOT'], 'passing', 'the disk of the people\'s database FILE is full: make room on it'],
  [['8', 'EROFS'], 'passing', 'the people\'s database FILE is read-only: make the file, its folder and its disk writable'],
  [['10', 'EIO'], 'passing', 'the disk of the people\'s database FILE reports an error: look at the disk'],
  [['14', '3', '23', 'EACCES', 'EPERM'], 'passing', 'the people\'s database FILE can\'t be opened: look at the rights of the file and its folder'],
  [['EISDIR', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'], 'passing', 'the people\'s database FILE can\'t be opened: something else stands at its path'],
  [['5', '6'], 'passing', 'another program keeps the people\'s database FILE locked: end it'],
  [['7', 'ENOMEM', 'EMFILE', 'ENFILE'], 'passing', 'the machine is short of memory or open files: the people\'s database FILE can\'t be used'],
];
