import { beforeEach, describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { binary, text } from '#iso8583/index.ts';
import {
  again,
  type Desk,
  OTHER_PAN,
  openDesk,
  PAN,
  paying,
  START_MS,
  TERMINAL,
} from './messages.ts';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});

const positions = () => desk.ledger.positions(START_MS, TERMINAL);

describe('a payment', () => {
  test.each([
    ['0100', '0110'],
    ['0200', '0210'],
  ])('%s is answered %s and booked', async (mti, answered) => {
    const answer = await desk.ask(paying(1250, { mti }));
    expect(answer.mti).toBe(answered);
    expect(text(answer, 39)).toBe('00');
    expect(text(answer, 38)).toMatch(/^[0-9A-Z]{6}$/);
    expect(toHex(binary(answer, 55) ?? new Uint8Array())).toMatch(/^910A/);
    expect(positions()).toMatchObject([
      { kind: 'purchase', approvedMinor: 1250, standingMinor: 1250, state: 'booked' },
    ]);
  });

  test('a repeat gets the same answer and books nothing', async () => {
    const request = paying(6671, { mti: '0200' });
    const first = await desk.ask(request);
    desk.pass(60_000);
    expect(await desk.ask(again(request))).toEqual(first);
    expect(await desk.ask(request)).toEqual(first);
    expect(await desk.restarted().ask(again(request))).toEqual(first);
    expect(desk.ledger.entries()).toHaveLength(1);
  });

  test('two requests at the same moment are booked once', async () => {
    const request = paying(1250);
    const [first, second] = await Promise.all([desk.ask(request), desk.ask(again(request))]);
    expect(second).toEqual(first);
    expect(desk.ledger.entries()).toHaveLength(1);
  });

  test('another payment with the same identity is a duplicate, and is not booked', async () => {
    await desk.ask(paying(1250, { stan: 7 }));
    expect(await desk.code(paying(1300, { stan: 7 }))).toBe('94');
    expect(await desk.code(paying(1250, { stan: 7, pan: OTHER_PAN }))).toBe('94');
    expect(await desk.code(paying(1250, { stan: 7, mti: '0200' }))).toBe('94');
    expect(desk.ledger.entries()).toHaveLength(1);
  });

  test('a request without DE 7, 11 or 41 is refused and not booked', async () => {
    for (const number of [7, 11, 41]) {
      const { mti, fields } = paying(1250);
      const less = new Map(fields);
      less.delete(number);
      expect(await desk.code({ mti, fields: less })).toBe('30');
    }
    expect(desk.ledger.entries()).toEqual([]);
  });

  test.each([
    ['02', '12'],
    ['40', '12'],
    // Balance inquiries, and those are about no amount.
    ['30', '13'],
    ['31', '13'],
  ])('DE 3 %sxxxx is no payment of ours', async (processing, code) => {
    expect(await desk.code(paying(1250, { processing }))).toBe(code);
  });

  test('without chip data there is nothing to verify', async () => {
    expect(await desk.code(paying(1250, { withoutIcc: true }))).toBe('30');
  });

  test('a cryptogram is taken once, whichever message brings it', async () => {
    expect(await desk.code(paying(1250, { atc: 900 }))).toBe('00');
    expect(await desk.code(paying(1250, { atc: 900, mti: '0200' }))).toBe('63');
    expect(await desk.code(paying(1250, { atc: 900, mti: '0220' }))).toBe('63');
  });

  test('a message that no host answers is not answered', async () => {
    expect(await desk.host({ mti: '0110', fields: new Map() })).toBeUndefined();
    expect(await desk.host({ mti: '0300', fields: new Map() })).toBeUndefined();
  });

  test('no account number stands in the books or in the log', async () => {
    await desk.ask(paying(1250));
    await desk.ask(paying(1250, { wrong: true }));
    const kept = JSON.stringify([desk.ledger.entries(), desk.logged]);
    expect(kept).toContain('476173******0119');
    expect(kept).not.toContain(PAN);
  });
});

describe('a refund', () => {
  test('with the card present is verified and booked as a credit', async () => {
    const refund = paying(500, { mti: '0200', processing: '20', information: '00' });
    expect(await desk.code(refund)).toBe('00');
    expect(positions()).toMatchObject([{ kind: 'refund', standingMinor: 500 }]);
    expect(desk.ledger.totals(TERMINAL)).toMatchObject({
      debits: { count: 0 },
      credits: { count: 1, amountMinor: 500 },
    });
  });

  test('without chip data is booked as well', async () => {
    const refund = paying(20_000, { mti: '0200', processing: '20', withoutIcc: true });
    expect(await desk.code(refund)).toBe('00');
  });

  test('with a wrong cryptogram is refused', async () => {
    const refund = paying(500, { mti: '0200', processing: '20', wrong: true });
    expect(await desk.code(refund)).toBe('82');
    expect(positions()).toMatchObject([{ state: 'declined', standingMinor: 0 }]);
  });
});

