import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromHex, hex } from '#bytes/hex.ts';
import { type Acquirer, createAcquirer } from '#drivers/simulated/acquirer/acquirer.ts';
import type { HostOptions } from '#drivers/simulated/acquirer/options.ts';
import { text } from '#iso8583/index.ts';
import { everythingIn } from './files.ts';
import { connectTerminal, type HandTerminal, type HandTerminalOptions } from './hand-terminal.ts';
import { PAN, paying, reconciling, reversing, TERMINAL } from './messages.ts';

let stateDir: string;
let acquirer: Acquirer;
let terminal: HandTerminal;
let logged: string[];

const line = (fields: unknown, message: string) =>
  void logged.push(`${message} ${JSON.stringify(fields)}`);
const log = { debug: line, info: line, warn: line, error: line };

const start = async (options: HostOptions = {}, port = 0) => {
  acquirer = await createAcquirer({ stateDir, port, log, ...options });
};

const connected = async (options: HandTerminalOptions = {}) => {
  terminal = await connectTerminal(acquirer, options);
};

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'acquirer-'));
  logged = [];
});

afterEach(async () => {
  terminal.end();
  await acquirer.close();
  const kept = `${await everythingIn(stateDir)}\n${logged.join('\n')}`;
  await rm(stateDir, { recursive: true });
  expect(kept).not.toContain(PAN);
});

const standing = () =>
  acquirer.books(TERMINAL)[0]?.payments.map(({ standingMinor }) => standingMinor);

test('a day by hand: paid, taken back, reconciled, and asked for', async () => {
  await start();
  await connected();
  const [first, second] = [paying(1250), paying(990, { mti: '0200' })];
  expect(await terminal.code(first)).toBe('00');
  expect(await terminal.code(second)).toBe('00');
  expect(await terminal.code(reversing(second))).toBe('00');
  expect(standing()).toEqual([1250, 0]);
  expect(acquirer.books()).toMatchObject([
    { terminal: TERMINAL, totals: { debits: { count: 2, amountMinor: 2240 } } },
  ]);
  const answer = await terminal.ask(reconciling([1, 1250]));
  expect(answer === undefined ? undefined : text(answer, 66)).toBe('1');
  expect(acquirer.books(TERMINAL)).toMatchObject([{ totals: { debits: { count: 0 } } }]);
});

const tpdu = { destination: '0001', source: '0042' };

test.each<HostOptions>([
  { dialect: 'iso8583-1987-bcd', framing: { header: 'binary-2-inclusive', tpdu } },
  { dialect: 'iso8583-1993-ascii', framing: { header: 'ascii-4' }, mac: true },
  { dialect: 'iso8583-2003-bcd', framing: { header: 'bcd-2', tpdu }, mac: true },
])('%j is spoken on a real connection', async (options) => {
  await start(options);
  const { dialect, framing } = options;
  const key = fromHex((await readFile(join(stateDir, 'keys', 'mac.key'), 'ascii')).trim());
  await connected({
    ...(dialect === undefined ? {} : { dialect }),
    ...(framing === undefined ? {} : { framing }),
    ...(options.mac === true && key !== undefined ? { macKey: key } : {}),
  });
  const payment = paying(1250);
  expect(await terminal.code(payment)).toBe('00');
  expect(await terminal.code(reversing(payment))).toBe('00');
  expect(standing()).toEqual([0]);
});

test('a request with a wrong MAC is not answered but logged, and the next one is', async () => {
  await start({ mac: true });
  await connected({ macKey: new Uint8Array(16) });
  terminal.send(paying(1250));
  await expect.poll(() => acquirer.status().garbage, { timeout: 4_000 }).toBe(1);
  expect(logged.join('\n')).toContain('not made with our key');
  terminal.end();
  const key = fromHex((await readFile(join(stateDir, 'keys', 'mac.key'), 'ascii')).trim());
  await connected({ macKey: key ?? new Uint8Array() });
  expect(await terminal.code(paying(990))).toBe('00');
  expect(standing()).toEqual([990]);
});

test('garbage in a frame is counted, and what follows is answered', async () => {
  await start();
  await connected();
  terminal.frame(hex('DEADBEEF'));
  expect(await terminal.code(paying(1250))).toBe('00');
  expect(acquirer.status().garbage).toBe(1);
});

test('a reversal can be lost, too: the repeat finds it booked', async () => {
  await start();
  await connected();
  const payment = paying(1250);
  await terminal.ask(payment);
  acquirer.goWrong('drop-after-record', 1, 0, 'reversal');
  expect(acquirer.status()).toMatchObject({ nextFault: 'drop-after-record', faultOn: 'reversal' });
  const reversal = reversing(payment);
  expect(await terminal.ask(reversal)).toBeUndefined();
  expect(terminal.isConnected()).toBe(false);
  await connected();
  expect(await terminal.code({ ...reversal, mti: '0401' })).toBe('00');
  expect(acquirer.status()).toMatchObject({ reversals: 1, nextFault: undefined });
});

test('restarted after it recorded, it knows the payment and gives the answer it owes', async () => {
  await start();
  await connected();
  acquirer.goWrong('restart', 1, 0);
  const payment = paying(1250);
  expect(await terminal.ask(payment)).toBeUndefined();
  const { port } = acquirer;
  await acquirer.close();
  await start({}, port);
  await connected();
  expect(await terminal.code({ ...payment, mti: '0101' })).toBe('00');
  expect(standing()).toEqual([1250]);
});
