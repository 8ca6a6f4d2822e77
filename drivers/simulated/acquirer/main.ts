/**
 * The simulated acquirer as a process of its own:
 *   node main.ts --state-dir DIR [--port N] [--control SOCKET] [--rules FILE] [--dialect NAME]
 * Says {"ready":true,"port":…,"certificates":{…}} once: to its parent if it was forked, else on
 * standard output. Logs to standard error, a line of JSON a step. Ends with its parent.
 */
import { parseArgs } from 'node:util';
import { type DialectName, dialects } from '#iso8583/index.ts';
import type { Log, LogFields } from '#ports/log.ts';
import { createAcquirer } from './acquirer.ts';
import { openControl } from './control.ts';

const start = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      'state-dir': { type: 'string' },
      port: { type: 'string', default: '0' },
      control: { type: 'string' },
      rules: { type: 'string' },
      dialect: { type: 'string', default: 'iso8583-1987-ascii' },
    },
  });
  const stateDir = values['state-dir'];
  if (stateDir === undefined) throw new Error('--state-dir is missing');
  if (!Object.hasOwn(dialects, values.dialect)) throw new Error(`--dialect ${values.dialect}`);
  // Whatever this process makes is its user's only.
  process.umask(0o077);
  const acquirer = await createAcquirer({
    stateDir,
    port: Number(values.port),
    log,
    dialect: values.dialect as DialectName,
    ...(values.rules === undefined ? {} : { rulesPath: values.rules }),
  });
  const control =
    values.control === undefined ? undefined : await openControl(values.control, acquirer);
  const end = async () => {
    await control?.close();
    await acquirer.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
  followParent(() => void end());
  const { port, certificates } = acquirer;
  const ready = { ready: true, port, certificates };
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else process.send(ready);
};

// A forked process loses its channel with its parent; a spawned one gets another parent.
const followParent = (end: () => void): void => {
  if (process.send !== undefined) {
    process.once('disconnect', end);
    return;
  }
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 500).unref();
};

const line =
  (level: string) =>
  (fields: LogFields, message: string): void => {
    const time = new Date().toISOString();
    process.stderr.write(`${JSON.stringify({ level, time, ...fields, message })}\n`);
  };

const log: Log = {
  debug: () => undefined,
  info: line('info'),
  warn: line('warn'),
  error: line('error'),
};

try {
  await start();
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`acquirer: ${why}\n`);
  if (process.send === undefined) process.exit(3);
  process.send({ ready: false, why }, () => process.exit(3));
}
