import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fault, isFault } from '#ports/fault.ts';
import type { OrderResult, SaleResult } from '#terminal/types.ts';
import { cardNamed, linkIsDown } from '#test/support/terminal-harness.ts';
import type {
  ErrorView,
  PaymentsView,
  PaymentView,
  ReceiptView,
  TapView,
} from '../../src/console/api.ts';
import { receiptOf } from '../../src/console/views/receipt.ts';
import { openShop, type Shop, type SignedIn, writtenDown } from './shop.ts';

let shop: Shop;
let carl: SignedIn;
beforeEach(async () => {
  shop = await openShop();
  carl = await shop.enter('Carl', 'cashier');
});
afterEach(() => shop.close());

const never = new AbortController().signal;
const PAN = /\b(?:4\d{15}|5\d{15})\b/;

const pay = async (amountMinor: number, card = 'visa-phone'): Promise<SaleResult> => {
  const { terminal, reader, views, seen } = shop.harness;
  const sale = terminal.sale({ amountMinor, currency: 840 }, never);
  await seen('presentCard', views.length);
  await reader.present(cardNamed(card), { holdMs: 200 });
  const result = await sale;
  await seen('welcome', views.length - 1);
  return result;
};

const detailOf = async (id: string): Promise<PaymentView> =>
  (await carl.ask('GET', `/api/payments/${id}`)).json<PaymentView>();

