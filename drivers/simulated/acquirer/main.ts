/**
 * The simulated acquirer as a process of its own:
 *   node main.ts --state-dir DIR [--port N] [--control SOCKET] [--rules FILE] [--dialect NAME]
 *     [--length-header NAME] [--tpdu DESTINATIONSOURCE] [--mac]
 * Says {"ready":true,"port":…,"certificates":{…},"keys":{…}} once: to its parent if it was forked,
 * else on standard output. Logs to standard error, a line of JSON a step. Ends with its parent.
 */
import { parseArgs } from 'node:util';
import { type HostProcess, processLog, restart, runHostProcess } from '../process/host-process.ts';
import { createAcquirer } from './acquirer.ts';
import { openControl } from './control.ts';
import { commandLine, optionsOf } from './options.ts';

const start = async (): Promise<HostProcess> => {
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
    log: processLog,
    ...optionsOf(values),
    restart,
  });
  const control =
    values.control === undefined ? undefined : await openControl(values.control, acquirer);
  const close = async () => {
    await control?.close();
    await acquirer.close();
  };
  const { port, certificates, keys } = acquirer;
  return { ready: { port, certificates, keys }, close };
};

await runHostProcess('acquirer', start);
