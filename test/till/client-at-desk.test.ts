import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShopperAnswer } from '#ports/shopper-question.ts';
import {
  createTillClient,
  isTillFault,
  type TillClient,
  type TillClientOptions,
  type TillFault,
  type TillNotification,
} from '#till/client/index.ts';
import { cardIsAwaited, openCounter, POI, type TestCounter, tap } from './counter.ts';

// Both ends of the line, without the line: what one says the other understands.

let counter: TestCounter;
let till: TillClient;

beforeEach(async () => {
  counter = await openCounter({ parts: { print: async () => undefined } });
  till = clientAt(counter);
});
afterEach(() => counter.harness.close());

const clientAt = ({ desk }: TestCounter, more: Partial<TillClientOptions> = {}): TillClient =>
  createTillClient({
    url: 'https://terminal.example:8443/nexo/',
    saleId: 'till-1',
    poiId: POI,
    askAgainMs: 1,
    fetch: async (_url, init) => {
      const message = new TextEncoder().encode(String(init?.body));
      const signal = new AbortController().signal;
      const told = await desk.receive(message, { name: 'a till', signal });
      return new Response(told === undefined ? '' : new TextDecoder().decode(told));
    },
    ...more,
  });

const told = <Outcome extends object>(outcome: Outcome | TillFault): Outcome => {
  if (isTillFault(outcome)) throw new Error(outcome.detail);
  return outcome;
};

const ready = () => counter.harness.seen('welcome', counter.harness.views.length - 1);

const pay = async (amount = 12.5) => {
  const order = { amount, currency: 'USD', token: 'Customer' } as const;
  const [outcome] = await Promise.all([till.pay(order), tap(counter)]);
  await ready();
  return told(outcome);
};

const originalOf = async () => {
  const { transaction = { id: '', timeStamp: '' } } = await pay();
  return transaction;
};

describe("the till's client at the desk", () => {
  it('pays', async () => {
    expect(await pay()).toMatchObject({
      ...{ status: 'approved', amount: 12.5, currency: 'USD', brand: 'visa', asked: false },
      maskedPan: expect.stringMatching(/^\d{6}.*\d{4}$/),
      token: expect.any(String),
    });
  });

  it('gives money back, of a payment', async () => {
    const original = await originalOf();
    const refund = await till.refund({ amount: 2, currency: 'USD', original });
    expect(refund).toMatchObject({ status: 'approved', amount: 2 });
  });

  it('reverses', async () => {
    const reversed = await till.reverse({ original: await originalOf() });
    expect(reversed).toMatchObject({ status: 'approved', amount: 12.5 });
    expect(await counter.harness.takenBack()).toHaveLength(1);
  });

  it('breaks a payment off, by its id and by a signal', async () => {
    const first = till.pay({ amount: 1, currency: 'USD' }, { serviceId: 'PAYMENT001' });
    await cardIsAwaited(counter);
    expect(await till.abort('PAYMENT001')).toBeUndefined();
    expect(await first).toMatchObject({ status: 'aborted' });
    await ready();
    const controller = new AbortController();
    const second = till.pay({ amount: 1, currency: 'USD' }, { signal: controller.signal });
    await cardIsAwaited(counter);
    controller.abort();
    expect(await second).toMatchObject({ status: 'aborted' });
  });

  it('asks for the end of a payment, once and until it is known', async () => {
    const order = { amount: 12.5, currency: 'USD' };
    const paying = till.pay(order, { serviceId: 'PAYMENT002' });
    await cardIsAwaited(counter);
    expect(await till.status('PAYMENT002')).toMatchObject({ state: 'inProgress' });
    const following = till.follow('PAYMENT002');
    await tap(counter);
    const { asked: _, ...outcome } = told(await paying);
    expect(await following).toEqual({ ...outcome, asked: true });
    expect(await till.status('PAYMENT002')).toMatchObject({ state: 'ended', outcome });
    expect(await till.follow('NEVERSENT1')).toMatchObject({ fault: 'linkDown', done: 'no' });
  });

  it('follows a reversal, too', async () => {
    const original = await originalOf();
    const reversed = await till.reverse({ original }, { serviceId: 'REVERSAL01' });
    expect(await till.follow('REVERSAL01', 'Reversal')).toEqual({ ...reversed, asked: true });
  });

  it('reads a card ahead, which is awaited for a payment then', async () => {
    const acquired = told(await till.acquireCard({ amount: 5, token: 'Customer' }));
    expect(acquired).toMatchObject({ status: 'approved', brand: 'visa' });
    expect(counter.acquired).toMatchObject([{ amountMinor: 500 }]);
    const order = { amount: 5, currency: 'USD', acquisition: acquired.transaction };
    const paying = till.pay(order, { serviceId: 'PAYMENT004' });
    await cardIsAwaited(counter);
    await till.abort('PAYMENT004');
    expect(await paying).toMatchObject({ status: 'aborted' });
    // Another till's card pays nothing.
    const others = clientAt(counter, { saleId: 'till-2' });
    expect(await others.pay(order)).toMatchObject({ errorCondition: 'NotFound' });
  });

  it('shows and prints', async () => {
    expect(await till.display({ title: 'Hello', text: 'Two rolls' })).toMatchObject({
      status: 'approved',
    });
    expect(counter.told).toEqual([{ title: 'Hello', text: 'Two rolls' }]);
    expect(await till.print(['Thank you'])).toMatchObject({ status: 'approved' });
  });

  it('tells how the terminal is, logs in and out, and counts up', async () => {
    expect(await till.diagnose()).toMatchObject({
      status: 'approved',
      poi: { GlobalStatus: 'OK' },
    });
    expect(await till.login({ operatorId: 'Ann' })).toMatchObject({ status: 'approved' });
    expect(await till.logout()).toMatchObject({ status: 'approved' });
    await pay(3);
    expect(told(await till.totals()).totals).toMatchObject([{ CardBrand: 'visa' }]);
    expect(await till.reconcile()).toMatchObject({ status: 'approved' });
  });

  it('sends any other message, and reads the refusal', async () => {
    const answer = told(
      await till.request('BalanceInquiry', { PaymentAccountReq: { AccountType: 'Investment' } }),
    );
    expect(answer.Response).toMatchObject({ ErrorCondition: 'UnavailableService' });
  });

  it('hears how far its payment is', async () => {
    const heard: TillNotification[] = [];
    const client = clientAt(counter, { WebSocket: socketAt(counter) });
    const listening = client.listen({ onNotification: (one) => heard.push(one) });
    const about = { serviceId: 'PAYMENT003' };
    await Promise.all([client.pay({ amount: 1, currency: 'USD' }, about), tap(counter)]);
    await expect.poll(() => heard.length).toBe(3);
    expect(heard).toMatchObject(
      ['TENDER_CREATED', 'CARD_PRESENTED', 'TENDER_FINAL'].map((event) => ({ event, ...about })),
    );
    listening.close();
  });
});

