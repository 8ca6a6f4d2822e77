import { afterEach, describe, expect, it } from 'vitest';
import {
  abortOf,
  bytesOf,
  type CounterOptions,
  cardIsAwaited,
  jsonOf,
  openCounter,
  paid,
  payment,
  statusOf,
  type TestCounter,
  tap,
} from './counter.ts';

let counter: TestCounter;
const open = async (options: CounterOptions = {}) => {
  counter = await openCounter(options);
  return counter;
};
afterEach(() => counter.harness.close());

describe('an abort', () => {
  it('is not answered, and the payment is: Aborted; the next one is taken', async () => {
    await open();
    const request = payment();
    const answer = counter.send(request);
    await cardIsAwaited(counter);
    const { ServiceID } = request.SaleToPOIRequest.MessageHeader;
    expect(await counter.send(abortOf(ServiceID))).toBeUndefined();
    expect((await answer).Response).toMatchObject({ ErrorCondition: 'Aborted' });
    await counter.harness.seen('welcome', counter.harness.views.length - 1);
    expect((await paid(counter)).Response.Result).toBe('Success');
  });

  it('is told as Aborted after a restart, too', async () => {
    await open();
    const request = payment();
    const answer = counter.send(request);
    await cardIsAwaited(counter);
    await counter.send(abortOf(request.SaleToPOIRequest.MessageHeader.ServiceID));
    const first = await answer;
    await restart();
    expect(await counter.send(request)).toEqual(first);
  });

  it('is nothing that a till does by hanging up: its payment goes on', async () => {
    await open();
    const gone = new AbortController();
    const request = payment();
    const answer = counter.desk.receive(bytesOf(request), { name: 'a till', signal: gone.signal });
    await cardIsAwaited(counter);
    gone.abort();
    await tap(counter);
    await answer;
    const { RepeatedMessageResponse } = await counter.send(statusOf());
    expect(RepeatedMessageResponse.RepeatedResponseMessageBody.PaymentResponse).toMatchObject({
      Response: { Result: 'Success' },
    });
  });

  it.each([
    ["of another till's payment", { SaleID: 'Till 2' }, {}],
    ["in another till's name", { SaleID: 'Till 2' }, { SaleID: 'Till 1' }],
    ['of a payment that nobody made', {}, { ServiceID: 'NONE' }],
  ])('%s changes nothing and is rejected by an event', async (_, header, reference) => {
    await open();
    const request = payment();
    const answer = counter.send(request);
    await cardIsAwaited(counter);
    const { ServiceID } = request.SaleToPOIRequest.MessageHeader;
    const from = counter.notifications.length;
    expect(await counter.send(abortOf(ServiceID, header, reference))).toBeUndefined();
    const [event] = counter.notifications.slice(from);
    expect(jsonOf(event?.message ?? new Uint8Array()).SaleToPOIRequest).toMatchObject({
      EventNotification: { EventToNotify: 'Reject' },
    });
    expect(counter.lines.some(({ message }) => message === "a till's message is rejected")).toBe(
      true,
    );
    await tap(counter);
    expect((await answer).Response.Result).toBe('Success');
  });
});

describe('one service at a time', () => {
  it('finds the terminal busy, and is done when it asks again later', async () => {
    await open();
    const first = counter.send(payment());
    await cardIsAwaited(counter);
    const request = payment(3, { SaleID: 'Till 2' });
    const second = await counter.send(request);
    expect(second.Response).toMatchObject({ Result: 'Failure', ErrorCondition: 'Busy' });
    await tap(counter);
    await first;
    await counter.harness.seen('welcome', counter.harness.views.length - 1);
    expect((await paid(counter, request)).Response.Result).toBe('Success');
  });

  it('is busy with a payment of the command line', async () => {
    await open();
    const cancel = new AbortController();
    const own = counter.harness.terminal.sale({ amountMinor: 100, currency: 840 }, cancel.signal);
    await cardIsAwaited(counter);
    expect((await counter.send(payment())).Response.ErrorCondition).toBe('Busy');
    cancel.abort();
    await own;
  });
});

/** As after a loss of power: of what was, only the journal is left. */
const restart = async (options: CounterOptions = {}): Promise<void> => {
  const durable = counter.harness.journal.durable();
  counter.harness.close();
  await open({ durable, ...options });
};
