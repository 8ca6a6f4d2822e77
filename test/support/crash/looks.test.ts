import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Position, PositionState } from '#drivers/simulated/acquirer/books.ts';
import { type PaymentRecord, rowOf } from '#payment/record.ts';
import type { PaymentState } from '#payment/states.ts';
import type { SaleResult } from '#terminal/types.ts';
import { accountNumbers, filesIn, findAccounts } from './accounts.ts';
import { checkBothSides, checkTold, type Shown } from './invariants.ts';
import { LOST, type Wish } from './till.ts';

const wish = (changes: Partial<Wish> = {}): Wish => ({
  tillId: 'till-1',
  kind: 'purchase',
  amountMinor: 1_250,
  currency: 840,
  partial: false,
  card: 'visa-phone',
  answers: [told('approved')],
  voids: [],
  lost: false,
  ...changes,
});

const told = (status: SaleResult['status'], transactionId = 'A1'): SaleResult => ({
  ...{ status, transactionId, tillId: 'till-1', amountMinor: 1_250, currency: 'USD' },
  reason: 'in a test',
});

const record = (state: PaymentState, changes: Partial<PaymentRecord> = {}): PaymentRecord => ({
  ...{ id: 'A1', tillId: 'till-1', kind: 'purchase', state, startedMs: 0 },
  ...{ amountMinor: 1_250, currency: 840 },
  request: { mti: '0100', fields: { 7: '1122013351', 11: '000001' }, localTime: '261122013351' },
  ...changes,
});

const position = (state: PositionState, changes: Partial<Position> = {}): Position => ({
  ...{ terminal: 'CTAP0001', stan: '000001', transmitted: '1122013351', kind: 'purchase' },
  ...{ rrn: '', currency: '840', responseCode: '00', amountMinor: 1_250, approvedMinor: 1_250 },
  ...{ reversedMinor: 0, standingMinor: state === 'booked' ? 1_250 : 0, state },
  ...changes,
});

const afterKill = (records: readonly PaymentRecord[], wishes: readonly Wish[], shown: Shown[]) => {
  const said: string[] = [];
  checkTold(records.map(rowOf), wishes, shown, (what) => said.push(what));
  return said;
};

const atTheEnd = (
  records: readonly PaymentRecord[],
  positions: readonly Position[],
  wishes: readonly Wish[] = [wish()],
) => {
  const said: string[] = [];
  checkBothSides(records.map(rowOf), positions, wishes, (what) => said.push(what));
  return said;
};

describe('after a kill the campaign notices', () => {
  test('nothing where journal, till and shopper agree', () => {
    const shown = [{ amountMinor: 1_250, screen: 'approved', wishes: [wish()] }];
    expect(afterKill([record('approved')], [wish()], shown)).toEqual([]);
    const voided = wish({ voids: [LOST] });
    expect(afterKill([record('reversing')], [voided], [])).toEqual([]);
  });

  test('an approval that nothing is written of', () => {
    expect(afterKill([], [wish()], [])).toHaveLength(1);
    const shown = [{ amountMinor: 1_250, screen: 'approved', wishes: [wish({ answers: [] })] }];
    expect(afterKill([], [wish({ answers: [] })], shown)).toHaveLength(1);
  });

  test('an approval that is taken back though nobody asked for that', () => {
    expect(afterKill([record('reversing')], [wish()], [])).toHaveLength(1);
    const voids = [{ status: 'refused', reason: 'in a test' }] as const;
    expect(afterKill([record('reversing')], [wish({ voids: [...voids] })], [])).toHaveLength(1);
  });

  test('a payment that the till holds for unpaid', () => {
    const declined = wish({ answers: [told('declined')] });
    expect(afterKill([record('approved')], [declined], [])).toHaveLength(1);
  });

  test('another answer to the same question, and the same payment twice', () => {
    const twice = wish({ answers: [told('approved'), told('approved', 'B2')] });
    expect(afterKill([record('approved')], [twice], [])).toHaveLength(1);
    const two = [record('approved'), record('approved', { id: 'B2' })];
    expect(afterKill(two, [wish()], [])).toHaveLength(1);
  });

  test('less than was told, but not what the host took of an offline approval', () => {
    const part = record('approved', { approvedMinor: 625 });
    expect(afterKill([part], [wish()], [])).toHaveLength(1);
    expect(afterKill([{ ...part, offline: 'deferred' }], [wish()], [])).toEqual([]);
  });

  test('a void that is told and undone', () => {
    const voided = wish({ voids: [{ status: 'done', reason: 'in a test' }] });
    expect(afterKill([record('approved')], [voided], [])).toHaveLength(1);
  });
});

describe('at the end the campaign notices', () => {
  test('nothing where both sides hold the same', () => {
    expect(atTheEnd([record('reconciled')], [position('booked')])).toEqual([]);
  });

  test('what is not settled', () => {
    const queued = atTheEnd([record('queued')], []);
    expect(queued).toEqual(['payment A1 (till-1, 000001 1122013351) is still queued']);
  });

  test('what one side has and the other has not', () => {
    const declined = [wish({ answers: [told('declined')] })];
    expect(atTheEnd([record('approved')], [])).toHaveLength(2);
    expect(atTheEnd([record('declined')], [position('booked')], declined)).toHaveLength(2);
    expect(atTheEnd([], [position('booked')], [])).toHaveLength(2);
  });

  test('another amount, and another currency', () => {
    const less = position('booked', { standingMinor: 1_249 });
    expect(atTheEnd([record('approved')], [less])).toHaveLength(2);
    const euros = position('booked', { currency: '978' });
    expect(atTheEnd([record('approved')], [euros])).toHaveLength(3);
  });
});

test.each([
  ['characters', (pan: string) => Buffer.from(`{"pan":"${pan}"}`)],
  ['packed digits', (pan: string) => Buffer.from(`00${pan}00`, 'hex')],
  ['packed digits, shifted by one', (pan: string) => Buffer.from(`5${pan}F`, 'hex')],
  ['hexadecimal of characters', (pan: string) => Buffer.from(Buffer.from(pan).toString('hex'))],
  ['two-byte characters', (pan: string) => Buffer.from(pan, 'utf16le')],
])('an account number in %s is found', (form, written) => {
  const folder = mkdtempSync(join(tmpdir(), 'countertap-looks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const numbers = accountNumbers();
  const [pan = ''] = numbers;
  writeFileSync(join(folder, 'masked'), `${pan.slice(0, 6)}******${pan.slice(-4)}`);
  expect(findAccounts(filesIn(folder), numbers)).toEqual([]);
  writeFileSync(join(folder, 'whole'), written(pan));
  expect(findAccounts(filesIn(folder), numbers)).toMatchObject([
    { file: join(folder, 'whole'), form },
  ]);
});
