import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type Fault, fault } from '#ports/fault.ts';
import type { ControlAnswer } from './control-socket.ts';

/**
 * Asks a simulated host over its control socket. Fault `serviceDown` when it can't be asked
 * (nobody listens there, or it is another user's), `timeout` when nobody answers within `withinMs`,
 * `protocol` when the answer is no JSON.
 * @param name for messages: "acquirer"
 */
export const askControlSocket = (
  path: string,
  name: string,
  request: object,
  withinMs: number,
): Promise<ControlAnswer | Fault> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const finish = (result: ControlAnswer | Fault) => {
      clearTimeout(patience);
      socket.destroy();
      resolve(result);
    };
    const patience = setTimeout(
      () => finish(fault('timeout', `the ${name} at ${path} did not answer`)),
      withinMs,
    );
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish(fault('serviceDown', notReached(path, name, error))),
    );
    socket.on('close', () => finish(fault('serviceDown', `the ${name} at ${path} hung up`)));
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined);
    lines.once('line', (line) => finish(parse(line, name)));
  });

const notReached = (
  path: string,
  name: string,
  { code, message }: NodeJS.ErrnoException,
): string =>
  code === 'ENOENT' || code === 'ECONNREFUSED'
    ? `no ${name} listens at ${path}`
    : `the ${name} can't be asked: ${message}`;

const parse = (line: string, name: string): ControlAnswer | Fault => {
  try {
    return JSON.parse(line) as ControlAnswer;
  } catch {
    return fault('protocol', `the ${name} did not answer in JSON`);
  }
};
