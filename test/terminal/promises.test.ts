import { afterEach, describe, expect, it, vi } from 'vitest';
import { fault } from '#ports/fault.ts';
import type { SaleRequest, SaleResult } from '#terminal/types.ts';
import type { Durable } from '#test/support/memory-journal.ts';
import {
  approved,
  cardNamed,
  type Harness,
  type HarnessOptions,
  linkIsDown,
  startHarness,
  unanswered,
} from '#test/support/terminal-harness.ts';
import { responseCode } from '#uplink/index.ts';

const never = new AbortController().signal;
/** Long enough for any tap here. */
const BRIEFLY = { holdMs: 200 };

let harness: Harness;
const start = async (options: HarnessOptions = {}) => {
  harness?.close();
  harness = await startHarness(options);
};
const restart = (options: HarnessOptions = {}) =>
  start({ ...options, durable: harness.journal.durable() });
afterEach(() => harness.close());

const pay = async (
  request: Partial<SaleRequest> = {},
  card = 'visa-phone',
): Promise<SaleResult> => {
  const from = harness.views.length;
  const sale = harness.terminal.sale({ amountMinor: 1250, currency: 840, ...request }, never);
  const waiting = harness.seen('presentCard', from).then(() => true);
  const ended = sale.then(() => false);
  if (!(await Promise.race([waiting, ended]))) return sale;
  harness.reader.place(cardNamed(card));
  const result = await sale;
  harness.reader.remove();
  return result;
};
const events = () => harness.journal.durable().entries.map(({ event }) => event);
const states = async () => {
  const latest = await harness.books.latest(10);
  return 'fault' in latest ? [] : latest.map(({ state }) => state);
};
const OFFLINE = { kernel: true, deferred: true, currency: 840, schemes: {} };

describe('a till that asks again under its own id', () => {
  it('gets what happened, and nothing is paid twice', async () => {
    await start();
    const first = await pay({ tillId: 'T-1' });
    const again = await pay({ tillId: 'T-1' });
    expect(again).toMatchObject({ ...first, tap: again.tap, repeated: 'approved' });
    expect(harness.payments).toHaveLength(1);
  });

  it('gets it after a restart as well', async () => {
    await start();
    const first = await pay({ tillId: 'T-1' });
    await restart();
    expect(await pay({ tillId: 'T-1' })).toMatchObject({
      transactionId: first.transactionId,
      status: 'approved',
      authorisationCode: '123456',
      repeated: 'approved',
    });
  });

  it('gets a decline again, and is not given another try', async () => {
    await start({
      authorise: async () => ({ ...approved, approved: false, row: responseCode('51') }),
    });
    await pay({ tillId: 'T-1' });
    expect(await pay({ tillId: 'T-1' })).toMatchObject({
      status: 'declined',
      repeated: 'declined',
    });
    expect(harness.payments).toHaveLength(1);
  });

  it('while it is being taken waits for the same result', async () => {
    await start();
    const request = { amountMinor: 1250, currency: 840, tillId: 'T-1' };
    const sales = [1, 2].map(() => harness.terminal.sale(request, never));
    await harness.seen('presentCard');
    await harness.reader.present(cardNamed('visa-phone'), BRIEFLY);
    const [one, other] = await Promise.all(sales);
    expect(one).toEqual(other);
    expect(harness.payments).toHaveLength(1);
  });

  it.each([
    ['amount', { amountMinor: 999 }],
    ['currency', { currency: 978 }],
    ['kind', { kind: 'refund' as const }],
  ])('with another %s is told so, and nothing is paid', async (_, other) => {
    await start();
    await pay({ tillId: 'T-1' });
    expect(await pay({ tillId: 'T-1', ...other })).toMatchObject({ status: 'error' });
    expect(harness.payments).toHaveLength(1);
  });

  it('after a crash in the middle learns that it is being taken back', async () => {
    await start({ authorise: () => new Promise(() => {}) });
    void pay({ tillId: 'T-1' });
    await vi.waitUntil(() => events().includes('asked'));
    await restart();
    expect(await pay({ tillId: 'T-1' })).toMatchObject({
      status: 'declined',
      repeated: 'reversing',
      reason: expect.stringContaining('interrupted'),
    });
    expect(await harness.takenBack()).toHaveLength(1);
  });
});

