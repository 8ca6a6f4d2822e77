import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ledger, openLedger } from '#drivers/simulated/acquirer/ledger.ts';
import {
  completing,
  openDesk,
  paying,
  reconciling,
  replacement,
  reversing,
  START_MS,
  TERMINAL,
} from './messages.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterEach(() => rm(folder, { recursive: true }));

const said = (ledger: Ledger) => [
  ledger.positions(START_MS),
  ledger.totals(TERMINAL),
  ledger.counts(),
  ledger.last(100),
];

test('a ledger on disk says what one in memory says, opened again too', async () => {
  const desk = openDesk();
  const [first, hold] = [paying(1250), paying(5000, { condition: '06' })];
  const messages = [
    first,
    hold,
    completing(hold, 4200),
    reversing(first, [replacement(1000)]),
    reversing(paying(77)),
    reconciling([2, 5200]),
    paying(990),
  ];
  for (const message of messages) await desk.ask(message);
  const disk = await openLedger(folder);
  for (const entry of desk.ledger.entries()) await disk.append(entry);
  expect(said(disk)).toEqual(said(desk.ledger));
  await disk.close();
  const opened = await openLedger(folder);
  expect(said(opened)).toEqual(said(desk.ledger));
  await opened.close();
});

test('a ledger of an older acquirer is read: whole payments, taken off whole', async () => {
  const line = { at: '2026-11-01T00:00:00.000Z', terminal: TERMINAL, rrn: '630516000001' };
  const payment = {
    ...line,
    type: 'authorisation',
    merchant: 'M',
    pan: '476173******0119',
    token: 'x',
    amountMinor: 1250,
    currency: '840',
    responseCode: '00',
    arqcVerified: true,
  };
  const lines = [
    { ...payment, stan: '000001', transmitted: '1101000000' },
    { ...payment, stan: '000002', transmitted: '1101000001' },
    { ...payment, stan: '000003', transmitted: '1101000002', responseCode: '51' },
    { ...line, type: 'reversal', stan: '000001', transmitted: '1101000000', found: true },
    { ...line, type: 'reversal', stan: '000009', transmitted: '1101000009', found: false },
  ];
  const path = join(folder, 'ledger.jsonl');
  await writeFile(path, lines.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const ledger = await openLedger(folder);
  expect(ledger.positions(START_MS).map(({ state }) => state)).toEqual([
    'reversed',
    'booked',
    'declined',
  ]);
  expect(ledger.totals(TERMINAL)).toMatchObject({
    debits: { count: 2, amountMinor: 2500 },
    debitReversals: { count: 1, amountMinor: 1250 },
  });
  expect(ledger.reversalOf(`${TERMINAL}|000009|1101000009`)?.responseCode).toBe('25');
  await ledger.close();
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(6);
});
