import { expect, test } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import { paymentOrder, reversalOrder } from '#nexo/index.ts';
import { createTillClient, isTillFault, type TillClient } from '#till/client/index.ts';
import { requestsOf } from '../fake-terminal.ts';
import { tillAt } from './tills.ts';

const ORIGINAL = { id: 'payment-9', timeStamp: '2026-01-31T12:00:00.000Z' };

const EVERYTHING: readonly (readonly [string, (till: TillClient) => Promise<unknown>])[] = [
  ['Payment', (till) => till.pay({ amount: 12.5, currency: 'EUR' })],
  ['Payment', (till) => till.refund({ amount: 1, currency: 'EUR', original: ORIGINAL })],
  ['Reversal', (till) => till.reverse({ original: ORIGINAL, amount: 2, currency: 'EUR' })],
  ['Abort', (till) => till.abort('0123456789')],
  ['TransactionStatus', (till) => till.status('0123456789')],
  ['CardAcquisition', (till) => till.acquireCard({ amount: 5, brands: ['visa'] })],
  ['Display', (till) => till.display({ title: 'Hello', text: 'Two rolls' })],
  ['Input', (till) => till.input.confirm({ text: 'A bag?', yes: 'Please', no: 'No' })],
  ['Input', (till) => till.input.digits({ text: 'Postcode?', minLength: 4, maxLength: 5 })],
  ['Input', (till) => till.input.digits({ text: 'How much?', decimals: 2 })],
  ['Input', (till) => till.input.text({ text: 'Your name?', maxLength: 20, initial: 'A' })],
  ['Input', (till) => till.input.menu({ text: 'Which?', entries: ['Roll', 'Bread'] })],
  ['Input', (till) => till.input.signature({ text: 'Please sign', withinSeconds: 60 })],
  ['Print', (till) => till.print(['Corner Bakery', 'Thank you'])],
  ['Diagnosis', (till) => till.diagnose()],
  ['Login', (till) => till.login({ operatorId: 'Ann' })],
  ['Logout', (till) => till.logout()],
  ['GetTotals', (till) => till.totals()],
  ['Reconciliation', (till) => till.reconcile()],
  ['BalanceInquiry', (till) => till.request('BalanceInquiry', {})],
];

test.each(EVERYTHING)('%s is read by our own reader, and answered', async (category, act) => {
  const { till, terminal } = tillAt();
  const answer = await act(till);
  expect(isTillFault(answer)).toBe(false);
  expect(terminal.requests.map((request) => request.category)).toEqual([category]);
});

test('each request has an id of ten characters, and no two the same', async () => {
  const { till, terminal } = tillAt();
  for (let count = 0; count < 50; count += 1) await till.logout();
  const ids = terminal.requests.map(({ header }) => header.ServiceID ?? '');
  expect(new Set(ids).size).toBe(50);
  expect(ids.every((id) => /^[0-9A-Z]{10}$/.test(id))).toBe(true);
});

test('what a till wants of a payment is what the terminal understands', async () => {
  const { till, terminal } = tillAt();
  const wanted = { amount: 20, currency: 'EUR', tip: 2, cashback: 5, askTip: true, partial: true };
  await till.pay({ ...wanted, forceOnline: true, method: 'card', brands: ['visa'] });
  await till.pay({ amount: 3, currency: 'EUR', method: 'code', brands: ['alipay'] });
  await till.pay({ amount: 50, currency: 'EUR', kind: 'preAuthorisation' });
  await till.pay({ amount: 40, currency: 'EUR', kind: 'completion', original: ORIGINAL });
  await till.refund({ amount: 1.5, currency: 'EUR', original: ORIGINAL });
  const orders = requestsOf(terminal, 'Payment').map(({ body }) =>
    paymentOrder(body, { wallets: ['alipay'] }),
  );
  expect(orders).toMatchObject([
    {
      sale: { amountMinor: 2000, partial: true, method: 'card' },
      wishes: {
        tipMinor: 200,
        cashBackMinor: 500,
        askTip: true,
        forceOnline: true,
        brands: ['visa'],
      },
    },
    { sale: { amountMinor: 300, method: 'code', wallet: 'alipay' } },
    { sale: { amountMinor: 5000, kind: 'preAuthorisation' } },
    { completion: { amountMinor: 4000, original: 'payment-9' } },
    { sale: { amountMinor: 150, kind: 'refund', original: 'payment-9' } },
  ]);
});

test('a reversal says what it takes back, and why', async () => {
  const { till, terminal } = tillAt();
  const reversed = await till.reverse({ original: ORIGINAL, amount: 2.5, currency: 'EUR' });
  const [request] = requestsOf(terminal, 'Reversal');
  const order = request && reversalOrder(request.body);
  expect(isMalformed(order)).toBe(false);
  expect(order).toEqual({
    original: 'payment-9',
    reason: 'CustCancel',
    amount: 2.5,
    currency: 'EUR',
  });
  expect(reversed).toMatchObject({ status: 'approved', amount: 12.5 });
});

test('an answer is told in a cashier’s terms', async () => {
  const { till, terminal } = tillAt();
  const paid = await till.pay({ amount: 12.5, currency: 'EUR' });
  expect(paid).toMatchObject({
    status: 'approved',
    reason: '',
    asked: false,
    amount: 12.5,
    currency: 'EUR',
    approvalCode: '123456',
    maskedPan: expect.stringContaining('0119'),
    transaction: { id: expect.stringContaining('payment-') },
  });
  expect(isTillFault(paid) ? [] : paid.receipts[0]).toMatchObject({
    copy: 'customer',
    lines: [{ name: 'Corner Bakery', bold: true }, {}, { name: 'TOTAL', value: 'EUR 12.50' }, {}],
  });
  terminal.payment = () => ({
    status: 'declined',
    reason: 'refused by the shop',
    restriction: { cashier: 'Contactless is off today', alternatives: ['insert', 'qr:alipay'] },
  });
  expect(await till.pay({ amount: 12.5, currency: 'EUR' })).toMatchObject({
    status: 'refusedByShop',
    errorCondition: 'PaymentRestriction',
    reason: 'Contactless is off today',
    alternatives: ['insert', 'qr:alipay'],
  });
  terminal.payment = () => ({ status: 'declined', reason: 'no money', responseCode: '51' });
  expect(await till.pay({ amount: 1, currency: 'EUR' })).toMatchObject({ status: 'declined' });
  terminal.payment = () => ({ status: 'busy' });
  expect(await till.pay({ amount: 1, currency: 'EUR' })).toMatchObject({ status: 'busy' });
});

test('what a shopper says is the value of the question', async () => {
  const { till } = tillAt();
  expect(await till.input.confirm({ text: 'A bag?' })).toMatchObject({ value: true });
  expect(await till.input.digits({ text: 'Postcode?' })).toMatchObject({ value: '0042' });
  expect(await till.input.menu({ text: 'Which?', entries: ['Roll', 'Bread'] })).toMatchObject({
    value: [1],
  });
});

test('a watcher sees both messages of a request, and how long the answer took', async () => {
  const messages: unknown[] = [];
  const { till } = tillAt({ onMessage: (message) => messages.push(message) });
  await till.diagnose();
  expect(messages).toMatchObject([
    { way: 'sent', category: 'Diagnosis', json: { SaleToPOIRequest: {} } },
    { way: 'received', category: 'Diagnosis', tookMs: expect.any(Number) },
  ]);
});

test('the client needs nothing but an address and two names', () => {
  const till = createTillClient({ url: 'https://t.example/nexo/', saleId: 't', poiId: 'p' });
  expect(Object.keys(till)).toContain('pay');
});
