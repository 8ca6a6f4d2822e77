/**
 * The simulated relay as a process of its own:
 *   node main.ts --poi-id NAME [--port N]
 * Says {"ready":true,"port":…,"authority":PEM,"token":…,"tillKey":…} once: to its parent if it was
 * forked, else on standard output. Everything is made anew at each start. Ends with its parent.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createAuthority } from '../acquirer/authority.ts';
import { runHostProcess } from '../process/host-process.ts';
import { openSimulatedRelay } from './index.ts';

const DAY_MS = 86_400_000;

await runHostProcess('relay', async () => {
  const { values } = parseArgs({
    options: { 'poi-id': { type: 'string' }, port: { type: 'string', default: '0' } },
  });
  const poiId = values['poi-id'];
  if (poiId === undefined) throw new Error('--poi-id is missing');
  const [fromMs, untilMs] = [Date.now() - DAY_MS, Date.now() + 30 * DAY_MS];
  const validity = { fromMs, untilMs };
  const authority = createAuthority('Simulated relay authority', validity);
  const names = ['localhost', '127.0.0.1'];
  const subject = { commonName: 'Simulated relay', usage: 'server', names, validity } as const;
  const [token, tillKey] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const relay = await openSimulatedRelay({
    ...authority.issue(subject),
    ...{ port: Number(values.port), terminals: { [poiId]: token }, tillKey },
  });
  const { port, close } = relay;
  return { ready: { port, authority: authority.certificate, token, tillKey }, close };
});
