import { beforeEach, describe, expect, test } from 'vitest';
import { binary, text } from '#iso8583/index.ts';
import {
  again,
  type Desk,
  OTHER_PAN,
  openDesk,
  paying,
  reversing,
  START_MS,
  type Tap,
  TERMINAL,
} from './messages.ts';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});

const asking = (tap: Tap = {}, amountMinor = 0) =>
  paying(amountMinor, { processing: '31', ...tap });

/** Ledger's and available balance, as DE 54 has them. */
const balances = async (tap: Tap = {}) => text(await desk.ask(asking(tap)), 54);

const both = (minor: number, available = minor, currency = '840') =>
  [`0001${currency}`, `0002${currency}`]
    .map((group, i) => {
      const amount = [minor, available][i] ?? 0;
      return `${group}${amount < 0 ? 'D' : 'C'}${`${Math.abs(amount)}`.padStart(12, '0')}`;
    })
    .join('');

describe('an account', () => {
  test.each(['30', '31'])('has its opening balance before anything is paid: DE 3 %s', async (p) => {
    expect(await balances({ processing: p })).toBe(both(100_000));
  });

  test('is one of each currency, in its own units', async () => {
    expect(await balances({ currency: '392' })).toBe(both(1_000, 1_000, '392'));
    expect(await balances({ currency: '414' })).toBe(both(1_000_000, 1_000_000, '414'));
  });

  test('has less by what was paid, more by what was given back', async () => {
    await desk.ask(paying(1_250));
    await desk.ask(paying(2_005));
    await desk.ask(paying(300, { processing: '20' }));
    const taken = paying(700);
    await desk.ask(taken);
    await desk.ask(reversing(taken));
    expect(await balances()).toBe(both(100_000 - 1_250 + 300));
    expect(await balances({ currency: '978' })).toBe(both(100_000, 100_000, '978'));
    expect(await balances({ pan: OTHER_PAN })).toBe(both(100_000));
  });

  test('has less to spend by what is held, until that is released', async () => {
    await desk.ask(paying(5_000, { condition: '06' }));
    expect(await balances()).toBe(both(100_000, 95_000));
    desk.pass(8 * 86_400_000);
    expect(await balances()).toBe(both(100_000));
  });

  test('can be overdrawn', async () => {
    desk = openDesk({ openingBalance: 10 });
    await desk.ask(paying(1_250));
    expect(await balances()).toBe(both(-250));
  });
});

describe('an inquiry', () => {
  test('is about a card that is there: the answer has something for it', async () => {
    const answer = await desk.ask(asking());
    expect(answer.mti).toBe('0110');
    expect(binary(answer, 55)?.[0]).toBe(0x91);
  });

  test('books nothing, asked as often as one likes', async () => {
    const request = asking();
    const first = await desk.ask(request);
    expect(await desk.ask(again(request))).toEqual(first);
    expect(desk.ledger.entries()).toEqual([]);
    expect(desk.ledger.positions(START_MS, TERMINAL)).toEqual([]);
    expect(desk.logged.join('\n')).not.toContain('100000');
  });

  test.each([
    ['a wrong cryptogram', '82', { wrong: true }],
    ['a card that declines', '82', { information: '00' }],
    ['another type than the card has signed', '30', { fields: [[3, '300000']] }],
    ['a credit account, which no card has', '40', { fields: [[3, '313000']] }],
    ['no currency', '30', { fields: [[49, '']] }],
    ['no terminal', '30', { fields: [[41, '']] }],
  ] as const)('with %s is answered %s', async (_, code, tap) => {
    expect(await desk.code(asking(tap))).toBe(code);
  });

  test('with the counter of a payment is an old one', async () => {
    await desk.ask(paying(1_250, { atc: 0x7001 }));
    expect(await desk.code(asking({ atc: 0x7001 }))).toBe('63');
  });

  test('about an amount is none', async () => {
    expect(await desk.code(asking({}, 1))).toBe('13');
  });
});