const socketAt = ({ desk }: TestCounter): typeof WebSocket => {
  class Socket extends EventTarget {
    readonly #told = desk.notifications$.subscribe(({ message }) => {
      const data = new TextDecoder().decode(message);
      this.dispatchEvent(new MessageEvent('message', { data }));
    });
    close(): void {
      this.#told.unsubscribe();
    }
  }
  return Socket as unknown as typeof WebSocket;
};

interface Asking {
  readonly name: string;
  readonly ask: (till: TillClient) => Promise<object>;
  readonly asked: object;
  readonly answer: ShopperAnswer;
  readonly value: unknown;
}

const QUESTIONS: readonly Asking[] = [
  {
    name: 'for a confirmation, with words of its own on the buttons',
    ask: ({ input }) => input.confirm({ title: 'Club', text: 'Join?', yes: 'Please', no: 'Never' }),
    asked: {
      title: 'Club',
      text: 'Join?',
      ask: { kind: 'confirmation', yes: 'Please', no: 'Never' },
    },
    answer: { kind: 'confirmation', confirmed: false },
    value: false,
  },
  {
    name: "for a confirmation, with the terminal's words",
    ask: ({ input }) => input.confirm({ text: 'A bag?', withinSeconds: 30 }),
    asked: { text: 'A bag?', ask: { kind: 'confirmation' }, withinMs: 30_000 },
    answer: { kind: 'confirmation', confirmed: true },
    value: true,
  },
  {
    name: 'for digits',
    ask: ({ input }) => input.digits({ text: 'Postcode?', minLength: 4, maxLength: 5 }),
    asked: { ask: { kind: 'digits', minLength: 4, maxLength: 5, decimals: 0, masked: false } },
    answer: { kind: 'digits', typed: '01234' },
    value: '01234',
  },
  {
    name: 'for an amount',
    ask: ({ input }) => input.digits({ text: 'How much?', decimals: 2 }),
    asked: { ask: { kind: 'digits', decimals: 2 } },
    answer: { kind: 'digits', typed: '4.20' },
    value: '4.20',
  },
  {
    name: 'for a text that nobody else is to read',
    ask: ({ input }) => input.text({ text: 'Word?', initial: 'A', masked: true }),
    asked: { ask: { kind: 'text', initial: 'A', masked: true } },
    answer: { kind: 'text', typed: 'Ann' },
    value: 'Ann',
  },
  {
    name: 'for one entry of a menu',
    ask: ({ input }) => input.menu({ text: 'Which?', entries: ['Roll', 'Bread'] }),
    asked: { ask: { kind: 'menu', entries: ['Roll', 'Bread'], several: false, initial: [] } },
    answer: { kind: 'menu', chosen: [1] },
    value: [1],
  },
  {
    name: 'for several entries of a menu',
    ask: ({ input }) => input.menu({ text: 'Which?', entries: ['A', 'B', 'C'], several: true }),
    asked: { ask: { kind: 'menu', entries: ['A', 'B', 'C'], several: true } },
    answer: { kind: 'menu', chosen: [0, 2] },
    value: [0, 2],
  },
  {
    name: 'for a signature',
    ask: ({ input }) => input.signature({ title: 'Sign', text: 'Here' }),
    asked: { title: 'Sign', text: 'Here', ask: { kind: 'signature' } },
    answer: {
      kind: 'signature',
      signature: {
        width: 300,
        height: 100,
        strokes: [
          [
            [0, 1],
            [255, 16],
          ],
          [[3, 4]],
        ],
      },
    },
    value: {
      width: 300,
      height: 100,
      strokes: [
        [
          [0, 1],
          [255, 16],
        ],
        [[3, 4]],
      ],
    },
  },
];

describe("the till's client asks the shopper", () => {
  it.each(QUESTIONS)('$name', async ({ ask, asked, answer, value }) => {
    counter.shopper = async () => answer;
    expect(await ask(till)).toMatchObject({ status: 'approved', value });
    expect(counter.asked.map(({ question }) => question)).toMatchObject([asked]);
    if (!('yes' in asked)) expect(counter.asked[0]?.question.ask).not.toHaveProperty('yes', '');
  });

  it('and is told that nobody answered', async () => {
    counter.shopper = async () => ({ kind: 'timedOut' });
    const outcome = told(await till.input.signature({ text: 'Sign' }));
    expect(outcome).toMatchObject({ status: 'cancelled' });
    expect(outcome).not.toHaveProperty('value');
  });
});
