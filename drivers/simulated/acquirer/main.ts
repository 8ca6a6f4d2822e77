/**
 * The simulated acquirer as a process of its own:
 *   node main.ts --state-dir DIR [--port N] [--control SOCKET] [--rules FILE] [--dialect NAME]
 *     [--length-header NAME] [--tpdu DESTINATIONSOURCE] [--mac]
 * Says {"ready":true,"port":…,"certificates":{…},"keys":{…}} once: to its parent if it was forked,
 * else on standard output. Logs to standard error, a line of JSON a step. Ends with its parent.
 */
import { parseArgs } from 'node:util';
import type { Log, LogFields } from '#ports/log.ts';
import { createAcquirer } from './acquirer.ts';
import { openControl } from './control.ts';
import { commandLine, optionsOf } from './options.ts';

/** EX_TEMPFAIL of sysexits.h. */
const RESTART = 75;

const start = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      'state-dir': { type: 'string' },
      port: { type: 'string', default: '0' },
      control: { type: 'string' },
      ...commandLine,
    },
  });
  const stateDir = values['state-dir'];
  if (stateDir === undefined) throw new Error('--state-dir is missing');
  // Whatever this process makes is its user's only.
  process.umask(0o077);
  const acquirer = await createAcquirer({
    stateDir,
    port: Number(values.port),
    log,
    ...optionsOf(values),
    // Whoever started us starts us again.
    restart: () => process.exit(RESTART),
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
  const { port, certificates, keys } = acquirer;
  const ready = { ready: true, port, certificates, keys };
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
