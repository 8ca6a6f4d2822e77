import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { ChainState } from '#ports/journal.ts';
import { openForWriting } from './connection.ts';
import { headFileOf, lockFor, makeFile, readHead, syncFolder } from './files.ts';
import type { Point } from './line.ts';
import { createSchema } from './migrate.ts';
import { troubleOf } from './reasons.ts';
import { type Rebuilt, rebuild } from './rebuild.ts';
import { salvage } from './salvage.ts';
import { verifyFile } from './verify.ts';

/** What became of a damaged journal. */
export interface Recovery extends Rebuilt {
  /** What was wrong with it. */
  readonly problem: string;
  /** Where the damaged file lies now; undefined when there was none any more. */
  readonly aside: string | undefined;
}

/**
 * Makes a whole journal of a damaged one: all entries that can be read and fit their own hash, and
 * a last one, "recovered", that says what is missing. Rows are made anew from the entries. The
 * damaged file is kept aside. Needs the terminal to be stopped.
 * @returns the chain's state where the journal is whole: then nothing is done
 */
export const recoverFile = (path: string, wallMs: () => number): Recovery | ChainState | Fault => {
  let unlock: (() => void) | Fault | undefined;
  try {
    unlock = lockFor(path);
    if (isFault(unlock)) return unlock;
    const state = stateOf(path);
    if (isFault(state) || state.chain === 'whole') return state;
    return replace(path, state.problem, wallMs());
  } catch (error) {
    return troubleOf(error, path).fault;
  } finally {
    if (typeof unlock === 'function') unlock();
  }
};

const stateOf = (path: string): ChainState | Fault => {
  const fresh = `${path}.recovering`;
  if (!existsSync(path) && existsSync(fresh)) {
    // An earlier recovery was cut off just before its end.
    const done = verifyFile(fresh);
    if (!isFault(done) && done.chain === 'whole') {
      putInPlace(path, fresh, `${path}-${Date.now()}.damaged`);
      return done;
    }
  }
  if (existsSync(path)) return verifyFile(path);
  if ((readHead(path)?.sequence ?? 0) > 0) {
    return { chain: 'broken', sequence: 0, problem: 'the file is gone' };
  }
  return fault('journal', `there is no journal ${path}`);
};

const replace = (path: string, problem: string, atMs: number): Recovery => {
  const fresh = `${path}.recovering`;
  for (const end of ['', '-wal', '-shm']) rmSync(`${fresh}${end}`, { force: true });
  makeFile(fresh);
  const rebuilt = write(path, fresh, atMs);
  const proof = verifyFile(fresh);
  if (isFault(proof) || proof.chain === 'broken') {
    throw new Error(`a recovered journal is not whole: ${JSON.stringify(proof)}`);
  }
  const stamp = new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const aside = join(dirname(path), `${basename(path, '.db')}-${stamp}.damaged`);
  const hadFile = existsSync(path);
  putInPlace(path, fresh, aside);
  const head = headFileOf(path);
  head.write(rebuilt.end);
  head.close();
  return { ...rebuilt, problem, aside: hadFile ? aside : undefined };
};

const write = (path: string, fresh: string, atMs: number): Rebuilt & { readonly end: Point } => {
  const target = openForWriting(fresh);
  const source = existsSync(path) ? salvage(path) : undefined;
  try {
    createSchema(target);
    return target.transaction(() => rebuild(source, target, readHead(path), atMs));
  } finally {
    source?.close();
    target.close();
  }
};

/** The write-ahead log belongs to its file: with another it would ruin it. */
const putInPlace = (path: string, fresh: string, aside: string): void => {
  if (existsSync(path)) renameSync(path, aside);
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`);
  rmSync(`${path}-shm`, { force: true });
  // Looking at it made them anew; what its log holds, if anything, goes with it.
  if (existsSync(`${fresh}-wal`)) renameSync(`${fresh}-wal`, `${path}-wal`);
  rmSync(`${fresh}-shm`, { force: true });
  renameSync(fresh, path);
  syncFolder(path);
};
