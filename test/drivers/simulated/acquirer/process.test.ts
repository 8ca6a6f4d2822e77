import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AcquirerProcess,
  askAcquirer,
  type ControlRequest,
  startAcquirer,
} from '#drivers/simulated/acquirer/index.ts';
import { isFault } from '#ports/fault.ts';
import { everythingIn } from './files.ts';
import { connectTerminal } from './hand-terminal.ts';
import { again, PAN, paying } from './messages.ts';

let stateDir: string;
let control: string;
let acquirer: AcquirerProcess;
let log: Promise<string>;
let restarts: string[];

const started = async (): Promise<AcquirerProcess> => {
  restarts = [];
  const result = await startAcquirer({
    stateDir,
    port: 0,
    control,
    log: 'pipe',
    onRestart: (why) => restarts.push(why),
  });
  if (isFault(result)) throw new Error(result.detail);
  log = result.log === null ? Promise.resolve('') : text(result.log);
  return result;
};

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'acquirer-'));
  control = join(stateDir, 'control.sock');
  acquirer = await started();
});

afterEach(async () => {
  await acquirer.close();
  const kept = `${await log}\n${await everythingIn(stateDir)}`;
  await rm(stateDir, { recursive: true });
  expect(kept).not.toContain(PAN);
});

const ask = async (request: ControlRequest) => {
  const answer = await askAcquirer(control, request);
  if (isFault(answer)) throw new Error(answer.detail);
  return answer;
};

test('a process of its own takes a payment and shows it by its control socket', async () => {
  const terminal = await connectTerminal(acquirer);
  expect(await ask({ op: 'status' })).toMatchObject({ connections: 1 });
  expect(await terminal.code(paying(1250))).toBe('00');
  expect(await ask({ op: 'ledger', last: 1 })).toMatchObject({
    ok: true,
    entries: [{ amountMinor: 1250, pan: '476173******0119', arqcVerified: true }],
  });
  terminal.end();
});

test('only this user may command it', async () => {
  expect((await stat(control)).mode & 0o777).toBe(0o600);
  expect((await stat(join(stateDir, 'ledger.jsonl'))).mode & 0o777).toBe(0o600);
});

test('it does what the control socket says, and says what is wrong', async () => {
  expect(await ask({ op: 'slow', ms: 3000 })).toMatchObject({ ok: true, slowMs: 3000 });
  expect(await ask({ op: 'absent' })).toMatchObject({ present: false });
  const refused = connect(acquirer.port, '127.0.0.1');
  const [error] = await once(refused, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  expect(await ask({ op: 'normal' })).toMatchObject({ present: true, slowMs: 0 });
  expect(await ask({ op: 'fault', name: 'half-sent' })).toMatchObject({ nextFault: 'half-sent' });
  expect(await ask({ op: 'fault', name: 'sulk' })).toMatchObject({ ok: false });
  expect(await ask({ op: 'fault', name: 'late', on: 'mondays' })).toMatchObject({ ok: false });
  expect(
    await ask({ op: 'fault', name: 'late', on: 'reversal', times: 3, lateMs: 5 }),
  ).toMatchObject({ nextFault: 'late', faultOn: 'reversal', faultTimes: 3 });
  expect(await ask({ op: 'slow', ms: -1 })).toMatchObject({ ok: false });
  expect(await ask({ op: 'faults' })).toMatchObject({
    faults: { 'wrong-id': expect.stringContaining('STAN') },
  });
});

test('a line that is no command gets an answer, and the next one counts', async () => {
  const socket = connect(control);
  socket.write('hello\n"x"\n{"op":"dance"}\n{"op":"status"}\n');
  let answered = '';
  for await (const chunk of socket) {
    answered += String(chunk);
    if (answered.split('\n').length > 4) break;
  }
  const answers = answered
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).ok);
  expect(answers).toEqual([false, false, false, true]);
});

test('told to restart, it books, ends, and knows the payment when it is back', async () => {
  const { pid, port, certificates } = acquirer;
  expect(await ask({ op: 'fault', name: 'restart', on: 'any' })).toMatchObject({ faultTimes: 1 });
  const terminal = await connectTerminal(acquirer);
  const payment = paying(1250, { mti: '0200' });
  expect(await terminal.ask(payment)).toBeUndefined();
  await expect.poll(() => acquirer.pid, { timeout: 4_000 }).not.toBe(pid);
  expect(restarts).toEqual(['the acquirer ended with exit code 75']);
  const back = await connectTerminal({ port, certificates });
  expect(await back.code(again(payment))).toBe('00');
  expect(await ask({ op: 'status' })).toMatchObject({ payments: 1 });
  back.end();
});