describe('an advice', () => {
  test.each([
    ['0120', '0130'],
    ['0220', '0230'],
  ])('%s with a TC is answered %s and booked', async (mti, answered) => {
    const advice = paying(1250, { mti, information: '40', fields: [[39, 'Y1']] });
    const answer = await desk.ask(advice);
    expect(answer.mti).toBe(answered);
    expect(text(answer, 39)).toBe('00');
    expect(await desk.ask(again(advice))).toEqual(answer);
    expect(positions()).toMatchObject([{ standingMinor: 1250, state: 'booked' }]);
  });

  test('over the online limit of the rules is taken: it was given already', async () => {
    expect(await desk.code(paying(12_000, { mti: '0220', information: '40' }))).toBe('00');
  });

  test.each([
    ['a wrong cryptogram', { wrong: true }, 1250, '82'],
    ['an AAC', { information: '00' }, 1250, '82'],
    ['a rule against it', { information: '40' }, 6651, '51'],
    ['neither chip data nor an approval by voice', { withoutIcc: true }, 1250, '30'],
  ])('with %s is refused, and nothing is booked', async (_, tap, amount, code) => {
    expect(await desk.code(paying(amount, { mti: '0220', ...tap }))).toBe(code);
    expect(positions()).toMatchObject([{ state: 'declined', standingMinor: 0 }]);
  });

  test('of a payment that was approved by voice is booked with that code', async () => {
    const advice = paying(1250, { mti: '0220', withoutIcc: true, fields: [[38, 'VOICE1']] });
    expect(text(await desk.ask(advice), 38)).toBe('VOICE1');
    expect(positions()).toMatchObject([{ standingMinor: 1250 }]);
  });

  test('of a payment that the terminal declined is noted, and books nothing', async () => {
    const advice = paying(1250, { mti: '0120', information: '00', fields: [[39, 'Z1']] });
    expect(await desk.code(advice)).toBe('00');
    expect(positions()).toMatchObject([{ state: 'declined', standingMinor: 0 }]);
  });
});

describe('by the shipped rules', () => {
  const codes = '01 02 03 04 05 07 12 14 19 41 43 51 54 55 57 58 59 61 62 65 70 75 78 91 96';

  test.each(codes.split(' '))('66.%s is answered so, and books nothing', async (code) => {
    expect(await desk.code(paying(Number(`66${code}`)))).toBe(code);
    expect(positions()).toMatchObject([{ state: 'declined', standingMinor: 0 }]);
  });

  test.each([
    [6608, '08'],
    [6611, '11'],
  ])('%i is an approval with code %s', async (amount, code) => {
    expect(await desk.code(paying(amount))).toBe(code);
    expect(positions()).toMatchObject([{ state: 'booked', standingMinor: amount }]);
  });

  test('66.20 asks for additional authentication', async () => {
    expect(await desk.code(paying(6620))).toBe('1A');
  });

  test('66.10 is approved for a half, and the answer says what was asked for', async () => {
    const answer = await desk.ask(paying(6610));
    expect(text(answer, 39)).toBe('10');
    expect(text(answer, 4)).toBe('000000003305');
    expect(text(answer, 54)).toBe('0057840D000000006610');
    expect(positions()).toMatchObject([{ amountMinor: 6610, standingMinor: 3305 }]);
  });

  test.each([
    [6671, '00', /^910A.{20}71129F18/],
    [6672, '00', /^910A.{20}72129F18/],
    [6673, '05', /^910A.{20}7112.{36}7212/],
  ])('%i comes back with issuer scripts', async (amount, code, icc) => {
    const answer = await desk.ask(paying(amount));
    expect(text(answer, 39)).toBe(code);
    expect(toHex(binary(answer, 55) ?? new Uint8Array())).toMatch(icc);
  });
});

describe('network management', () => {
  test.each([
    ['001', '00'],
    ['002', '00'],
    ['301', '00'],
    ['161', '40'],
  ])('service %s is answered %s', async (service, code) => {
    const fields = new Map([
      [7, '1121215900'],
      [11, '000001'],
      [70, service],
    ]);
    const answer = await desk.ask({ mti: '0800', fields });
    expect([answer.mti, text(answer, 39), text(answer, 70)]).toEqual(['0810', code, service]);
    expect((await desk.ask({ mti: '0801', fields })).mti).toBe('0810');
    expect(desk.ledger.entries()).toEqual([]);
  });
});
