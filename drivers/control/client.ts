import { createConnection } from 'node:net';
import type { ControlLine } from '#ports/control.ts';
import { type Fault, fault } from '#ports/fault.ts';
import { lineSplitter, parseLine } from './lines.ts';

/**
 * Asks the running terminal one thing. `onLine` gets each line of progress (those with `event`) as
 * it comes; the line without one is the answer. Aborting `signal` hangs up, which cancels what was
 * asked for.
 * @returns a Fault: `serviceDown` when no terminal listens, `protocol` when it ends without answer
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
    socket.on('error', () => {
      resolve(fault('serviceDown', 'no terminal is running here: start one with ./scripts/start'));
    });
    socket.on('close', () => {
      resolve(answer ?? fault('protocol', 'the terminal ended before it answered'));
    });
  });
