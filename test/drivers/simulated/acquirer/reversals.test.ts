import { beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '#iso8583/index.ts';
import { text } from '#iso8583/index.ts';
import {
  again,
  completing,
  type Desk,
  digits,
  OTHER_PAN,
  openDesk,
  paying,
  replacement,
  reversing,
  START_MS,
  TERMINAL,
} from './messages.ts';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});

const position = () => desk.ledger.positions(START_MS, TERMINAL).at(-1);
const paid = async (amountMinor: number, tap = {}): Promise<Message> => {
  const request = paying(amountMinor, tap);
  await desk.ask(request);
  return request;
};

describe('a reversal', () => {
  test.each([
    ['0400', '0410'],
    ['0420', '0430'],
  ])('%s is answered %s and takes the payment off the books', async (mti, answered) => {
    const answer = await desk.ask(reversing(await paid(1250), [[39, '68']], mti));
    expect([answer.mti, text(answer, 39)]).toEqual([answered, '00']);
    expect(position()).toMatchObject({ state: 'reversed', standingMinor: 0, reversedMinor: 1250 });
  });

  test('sent again takes nothing more, and is answered the same', async () => {
    const reversal = reversing(await paid(1250));
    const first = await desk.ask(reversal);
    expect(await desk.ask(again(reversal))).toEqual(first);
    expect(await desk.restarted().ask(again(reversal))).toEqual(first);
    expect(desk.ledger.entries()).toHaveLength(2);
  });

  test('by another message after that is answered 79', async () => {
    const original = await paid(1250);
    await desk.ask(reversing(original));
    expect(await desk.code(reversing(original))).toBe('79');
    expect(desk.ledger.counts()).toEqual({ payments: 1, reversals: 1 });
  });

  test('of an unknown original is 25, and the original is refused when it comes', async () => {
    const original = paying(1250);
    expect(await desk.code(reversing(original))).toBe('25');
    expect(await desk.code(reversing(original))).toBe('25');
    expect(await desk.code(original)).toBe('79');
    expect(await desk.restarted().code(again(original))).toBe('79');
    expect(position()).toMatchObject({ state: 'declined', standingMinor: 0 });
  });

  test('of an advice that was never there keeps that advice off the books', async () => {
    const advice = paying(1250, { mti: '0220', information: '40' });
    expect(await desk.code(reversing(advice))).toBe('25');
    expect(await desk.code(advice)).toBe('79');
  });

  test('of a declined payment is acknowledged', async () => {
    expect(await desk.code(reversing(await paid(6651)))).toBe('00');
    expect(position()).toMatchObject({ state: 'declined', reversedMinor: 0 });
  });

  test('of a partial approval takes the part', async () => {
    const original = await paid(6610);
    expect(await desk.code(reversing(original, [[4, digits(3305, 12)]]))).toBe('00');
    expect(position()).toMatchObject({ reversedMinor: 3305, standingMinor: 0 });
  });

  test('of a refund puts the money back', async () => {
    await desk.ask(reversing(await paid(500, { mti: '0200', processing: '20' })));
    expect(desk.ledger.totals(TERMINAL)).toMatchObject({
      credits: { count: 1, amountMinor: 500 },
      creditReversals: { count: 1, amountMinor: 500 },
    });
  });

  test.each([
    ['amount', [4, digits(1251, 12)]],
    ['card', [2, OTHER_PAN]],
    ['currency', [49, '978']],
  ] as const)('that names another %s is refused', async (_, changed) => {
    expect(await desk.code(reversing(await paid(1250), [changed]))).toBe('77');
    expect(position()).toMatchObject({ standingMinor: 1250 });
  });

  test('without DE 90 is a format error', async () => {
    expect(await desk.code(reversing(await paid(1250), [[90, '']]))).toBe('30');
  });
});

describe('a partial reversal', () => {
  test('leaves what DE 95 says', async () => {
    const original = await paid(1250);
    expect(await desk.code(reversing(original, [replacement(1000)]))).toBe('00');
    expect(position()).toMatchObject({ state: 'booked', reversedMinor: 250, standingMinor: 1000 });
    expect(desk.ledger.totals(TERMINAL)).toMatchObject({
      debits: { count: 1, amountMinor: 1250 },
      debitReversals: { count: 0, amountMinor: 250 },
    });
  });

  test('sent again takes nothing more; a second one and a whole one take the rest', async () => {
    const original = await paid(1250);
    const first = reversing(original, [replacement(1000)]);
    await desk.ask(first);
    await desk.ask(again(first));
    expect(position()).toMatchObject({ standingMinor: 1000 });
    await desk.ask(reversing(original, [replacement(400)]));
    expect(position()).toMatchObject({ standingMinor: 400 });
    await desk.ask(again(first));
    expect(position()).toMatchObject({ standingMinor: 400 });
    expect(await desk.code(reversing(original))).toBe('00');
    expect(position()).toMatchObject({ standingMinor: 0, state: 'reversed' });
    expect(await desk.restarted().code(reversing(original))).toBe('79');
  });

  test('that was refused is refused again, whatever happened since', async () => {
    const original = await paid(1250);
    const reversal = reversing(original, [replacement(1251)]);
    expect(await desk.code(reversal)).toBe('13');
    await desk.ask(reversing(original));
    expect(await desk.code(again(reversal))).toBe('13');
  });

  test('with the identity of another reversal is a duplicate', async () => {
    const original = await paid(1250);
    const reversal = reversing(original, [replacement(1000)]);
    await desk.ask(reversal);
    const { mti, fields } = reversal;
    expect(await desk.code({ mti, fields: new Map([...fields, replacement(900)]) })).toBe('94');
    expect(position()).toMatchObject({ standingMinor: 1000 });
  });

  test('to more than there is is refused', async () => {
    const original = await paid(1250);
    expect(await desk.code(reversing(original, [replacement(1251)]))).toBe('13');
    expect(await desk.code(reversing(original, [[95, '12.50']]))).toBe('30');
    expect(position()).toMatchObject({ standingMinor: 1250 });
  });
});

