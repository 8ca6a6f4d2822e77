import type { Finding, Probe } from '#ports/finding.ts';
import { CHECKS, type CheckName, type CheckRow } from './checks.ts';
import { anyFinding } from './say.ts';

/** What looks at each of the checks; one that isn't given wasn't looked at. */
export type Probes = Readonly<Partial<Record<CheckName, Probe>>>;

export interface ToldFinding extends Finding {
  readonly title: string;
}

/** What the doctor says: the worst verdict is that of all. */
export interface Diagnosis {
  readonly verdict: 'well' | 'attention' | 'wrong';
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** "terminal": the running terminal looked; "here": the command did, beside none. */
  readonly by: 'terminal' | 'here';
  /** In the order of the table. */
  readonly findings: readonly ToldFinding[];
}

export interface Examination {
  readonly probes: Probes;
  readonly by: Diagnosis['by'];
  readonly wallMs: () => number;
  /** Only these; all when absent. */
  readonly only?: readonly CheckName[] | undefined;
  /** For tests: another time for every check. */
  readonly withinMs?: number;
}

/** Runs the checks side by side, each with its deadline. Never rejects. */
export const examine = async (examination: Examination): Promise<Diagnosis> => {
  const { probes, by, wallMs, only, withinMs } = examination;
  const rows = CHECKS.filter(({ name }) => only === undefined || only.includes(name));
  const findings = await Promise.all(
    rows.map(async (row: CheckRow & { readonly name: CheckName }): Promise<ToldFinding> => {
      const found = await inTime(row.name, probes[row.name], withinMs ?? row.withinMs);
      return { title: row.title, ...found, check: row.name };
    }),
  );
  return { verdict: worst(findings), atMs: wallMs(), by, findings };
};

/** The worst of several findings decides. */
export const worst = (findings: readonly Finding[]): Diagnosis['verdict'] => {
  const has = (verdict: Finding['verdict']) => findings.some((one) => one.verdict === verdict);
  return has('wrong') ? 'wrong' : has('attention') ? 'attention' : 'well';
};

const inTime = async (
  check: CheckName,
  probe: Probe | undefined,
  withinMs: number,
): Promise<Finding> => {
  if (probe === undefined) return anyFinding(check, 'untold');
  const hangUp = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<Finding>();
  const timer = setTimeout(() => {
    hangUp.abort();
    resolve(anyFinding(check, 'late', { seconds: withinMs / 1000 }));
  }, withinMs);
  try {
    return await Promise.race([looked(check, probe, hangUp.signal), late]);
  } finally {
    clearTimeout(timer);
    hangUp.abort();
  }
};

// A probe never rejects; if one of ours does, the other checks are told all the same.
const looked = async (check: CheckName, probe: Probe, signal: AbortSignal): Promise<Finding> => {
  try {
    return await probe(signal);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return anyFinding(check, 'failed', { why });
  }
};
