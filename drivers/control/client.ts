import { createConnection } from 'node:net';
import type { ControlLine } from '#ports/control.ts';
import { type Fault, fault } from '#ports/fault.ts';
import { lineSplitter, parseLine } from './lines.ts';

/**
 * Asks the running terminal one thing. `onLine` gets every line of the answer but the last, which
 * is returned. Aborting `signal` hangs up, which cancels what was asked for.
 * @returns a Fault `serviceDown` when no terminal listens, `protocol` when it says nothing
 */
export const call = (
  path: string,
  request: ControlLine,
  onLine: (line: ControlLine) => void = () => {},
  signal?: AbortSignal,
): Promise<ControlLine | Fault> =>
  new Promise((resolve) => {
    const socket = createConnection(path);
    let last: ControlLine | undefined;
    const split = lineSplitter((line) => {
      if (last !== undefined) onLine(last);
      last = parseLine(line) ?? { error: 'the terminal sent a line that is no JSON object' };
    });
    signal?.addEventListener('abort', () => socket.end(), { once: true });
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', split);
    socket.on('error', () => {
      resolve(fault('serviceDown', 'no terminal is running here: start one with ./scripts/start'));
    });
    socket.on('close', () => resolve(last ?? fault('protocol', 'the terminal hung up')));
  });
