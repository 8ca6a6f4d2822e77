import type { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Message, text } from '#iso8583/index.ts';
import { owed, type PaymentRecord } from '#payment/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import { createUplink, type Uplink, type UplinkState } from '#uplink/index.ts';
import {
  answerTo,
  authorised,
  config,
  keys,
  memoryLog,
  partsOver,
  payment,
  playedLink,
} from './support.ts';

type Parts = Awaited<ReturnType<typeof partsOver>>;

let link: ReturnType<typeof playedLink>;
let parts: Parts;
let uplink: Uplink;
let working: Subscription;
let state: UplinkState | undefined;

const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);
beforeEach(async () => {
  vi.useFakeTimers();
  link = playedLink();
  parts = await partsOver(link, memoryLog());
  uplink = createUplink(parts);
  working = uplink.state$.subscribe((next) => {
    state = next;
  });
  await passed(0);
});
afterEach(() => {
  working.unsubscribe();
  vi.useRealTimers();
});

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
const approve = async (atc: number, kind: PaymentRecord['kind'] = 'purchase') => {
  const done = authorised(uplink, parts, await payment(1250, atc, { kind }));
  await passed(0);
  await says(answerTo(last(), [39, '00'], [38, 'A1B2C3']));
  await done;
  return found(`payment-${atc}`);
};
const complete = async (atc: number, held: PaymentRecord) => {
  const { tap, ...rest } = await payment(900, atc, { kind: 'completion' });
  const record = { ...rest.record, original: held.id };
  const accepted = await uplink.accept({ ...rest, record, original: held }, 'completion', {}, held);
  if (isFault(accepted)) throw new Error(accepted.detail);
  await passed(0);
  return accepted;
};

describe('a void that the host refuses', () => {
  test('leaves the payment standing, and nobody waiting', async () => {
    await uplink.takeBack(await approve(1));
    await passed(0);
    await says(answerTo(last(), [39, '57']));
    expect(await found('payment-1')).toMatchObject({ state: 'approved', acknowledged: '57' });
    expect(state?.openReversals).toBe(0);
    expect(await approve(2)).toMatchObject({ state: 'approved' });
  });

  test('for now is asked again', async () => {
    await uplink.takeBack(await approve(1));
    await passed(0);
    await says(answerTo(last(), [39, '96']));
    await passed(1_000);
    expect(last().mti).toBe('0401');
  });

  test('of an amount that is held leaves it held', async () => {
    await uplink.takeBack(await approve(1, 'preAuthorisation'));
    await passed(0);
    await says(answerTo(last(), [39, '12']));
    expect(await found('payment-1')).toMatchObject({ state: 'preAuthorised' });
  });
});

test('any other reversal that is refused goes on; "duplicate" ends a repeated one', async () => {
  const lost = authorised(uplink, parts, await payment(1250, 1));
  await passed(config.answerWithinMs);
  await lost;
  await passed(0);
  await says(answerTo(last(), [39, '94']));
  await says(answerTo(last(), [39, '57']));
  expect(state?.openReversals).toBe(1);
  await passed(1_000);
  expect(last().mti).toBe('0401');
  await says(answerTo(last(), [39, '94']));
  expect(state?.openReversals).toBe(0);
});

describe('an answer with a reference of the host’s own', () => {
  test('is the answer when it is of the same terminal and moment', async () => {
    const done = authorised(uplink, parts, await payment(1250, 1));
    await passed(0);
    const request = last();
    const moment = text(request, 7) ?? '';
    await says(answerTo(request, [39, '00'], [7, moment], [37, 'HOST00000001']));
    expect(await done).toMatchObject({ approved: true });
  });

  test('is no answer when it is of another moment, or says none', async () => {
    const done = authorised(uplink, parts, await payment(1250, 1));
    await passed(0);
    await says(answerTo(last(), [39, '00'], [7, '0101000000']));
    await says(answerTo(last(), [39, '00'], [37, 'HOST00000001']));
    await says(answerTo(last(), [39, '05']));
    expect(await done).toMatchObject({ approved: false });
  });

  test('ends a period that was asked for without one', async () => {
    await approve(1);
    const done = uplink.reconcile();
    await passed(0);
    await says(answerTo(last(), [39, '00'], [66, '1'], [37, 'HOST00000001']));
    expect(await done).toMatchObject({ currencies: [{ inBalance: true }] });
  });
});

