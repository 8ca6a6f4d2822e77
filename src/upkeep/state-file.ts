import type { Disk } from '#ports/disk.ts';
import { isFault } from '#ports/fault.ts';
import { COPIES, decode, encode, latest } from './launcher.ts';
import { whileLocked } from './lock.ts';
import { isRefusal, type Refusal, refusal } from './refusal.ts';
import { onDisk } from './slot.ts';
import type { State } from './types.ts';

/**
 * The later of both copies of the state. "absent": there is no installation yet. A refusal when
 * there are copies and none can be read; the launcher makes the state anew at its next start.
 */
export const readState = async (disk: Disk, root: string): Promise<State | 'absent' | Refusal> => {
  const found: (State | undefined)[] = [];
  let absent = 0;
  for (const name of COPIES) {
    const pieces: Uint8Array[] = [];
    const read = await disk.read(`${root}/${name}`, (piece) => pieces.push(Uint8Array.from(piece)));
    if (isFault(read)) continue;
    if (read === 'absent') absent += 1;
    else found.push(decode(Buffer.concat(pieces).toString()));
  }
  const state = latest(found);
  if (state !== undefined) return state;
  if (absent === COPIES.length) return 'absent';
  return refusal('state', `neither copy of ${root}/current can be read: start the terminal anew`);
};

/**
 * Makes the next state of the one that is there, and writes it: no change is lost between a process
 * that installs and the release that runs. What `change` refuses stays as it is.
 */
export const changeState = (
  { disk, root }: { readonly disk: Disk; readonly root: string },
  change: (state: State | 'absent') => State | Refusal,
): Promise<State | Refusal> =>
  whileLocked(
    disk,
    `${root}/state.lock`,
    'another process writes the state',
    async () => {
      const state = await readState(disk, root);
      if (isRefusal(state)) return state;
      const next = change(state);
      return isRefusal(next) ? next : writeState(disk, root, next);
    },
    STATE_PATIENCE_MS,
  );

// Two small files and their folder, on a card that is busy.
const STATE_PATIENCE_MS = 10_000;

/**
 * Writes both copies one after the other, each by one rename, so that after a power cut at least
 * one is whole; the second never lags by more than one write. Resolves to the state as written: a
 * refusal means that either the state before or this one is on the disk.
 */
const writeState = async (disk: Disk, root: string, state: State): Promise<State | Refusal> => {
  const next = { ...state, sequence: state.sequence + 1 };
  for (const name of COPIES) {
    const problem = await writeWhole(disk, `${root}/${name}`, encode(next));
    if (problem) return onDisk(problem);
    const synced = await disk.syncFolder(root);
    if (synced) return onDisk(synced);
  }
  return next;
};

const writeWhole = async (disk: Disk, path: string, text: string) => {
  const file = await disk.create(`${path}.new`, 0o600);
  if (isFault(file)) return file;
  const problem = (await file.write(Buffer.from(text))) ?? (await file.sync());
  return (await file.close()) ?? problem ?? (await disk.rename(`${path}.new`, path));
};
