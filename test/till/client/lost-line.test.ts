import { expect, test } from 'vitest';
import { isTillFault } from '#till/client/index.ts';
import { requestsOf } from '../fake-terminal.ts';
import { answerOf, noConnection, tillAt } from './tills.ts';

const ORDER = { amount: 12.5, currency: 'EUR' };

test('a payment whose answer is lost is asked for until its end, and paid once', async () => {
  const { till, terminal } = tillAt({}, (terminal) => async (body, number) => {
    // The payment goes through, and the line breaks before its answer; the next two calls fail.
    if (number === 0) await answerOf(terminal, body);
    return number < 3 ? noConnection() : answerOf(terminal, body);
  });
  const paid = await till.pay(ORDER);
  expect(paid).toMatchObject({ status: 'approved', amount: 12.5, asked: true });
  expect(requestsOf(terminal, 'Payment')).toHaveLength(1);
  const [status] = requestsOf(terminal, 'TransactionStatus');
  expect(status?.body.MessageReference).toMatchObject({
    MessageCategory: 'Payment',
    ServiceID: isTillFault(paid) ? '' : paid.serviceId,
  });
});

test('a payment that goes on meanwhile is asked for again', async () => {
  let ended: () => void = () => {};
  const going = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const { till, terminal } = tillAt({}, (terminal) => async (body, number) => {
    if (number === 0) {
      void terminal.receive(body);
      return new Response('bad gateway', { status: 502 });
    }
    if (number === 1) return inProgress(body);
    if (number === 2) {
      ended();
      await going;
    }
    return answerOf(terminal, body);
  });
  terminal.payment = async () => {
    await going;
    return {};
  };
  expect(await till.pay(ORDER)).toMatchObject({ status: 'approved', asked: true });
  expect(requestsOf(terminal, 'Payment')).toHaveLength(1);
});

test('a payment that never came is told as not done, and is not sent again', async () => {
  const { till, terminal } = tillAt(
    {},
    (terminal) => async (body, number) =>
      number === 0 ? noConnection() : answerOf(terminal, body),
  );
  expect(await till.pay(ORDER)).toMatchObject({ fault: 'linkDown', done: 'no' });
  expect(requestsOf(terminal, 'Payment')).toHaveLength(0);
  expect(requestsOf(terminal, 'TransactionStatus')).toHaveLength(3);
});

test('a terminal that stays away leaves the end unknown, to be asked for by its id', async () => {
  const { till } = tillAt({ followForMs: 20 }, () => noConnection);
  const lost = await till.pay(ORDER, { serviceId: 'ASKFORIT01' });
  expect(lost).toMatchObject({ fault: 'timeout', done: 'unknown', serviceId: 'ASKFORIT01' });
});

test('an abort is sent beside the payment, which ends as the terminal says', async () => {
  const abortion = new AbortController();
  const { till, terminal } = tillAt();
  terminal.payment = async (_request, aborted) => {
    abortion.abort();
    await aborted;
    return { status: 'cancelled', reason: 'the till broke it off' };
  };
  const ended = await till.pay(ORDER, { signal: abortion.signal });
  expect(ended).toMatchObject({ status: 'aborted', errorCondition: 'Aborted' });
  const [abort] = requestsOf(terminal, 'Abort');
  const [payment] = requestsOf(terminal, 'Payment');
  expect(abort?.body.MessageReference.ServiceID).toBe(payment?.header.ServiceID);
  expect(abort?.header.ServiceID).not.toBe(payment?.header.ServiceID);
});

test('what is given up before it is sent is not sent', async () => {
  const { till, terminal } = tillAt();
  const ended = await till.pay(ORDER, { signal: AbortSignal.abort() });
  expect(ended).toMatchObject({ fault: 'aborted', done: 'no' });
  expect(terminal.requests).toEqual([]);
});

test.each([
  ['a door that is shut', () => new Response('no', { status: 403 }), 'no'],
  ['an answer that is no JSON', () => new Response('<html>'), 'unknown'],
  ['an answer to another request', () => Response.json(OTHERS), 'unknown'],
  ['a rejection', () => Response.json(REJECTED), 'no'],
])('%s is a fault, and nothing is sent after it', async (_, answer, done) => {
  let sent = 0;
  const { till } = tillAt({}, () => () => {
    sent += 1;
    return answer();
  });
  expect(await till.pay(ORDER)).toMatchObject({ fault: 'protocol', done });
  expect(sent).toBe(1);
});

const OTHERS = {
  SaleToPOIResponse: { MessageHeader: { ServiceID: 'another' }, PaymentResponse: {} },
};

const REJECTED = {
  SaleToPOIRequest: {
    MessageHeader: { MessageCategory: 'Event' },
    EventNotification: { EventToNotify: 'Reject', EventDetails: 'message=No%20such%20key' },
  },
};

const inProgress = (body: string): Response => {
  const { MessageHeader } = JSON.parse(body).SaleToPOIRequest;
  const failure = { Result: 'Failure', ErrorCondition: 'InProgress' };
  return Response.json({
    SaleToPOIResponse: { MessageHeader, TransactionStatusResponse: { Response: failure } },
  });
};
