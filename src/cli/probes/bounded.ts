import type { Finding, Probe } from '#ports/finding.ts';

/** What a look at one thing comes to: a sentence, and where something is wrong, what to do. */
export type Looked =
  | { readonly well: string }
  | { readonly notUsed: string }
  | { readonly wrong: string; readonly remedy: string };

/**
 * A probe with a deadline. What is late is told as wrong, what was thrown too; the look itself goes
 * on until it hears its signal, and clears away what it made.
 * @param check the name of the finding
 * @param remedy what a technician does when it takes too long
 */
export const bounded =
  (
    check: string,
    withinMs: number,
    remedy: string,
    look: (signal: AbortSignal) => Promise<Looked>,
  ): Probe =>
  async (signal) => {
    const deadline = new AbortController();
    const onAbort = (): void => deadline.abort();
    const timer = setTimeout(onAbort, withinMs);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    const late = new Promise<Looked>((resolve) => {
      const told = `it wasn't done within ${Math.ceil(withinMs / 1000)} s`;
      const wrong = (): void => resolve({ wrong: signal.aborted ? ABORTED : told, remedy });
      deadline.signal.addEventListener('abort', wrong);
      if (deadline.signal.aborted) wrong();
    });
    const looked = await Promise.race([look(deadline.signal).catch(broken), late]);
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    return findingOf(check, looked);
  };

const ABORTED = 'it was broken off';

const broken = (error: unknown): Looked => ({
  wrong: `the check itself failed: ${error instanceof Error ? error.message : String(error)}`,
  remedy: 'tell the maker of this release',
});

const findingOf = (check: string, looked: Looked): Finding => {
  if ('well' in looked) return { check, verdict: 'well', found: looked.well };
  if ('notUsed' in looked) return { check, verdict: 'notUsed', found: looked.notUsed };
  return { check, verdict: 'wrong', found: looked.wrong, remedy: looked.remedy };
};