describe('the list', () => {
  test('has the newest first, a page at a time, and finds what is looked for', async () => {
    const ids: string[] = [];
    for (const amount of [1250, 1300, 1350]) ids.push((await pay(amount)).transactionId);
    const first = (await carl.ask('GET', '/api/payments?count=2')).json<PaymentsView>();
    expect(first.payments.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(first.payments[0]).toMatchObject({
      kind: 'purchase',
      state: 'approved',
      meaning: 'approved',
      amountMinor: 1350,
      currency: 'USD',
      scheme: 'Visa',
      maskedPan: expect.stringMatching(/^\d{6}\*+\d{4}$/),
    });
    const path = `/api/payments?count=2&before=${encodeURIComponent(first.next ?? '')}`;
    const second = (await carl.ask('GET', path)).json<PaymentsView>();
    expect(second.payments.map(({ id }) => id)).toEqual([ids[0]]);
    expect(second.next).toBeUndefined();
    const found = (await carl.ask('GET', '/api/payments?search=1300')).json<PaymentsView>();
    expect(found.payments.map(({ id }) => id)).toEqual([ids[1]]);
    const none = (await carl.ask('GET', '/api/payments?state=declined')).json<PaymentsView>();
    expect(none.payments).toEqual([]);
  });

  test.each([
    ['count=0', 'count'],
    ['count=101', 'count'],
    ['count=x', 'count'],
    ['before=nonsense', 'before'],
    [`search=${'x'.repeat(65)}`, 'search'],
    ['state=%27%20OR%201', 'state'],
    ['who=1', 'who'],
    ['search=a&search=b', 'search'],
  ])('refuses %s and names the field', async (query, field) => {
    const answer = await carl.ask('GET', `/api/payments?${query}`);
    expect([answer.status, answer.json<ErrorView>().field]).toEqual([422, field]);
  });
});

describe('a payment', () => {
  test('tells what happened, in words, and what the card said, without account data', async () => {
    const { transactionId } = await pay(1250);
    const view = await detailOf(transactionId);
    expect(view.can).toEqual({ refund: true, void: true, reprint: true });
    expect(view.entries.map(({ event, says }) => [event, says])).toEqual([
      ['asked', 'The host is about to be asked for $12.50 USD.'],
      ['approved', expect.stringMatching(/^Approved by the host: 00 .*authorisation 123456\.$/)],
    ]);
    const commands = view.exchanges.map(({ command }) => command.replace(/:.*/, ''));
    expect(commands.slice(0, 3)).toEqual(['SELECT PPSE', 'SELECT (AID)', 'GET PROCESSING OPTIONS']);
    const elements = view.exchanges.flatMap((one) => one.elements);
    expect(elements.find(({ name }) => name === 'Application Label')?.means).toMatch(/visa/i);
    expect(view.exchanges.every(({ answer }) => /^[0-9A-F]{4}: /.test(answer))).toBe(true);
    expect(view.reasons.length).toBeGreaterThan(2);
    expect(view.reasons).toContain('Cardholder: verified on the device');
    expect(JSON.stringify(view)).not.toMatch(PAN);
  });

  test('that was declined says why', async () => {
    await shop.close();
    shop = await openShop({ authorise: async () => linkIsDown });
    carl = await shop.enter('Carl', 'cashier');
    const { transactionId } = await pay(1250, 'mastercard-phone');
    const view = await detailOf(transactionId);
    expect(view.can).toMatchObject({ refund: false, void: false });
    expect(view.reasons[0]).toContain('no connection to the host');
    expect(view.entries.at(-1)?.says).toMatch(/no connection/);
  });

  test('that there is not: 404, and a strange id: 422', async () => {
    expect((await carl.ask('GET', '/api/payments/NOPE')).status).toBe(404);
    expect((await carl.ask('GET', '/api/payments/a%20b')).status).toBe(422);
  });

  test('can be seen while the journal fails: why not', async () => {
    const { transactionId } = await pay(1250);
    shop.harness.journal.refuse(fault('journal', 'the disk is gone'));
    const answer = await carl.ask('GET', `/api/payments/${transactionId}`);
    expect([answer.status, answer.json<ErrorView>().error]).toEqual([503, 'the disk is gone']);
  });
});

describe('a refund', () => {
  const refund = async (id: string, body: unknown) =>
    carl.ask('POST', `/api/payments/${id}/refund`, body);

  test('gives back to the card once, however often it is asked for', async () => {
    const { transactionId } = await pay(1250);
    const body = { amountMinor: 500, requestId: 'a1b2c3d4-e5f6' };
    const first = await refund(transactionId, body);
    expect(first.json<SaleResult>()).toMatchObject({
      status: 'approved',
      kind: 'refund',
      tillId: 'console-a1b2c3d4-e5f6',
    });
    const again = await refund(transactionId, body);
    expect(again.json<SaleResult>()).toMatchObject({ status: 'approved', repeated: 'approved' });
    const both = await Promise.all([refund(transactionId, body), refund(transactionId, body)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const view = await detailOf(transactionId);
    expect(view).toMatchObject({ refundedMinor: 500, can: { refund: true, void: false } });
    expect(view.entries.at(-1)?.says).toBe('Given back so far: $5.00 USD.');
    expect(shop.harness.payments).toHaveLength(2);
    const told = shop.audit.filter(({ action }) => action === 'refund');
    expect(told[0]).toMatchObject({ person: 'Carl', subject: transactionId, outcome: 'done' });
    expect(told[1]?.says).toContain('nothing was given twice');
  });

  test('of more than is left, or of nothing, gives nothing', async () => {
    const { transactionId } = await pay(1250);
    const more = await refund(transactionId, { amountMinor: 1251, requestId: 'a1b2c3d4' });
    expect(more.json<SaleResult>().status).not.toBe('approved');
    expect(shop.audit.at(-1)).toMatchObject({ action: 'refund', outcome: 'refused' });
    for (const amountMinor of [0, -5, 1.5, '5', 1e15]) {
      const answer = await refund(transactionId, { amountMinor, requestId: 'a1b2c3d5' });
      expect([answer.status, answer.json<ErrorView>().field]).toEqual([422, 'amountMinor']);
    }
    expect((await refund(transactionId, { amountMinor: 5 })).status).toBe(422);
    expect((await detailOf(transactionId)).refundedMinor).toBe(0);
  });

  test('under a request id of another payment is refused', async () => {
    const [one, other] = [await pay(1250), await pay(1250)];
    const body = { amountMinor: 500, requestId: 'a1b2c3d4' };
    expect((await refund(one.transactionId, body)).json<SaleResult>().status).toBe('approved');
    expect((await refund(other.transactionId, body)).json<SaleResult>().status).toBe('error');
    expect((await detailOf(other.transactionId)).refundedMinor).toBe(0);
  });
});

test('a void is begun, told, and said again when it is asked for again', async () => {
  const { transactionId } = await pay(1250);
  const path = `/api/payments/${transactionId}/void`;
  const first = await carl.ask('POST', path);
  expect(first.json<OrderResult>()).toMatchObject({ status: 'underWay', transactionId });
  expect(shop.audit.at(-1)).toMatchObject({ action: 'void', outcome: 'done' });
  expect((await carl.ask('POST', path)).json<OrderResult>().status).toBe('underWay');
  const view = await detailOf(transactionId);
  expect(view).toMatchObject({ line: { state: 'reversing' }, can: { refund: false, void: false } });
});

describe('a receipt', () => {
  test('has what a copy must have, and of the number four digits', async () => {
    const { transactionId, maskedPan = '' } = await pay(1250);
    const answer = await carl.ask('GET', `/api/payments/${transactionId}/receipt`);
    const { lines, copy } = answer.json<ReceiptView>();
    expect(copy).toBe(true);
    expect(lines.every((line) => line.length <= 42)).toBe(true);
    const text = lines.join('\n');
    expect(lines[0]?.trim()).toBe('Corner Shop');
    for (const part of [/Terminal CTAP0001 +\d{4}-\d{2}-\d{2} \d{2}:\d{2}/, /USD \$12\.50/]) {
      expect(text).toMatch(part);
    }
    expect(text).toMatch(/Card +Visa/i);
    expect(text).toMatch(/AID +A0000000031010/);
    expect(text).toMatch(/Authorisation +123456/);
    expect(text).toMatch(/Cardholder +verified on the device/);
    expect(text).toContain(`**** **** **** ${maskedPan.slice(-4)}`);
    expect(text).not.toContain(maskedPan.slice(0, 6));
    expect(lines.at(-1)?.trim()).toBe('COPY');
    expect(shop.audit.at(-1)).toMatchObject({ action: 'reprint receipt', subject: transactionId });
  });

  test('names the cryptogram, as the card gave it', async () => {
    const { transactionId } = await pay(1250, 'mastercard-phone');
    const answer = await carl.ask('GET', `/api/payments/${transactionId}/receipt`);
    expect(answer.json<ReceiptView>().lines).toContainEqual(
      expect.stringMatching(/^ARQC +[0-9A-F]{16}$/),
    );
  });

  test('has the chip data as they went to the host', async () => {
    const { transactionId } = await pay(1250);
    const record = await shop.harness.books.find(transactionId);
    if (record === undefined || isFault(record)) throw new Error('no such payment');
    const hex = '95050000008000' + '9F270140' + '9F26080102030405060708' + '9F36020007';
    const request = { mti: '0100', fields: { 55: { hex } }, localTime: '261129083400' };
    const about = { merchant: 'Corner Shop', terminalId: 'CTAP0001', currency: 'USD' };
    const { lines } = receiptOf(
      { ...record, request },
      {
        shop: { ...about, language: 'en', names: [] },
        zone: shop.decisions.now().zone,
        exchanges: [],
      },
    );
    for (const line of [/^TC +0102030405060708$/, /^TVR +0000008000$/, /^ATC +0007$/]) {
      expect(lines).toContainEqual(expect.stringMatching(line));
    }
  });

  test('of what was declined says so', async () => {
    const { transactionId } = await pay(1250, 'visa-declines');
    const answer = await carl.ask('GET', `/api/payments/${transactionId}/receipt`);
    expect(answer.json<ReceiptView>().lines.map((line) => line.trim())).toContain('DECLINED');
  });
});

test('a payment that waits for a card can be cancelled, and the last taps are kept', async () => {
  const { terminal, seen, views } = shop.harness;
  const none = await carl.ask('POST', '/api/cancel');
  expect(none.json()).toEqual({ cancelled: false });
  const sale = terminal.sale({ amountMinor: 1250, currency: 840 }, never);
  await seen('presentCard', views.length);
  expect((await carl.ask('POST', '/api/cancel')).json()).toEqual({ cancelled: true });
  expect((await sale).status).toBe('cancelled');
  await seen('welcome', views.length - 1);
  await pay(900);
  const taps = (await carl.ask('GET', '/api/taps')).json<readonly TapView[]>();
  expect(taps.map(({ result }) => result.status)).toEqual(['approved', 'cancelled']);
  expect(taps[0]?.times?.commands.length).toBeGreaterThan(2);
  expect(taps[1]?.times).toBeUndefined();
  expect(
    shop.audit.filter(({ action }) => action === 'cancel payment').map((one) => one.outcome),
  ).toEqual(['refused', 'done']);
});

test('what is written down of payments holds no account number', async () => {
  const { transactionId } = await pay(1250);
  for (const path of ['', '/receipt'])
    await carl.ask('GET', `/api/payments/${transactionId}${path}`);
  expect(writtenDown(shop)).not.toMatch(PAN);
});
