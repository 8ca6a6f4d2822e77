/**
 * The simulated wallets' hosts as a process of its own:
 *   node main.ts --state-dir DIR [--alipay-port N] [--retailer-port N] [--control SOCKET]
 * Says {"ready":true, …} once: to its parent if it was forked, else on standard output. Logs to
 * standard error, a line of JSON a step. Ends with its parent.
 */
import { parseArgs } from 'node:util';
import type { Log, LogFields } from '#ports/log.ts';
import { openWalletControl } from './control.ts';
import { openWallets } from './wallets.ts';

/** EX_TEMPFAIL of sysexits.h. */
const RESTART = 75;

const start = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      'state-dir': { type: 'string' },
      'alipay-port': { type: 'string', default: '0' },
      'retailer-port': { type: 'string', default: '0' },
      control: { type: 'string' },
    },
  });
  const stateDir = values['state-dir'];
  if (stateDir === undefined) throw new Error('--state-dir is missing');
  // Whatever this process makes is its user's only.
  process.umask(0o077);
  const wallets = await openWallets({
    stateDir,
    ports: { alipay: Number(values['alipay-port']), retailer: Number(values['retailer-port']) },
    log,
    wallMs: Date.now,
    // Whoever started us starts us again.
    restart: () => process.exit(RESTART),
  });
  const { control: path } = values;
  const control = path === undefined ? undefined : await openWalletControl(path, wallets);
  const end = async () => {
    await control?.close();
    await wallets.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
  followParent(() => void end());
  const ready = { ready: true, ...wallets.ready };
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
  process.stderr.write(`wallet host: ${why}\n`);
  if (process.send === undefined) process.exit(3);
  process.send({ ready: false, why }, () => process.exit(3));
}
