import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { type Acquirer, createAcquirer } from '#drivers/simulated/acquirer/acquirer.ts';
import { binary, text } from '#iso8583/index.ts';
import { everythingIn } from './files.ts';
import { connectTerminal, type HandTerminal } from './hand-terminal.ts';
import { again, digits, nextStan, PAN, paying, reversing } from './messages.ts';

let stateDir: string;
let acquirer: Acquirer;
let terminal: HandTerminal;
let logged: string[];

const line = (fields: unknown, message: string) =>
  void logged.push(`${message} ${JSON.stringify(fields)}`);
const log = { debug: line, info: line, warn: line, error: line };

const restart = async () => {
  const { port } = acquirer;
  terminal.end();
  await acquirer.close();
  acquirer = await createAcquirer({ stateDir, port, log });
  terminal = await connectTerminal(acquirer);
};

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'acquirer-'));
  logged = [];
  acquirer = await createAcquirer({ stateDir, port: 0, log });
  terminal = await connectTerminal(acquirer);
});

afterEach(async () => {
  terminal.end();
  await acquirer.close();
  const kept = `${await everythingIn(stateDir)}\n${logged.join('\n')}`;
  await rm(stateDir, { recursive: true });
  expect(kept).not.toContain(PAN);
});

const patiently = { timeout: 4_000 };
const booked = () => acquirer.last(100);

test('a payment is approved because the issuer verified the card', async () => {
  const answer = await terminal.ask(paying(1250, { atc: 1 }));
  if (answer === undefined) throw new Error('no answer');
  expect([text(answer, 39), text(answer, 38)]).toEqual(['00', '000001']);
  // Visa CVN 10 answers with 8 bytes of ARPC and the response code.
  expect(binary(answer, 55)?.length).toBe(12);
  expect(booked()).toMatchObject([
    {
      pan: '476173******0119',
      amountMinor: 1250,
      currency: '840',
      responseCode: '00',
      arqcVerified: true,
      cvn: 10,
      atc: '0001',
      reversed: false,
    },
  ]);
});

test.each([
  [10_000, '840', '00'],
  [10_001, '840', '51'],
  [2_005, '840', '05'],
  [2_050, '840', '00'],
  // 100,001 yen have no cents.
  [100_001, '392', '00'],
])('%i of currency %s is answered %s', async (amount, currency, code) => {
  expect(await terminal.code(paying(amount, { currency }))).toBe(code);
  expect(booked()).toMatchObject([{ responseCode: code, arqcVerified: true }]);
});

test('a wrong cryptogram is refused, and the ledger says why', async () => {
  expect(await terminal.code(paying(1250, { wrong: true }))).toBe('82');
  expect(booked()).toMatchObject([{ arqcVerified: false, why: expect.stringMatching(/CVN 10/) }]);
});

test('a cryptogram over another amount than is charged is refused', async () => {
  expect(await terminal.code(paying(1250, { fields: [[4, digits(1251, 12)]] }))).toBe('30');
  expect(booked()).toMatchObject([{ why: 'DE 4 is not 9F02' }]);
});

test('a cryptogram that was used before is refused', async () => {
  await terminal.ask(paying(1250, { atc: 700 }));
  expect(await terminal.code(paying(1250, { atc: 700 }))).toBe('63');
  expect(await terminal.code(paying(1250, { atc: 701 }))).toBe('00');
});

test('a slow host has booked already; a reversal that overtakes its answer counts', async () => {
  acquirer.slow(400);
  const payment = paying(1250);
  const answer = terminal.ask(payment);
  await expect.poll(() => booked(), patiently).toHaveLength(1);
  acquirer.slow(0);
  terminal.send(reversing(payment));
  await expect.poll(() => booked()[0]?.reversed, patiently).toBe(true);
  await answer;
  await expect
    .poll(() => terminal.received.map(({ mti }) => mti), patiently)
    .toEqual(['0410', '0110']);
});

