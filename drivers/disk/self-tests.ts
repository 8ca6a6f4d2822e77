import { spawn } from 'node:child_process';
import type { SelfTest } from '#ports/self-tests.ts';

/**
 * Runs `<slot>/start self-test` in a process group of its own, which is ended whole. 0 is a pass;
 * else the last line of its standard error is the reason.
 */
export const processSelfTest = (deadlineMs: number): SelfTest => ({
  run: (slotPath) =>
    new Promise((resolve) => {
      const child = spawn('./start', ['self-test'], {
        cwd: slotPath,
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      let late = false;
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-2000);
      });
      const deadline = setTimeout(() => {
        late = true;
        endGroup(child.pid);
      }, deadlineMs);
      const end = (reason: string | undefined): void => {
        clearTimeout(deadline);
        endGroup(child.pid);
        child.stderr.destroy();
        resolve(reason);
      };
      child.on('error', ({ message }) => end(`the self-test can't be started: ${message}`));
      child.on('exit', (code, signal) => {
        if (late) return end(`the self-test took longer than ${deadlineMs} ms`);
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
