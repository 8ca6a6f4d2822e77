import { spawn } from 'node:child_process';
import type { SelfTest } from '#ports/self-tests.ts';

/**
 * Runs `<slot>/start self-test` in a process group of its own, which is ended whole. 0 is a pass;
 * else the last line of its standard error is the reason.
 * @param environment beside this process's own: COUNTERTAP_CONFIG and COUNTERTAP_STATE
 */
export const processSelfTest = (
  deadlineMs: number,
  environment: Readonly<Record<string, string>> = {},
): SelfTest => ({
  run: (slotPath, signal) =>
    new Promise((resolve) => {
      const child = spawn('./start', ['self-test'], {
        cwd: slotPath,
        detached: true,
        // Compiled code that Node keeps in the slot would make another release of it.
        env: { ...process.env, ...environment, NODE_DISABLE_COMPILE_CACHE: '1' },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      let late: string | undefined;
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-2000);
      });
      const stop = (why: string): void => {
        late = why;
        endGroup(child.pid);
      };
      const tooLong = `the self-test took longer than ${deadlineMs} ms`;
      const deadline = setTimeout(stop, deadlineMs, tooLong);
      const onAbort = (): void => stop('the self-test was broken off');
      const end = (reason: string | undefined): void => {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', onAbort);
        endGroup(child.pid);
        child.stderr.destroy();
        resolve(reason);
      };
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted) onAbort();
      child.on('error', ({ message }) => end(`the self-test can't be started: ${message}`));
      child.on('exit', (code, signal) => {
        if (late !== undefined) return end(late);
        const last = lastWords(said);
        end(code === 0 ? undefined : last || `the self-test ended with ${signal ?? code}`);
      });
    }),
});

// A release that breaks down says its Node last, and what it was before its stack.
const lastWords = (said: string): string => {
  const lines = said.trim().split('\n');
  const last = lines.at(-1) ?? '';
  const thrown = lines.findLast((line) => /^\w*Error\b/.test(line));
  return last.startsWith('Node.js v') ? (thrown ?? last) : last;
};

const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
};
