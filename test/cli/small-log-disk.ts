// The whole terminal on a disk of its own, small and soon full, in a mount namespace of its own:
// argv[2] is where it is mounted and TMPDIR. What comes of it is told on standard output, one line
// of JSON a step.
import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

const [, , disk = ''] = process.argv;
const ballast = join(disk, 'ballast');

const say = (step: string, result: object): void =>
  void process.stdout.write(`${JSON.stringify({ step, ...result })}\n`);

const fillUp = (): void => {
  const file = openSync(ballast, 'a');
  try {
    for (const size of [65_536, 4096]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch {
        // No room for so many.
      }
    }
  } finally {
    closeSync(file);
  }
};

const logOf = ({ state }: RunningTerminal): readonly string[] =>
  readFileSync(join(state, 'log', 'terminal.log'), 'utf8')
    .trimEnd()
    .split('\n');

const whole = (lines: readonly string[]): boolean => {
  const read = lines.map((line) => JSON.parse(line) as { msg?: unknown });
  return read.every(({ msg }) => typeof msg === 'string');
};

const pay = async (step: string, terminal: RunningTerminal): Promise<void> => {
  const { status, reason } = await terminal.pay('visa-phone');
  say(step, { status, reason });
};

execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { stdio: 'inherit' });

const first = await runTerminal({ reader: 'in-process' });
await pay('with room', first);
fillUp();
const lines = logOf(first).length;
// Each of them has something to say to the log.
for (let i = 0; i < 10; i++) await first.pay('visa-phone');
await pay('on a full disk', first);
rmSync(ballast);
await pay('with room again', first);
const log = logOf(first);
say('log', { more: log.length > lines, whole: whole(log), end: log.at(-1)?.slice(0, 9) });
await first.end('SIGTERM');

const second = await runTerminal({
  reader: 'in-process',
  prepare: (state) => {
    for (const name of ['acquirer', 'keys', 'journal']) {
      cpSync(join(first.state, name), join(state, name), { recursive: true });
    }
    fillUp();
  },
});
await pay('started on a full disk', second);
rmSync(ballast);
await pay('and then with room', second);
say('its log', { whole: whole(logOf(second)) });
await second.close();
await first.close();