describe('nothing is told before it is written', () => {
  it('no approval that can’t be written: it is taken back, and the shopper knows', async () => {
    await start({
      authorise: async () => {
        harness.journal.failNext(fault('journal', 'the disk is full'));
        return approved;
      },
    });
    expect(await pay()).toMatchObject({
      status: 'declined',
      reason: expect.stringContaining('the disk is full'),
    });
    await harness.seen('notCompleted');
    expect(harness.screens()).not.toContain('approved');
    expect(await harness.takenBack()).toHaveLength(1);
  });

  it('no request goes out that can’t be written', async () => {
    await start({ authorise: () => Promise.reject(new Error('asked')) });
    const sale = pay();
    await harness.seen('presentCard');
    harness.journal.refuse(fault('journal', 'the disk is full'));
    expect(await sale).toMatchObject({ status: 'declined' });
    expect(harness.payments).toHaveLength(1);
    expect(events()).toEqual([]);
  });

  it('no payment begins while the journal or the keys can’t be used', async () => {
    await start();
    harness.journal.refuse(fault('journal', 'journal.db was tampered with'));
    expect(await pay()).toMatchObject({
      status: 'error',
      reason: 'no payment can be taken: journal.db was tampered with',
    });
    expect(harness.terminal.status().refusal).toContain('tampered');
    harness.journal.refuse(undefined);
    harness.keys.fail('the keys were erased');
    expect(await pay()).toMatchObject({ status: 'error' });
    harness.keys.fail(undefined);
    expect(await pay()).toMatchObject({ status: 'approved' });
  });

  it('writes twice for a payment that the host approves, once for one nobody made', async () => {
    await start({ settings: { cardTimeoutMs: 50 } });
    await pay();
    expect(events()).toEqual(['asked', 'approved']);
    await harness.terminal.sale({ amountMinor: 1, currency: 840 }, never);
    expect(events()).toEqual(['asked', 'approved', 'timedOut']);
  });

  it('keeps a transcript of the tap without the account number', async () => {
    await start();
    const { transactionId } = await pay({}, 'visa-plastic');
    const transcript = await harness.journal.transcript(transactionId);
    expect(transcript).toMatch(/^> 00A404000E325041592E/m);
    expect(transcript).toContain('= onlineRequest');
    const [payment] = harness.payments;
    const track2 = payment?.tap?.data.get(0x57) ?? new Uint8Array();
    const pan = Buffer.from(track2).toString('hex').slice(0, 16);
    expect(pan).toMatch(/^\d{16}$/);
    const { entries, rows } = harness.journal.durable();
    expect(JSON.stringify([transcript, entries, [...rows]])).not.toContain(pan);
  });
});

describe('without the host', () => {
  it('a payment is taken where the shop allows it, and queued', async () => {
    await start({ authorise: async () => linkIsDown, settings: { offline: OFFLINE } });
    expect(await pay()).toMatchObject({ status: 'approved', offline: 'deferred' });
    await harness.seen('approved');
    expect(await states()).toEqual(['queued']);
  });

  it('no more than the shop allows', async () => {
    const offline = { ...OFFLINE, count: 1 };
    await start({ authorise: async () => linkIsDown, settings: { offline } });
    await pay();
    expect(await pay()).toMatchObject({
      status: 'declined',
      reason: expect.stringContaining('number of payments'),
    });
    expect(await states()).toEqual(['declined', 'queued']);
  });

  it('a request that may have arrived is taken back, never queued', async () => {
    const lost = unanswered(fault('linkDown', 'the cable'), true);
    await start({ authorise: async () => lost, settings: { offline: OFFLINE } });
    expect(await pay()).toMatchObject({ status: 'declined' });
    expect(await states()).toEqual(['reversing']);
  });
});

describe('an approval for a part', () => {
  const part = async () => ({ ...approved, approvedMinor: 800, row: responseCode('10') });

  it('shows what was paid and what is left, where the till can live with it', async () => {
    await start({ authorise: part });
    const result = await pay({ partial: true });
    expect(result).toMatchObject({ status: 'approved', amountMinor: 1250, approvedMinor: 800 });
    const view = await harness.seen('approvedPart');
    expect([view.amount, view.detail]).toEqual(['$8.00', 'Please pay $4.50 another way']);
  });

  it('is taken back where it can’t', async () => {
    await start({ authorise: part });
    expect(await pay()).toMatchObject({ status: 'declined' });
    expect(await harness.takenBack()).toHaveLength(1);
  });
});

describe('the answer for the cashier', () => {
  it.each([
    ['01', 'callIssuer', 'afterCall', 'declined'],
    ['04', 'keepCard', 'never', 'declined'],
    ['91', undefined, 'later', 'declined'],
    ['65', undefined, 'insert', 'insertCard'],
  ] as const)('to %s', async (code, cashier, retry, screen) => {
    const row = responseCode(code);
    await start({ authorise: async () => ({ ...approved, approved: false, row }) });
    const result = await pay();
    expect([result.cashier, result.retry]).toEqual([cashier, retry]);
    await harness.seen(screen);
    expect(JSON.stringify(harness.views)).not.toMatch(/pick up|issuer/);
  });
});

