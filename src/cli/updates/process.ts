import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Job, Outcome, Progress } from '#upkeep/index.ts';
import { INSTALLATION } from '../places.ts';

/** The terminal that a worker works for. */
export interface WorkFor {
  /** The state folder. */
  readonly state: string;
  /** The configuration's folder. */
  readonly config: string;
}

/**
 * Does one job in `countertap update-worker`, which gives way to everything else on the machine.
 * It ends with whoever started it: its standard input says so. Aborting `signal` ends it; what it
 * left half done, the next one begins anew.
 */
export const updateInOwnProcess = (
  { state, config }: WorkFor,
  job: Job,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> =>
  new Promise((resolve) => {
    const main = join(INSTALLATION, 'src', 'cli', 'main.ts');
    const words = [process.execPath, ...process.execArgv, main, '--state', state];
    // By the command, which reaches all threads of the process from their beginning.
    const child = spawn('nice', ['-n', '19', ...words, 'update-worker', '--config', config], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let outcome: Outcome | undefined;
    let complaint = '';
    const end = () => child.kill('SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    child.stdin.on('error', () => {});
    child.stdin.write(`${JSON.stringify(job)}\n`);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = parsed(line);
      if (said !== undefined && 'event' in said) tell(said);
      else outcome = said ?? outcome;
    });
    child.on('error', ({ message }) => resolve(broken(message)));
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', end);
      const last = complaint.trim().split('\n').at(-1) ?? '';
      resolve(outcome ?? broken(last || `the worker ended with ${killedBy ?? code}`));
    });
  });

const broken = (why: string): Outcome => ({ outcome: 'broken', why });

const parsed = (line: string): Progress | Outcome | undefined => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