describe('the completion of an amount that is held', () => {
  test('that the host takes has collected it', async () => {
    const held = await approve(1, 'preAuthorisation');
    await complete(2, held);
    expect(await found('payment-1')).toMatchObject({ state: 'completed' });
    await says(answerTo(last(), [39, '00']));
    expect(await found('payment-1')).toMatchObject({ state: 'collected' });
  });

  test('that the host refuses leaves it held', async () => {
    const held = await approve(1, 'preAuthorisation');
    await complete(2, held);
    await says(answerTo(last(), [39, '05']));
    expect(await found('payment-2')).toMatchObject({ state: 'refusedLater' });
    expect(await found('payment-1')).toMatchObject({ state: 'preAuthorised' });
  });

  test('that is taken back before the host had it leaves it held', async () => {
    const held = await approve(1, 'preAuthorisation');
    link.goesDown();
    await uplink.takeBack(await complete(2, held));
    link.comesUp();
    await passed(0);
    await says(answerTo(last(), [39, '25']));
    expect(await found('payment-1')).toMatchObject({ state: 'preAuthorised' });
  });
});

test('a refund that is taken back has given nothing back', async () => {
  const sold = await approve(1);
  const { record, ...rest } = await payment(500, 2, { kind: 'refund', type: '20' });
  const asked = { ...rest, record: { ...record, original: sold.id } };
  const done = uplink.authorise(asked, new AbortController().signal);
  await passed(0);
  await says(answerTo(last(), [39, '00']));
  const { record: refund } = await done;
  await parts.books.record([
    { payment: refund, event: 'approved', patch: { period: 1 } },
    { payment: sold, event: 'refunded', patch: { refundedMinor: 500 } },
  ]);
  await uplink.takeBack(await found('payment-2'));
  await passed(0);
  await says(answerTo(last(), [39, '00']));
  expect(await found('payment-1')).toMatchObject({ state: 'approved', refundedMinor: 0 });
});

test('a payment whose account can’t be read lets those behind it go first', async () => {
  link.goesDown();
  for (const atc of [1, 2]) await uplink.accept(await payment(100, atc), 'kernel', {});
  const { open } = keys;
  vi.spyOn(keys, 'open').mockImplementation(async (sealed, about) =>
    about.startsWith('payment-1 ') ? fault('keys', 'another key') : open(sealed, about),
  );
  link.comesUp();
  await passed(0);
  await passed(1_000);
  expect(text(last(), 11)).toBe('000002');
  vi.restoreAllMocks();
  await says(answerTo(last(), [39, '00']));
  await passed(1_000);
  expect(text(last(), 11)).toBe('000001');
});

test('what is taken back while its message is made does not go out any more', async () => {
  link.goesDown();
  const accepted = await uplink.accept(await payment(100, 1), 'kernel', {});
  if (isFault(accepted)) throw new Error(accepted.detail);
  await passed(0);
  const { open } = keys;
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  vi.spyOn(keys, 'open').mockImplementationOnce(async (sealed, about) => {
    await opened;
    return open(sealed, about);
  });
  link.comesUp();
  await passed(0);
  await parts.books.note(accepted, 'reversalOwed', owed('voided', 0, 'queued'));
  await passed(0);
  resolve();
  await passed(0);
  vi.restoreAllMocks();
  expect(link.sent.map(({ mti }) => mti)).toEqual(['0400']);
});

test('the end of a period that came too late is told with the next', async () => {
  await approve(1);
  const done = uplink.reconcile();
  await passed(config.answerWithinMs);
  expect(await done).toMatchObject({ fault: 'timeout' });
  await says(answerTo(last(), [39, '00'], [66, '2']));
  expect(await uplink.reconcile()).toEqual({
    period: 2,
    currencies: [],
    earlier: expect.objectContaining({ period: 1 }),
  });
  expect(await uplink.reconcile()).toEqual({ period: 2, currencies: [] });
});
