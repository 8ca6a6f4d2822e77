import { type Fault, isFault } from '#ports/fault.ts';
import type { ChainState } from '#ports/journal.ts';
import { checkFrom } from './check.ts';
import { Damage } from './damage.ts';
import { failed, type Holder, ready } from './holder.ts';
import { ORIGIN } from './line.ts';

/**
 * A slice of the chain, with the rows and contents that it carries. Ends early when its time is up,
 * so that a tap doesn't wait for it.
 */
export const inspect = (
  holder: Holder,
  from: number,
  count: number,
): { readonly state: ChainState; readonly next: number | undefined } | Fault => {
  const opened = ready(holder);
  if (isFault(opened)) return opened;
  const endMs = performance.now() + SLICE_MS;
  const { connection, gaps } = opened;
  try {
    emptyLog(holder);
    const enough = (): boolean => performance.now() > endMs;
    const slice = checkFrom(connection, gaps, from, count, enough);
    const { last, checked } = slice ?? { last: ORIGIN, checked: 0 };
    const end = holder.head?.sequence ?? 0;
    const next = slice && last.sequence < end ? last.sequence + 1 : undefined;
    return { state: { chain: 'whole', entries: checked, head: last.hash }, next };
  } catch (error) {
    const why = failed(holder, error);
    if (!(error instanceof Damage)) return why;
    const { sequence, problem } = error;
    return { state: { chain: 'broken', sequence, problem }, next: undefined };
  }
};

const SLICE_MS = 10;

/** Copies of erased pages lie in the write-ahead log until it is emptied: in a quiet moment. */
const emptyLog = (holder: Holder): void => {
  if (!holder.erased) return;
  holder.opened?.connection.get('PRAGMA wal_checkpoint(TRUNCATE)');
  holder.erased = false;
};
