/**
 * Starts the current release, and the other one when three starts didn't come up healthy. No update
 * replaces this file, and Node runs it alone: `node launcher.ts <root> [the release's arguments]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { LauncherFiles, Slot, SlotRecord, State } from './types.ts';

export const COPIES = ['current', 'current.copy'] as const;
/** In a row, none healthy; and in one probation, healthy or not: it may crash right after. */
export const [MOST_STARTS, MOST_TRIALS] = [3, 12] as const;
/** In a probation; a settled release may wait for its reader as long as it likes. */
const HEALTHY_WITHIN_MS = 120_000;
const FRESH = { starts: 0, trials: 0, healthy: false };

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');
export const other = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');
/** Negative when `a` is the earlier: "1.9.0" before "1.10.0". */
export const compareVersions = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true });
export const encode = (state: State): string =>
  `${sha256(JSON.stringify(state))}\n${JSON.stringify(state)}\n`;
/** Undefined for everything that `encode` didn't make. */
export const decode = (text: string): State | undefined => {
  const [sum, json = '', end] = text.split('\n');
  const state: State | undefined =
    end === '' && sum === sha256(json) ? JSON.parse(json) : undefined;
  return state?.format === 1 ? state : undefined;
};
export const latest = (states: readonly (State | undefined)[]): State | undefined =>
  states.reduce((a, b) => (a && (!b || a.sequence >= b.sequence) ? a : b), undefined);

/**
 * Counts a start, on the disk if that can be, and returns the state: its current slot is the one to
 * start. Undefined when neither slot is whole. `before` is what the last call returned.
 */
export const countStart = (files: LauncherFiles, root: string, before?: State) => {
  const known = latest([before, ...copiesIn(files, root)]);
  const state = known ? withTurn(files, root, known) : rebuilt(files, root);
  const record = state?.slots[state.current];
  if (!state || !record) return undefined;
  const turn = { starts: record.starts + 1, trials: record.trials + 1, healthy: false };
  const slots = { ...state.slots, [state.current]: { ...record, ...turn } };
  const phase = state.phase === 'switched' ? 'probation' : state.phase;
  const next: State = { ...state, phase, slots, sequence: state.sequence + 1 };
  // A full or read-only disk is no reason to sell nothing: the caller remembers the count.
  attempt(() => {
    for (const path of COPIES.map((name) => `${root}/${name}`)) {
      files.write(`${path}.new`, encode(next));
      files.sync(`${path}.new`);
      files.rename(`${path}.new`, path);
      files.sync(root);
    }
  });
  return next;
};

// The other slot becomes current where this one has had its turns, if the other is whole.
const withTurn = (files: LauncherFiles, root: string, state: State): State => {
  const [there, record] = [other(state.current), state.slots[state.current]];
  const most = /switched|probation/.test(state.phase) ? MOST_TRIALS : Number.POSITIVE_INFINITY;
  if (record && record.starts < MOST_STARTS && record.trials < most) return state;
  const rested = { ...state.slots, [state.current]: record && { ...record, ...FRESH } };
  const spare = state.slots[there];
  if (!spare || !wholeIn(files, root, there, spare.digest)) return { ...state, slots: rested };
  const why = `${record?.release} was left after ${record?.starts} starts that weren't healthy`;
  const reason = state.reason === null ? why : `${why}: ${state.reason}`;
  const slots = { ...rested, [there]: { ...spare, ...FRESH } };
  return { ...state, current: there, phase: 'rolledBack', reason, slots };
};

// No copy of the state can be read: of what lies whole in its slot, the later one goes first.
const rebuilt = (files: LauncherFiles, root: string): State | undefined => {
  const whole = (['a', 'b'] as const)
    .flatMap((slot) => wholeIn(files, root, slot) ?? [])
    .sort((a, b) => compareVersions(b.version, a.version));
  if (!whole[0]) return undefined;
  const slots: Record<Slot, SlotRecord | null> = { a: null, b: null };
  for (const { slot, release, version, digest } of whole)
    slots[slot] = { release, version, digest, ...FRESH, probationMs: 600_000 };
  const floor = whole.map((one) => one.floor).reduce((a, b) => (compareVersions(a, b) < 0 ? b : a));
  const reason = 'both copies of the state were unreadable: made anew from the slots';
  const phase = whole[1] ? 'probation' : 'settled';
  return { format: 1, sequence: 0, current: whole[0].slot, floor, phase, reason, slots };
};

// What a slot holds, when each file of its manifest is as it should be.
const wholeIn = (files: LauncherFiles, root: string, slot: Slot, wanted?: string) =>
  attempt(() => {
    const at = `${root}/slots/${slot}/`;
    const manifest = files.read(`${at}manifest.json`);
    const { release, version, floor, files: listed } = JSON.parse(`${manifest}`);
    const digest = sha256(manifest);
    const isWhole = (file: { path: string; sha256: string }): boolean =>
      sha256(files.read(at + file.path)) === file.sha256;
    if ((wanted ?? digest) !== digest || !listed.length || !listed.every(isWhole)) return undefined;
    return { slot, release, version, floor, digest };
  });

const copiesIn = (files: LauncherFiles, root: string): (State | undefined)[] =>
  COPIES.map((name) => attempt(() => decode(`${files.read(`${root}/${name}`)}`)));

const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
};

const FILES: LauncherFiles = {
  read: fs.readFileSync,
  write: fs.writeFileSync,
  rename: fs.renameSync,
  sync: (path) => {
    const fd = fs.openSync(path, 'r');
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  },
};

if (import.meta.main) {
  const [root = '', ...args] = process.argv.slice(2);
  let child: ChildProcess | undefined;
  let stopped = false;
  const stop = (signal: NodeJS.Signals) => {
    stopped = true;
    child?.kill(signal);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  for (let state: State | undefined; !stopped; ) {
    state = countStart(FILES, root, state);
    if (!state) throw new Error(`neither slot in ${root}/slots holds a whole release`);
    const { current, phase } = state;
    const isHealthy = () => latest(copiesIn(FILES, root))?.slots[current]?.healthy === true;
    const endHung = () => phase === 'probation' && !isHealthy() && child?.kill('SIGKILL');
    const hung = setTimeout(endHung, HEALTHY_WITHIN_MS);
    await new Promise<unknown>((ended) => {
      child = spawn('./start', args, { cwd: `${root}/slots/${current}`, stdio: 'inherit' });
      child.on('error', ended).on('exit', ended);
    });
    clearTimeout(hung);
    const pauseMs = stopped || isHealthy() ? 0 : 500 * (state.slots[current]?.starts ?? 0);
    await new Promise((woken) => setTimeout(woken, pauseMs));
  }
}
