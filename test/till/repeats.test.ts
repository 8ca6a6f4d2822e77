import { afterEach, describe, expect, it } from 'vitest';
import type { ShopperAnswer } from '#ports/shopper-question.ts';
import {
  abortOf,
  bytesOf,
  cardIsAwaited,
  message,
  openCounter,
  payment,
  type TestCounter,
  tap,
} from './counter.ts';

// A browser whose connection was closed sends a POST again by itself, byte for byte, while the
// first one goes on at the desk and has nobody left who waits for it.

let counter: TestCounter;
afterEach(() => counter.harness.close());

/** The first is sent and its connection lost, the second one waits. */
const twice = async (
  request: object,
  underWay: () => Promise<unknown>,
  answer: Promise<ShopperAnswer> = Promise.resolve({ kind: 'cancelled' }),
) => {
  counter = await openCounter();
  counter.shopper = () => answer;
  const bytes = bytesOf(request);
  const lost = new AbortController();
  const first = counter.desk.receive(bytes, { name: 'a browser', signal: lost.signal });
  await underWay();
  lost.abort();
  const second = counter.sendBytes(bytes);
  return { first, second };
};

describe('a browser sends again what goes on', () => {
  it('a payment: it is paid once, and told to the second connection', async () => {
    const { first, second } = await twice(payment(), () => cardIsAwaited(counter));
    await tap(counter);
    expect(await second).toEqual(await first);
    expect(counter.harness.payments).toHaveLength(1);
    expect((await counter.harness.books.latest(5)) as readonly object[]).toHaveLength(1);
  });

  it('a payment that is then broken off: both are told so, and nothing is paid', async () => {
    const request = payment();
    const { first, second } = await twice(request, () => cardIsAwaited(counter));
    await counter.send(abortOf(request.SaleToPOIRequest.MessageHeader.ServiceID));
    expect(new TextDecoder().decode(await second)).toContain('"ErrorCondition":"Aborted"');
    expect(await second).toEqual(await first);
    expect(counter.harness.payments).toHaveLength(0);
  });

  it('a question: the shopper is asked once', async () => {
    const question = message('Input', {
      InputData: { Device: 'CustomerInput', InfoQualify: 'Input', InputCommand: 'TextString' },
    });
    const answered = Promise.withResolvers<ShopperAnswer>();
    const { first, second } = await twice(
      question,
      async () => {
        await expect.poll(() => counter.asked.length).toBe(1);
      },
      answered.promise,
    );
    answered.resolve({ kind: 'text', typed: 'Ann' });
    expect(await second).toEqual(await first);
    expect(counter.asked).toHaveLength(1);
  });
});