describe('a pre-authorisation', () => {
  const held = (amountMinor: number) => paid(amountMinor, { condition: '06' });

  test('holds the amount and is in no totals', async () => {
    await held(5000);
    expect(position()).toMatchObject({
      kind: 'preAuthorisation',
      state: 'held',
      standingMinor: 5000,
    });
    expect(desk.ledger.totals(TERMINAL).debits.count).toBe(0);
  });

  test('is completed by DE 90, once, and a repeat changes nothing', async () => {
    const hold = await held(5000);
    const completion = completing(hold, 4200);
    const answer = await desk.ask(completion);
    expect([answer.mti, text(answer, 39)]).toEqual(['0230', '00']);
    expect(await desk.ask(again(completion))).toEqual(answer);
    expect(await desk.code(completing(hold, 100))).toBe('12');
    const [first, second] = desk.ledger.positions(START_MS, TERMINAL);
    expect(first).toMatchObject({ state: 'completed', completedMinor: 4200, standingMinor: 0 });
    expect(second).toMatchObject({ kind: 'completion', state: 'booked', standingMinor: 4200 });
    expect(desk.ledger.totals(TERMINAL).debits).toEqual({ count: 1, amountMinor: 4200 });
  });

  test('is completed by DE 37 and 38, without the card number', async () => {
    const hold = paying(5000, { condition: '06' });
    const code = text(await desk.ask(hold), 38) ?? '';
    const { mti, fields } = paying(4200, {
      mti: '0220',
      withoutIcc: true,
      fields: [
        [37, text(hold, 37) ?? ''],
        [38, code],
      ],
    });
    const without = new Map(fields);
    without.delete(2);
    expect(await desk.code({ mti, fields: without })).toBe('00');
    expect(position()).toMatchObject({ kind: 'completion', standingMinor: 4200 });
    expect(desk.ledger.last(1)[0]?.pan).toBe('476173******0119');
  });

  test.each([
    [5750, '00'],
    [5751, '13'],
  ])('of 50.00 and completed for %i is answered %s', async (amount, code) => {
    expect(await desk.code(completing(await held(5000), amount))).toBe(code);
  });

  test('may be lowered first: the completion is measured by what is left', async () => {
    const hold = await held(5000);
    await desk.ask(reversing(hold, [replacement(1000)]));
    expect(await desk.code(completing(hold, 1151))).toBe('13');
    expect(await desk.code(completing(hold, 1150))).toBe('00');
  });

  test('that was reversed is released and can not be completed', async () => {
    const hold = await held(5000);
    expect(await desk.code(reversing(hold))).toBe('00');
    expect(position()).toMatchObject({ state: 'reversed', standingMinor: 0 });
    expect(await desk.code(completing(hold, 4200))).toBe('79');
  });

  test('that is too old is released and can not be completed', async () => {
    const hold = await held(5000);
    const late = START_MS + 7 * 86_400_000;
    expect(desk.ledger.positions(late - 1)).toMatchObject([{ state: 'held' }]);
    expect(desk.ledger.positions(late)).toMatchObject([{ state: 'released', standingMinor: 0 }]);
    desk.pass(7 * 86_400_000);
    expect(await desk.code(completing(hold, 4200))).toBe('25');
  });

  test('that is completed can not be reversed, but its completion can', async () => {
    const hold = await held(5000);
    const completion = completing(hold, 4200);
    await desk.ask(completion);
    expect(await desk.code(reversing(hold))).toBe('21');
    expect(await desk.code(reversing(completion))).toBe('00');
    expect(desk.ledger.positions(START_MS).map(({ standingMinor }) => standingMinor)).toEqual([
      0, 0,
    ]);
  });

  test.each([
    ['code', [38, 'WRONG1']],
    ['card', [2, OTHER_PAN]],
    ['currency', [49, '978']],
  ] as const)('is not completed with another %s', async (_, changed) => {
    expect(await desk.code(completing(await held(5000), 4200, [changed]))).toBe('77');
  });

  test('that nobody knows, or that is none, or was declined, can not be completed', async () => {
    expect(await desk.code(completing(paying(5000), 4200))).toBe('25');
    expect(await desk.code(completing(await paid(5000), 4200))).toBe('12');
    expect(await desk.code(completing(await held(6651), 4200))).toBe('12');
  });
});
