import { expect, test } from 'vitest';
import { paymentOrder } from '#nexo/index.ts';
import { requestsOf } from '../fake-terminal.ts';
import { KEY, ringOfKey } from './fake-server.ts';
import { fill, press, takePicture, tillOfEachTest } from './tills.ts';

const tills = tillOfEachTest();

const orders = () =>
  requestsOf(tills.server.terminal, 'Payment').map(({ body }) =>
    paymentOrder(body, { wallets: ['alipay'] }),
  );

test('goods are put into the basket, paid by a tap, and the receipt comes on paper', async () => {
  const { server } = tills;
  let end: () => void = () => {};
  server.terminal.payment = async (request) => {
    server.tell(request, 'TENDER_CREATED');
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    return {};
  };
  const page = await tills.open();
  await page.getByText('Connected').waitFor();
  await fill(page);
  await page.getByText('€6.30').waitFor();
  await takePicture(page, 'basket');
  await press(page, 'Pay by tap');
  await page.locator('.step[data-state="now"]', { hasText: 'asks the shopper' }).waitFor();
  await takePicture(page, 'paying');
  end();
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  await page.locator('.paper').getByText('TOTAL').first().waitFor();
  await takePicture(page, 'paid');
  expect(orders()).toMatchObject([{ sale: { amountMinor: 630, method: 'card' } }]);
  await press(page, 'Next');
  await page.getByText('Touch goods to put them in.').waitFor();
});

test('tip, cashback and holding the amount are asked of the terminal', async () => {
  const page = await tills.open();
  await fill(page);
  await page.getByLabel('Ask for a tip on the terminal').check();
  await page.getByLabel('Cashback').selectOption({ label: '€20.00' });
  await press(page, 'Pay by tap');
  await press(page, 'Next');
  await fill(page);
  await page.getByLabel('Hold the amount, collect it later').check();
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'The amount is held' }).waitFor();
  await press(page, /^Sales/);
  await press(page, 'Collect');
  await page.getByRole('heading', { name: 'Collected' }).waitFor();
  expect(orders()).toMatchObject([
    { sale: { amountMinor: 2630 }, wishes: { askTip: true, cashBackMinor: 2000 } },
    { sale: { amountMinor: 630, kind: 'preAuthorisation' }, wishes: { askTip: false } },
    { order: 'completion', completion: { amountMinor: 630 } },
  ]);
});

test('a sale is aborted while it runs, and the basket is still there', async () => {
  const { terminal } = tills.server;
  terminal.payment = async (_request, aborted) => {
    await aborted;
    return { status: 'cancelled', reason: 'The till broke it off' };
  };
  const page = await tills.open();
  await fill(page);
  await press(page, 'Pay by tap');
  await press(page, 'Abort');
  await page.getByRole('heading', { name: 'Aborted' }).waitFor();
  await takePicture(page, 'aborted');
  await press(page, 'Back to the basket');
  await page.getByText('€6.30').waitFor();
  expect(requestsOf(terminal, 'Abort')).toHaveLength(1);
});

test('refused because contactless is off, it is paid by the code that the shop names', async () => {
  const { terminal } = tills.server;
  terminal.payment = ({ body }) =>
    body.PaymentTransaction.TransactionConditions?.ForceEntryMode?.includes('Scanned')
      ? { wallet: { name: 'alipay', way: 'shopperCode' }, scheme: 'Alipay' }
      : {
          status: 'declined',
          reason: 'refused by the shop',
          restriction: {
            cashier: 'Contactless is off: the fees are being renegotiated.',
            alternatives: ['insert', 'cash', 'qr:alipay'],
          },
        };
  const page = await tills.open();
  await fill(page);
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'Not taken now' }).waitFor();
  await page.getByText('the fees are being renegotiated').waitFor();
  await page.getByText('Card in the slot, Cash').waitFor();
  await takePicture(page, 'refused');
  await press(page, 'Pay by Alipay code');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  await takePicture(page, 'paid-by-code');
  expect(orders()).toMatchObject([
    { sale: { amountMinor: 630, method: 'card' } },
    { sale: { amountMinor: 630, method: 'code', wallet: 'alipay' } },
  ]);
});

test('one sale is refunded, one reversed, and money goes back without any', async () => {
  const { terminal } = tills.server;
  const page = await tills.open();
  for (let count = 0; count < 2; count += 1) {
    await fill(page);
    await press(page, 'Pay by tap');
    await press(page, 'Next');
  }
  await press(page, /^Sales/);
  await press(page, 'Refund');
  await page.getByRole('heading', { name: 'Refunded' }).waitFor();
  await page.getByText('Settled: see above.').waitFor();
  await press(page, 'Reverse');
  await page.getByRole('heading', { name: 'Reversed' }).waitFor();
  await page.getByLabel('Refund without a sale (EUR)').fill('nothing');
  await press(page, 'Refund to a card');
  await page.getByText('An amount such as 4.50, please.').waitFor();
  await page.getByLabel('Refund without a sale (EUR)').fill('4,50');
  await press(page, 'Refund to a card');
  await page.getByText('Without a sale', { exact: false }).nth(1).waitFor();
  await takePicture(page, 'sales');
  const [first, second, withSale, without] = orders();
  expect([first, second]).toMatchObject([{ sale: {} }, { sale: {} }]);
  expect(withSale).toMatchObject({ sale: { kind: 'refund', amountMinor: 630 } });
  expect(withSale).toMatchObject({ sale: { original: expect.stringContaining('payment-') } });
  expect(without).toMatchObject({ sale: { kind: 'refund', amountMinor: 450 } });
  expect(without).not.toHaveProperty('sale.original');
  expect(requestsOf(terminal, 'Reversal')).toHaveLength(1);
});

test('an answer that is lost is asked for, and nobody pays twice', async () => {
  const { server } = tills;
  server.loseAnswer = true;
  const page = await tills.open();
  await fill(page);
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  await page.getByText('The terminal was asked for the end').waitFor();
  expect(orders()).toHaveLength(1);
});

test('with a key that the cashier enters, messages are encrypted', async () => {
  const { server } = tills;
  server.keys = ringOfKey();
  server.facts = { ...server.facts, needsKey: true };
  const page = await tills.open();
  await fill(page);
  expect(await page.getByRole('button', { name: 'Pay by tap' }).isDisabled()).toBe(true);
  await press(page, 'Settings');
  await page.getByLabel('Key identifier').fill(KEY.identifier);
  await page.getByLabel('Key version').fill(String(KEY.version));
  await page.getByLabel('Passphrase').fill(KEY.passphrase);
  await takePicture(page, 'settings');
  await press(page, 'Use this key');
  await press(page, 'Pay by tap');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(JSON.parse(stored)).toEqual([{}, { saleId: expect.stringContaining('till-page-') }]);
  expect(await page.content()).not.toContain(KEY.passphrase);
});