test('the control socket tells positions and totals, and no account number', async () => {
  const terminal = await connectTerminal(acquirer);
  await terminal.ask(paying(1250));
  terminal.end();
  const answer = await ask({ op: 'totals' });
  expect(answer).toMatchObject({
    ok: true,
    terminals: [
      {
        terminal: 'COUNTER1',
        payments: [{ state: 'booked', standingMinor: 1250 }],
        totals: { debits: { count: 1, amountMinor: 1250 } },
      },
    ],
  });
  expect(JSON.stringify(answer)).not.toContain(PAN);
  expect(await ask({ op: 'totals', terminal: 'NOBODY' })).toMatchObject({
    terminals: [{ payments: [] }],
  });
});

test('the process says where its keys for the terminal lie', async () => {
  for (const path of Object.values(acquirer.keys)) {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }
  expect(acquirer.keys.account).toBe(join(stateDir, 'keys', 'account.tr31'));
});

test('nobody at the socket is a fault, not an exception', async () => {
  expect(await askAcquirer(join(stateDir, 'nothing.sock'), { op: 'status' })).toMatchObject({
    fault: 'serviceDown',
  });
});

test('killed without a word, it is back on the same port, state and certificates', async () => {
  const { port, certificates, pid = 0 } = acquirer;
  const first = await connectTerminal({ port, certificates });
  expect(await first.code(paying(1250))).toBe('00');
  first.end();
  const killedMs = performance.now();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 1_000 }).toBe(false);
  await expect.poll(() => acquirer.pid, { timeout: 3_000 }).not.toBe(pid);
  const fresh = await connectTerminal({ port, certificates });
  expect(await fresh.code(paying(990))).toBe('00');
  expect(performance.now() - killedMs).toBeLessThan(3_000);
  fresh.end();
  expect(await ask({ op: 'status' })).toMatchObject({ ok: true, port, payments: 2 });
  expect(acquirer.pid).not.toBe(pid);
  expect(restarts).toEqual(['the acquirer ended with SIGKILL']);
});

test('killed again and again it comes back each time, and close leaves no process', async () => {
  const pids: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { pid = 0 } = acquirer;
    pids.push(pid);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => acquirer.pid, { timeout: 10_000 }).not.toBe(pid);
  }
  pids.push(acquirer.pid ?? 0);
  await acquirer.close();
  await acquirer.ended;
  expect(pids.filter(isAlive)).toEqual([]);
  expect(restarts).toHaveLength(3);
  expect(await askAcquirer(control, { op: 'status' })).toMatchObject({ fault: 'serviceDown' });
});

test.each([0, 60, 150, 300])('closed %i ms after it died, it does not come back', async (ms) => {
  process.kill(acquirer.pid ?? 0, 'SIGKILL');
  await expect.poll(() => restarts.length, { timeout: 1_000 }).toBe(1);
  // At its pause or in its start, wherever that is on this machine.
  await pause(ms);
  await acquirer.close();
  expect(isAlive(acquirer.pid ?? 0)).toBe(false);
  expect(await askAcquirer(control, { op: 'status' })).toMatchObject({ fault: 'serviceDown' });
  expect(restarts).toHaveLength(1);
});

test('it ends when its parent is gone', async () => {
  const parent = join(stateDir, 'parent.mts');
  const index = fileURLToPath(
    new URL('../../../../drivers/simulated/acquirer/index.ts', import.meta.url),
  );
  await writeFile(
    parent,
    `import { startAcquirer } from ${JSON.stringify(index)};
     const options = { stateDir: ${JSON.stringify(join(stateDir, 'orphan'))}, port: 0 };
     const control = ${JSON.stringify(join(stateDir, 'orphan.sock'))};
     process.send((await startAcquirer({ ...options, control, log: 'ignore' })).pid);`,
  );
  const child = fork(parent, { stdio: 'ignore' });
  const [pid] = (await once(child, 'message')) as [number];
  child.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 4_000 }).toBe(false);
});

test('a state folder that cannot be used is said, and the start fails', async () => {
  const inAFile = join(stateDir, 'ledger.jsonl', 'state');
  const result = await startAcquirer({ stateDir: inAFile, port: 0, control, log: 'ignore' });
  expect(result).toMatchObject({ fault: 'serviceDown' });
  expect(isFault(result) ? result.detail : '').toContain('ENOTDIR');
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
