import type { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Message, text } from '#iso8583/index.ts';
import type { PaymentRecord } from '#payment/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import type { Durable } from '#test/support/memory-journal.ts';
import { createUplink, type Uplink, type UplinkState } from '#uplink/index.ts';
import {
  answerTo,
  authorised,
  config,
  memoryLog,
  partsOver,
  payment,
  playedLink,
  VISA,
} from './support.ts';

type Parts = Awaited<ReturnType<typeof partsOver>>;

let link: ReturnType<typeof playedLink>;
let log: ReturnType<typeof memoryLog>;
let parts: Parts;
let uplink: Uplink;
let working: Subscription;
let state: UplinkState | undefined;

/** A terminal that starts over what an earlier run wrote down. */
const start = async (durable?: Durable) => {
  working?.unsubscribe();
  link = playedLink();
  parts = await partsOver(link, log, durable);
  uplink = createUplink(parts);
  working = uplink.state$.subscribe((next) => {
    state = next;
  });
  await passed(0);
};

beforeEach(async () => {
  vi.useFakeTimers();
  log = memoryLog();
  await start();
});
afterEach(() => {
  working.unsubscribe();
  vi.useRealTimers();
  expect(log.lines.join('\n')).not.toContain(VISA);
});

const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const sent = () => link.sent.map((message) => `${message.mti} ${text(message, 11)}`);
const last = (): Message => {
  const message = link.sent.at(-1);
  if (message === undefined) throw new Error('nothing was sent');
  return message;
};
const says = async (message: Message) => {
  link.says(message);
  await passed(0);
};
const found = async (id: string): Promise<PaymentRecord> => {
  const record = await parts.books.find(id);
  if (record === undefined || isFault(record)) throw new Error(id);
  return record;
};
const accept = async (atc: number, why: 'kernel' | 'deferred' = 'kernel') => {
  const accepted = await uplink.accept(await payment(1250, atc), why, { status: 'approved' });
  if (isFault(accepted)) throw new Error(accepted.detail);
  await passed(0);
  return accepted;
};
const approve = async (atc: number, amountMinor = 1250) => {
  const done = authorised(uplink, parts, await payment(amountMinor, atc));
  await passed(0);
  await says(answerTo(last(), [39, '00']));
  await done;
};

describe('what was approved without the host', () => {
  test('is told to it with the account, the cryptogram and that the card approved', async () => {
    await accept(1);
    expect(last().mti).toBe('0220');
    expect([2, 4, 39].map((number) => text(last(), number))).toEqual([VISA, '000000001250', 'Y1']);
    expect(last().fields.has(55)).toBe(true);
    expect(state?.toForward).toBe(1);
    await says(answerTo(last(), [39, '00']));
    expect(state?.toForward).toBe(0);
    expect(await found('payment-1')).toMatchObject({ state: 'approved', period: 1 });
  });

  test('goes in order, one after another, with the same identity on each repeat', async () => {
    link.goesDown();
    await accept(1);
    await accept(2, 'deferred');
    link.comesUp();
    await passed(0);
    await passed(1_000);
    const [first, again] = link.sent.slice(-2);
    expect(sent()).toEqual(['0220 000001', '0221 000001']);
    expect([7, 37].map((number) => text(again ?? last(), number))).toEqual(
      [7, 37].map((number) => text(first ?? last(), number)),
    );
    await says(answerTo(last(), [39, '00']));
    expect(sent().slice(2)).toEqual(['0100 000002']);
  });

  test('is repeated after a restart as what it is: a repeat', async () => {
    await accept(1);
    await start(parts.journal.durable());
    expect(sent()).toEqual(['0221 000001']);
    expect(text(last(), 2)).toBe(VISA);
  });

  test('and is refused by the host is reported, and not repeated', async () => {
    await accept(1, 'deferred');
    await says(answerTo(last(), [39, '51']));
    expect(await found('payment-1')).toMatchObject({
      state: 'refusedLater',
      answer: { responseCode: '51' },
    });
    expect(log.lines.join('\n')).toContain('refused by the host when it was forwarded');
    await passed(60_000);
    expect(link.sent.filter(({ mti }) => mti.startsWith('01'))).toHaveLength(1);
  });

  test('is tried again where the host says "later", and taken where it has it', async () => {
    await accept(1);
    await says(answerTo(last(), [39, '91']));
    await passed(1_000);
    expect(sent()).toEqual(['0220 000001', '0221 000001']);
    await says(answerTo(last(), [39, '94']));
    expect(await found('payment-1')).toMatchObject({ state: 'approved' });
  });

  test('that the host puts off for ever goes to staff, and the next one is told', async () => {
    await accept(1);
    await accept(2);
    for (let i = 0; i < 100; i++) {
      await says(answerTo(last(), [39, '91']));
      await passed(30_000);
    }
    expect(await found('payment-1')).toMatchObject({ state: 'refusedLater' });
    expect(text(last(), 11)).toBe('000002');
  });

  test('stays in the queue when what the host said can’t be written', async () => {
    await accept(1);
    parts.journal.failNext(fault('journal', 'the disk is full'));
    await says(answerTo(last(), [39, '00']));
    expect(state?.toForward).toBe(1);
    await passed(1_000);
    await says(answerTo(last(), [39, '00']));
    expect(state?.toForward).toBe(0);
  });

  test('lets a payment that is asked for now go first, but no reversal wait', async () => {
    await accept(1);
    const asked = authorised(uplink, parts, await payment(700, 2));
    await passed(0);
    expect(sent()).toEqual(['0220 000001', '0100 000002']);
    await passed(config.answerWithinMs);
    await asked;
    await passed(0);
    const after = sent().indexOf('0400 000002');
    expect(after).toBeGreaterThan(0);
    // Nothing else is tried until the reversal is acknowledged.
    await passed(10_000);
    expect(new Set(sent().slice(after))).toEqual(new Set(['0400 000002', '0401 000002']));
    await says(answerTo(last(), [39, '00']));
    expect(last().mti).toBe('0221');
  });
});