describe('a refund', () => {
  it('goes to the card that is presented, whatever its cryptogram says', async () => {
    await start();
    expect(await pay({ kind: 'refund' })).toMatchObject({ status: 'approved', kind: 'refund' });
    expect(harness.payments[0]).toMatchObject({ transactionType: '20' });
    await harness.seen('refunded');
  });

  it('of an earlier payment needs no card, and no more than was paid goes back', async () => {
    await start();
    const { transactionId: original } = await pay();
    const refund = (amountMinor: number) => pay({ kind: 'refund', original, amountMinor });
    expect(await refund(1251)).toMatchObject({ status: 'error' });
    expect(await refund(1000)).toMatchObject({ status: 'approved', maskedPan: expect.any(String) });
    expect(harness.payments[1]?.tap).toBeUndefined();
    expect(await refund(251)).toMatchObject({ reason: 'more than is left of the payment' });
    expect(await refund(250)).toMatchObject({ status: 'approved' });
  });

  it('of nothing, of a decline or of a refund is refused in words', async () => {
    await start();
    expect(await pay({ kind: 'refund', original: 'nobody' })).toMatchObject({
      reason: 'no payment nobody',
    });
    const { transactionId } = await pay({ kind: 'refund' });
    expect(await pay({ kind: 'refund', original: transactionId })).toMatchObject({
      reason: 'a refund is not given back',
    });
    expect(await pay({ original: transactionId })).toMatchObject({ status: 'error' });
  });
});

describe('a void', () => {
  it('takes an approved payment back, by either id, and says so again', async () => {
    await start();
    const { transactionId } = await pay({ tillId: 'T-1' });
    expect(await harness.terminal.void('T-1')).toMatchObject({ status: 'underWay', transactionId });
    expect(await states()).toEqual(['reversing']);
    expect(await harness.terminal.void(transactionId)).toMatchObject({ status: 'underWay' });
    expect(events().filter((event) => event === 'reversalOwed')).toHaveLength(1);
  });

  it('of what was not approved, or refunded in part, is refused in words', async () => {
    await start({ settings: { cardTimeoutMs: 50 } });
    await harness.terminal.sale({ amountMinor: 1, currency: 840, tillId: 'T-0' }, never);
    expect(await harness.terminal.void('T-0')).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('nobody paid'),
    });
    expect(await harness.terminal.void('T-9')).toMatchObject({ reason: 'no payment T-9' });
  });
});

describe('a pre-authorisation', () => {
  it('holds an amount, and a part of it is collected once', async () => {
    await start();
    const held = await pay({ kind: 'preAuthorisation', tillId: 'H-1' });
    expect(held).toMatchObject({ status: 'approved', kind: 'preAuthorisation' });
    await harness.seen('amountHeld');
    expect(await states()).toEqual(['preAuthorised']);
    const complete = (amountMinor: number, tillId = 'C-1') =>
      harness.terminal.complete({ original: 'H-1', amountMinor, tillId });
    expect(await complete(1251)).toMatchObject({ reason: 'more than the amount held' });
    const collected = await complete(900);
    expect(collected).toMatchObject({ status: 'approved', amountMinor: 900 });
    expect(await states()).toEqual(['queued', 'completed']);
    expect(await complete(900)).toMatchObject({
      transactionId: collected.transactionId,
      repeated: 'queued',
    });
    expect(await complete(900, 'C-2')).toMatchObject({ status: 'error' });
  });

  it('can be released instead', async () => {
    await start();
    const { transactionId } = await pay({ kind: 'preAuthorisation' });
    await harness.terminal.void(transactionId);
    expect(await states()).toEqual(['reversing']);
    const order = { original: transactionId, amountMinor: 1 };
    expect(await harness.terminal.complete(order)).toMatchObject({ status: 'error' });
  });
});

describe('what an earlier run left', () => {
  it('is there before the first tap', async () => {
    await start({ authorise: () => new Promise(() => {}) });
    void pay();
    await vi.waitUntil(() => events().includes('asked'));
    const durable: Durable = harness.journal.durable();
    await start({ durable });
    expect(events()).toEqual(['asked', 'reversalOwed']);
    expect(await pay()).toMatchObject({ status: 'approved' });
  });
});
