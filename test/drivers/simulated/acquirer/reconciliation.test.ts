import { beforeEach, expect, test } from 'vitest';
import { text } from '#iso8583/index.ts';
import {
  again,
  type Desk,
  openDesk,
  paying,
  reconciling,
  replacement,
  reversing,
  TERMINAL,
} from './messages.ts';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});

const balance = async (request: Parameters<Desk['ask']>[0]) => text(await desk.ask(request), 66);

test('a period in balance is answered with DE 66 1 and our own totals', async () => {
  await desk.ask(paying(1250));
  await desk.ask(paying(990, { mti: '0200' }));
  await desk.ask(paying(300, { mti: '0200', processing: '20', withoutIcc: true }));
  await desk.ask(paying(6651));
  const answer = await desk.ask(reconciling([2, 2240], [1, 300]));
  expect([answer.mti, text(answer, 39), text(answer, 66)]).toEqual(['0510', '00', '1']);
  expect([74, 76, 86, 88, 97].map((number) => text(answer, number))).toEqual([
    '0000000001',
    '0000000002',
    '0000000000000300',
    '0000000000002240',
    'C0000000000001940',
  ]);
});

test.each([
  ['number', [2, 1250]],
  ['amount', [1, 1251]],
] as const)('another %s is out of balance', async (_, debits) => {
  await desk.ask(paying(1250));
  expect(await balance(reconciling(debits))).toBe('2');
});

test('what was taken off again may be counted on both sides, or not at all', async () => {
  const gone = paying(1250);
  await desk.ask(gone);
  await desk.ask(reversing(gone));
  const less = paying(990);
  await desk.ask(less);
  await desk.ask(reversing(less, [replacement(900)]));
  const answer = await desk.ask(reconciling([1, 900]));
  expect(text(answer, 66)).toBe('1');
  expect([76, 77, 88, 89].map((number) => Number(text(answer, number)))).toEqual([
    2, 1, 2240, 1340,
  ]);
});

test('a period ends with its reconciliation, in balance or not', async () => {
  await desk.ask(paying(1250));
  expect(await balance(reconciling([0, 0]))).toBe('2');
  expect(await balance(reconciling([0, 0]))).toBe('1');
  await desk.ask(paying(500));
  expect(desk.restarted().ledger.totals(TERMINAL).debits).toEqual({ count: 1, amountMinor: 500 });
});

test('a repeat gets the totals of its own period', async () => {
  await desk.ask(paying(1250));
  const request = reconciling([1, 1250]);
  const first = await desk.ask(request);
  await desk.ask(paying(500));
  expect(await desk.ask(again(request))).toEqual(first);
  expect(desk.ledger.totals(TERMINAL).debits.count).toBe(1);
});

test('a refund of yesterday makes a net debit for the shop', async () => {
  await desk.ask(paying(300, { mti: '0200', processing: '20', withoutIcc: true }));
  expect(text(await desk.ask(reconciling([0, 0], [1, 300])), 97)).toBe('D0000000000000300');
});

test('a reversal after the reconciliation counts in the next period', async () => {
  const payment = paying(1250);
  await desk.ask(payment);
  await desk.ask(reconciling([1, 1250]));
  await desk.ask(reversing(payment));
  const fields = [
    [77, '0000000001'],
    [89, '0000000000001250'],
    [97, 'D0000000000001250'],
  ] as const;
  expect(await balance(reconciling([0, 0], [0, 0], fields))).toBe('1');
});

test('one currency is reconciled without the others', async () => {
  await desk.ask(paying(1250));
  await desk.ask(paying(700, { currency: '978' }));
  expect(await balance(reconciling([1, 700], [0, 0], [[50, '978']]))).toBe('1');
  expect(desk.ledger.totals(TERMINAL, '840').debits.amountMinor).toBe(1250);
  expect(desk.ledger.totals(TERMINAL, '978').debits.amountMinor).toBe(0);
});

test('a net that is not the net of its amounts is a format error', async () => {
  expect(await desk.code(reconciling([0, 0], [0, 0], [[97, 'C0000000000000001']]))).toBe('30');
  expect(desk.ledger.entries()).toEqual([]);
});
