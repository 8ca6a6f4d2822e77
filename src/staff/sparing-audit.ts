import type { Clock } from '#ports/clock.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Audit, AuditLine } from './audit.ts';
import {
  count,
  type Kind,
  kindOf,
  putBack,
  type Source,
  sourceOf,
  sumOf,
  taken,
} from './refusals.ts';

/** The one record of what staff do, for all doors that strangers can knock at. */
export interface SparingAudit {
  /**
   * What is done is on the disk when it resolves to undefined; what is refused is written or
   * counted.
   * @param address where a refusal came from, if not from the machine itself
   */
  readonly audit: (line: AuditLine, address?: string) => Promise<Fault | undefined>;
  /** Resolves when all that was told is written, sums too. */
  close(): Promise<void>;
}

/** How often what was counted is written, a line for each kind. */
export const SUMMED_UP_MS = 60_000;

/**
 * Records stay for good, and nobody may fill the disk with them. What is done is always written;
 * of refusals no more than a few dozen lines a minute of any one person, and of all strangers
 * together, while none is left out of the count: what can't be written is counted until it can.
 */
export const sparingAudit = (
  audit: Audit,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): SparingAudit => {
  const sources = new Map<string, Source>();
  let writing: Promise<unknown> = Promise.resolve();
  let timer: ReturnType<Clock['scheduler']['schedule']> | undefined;
  let closed = false;

  const write = (line: AuditLine): Promise<Fault | undefined> => {
    const written = audit(line).then((problem) => {
      if (isFault(problem)) log.error({ problem, action: line.action }, 'not in the audit log');
      return problem;
    });
    writing = Promise.all([writing, written]);
    return written;
  };
  const writeSum = async (kind: Kind): Promise<void> => {
    const told = taken(kind);
    const says = sumOf(kind.line, told, clock.monotonicMs());
    const unwritten = await write({ ...kind.line, atMs: clock.wallMs(), says });
    if (isFault(unwritten)) putBack(kind, told);
  };
  const sumUp = (): void => {
    for (const [key, source] of sources) {
      const counted = [...source.kinds.values()].filter(({ counted: { times } }) => times > 0);
      // Only after a quiet minute what comes is news again.
      if (counted.length === 0 && !source.heard) sources.delete(key);
      source.heard = false;
      for (const kind of counted) void writeSum(kind);
    }
  };
  const schedule = (): void => {
    if (closed || timer !== undefined) return;
    timer = clock.scheduler.schedule(() => {
      timer = undefined;
      sumUp();
      if (sources.size > 0) schedule();
    }, SUMMED_UP_MS);
  };
  const refused = async (line: AuditLine, address: string | undefined) => {
    const kind = kindOf(sourceOf(sources, line), line);
    schedule();
    const from = address === undefined ? '' : `, from ${address}`;
    const isWritten = kind.left > 0;
    kind.left -= 1;
    const unwritten = isWritten ? await write({ ...line, says: line.says + from }) : undefined;
    if (!isWritten || isFault(unwritten)) count(kind, address, clock.monotonicMs());
    return unwritten;
  };
  return {
    audit: (line, address) => (line.outcome === 'done' ? write(line) : refused(line, address)),
    close: async () => {
      closed = true;
      timer?.unsubscribe();
      sumUp();
      await writing;
    },
  };
};
