import { createConnection } from 'node:net';
import type { ControlLine } from '#ports/control.ts';
import { type Fault, fault } from '#ports/fault.ts';
import { isNobody, isRefused } from './errors.ts';
import { lineSplitter, parseLine } from './lines.ts';

/**
 * Asks the running terminal one thing. `onLine` gets each line of progress (those with `event`) as
 * it comes; the line without one is the answer. Aborting `signal` hangs up, which cancels what was
 * asked for.
 * @returns a Fault: `serviceDown` when nothing can be asked (no terminal listens, or it is another
 *   user's), `protocol` when it ends without answer
 */
export const call = (
  path: string,
  request: ControlLine,
  onLine: (line: ControlLine) => void = () => {},
  signal?: AbortSignal,
): Promise<ControlLine | Fault> =>
  new Promise((resolve) => {
    const socket = createConnection(path);
    let answer: ControlLine | undefined;
    const split = lineSplitter((text) => {
      const line = parseLine(text) ?? { error: 'the terminal sent a line that is no JSON object' };
      if ('event' in line) onLine(line);
      else answer = line;
    });
    signal?.addEventListener('abort', () => socket.end(), { once: true });
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', split);
    let connected = false;
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (connected) resolve(answer ?? fault('protocol', `the terminal hung up: ${error.message}`));
      else resolve(fault('serviceDown', notReached(path, error)));
    });
    socket.on('close', () => {
      resolve(answer ?? fault('protocol', 'the terminal ended before it answered'));
    });
  });

const notReached = (path: string, error: NodeJS.ErrnoException): string => {
  if (isNobody(error)) return 'no terminal is running here: start one with ./scripts/start';
  if (isRefused(error)) return `this user may not ask the terminal here: ${error.message}`;
  return `the terminal can't be asked: ${path}: ${error.message}`;
};
