/**
 * The simulated wallets' hosts as a process of its own:
 *   node main.ts --state-dir DIR [--alipay-port N] [--retailer-port N] [--control SOCKET]
 * Says {"ready":true, …} once: to its parent if it was forked, else on standard output. Logs to
 * standard error, a line of JSON a step. Ends with its parent.
 */
import { parseArgs } from 'node:util';
import { type HostProcess, processLog, restart, runHostProcess } from '../process/host-process.ts';
import { openWalletControl } from './control.ts';
import { openWallets } from './wallets.ts';

const start = async (): Promise<HostProcess> => {
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
    log: processLog,
    wallMs: Date.now,
    restart,
  });
  const { control: path } = values;
  const control = path === undefined ? undefined : await openWalletControl(path, wallets);
  const close = async () => {
    await control?.close();
    await wallets.close();
  };
  return { ready: wallets.ready, close };
};

await runHostProcess('wallet host', start);
