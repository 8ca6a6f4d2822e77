import { spawn } from 'node:child_process';
import type { SelfTest } from '#ports/self-tests.ts';

/**
 * Runs `<slot>/start self-test` in a process group of its own, which is ended whole. 0 is a pass;
 * else the last line of its standard error is the reason.
 */
export const processSelfTest = (deadlineMs: number): SelfTest => ({
  run: (slotPath, signal) =>
    new Promise((resolve) => {
      const child = spawn('./start', ['self-test'], {
        cwd: slotPath,
        detached: true,
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
        const last = said.trim().split('\n').at(-1) ?? '';
        end(code === 0 ? undefined : last || `the self-test ended with ${signal ?? code}`);
      });
    }),
});

const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
};