test('an absent host hangs up, and is paid at again when it is back', async () => {
  await acquirer.absent();
  await expect.poll(() => terminal.isConnected(), patiently).toBe(false);
  await expect(connectTerminal(acquirer)).rejects.toThrow();
  await acquirer.present();
  terminal = await connectTerminal(acquirer);
  expect(await terminal.code(paying(1250))).toBe('00');
});

describe('when the host goes wrong on command', () => {
  test.each(['silent', 'wrong-id', 'malformed', 'late'] as const)(
    '%s: there is no answer to the payment, and its reversal takes it off the books',
    async (name) => {
      acquirer.goWrong(name, 1, 60_000);
      const payment = paying(1250);
      terminal.send(payment);
      await expect.poll(() => booked(), patiently).toMatchObject([{ responseCode: '00' }]);
      expect(await terminal.code(paying(990))).toBe('00');
      const stan = text(payment, 11);
      expect(terminal.received.filter((answer) => text(answer, 11) === stan)).toEqual([]);
      expect(await terminal.code(reversing(payment))).toBe('00');
      expect(booked().map(({ reversed }) => reversed)).toEqual([true, false]);
    },
  );

  test.each(['half-sent', 'drop-after-record'] as const)(
    '%s: the connection ends, and a repeat is answered from the books',
    async (name) => {
      acquirer.goWrong(name, 1, 0);
      const payment = paying(1250);
      expect(await terminal.ask(payment)).toBeUndefined();
      terminal = await connectTerminal(acquirer);
      expect(await terminal.code(again(payment))).toBe('00');
      expect(booked()).toHaveLength(1);
    },
  );

  test('a connection that ends before anything is booked leaves nothing to take back', async () => {
    acquirer.goWrong('drop-before-record', 1, 0);
    const payment = paying(1250);
    expect(await terminal.ask(payment)).toBeUndefined();
    terminal = await connectTerminal(acquirer);
    expect(await terminal.code(reversing(payment))).toBe('25');
    expect(acquirer.status()).toMatchObject({ payments: 0, reversals: 1 });
  });

  test('an answer that comes twice comes twice, and is booked once', async () => {
    acquirer.goWrong('duplicate', 1, 0);
    await terminal.ask(paying(1250));
    await expect.poll(() => terminal.received, patiently).toHaveLength(2);
    expect(terminal.received[1]).toEqual(terminal.received[0]);
    expect(booked()).toHaveLength(1);
  });
});

test('what is late is not sent any more when the acquirer has ended', async () => {
  acquirer.goWrong('late', 1, 50);
  terminal.send(paying(1250));
  await expect.poll(() => booked(), patiently).toHaveLength(1);
  await restart();
  await pause(80);
  expect(terminal.received).toEqual([]);
  expect(logged.join('\n')).not.toContain('was not answered');
});

test('garbage from one terminal does not disturb another', async () => {
  const stranger = await connectTerminal(acquirer);
  stranger.frame(hex('DEADBEEF'));
  await expect.poll(() => acquirer.status().garbage, patiently).toBe(1);
  expect(await terminal.code(paying(1250))).toBe('00');
  stranger.end();
});

test('a restart keeps the books: what was used stays used', async () => {
  const atc = nextStan();
  await terminal.ask(paying(1250, { atc }));
  await restart();
  expect(booked()).toMatchObject([{ amountMinor: 1250, responseCode: '00' }]);
  expect(await terminal.code(paying(1250, { atc }))).toBe('63');
  const answer = await terminal.ask(paying(1250));
  expect(answer === undefined ? undefined : text(answer, 38)).toBe('000003');
});

test('a line that was being written when the machine stopped is set aside', async () => {
  await terminal.ask(paying(1250));
  await appendFile(join(stateDir, 'ledger.jsonl'), '{"type":"authorisation","at":"2026-1');
  await restart();
  expect(acquirer.status()).toMatchObject({ payments: 1, damagedLines: 1 });
  await terminal.ask(paying(990));
  await restart();
  expect(acquirer.status()).toMatchObject({ payments: 2, damagedLines: 0 });
  expect(await everythingIn(stateDir)).toContain('"at":"2026-1\n');
});