describe('a restart', () => {
  test('takes back a payment that was asked for and never answered', async () => {
    void authorised(uplink, parts, await payment(1250, 1));
    await passed(0);
    await start(parts.journal.durable());
    expect(sent()).toEqual(['0400 000001']);
    expect([39, 2].map((number) => text(last(), number))).toEqual(['68', VISA]);
    await says(answerTo(last(), [39, '25']));
    expect(await found('payment-1')).toMatchObject({ state: 'reversed', acknowledged: '25' });
  });

  test('goes on with a reversal as a repeat of the same', async () => {
    const asked = authorised(uplink, parts, await payment(1250, 1));
    await passed(config.answerWithinMs);
    await asked;
    await passed(0);
    const before = last();
    await start(parts.journal.durable());
    expect(last()).toEqual({ ...before, mti: '0401' });
  });

  test('without keys still takes back: the host finds it by the original’s elements', async () => {
    const asked = authorised(uplink, parts, await payment(1250, 1));
    await passed(config.answerWithinMs);
    await asked;
    await passed(0);
    const { keys } = await import('./support.ts');
    keys.fail('the keys were erased');
    try {
      await start(parts.journal.durable());
      expect(last().mti).toBe('0401');
      expect([last().fields.has(2), last().fields.has(90)]).toEqual([false, true]);
    } finally {
      keys.fail(undefined);
    }
  });
});

describe('the end of a period', () => {
  test('says what stands, and settles it when the host agrees', async () => {
    await approve(1, 1250);
    await approve(2, 750);
    const done = uplink.reconcile();
    await passed(0);
    expect(last().mti).toBe('0500');
    expect([50, 76, 88].map((number) => text(last(), number))).toEqual([
      '840',
      '0000000002',
      '0000000000002000',
    ]);
    await says(answerTo(last(), [39, '00'], [66, '1']));
    expect(await done).toMatchObject({ period: 1, currencies: [{ inBalance: true }] });
    expect(await found('payment-1')).toMatchObject({ state: 'reconciled' });
    expect(parts.books.period).toBe(2);
  });

  test('leaves what the host sees otherwise unsettled, and says so', async () => {
    await approve(1);
    const done = uplink.reconcile();
    await passed(0);
    await says(answerTo(last(), [39, '00'], [66, '2']));
    expect(await done).toMatchObject({ currencies: [{ inBalance: false }] });
    expect(await found('payment-1')).toMatchObject({ state: 'approved' });
    expect(log.lines.join('\n')).toContain('out of balance');
  });

  test('that the host won’t hear of keeps nobody from paying', async () => {
    await approve(1);
    const done = uplink.reconcile();
    await passed(0);
    await says(answerTo(last(), [39, '96']));
    await passed(1_000);
    expect(last().mti).toBe('0501');
    await says(answerTo(last(), [39, '40']));
    expect(await done).toMatchObject({ currencies: [{ inBalance: false }] });
    expect(await found('payment-1')).toMatchObject({ state: 'approved' });
    await approve(2);
    expect(await found('payment-2')).toMatchObject({ state: 'approved', period: 2 });
  });

  test('is nothing to ask about when nothing was paid', async () => {
    expect(await uplink.reconcile()).toEqual({ period: 1, currencies: [] });
    expect(link.sent).toEqual([]);
  });

  test('without an answer is repeated, after a restart too, before a payment', async () => {
    await approve(1);
    const done = uplink.reconcile();
    await passed(config.answerWithinMs);
    expect(await done).toMatchObject({ fault: 'timeout' });
    const before = link.sent.find(({ mti }) => mti === '0500');
    await start(parts.journal.durable());
    expect(last()).toEqual({ ...before, mti: '0501' });
    const next = authorised(uplink, parts, await payment(500, 2));
    await passed(0);
    expect(sent().some((one) => one.startsWith('0100'))).toBe(false);
    await says(answerTo(last(), [39, '00'], [66, '1']));
    expect(last().mti).toBe('0100');
    await says(answerTo(last(), [39, '00']));
    await next;
    expect(await found('payment-1')).toMatchObject({ state: 'reconciled' });
    expect(await found('payment-2')).toMatchObject({ state: 'approved', period: 2 });
  });

  test('waits until everything that is owed was taken', async () => {
    await accept(1);
    const done = uplink.reconcile();
    await passed(config.answerWithinMs);
    expect(await done).toMatchObject({ fault: 'timeout' });
    expect(sent().some((one) => one.startsWith('0500'))).toBe(false);
  });
});
