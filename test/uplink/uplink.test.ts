import type { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { type Message, text } from '#iso8583/index.ts';
import { owed } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import { createUplink, type Uplink, type UplinkParts, type UplinkState } from '#uplink/index.ts';
import {
  answerTo,
  authorised,
  clock,
  config,
  memoryLog,
  partsOver,
  payment,
  playedLink,
  VISA,
} from './support.ts';

let link: ReturnType<typeof playedLink>;
let log: ReturnType<typeof memoryLog>;
let uplink: Uplink;
let parts: UplinkParts;
let working: Subscription;
let state: UplinkState | undefined;

beforeEach(async () => {
  vi.useFakeTimers();
  link = playedLink();
  log = memoryLog();
  parts = await partsOver(link, log);
  uplink = createUplink(parts);
  working = uplink.state$.subscribe((next) => {
    state = next;
  });
});

afterEach(() => {
  working.unsubscribe();
  vi.useRealTimers();
  expect(log.lines.join('\n')).not.toContain(VISA);
});

const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const lastSent = (): Message => {
  const message = link.sent.at(-1);
  if (message === undefined) throw new Error('nothing was sent');
  return message;
};
const mtis = () => link.sent.map(({ mti }) => mti);
let taps = 0;
const pay = async (amountMinor: number, signal?: AbortSignal) =>
  authorised(uplink, parts, await payment(amountMinor, ++taps), signal);
const asked = async (signal = new AbortController().signal) => {
  const authorisation = pay(1250, signal);
  await passed(0);
  return { authorisation, request: lastSent() };
};

test('an approval comes with its code and what the issuer says to the card', async () => {
  const { authorisation, request } = await asked();
  await passed(120);
  link.says(
    answerTo(
      request,
      [38, 'A1B2C3'],
      [39, '00'],
      [55, hex('910A11223344556677883030 8A023030 7203860100')],
    ),
  );
  const answer = await authorisation;
  expect(answer).toMatchObject({
    kind: 'answered',
    approved: true,
    row: { code: '00', shopper: 'approved' },
    authorisationCode: 'A1B2C3',
  });
  expect(toHex(answer.kind === 'answered' ? (answer.issuerData ?? hex('')) : hex(''))).toBe(
    '910A112233445566778830307203860100',
  );
  expect(state).toMatchObject({ hostAnswers: true, openReversals: 0 });
});

test.each([
  ['51', 'insufficient funds', 'declined'],
  ['54', 'expired card', 'anotherCard'],
  ['65', 'over the count limit, insert the card', 'insertCard'],
  ['ZZ', 'unknown code ZZ', 'declined'],
])('response code %s is no approval: %s', async (code, meaning, shopper) => {
  const { authorisation, request } = await asked();
  link.says(answerTo(request, [39, code]));
  expect(await authorisation).toMatchObject({
    approved: false,
    row: { meaning, shopper },
  });
  expect(state?.openReversals).toBe(0);
});

test('an answer to something else is ignored, and the right one still counts', async () => {
  const { authorisation, request } = await asked();
  const stranger: Message = { ...request, fields: new Map([...request.fields, [11, '999999']]) };
  link.says(answerTo(stranger, [39, '00']));
  link.raw(hex('DEADBEEF'));
  link.says(answerTo(request, [39, '05']));
  expect(await authorisation).toMatchObject({ row: { code: '05' } });
  expect(log.lines.join('\n')).toMatch(/nobody waits for this message.*999999/);
  expect(log.lines.join('\n')).toContain('no message of this dialect');
});

test('a silent host is given up on, and what it may have booked is reversed', async () => {
  const { authorisation, request } = await asked();
  await passed(config.answerWithinMs);
  expect(await authorisation).toMatchObject({ fault: { fault: 'timeout' } });
  await passed(0);
  expect(mtis()).toEqual(['0100', '0400']);
  expect(state).toMatchObject({ hostAnswers: false, openReversals: 1 });
  await passed(1_000);
  await passed(2_000);
  expect(mtis()).toEqual(['0100', '0400', '0401', '0401']);
  expect([11, 37, 90].map((number) => text(lastSent(), number))).toEqual([
    '000001',
    text(request, 37),
    text(link.sent[1] ?? request, 90),
  ]);
  link.says(answerTo(lastSent(), [39, '00']));
  await passed(60_000);
  expect(mtis().filter((mti) => mti.startsWith('04'))).toHaveLength(3);
  expect(state?.openReversals).toBe(0);
});

test('an approval that comes after we gave up is ignored', async () => {
  const { authorisation, request } = await asked();
  await passed(config.answerWithinMs);
  await authorisation;
  link.says(answerTo(request, [39, '00']));
  await passed(0);
  expect(log.lines.join('\n')).toContain('nobody waits for this message');
  expect(state?.openReversals).toBe(1);
});

test('no payment goes out before an earlier one is reversed', async () => {
  const first = await asked();
  await passed(config.answerWithinMs);
  await first.authorisation;
  const second = pay(990);
  await passed(100);
  expect(mtis().filter((mti) => mti === '0100')).toHaveLength(1);
  link.says(answerTo(lastSent(), [39, '25']));
  await passed(0);
  expect(lastSent().mti).toBe('0100');
  link.says(answerTo(lastSent(), [39, '00']));
  expect(await second).toMatchObject({ approved: true });
});

test('a payment does not wait for ever for an earlier reversal', async () => {
  const first = await asked();
  await passed(config.answerWithinMs);
  await first.authorisation;
  const second = pay(990);
  await passed(config.reversalsWithinMs);
  expect(await second).toMatchObject({ fault: { fault: 'timeout' } });
  expect(mtis().filter((mti) => mti === '0100')).toHaveLength(1);
});

test('a payment does not wait at all while the host is away: the shop may take it', async () => {
  const first = await asked();
  link.goesDown();
  await first.authorisation;
  expect(state?.openReversals).toBe(1);
  const second = pay(990);
  await passed(0);
  expect(await second).toMatchObject({ fault: { fault: 'linkDown' }, mayHaveArrived: false });
});

test('a payment cancelled while the host is asked is reversed', async () => {
  const cancel = new AbortController();
  const { authorisation } = await asked(cancel.signal);
  cancel.abort();
  expect(await authorisation).toMatchObject({ fault: { fault: 'aborted' } });
  await passed(0);
  expect(text(lastSent(), 39)).toBe('17');
  expect(lastSent().mti).toBe('0400');
});

test('a payment cancelled before it was sent leaves nothing to reverse', async () => {
  const cancel = new AbortController();
  cancel.abort();
  expect(await pay(100, cancel.signal)).toMatchObject({
    fault: { fault: 'aborted' },
  });
  expect(link.sent).toHaveLength(0);
  expect(state?.openReversals).toBe(0);
});

test('without a connection nothing is sent and nothing is reversed', async () => {
  link.goesDown();
  expect(await pay(100)).toMatchObject({
    fault: { fault: 'linkDown', detail: 'cable' },
  });
  expect(state?.openReversals).toBe(0);
});

test('a connection that breaks while we wait is a fault, reversed when it is back', async () => {
  const { authorisation } = await asked();
  link.goesDown();
  expect(await authorisation).toMatchObject({ fault: { fault: 'linkDown' } });
  await passed(0);
  expect(mtis()).toEqual(['0100']);
  link.comesUp();
  await passed(0);
  expect(mtis()).toEqual(['0100', '0400']);
});

test('an approval of another amount is taken back', async () => {
  const other = await asked();
  link.says(answerTo(other.request, [39, '00'], [4, '000000000001']));
  expect(await other.authorisation).toMatchObject({ fault: { fault: 'protocol' } });
  await passed(0);
  expect(lastSent().mti).toBe('0400');
});

test('an approval of a part says which', async () => {
  const { authorisation, request } = await asked();
  link.says(answerTo(request, [39, '10'], [4, '000000000800']));
  expect(await authorisation).toMatchObject({ approved: true, approvedMinor: 800 });
});

test('an approval of a part that says no part is taken back', async () => {
  const { authorisation, request } = await asked();
  link.says(answerTo(request, [39, '10'], [4, '000000001250']));
  expect(await authorisation).toMatchObject({ mayHaveArrived: true });
});

test('a reversal that the host refuses is repeated', async () => {
  const { authorisation } = await asked();
  await passed(config.answerWithinMs);
  await authorisation;
  link.says(answerTo(lastSent(), [39, '96']));
  await passed(1_000);
  expect(mtis()).toEqual(['0100', '0400', '0401']);
  expect(state?.openReversals).toBe(1);
});

test('an idle connection is tried with an echo, a busy one is not', async () => {
  await passed(config.echoAfterMs - 1);
  const { authorisation, request } = await asked();
  link.says(answerTo(request, [39, '00']));
  await authorisation;
  await passed(config.echoAfterMs - 1);
  expect(mtis()).toEqual(['0100']);
  await passed(1);
  expect(mtis()).toEqual(['0100', '0800']);
  expect(text(lastSent(), 70)).toBe('301');
  link.says(answerTo(lastSent(), [39, '00']));
  await passed(0);
  expect(state?.hostAnswers).toBe(true);
});

test('an echo without an answer shows that the host is away', async () => {
  await passed(config.echoAfterMs + config.answerWithinMs);
  expect(state?.hostAnswers).toBe(false);
  expect(log.lines.join('\n')).toContain('no answer to a network management message');
});

test('a message that cannot be coded is a fault, and nothing is reversed', async () => {
  const tap = await payment(1_000_000_000_000, 1);
  const answer = await authorised(uplink, parts, tap);
  expect(answer).toMatchObject({ fault: { fault: 'protocol' }, mayHaveArrived: false });
  expect(JSON.stringify(answer)).toContain('DE 4');
  expect(state?.openReversals).toBe(0);
});

const latest = async () => {
  const records = await parts.books.latest(10);
  if (isFault(records)) throw new Error(records.detail);
  return records;
};

/** A payment that the host never answered; its reversal waits in a long pause. */
const waitingReversal = async () => {
  const { authorisation } = await asked();
  await passed(config.answerWithinMs);
  await authorisation;
  await passed(100_000);
  const sent = mtis().filter((mti) => mti.startsWith('04')).length;
  await passed(1_000);
  expect(mtis().filter((mti) => mti.startsWith('04'))).toHaveLength(sent);
  return { original: link.sent[1] ?? lastSent(), before: link.sent.length };
};

test('a reversal that waits out its pause goes out when a payment needs it gone', async () => {
  const { original, before } = await waitingReversal();
  const next = pay(990);
  await passed(0);
  expect(link.sent).toHaveLength(before + 1);
  expect(lastSent()).toEqual({ ...original, mti: '0401' });
  link.says(answerTo(lastSent(), [39, '00']));
  await passed(0);
  expect(lastSent().mti).toBe('0100');
  link.says(answerTo(lastSent(), [39, '00']));
  expect(await next).toMatchObject({ approved: true });
});

test('a sale that starts sends a waiting reversal, and its pauses are short again', async () => {
  const { original, before } = await waitingReversal();
  uplink.prepare();
  await passed(0);
  expect(link.sent.slice(before)).toEqual([{ ...original, mti: '0401' }]);
  await passed(config.repeatAfterMs.first);
  expect(link.sent).toHaveLength(before + 2);
  link.says(answerTo(lastSent(), [39, '00']));
  await passed(0);
  expect(state?.openReversals).toBe(0);
  uplink.prepare();
  await passed(1_000);
  expect(link.sent).toHaveLength(before + 2);
});

test('an orderly end tries reversals at once and knows whether any is left', async () => {
  expect(await uplink.settled(0)).toBe(true);
  const { before } = await waitingReversal();
  const tooShort = uplink.settled(500);
  await passed(500);
  expect(await tooShort).toBe(false);
  expect(link.sent).toHaveLength(before + 1);
  const ended = uplink.settled(500);
  await passed(0);
  expect(link.sent).toHaveLength(before + 2);
  link.says(answerTo(lastSent(), [39, '00']));
  expect(await ended).toBe(true);
});

test('an end waits for the payment that is being asked, and for its reversal', async () => {
  const cancel = new AbortController();
  await asked(cancel.signal);
  const late = uplink.settled(500);
  await passed(500);
  expect(await late).toBe(false);
  const ended = uplink.settled(500);
  cancel.abort();
  await passed(100);
  expect(mtis()).toEqual(['0100', '0400']);
  link.says(answerTo(lastSent(), [39, '00']));
  expect(await ended).toBe(true);
});

test('an approval that the card declined afterwards is taken back', async () => {
  const { authorisation, request } = await asked();
  link.says(answerTo(request, [39, '00'], [38, 'A1B2C3']));
  await authorisation;
  const [record] = await latest();
  if (record === undefined) throw new Error('no record');
  await parts.books.note(record, 'reversalOwed', owed('cardDeclined', clock.wallMs()));
  await passed(0);
  expect(mtis()).toEqual(['0100', '0400']);
  expect([11, 37, 39].map((number) => text(lastSent(), number))).toEqual([
    '000001',
    text(request, 37),
    '17',
  ]);
  expect([35, 55].map((number) => lastSent().fields.has(number))).toEqual([false, false]);
  expect(state?.openReversals).toBe(1);
  link.says(answerTo(lastSent(), [39, '00']));
  await passed(0);
  expect(state?.openReversals).toBe(0);
});

test('no echo is tried while the link is down; the idle time starts anew after it', async () => {
  await passed(config.echoAfterMs - 1);
  link.goesDown();
  await passed(config.echoAfterMs * 3);
  expect(log.lines.join('\n')).not.toContain('echo');
  link.comesUp();
  await passed(config.echoAfterMs - 1);
  expect(mtis()).toEqual([]);
  await passed(1);
  expect(mtis()).toEqual(['0800']);
  // None of the day's numbers was used up meanwhile.
  expect(text(lastSent(), 11)).toBe('000001');
});
