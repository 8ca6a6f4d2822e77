import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type Fault, fault } from '#ports/fault.ts';
import type { ControlAnswer, ControlRequest } from './control.ts';

/**
 * Asks a running acquirer over its control socket. Fault `serviceDown` when it can't be asked
 * (nobody listens there, or it is another user's), `timeout` when nobody answers within `withinMs`,
 * `protocol` when the answer is no JSON.
 */
export const askAcquirer = (
  path: string,
  request: ControlRequest,
  withinMs = 5_000,
): Promise<ControlAnswer | Fault> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const finish = (result: ControlAnswer | Fault) => {
      clearTimeout(patience);
      socket.destroy();
      resolve(result);
    };
    const patience = setTimeout(
      () => finish(fault('timeout', `the acquirer at ${path} did not answer`)),
      withinMs,
    );
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish(fault('serviceDown', notReached(path, error))),
    );
    socket.on('close', () => finish(fault('serviceDown', `the acquirer at ${path} hung up`)));
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined);
    lines.once('line', (line) => finish(parse(line)));
  });

const notReached = (path: string, { code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOENT' || code === 'ECONNREFUSED'
    ? `no acquirer listens at ${path}`
    : `the acquirer can't be asked: ${message}`;

const parse = (line: string): ControlAnswer | Fault => {
  try {
    return JSON.parse(line) as ControlAnswer;
  } catch {
    return fault('protocol', 'the acquirer did not answer in JSON');
  }
};
