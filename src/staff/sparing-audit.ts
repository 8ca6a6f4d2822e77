import type { Audit, AuditLine } from './audit.ts';

/**
 * For a door that strangers can knock at: what is done is always written, but of refusals only 20
 * at once and then 6 a minute, each person's apart and all strangers' together; the next line that
 * is written tells how many were left out. Records stay for good: nobody may fill the disk.
 */
export const sparingAudit = (audit: Audit): Audit => {
  const budgets = new Map<string, Budget>();
  let left: LeftOut | undefined;

  const summary = async (line: AuditLine): Promise<void> => {
    if (left === undefined) return;
    const told = left;
    left = undefined;
    const { count, fromMs, lastMs, from } = told;
    const between = `${new Date(fromMs).toISOString()} and ${new Date(lastMs).toISOString()}`;
    const unwritten = await audit({
      atMs: line.atMs,
      person: 'several',
      role: 'unknown',
      from,
      action: 'several',
      subject: '',
      outcome: 'refused',
      says: `${count} more between ${between}, not written one by one`,
    });
    if (unwritten !== undefined) left = together(told, left);
  };

  return async (line) => {
    if (line.outcome === 'refused' && !spend(budgets, line)) {
      const { atMs, from } = line;
      left = together(left, { count: 1, fromMs: atMs, lastMs: atMs, from });
      return undefined;
    }
    await summary(line);
    return audit(line);
  };
};

const AT_ONCE = 20;
const A_MINUTE = 6;

interface Budget {
  readonly lines: number;
  readonly atMs: number;
}

interface LeftOut {
  readonly count: number;
  readonly fromMs: number;
  readonly lastMs: number;
  readonly from: AuditLine['from'];
}

/** Whether this line may still be written. A clock that is set back gives nothing. */
const spend = (budgets: Map<string, Budget>, { role, person, atMs }: AuditLine): boolean => {
  // Strangers choose their names: they have one budget, however many names they think of.
  const key = role === 'unknown' ? '' : person;
  const before = budgets.get(key) ?? { lines: AT_ONCE, atMs };
  const earned = (Math.max(0, atMs - before.atMs) / 60_000) * A_MINUTE;
  const lines = Math.min(AT_ONCE, before.lines + earned);
  const enough = lines >= 1;
  budgets.set(key, { lines: enough ? lines - 1 : lines, atMs });
  return enough;
};

const together = (one: LeftOut | undefined, other: LeftOut | undefined): LeftOut | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    count: one.count + other.count,
    fromMs: Math.min(one.fromMs, other.fromMs),
    lastMs: Math.max(one.lastMs, other.lastMs),
    from: other.from,
  };
};
