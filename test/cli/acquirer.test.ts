import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AcquirerProcess,
  askAcquirer,
  startAcquirer,
} from '#drivers/simulated/acquirer/index.ts';
import { isFault } from '#ports/fault.ts';
import { connectTerminal } from '../drivers/simulated/acquirer/hand-terminal.ts';
import { paying } from '../drivers/simulated/acquirer/messages.ts';

let state: string;
let acquirer: AcquirerProcess;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'acquirer-'));
  await mkdir(join(state, 'run'));
  const started = await startAcquirer({
    stateDir: join(state, 'acquirer'),
    port: 0,
    control: join(state, 'run', 'acquirer.sock'),
    log: 'ignore',
  });
  if (isFault(started)) throw new Error(started.detail);
  acquirer = started;
});

afterAll(async () => {
  await acquirer.close();
  await rm(state, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const command = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const all = ['--state', state, 'acquirer', ...words];
    execFile('scripts/countertap', all, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

const json = async (...words: string[]) => JSON.parse((await command(...words)).stdout);

test('`acquirer fault` orders what goes wrong, how often and where', async () => {
  expect(await json('fault', 'wrong-mti', '--times', '2', '--on', 'reversal')).toMatchObject({
    nextFault: 'wrong-mti',
    faultTimes: 2,
    faultOn: 'reversal',
  });
  expect(await json('fault', 'late', '--late-ms', '30000')).toMatchObject({
    faultTimes: 1,
    faultOn: 'payment',
  });
  expect(await json('normal')).not.toHaveProperty('nextFault');
});

test('`acquirer faults` tells what each one means', async () => {
  expect(await json('faults')).toMatchObject({
    faults: { restart: expect.stringContaining('starts again') },
  });
});

test('what the acquirer does not know ends with exit 3 and the names that it does', async () => {
  expect(await command('fault', 'sulk')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('drop-after-record'),
  });
  expect(await command('fault', 'late', '--on', 'mondays')).toMatchObject({ code: 3 });
});

test('`acquirer totals` tells each payment as it stands', async () => {
  const terminal = await connectTerminal(acquirer);
  await terminal.ask(paying(1250));
  terminal.end();
  expect(await json('totals')).toMatchObject({
    terminals: [{ terminal: 'COUNTER1', totals: { debits: { count: 1, amountMinor: 1250 } } }],
  });
  expect(await json('totals', '--terminal', 'NOBODY')).toMatchObject({
    terminals: [{ payments: [] }],
  });
});

test('`acquirer new-keys` brings back a terminal whose keys were erased', async () => {
  const keys = (line: string) =>
    new Promise<Ended>((resolve) => {
      execFile(
        'sh',
        ['-c', line.replaceAll('countertap', `scripts/countertap --state ${state}`)],
        (error, stdout, stderr) =>
          resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      );
    });
  const folder = join(state, 'acquirer', 'keys');
  const components = `cat ${folder}/transport.key; printf '%064d\\n' 0`;
  const transport = `(${components}) | countertap keys transport`;
  const blocks = `cat ${folder}/account.tr31 ${folder}/mac.tr31 | countertap keys load -`;
  expect(await keys(`${transport} && ${blocks}`)).toMatchObject({ code: 0 });
  expect(await keys('countertap keys erase --why sold --yes')).toMatchObject({ code: 0 });
  expect(await keys(`${transport} && ${blocks}`)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('C057E70100000001 was in this store before'),
  });
  expect(await json('new-keys')).toMatchObject({ initialKeyId: 'C057E70100000002' });
  expect(await keys(blocks)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('C057E70100000002, next counter 1'),
  });
}, 30_000);

test('a socket that cannot be asked is not taken for an acquirer that is not there', async () => {
  const notASocket = join(state, 'run', 'acquirer.sock', 'x');
  expect(await askAcquirer(notASocket, { op: 'status' })).toMatchObject({
    fault: 'serviceDown',
    detail: expect.stringMatching(/^the acquirer can't be asked: .*ENOTDIR/),
  });
});
