import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type LabSession, labSession, lineReader } from '#lab/index.ts';
import { localTime } from '#terminal/local-time.ts';
import { type ExitCode, exit } from './exit.ts';

/** `countertap lab`: the lab port on standard input and output. Ends with the input, or on quit. */
export const lab = async (): Promise<ExitCode> => {
  const session = labSession({
    microseconds: () => performance.now() * 1000,
    clock: () => localTime(Date.now()),
    random: (length) => Uint8Array.from(randomBytes(length)),
  });
  const lines = lineReader();
  for await (const piece of process.stdin) {
    for (const line of lines.push(piece)) {
      if (await played(session, line)) return exit.ok;
    }
  }
  const rest = lines.rest();
  if (rest !== undefined) await played(session, rest);
  return exit.ok;
};

const played = async (
  session: LabSession,
  line: Parameters<LabSession['handle']>[0],
): Promise<boolean> => {
  const { lines, ended } = session.handle(line);
  const written = process.stdout.write(lines.map((one) => `${one}\n`).join(''));
  if (!written) await once(process.stdout, 'drain');
  return ended;
};
