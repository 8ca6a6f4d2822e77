import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnsweredCategory, categories } from '#nexo/categories.ts';
import { words } from '#nexo/enumerations.ts';
import {
  answerUnreadable,
  displayNotification,
  encodeRequest,
  encodeResponse,
  eventNotification,
  failure,
  isUnreadable,
  type NexoRequest,
  type NexoResponse,
  noAnswerYet,
  paymentReceipt,
  paymentResponse,
  progressOf,
  readRequest,
  refusal,
  repeatedAnswer,
  reversalResponse,
  type ToldPayment,
} from '#nexo/index.ts';
import { judge, judgeForm } from '#test/support/nexo-schema.ts';
import { requests, responses } from './arbitrary-messages.ts';
import * as examples from './examples.ts';
import { payment, paymentFacts } from './payments.ts';

const { facts } = examples;

const judged = (message: NexoRequest | NexoResponse | undefined): readonly string[] => {
  if (message === undefined) return ['no message'];
  const { MessageType } = message.header;
  const json =
    MessageType === 'Response'
      ? encodeResponse(message as NexoResponse)
      : encodeRequest(message as NexoRequest);
  return judge(JSON.parse(json));
};

const read = <C extends NexoRequest['category']>(json: unknown): NexoRequest<C> => {
  const request = readRequest(json);
  if (isUnreadable(request)) throw new Error(request.unreadable.problem);
  return request as NexoRequest<C>;
};

const told: ToldPayment = {
  status: 'approved',
  transactionId: 'tx-1',
  amountMinor: 1099,
  currency: 'EUR',
  reason: 'approved',
  scheme: 'Visa',
  application: 'A0000000031010',
  maskedPan: '476173******0010',
  authorisationCode: '123456',
  retrievalReference: '000000000001',
};

describe("what Adyen's schema says of our messages", () => {
  it('is nothing against what Adyen publishes itself', () => {
    expect(judge(examples.paymentApproved)).toEqual([]);
  });

  it('is nothing against any answer that we can write', () => {
    fc.assert(
      fc.property(responses(), (response) => {
        expect(judgeForm(JSON.parse(encodeResponse(response)))).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('is nothing against any event and any request to display', () => {
    const own = requests().filter(({ category }) => category === 'Event' || category === 'Display');
    fc.assert(
      fc.property(own, ({ header, ...rest }) => {
        const MessageClass = rest.category === 'Event' ? 'Event' : 'Device';
        const request = { ...rest, header: { ...header, MessageClass, DeviceID: '1' } };
        expect(judgeForm(JSON.parse(encodeRequest(request as NexoRequest)))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it.each<readonly [string, Partial<ToldPayment>]>([
    ['approved', {}],
    ['approved in part', { approvedMinor: 500 }],
    ['approved offline', { offline: 'deferred' }],
    ['approved with a signature', { cvm: 'obtainSignature' }],
    ['declined', { status: 'declined', responseCode: '51', errorCondition: 'Refusal' }],
    ['cancelled', { status: 'cancelled' }],
    ['timed out', { status: 'timedOut' }],
    ['busy', { status: 'busy', transactionId: '' }],
    ['an error', { status: 'error', reason: 'two\nlines' }],
    ['a refund', { kind: 'refund' }],
    ['held', { kind: 'preAuthorisation' }],
    ['restricted', { status: 'declined', restriction: { alternatives: ['insert', 'cash'] } }],
  ])('is nothing against a payment that is %s', (_, change) => {
    const receipts = [paymentReceipt('merchant', [{ key: 'total', name: 'TOTAL', bold: true }])];
    const parts = { ...paymentFacts, receipts, tipMinor: 100, cashBackMinor: 200 };
    const answer = paymentResponse(payment(), { ...told, ...change }, parts);
    expect(judged(answer)).toEqual([]);
    expect(judged(repeatedAnswer(status(), answer))).toEqual([]);
  });

  it('is nothing against a refusal, whatever was asked and whyever it is refused', () => {
    const answered = Object.entries(categories).filter(([, { response }]) => response !== null);
    for (const [category] of answered as unknown as readonly [AnsweredCategory][]) {
      for (const why of words.errorCondition.words) {
        const { MessageHeader } = examples.diagnosis.SaleToPOIRequest;
        const header = { ...MessageHeader, MessageCategory: category };
        expect(judged(refusal({ header }, failure(why, { message: 'no' }), facts))).toEqual([]);
      }
    }
  });

  it('is nothing against what we say to a message that nobody can read', () => {
    for (const json of [1, {}, withoutSaleData(), { SaleToPOIRequest: { MessageHeader: {} } }]) {
      const request = readRequest(json);
      if (!isUnreadable(request)) throw new Error('it was read');
      const received = new TextEncoder().encode(JSON.stringify(json));
      expect(judged(answerUnreadable(request, received, facts))).toEqual([]);
    }
  });

  it('is nothing against events and progress', () => {
    for (const event of words.eventToNotify.words.filter((word) => word !== 'Reject')) {
      expect(judged(eventNotification(event, { station_id: 'a' }, facts))).toEqual([]);
    }
    const at = { transactionId: 'tx-1', nowMs: facts.nowMs, deviceId: '1' };
    for (const event of progressOf.values()) {
      expect(judged(displayNotification(payment().header, event, at))).toEqual([]);
    }
  });

  it('is nothing against reversals and the status of a payment that is not over', () => {
    const request = read<'Reversal'>(examples.reversal);
    const done = {
      ...{ transactionId: 'tx-2', endedMs: facts.nowMs, period: 12 },
      ...{ reversedMinor: 550, currency: 'EUR' },
    };
    expect(judged(reversalResponse(request, done))).toEqual([]);
    const why = { errorCondition: 'NotAllowed', reason: 'no' } as const;
    expect(judged(reversalResponse(request, { ...done, ...why }))).toEqual([]);
    expect(judged(noAnswerYet(status(), 'InProgress'))).toEqual([]);
  });
});

function status(): NexoRequest<'TransactionStatus'> {
  const { MessageHeader } = examples.diagnosis.SaleToPOIRequest;
  return read({
    SaleToPOIRequest: {
      MessageHeader: { ...MessageHeader, MessageCategory: 'TransactionStatus' },
      TransactionStatusRequest: { MessageReference: { ServiceID: '1113162452' } },
    },
  });
}

function withoutSaleData(): unknown {
  const { MessageHeader, PaymentRequest } = examples.paymentWithData.SaleToPOIRequest;
  const { PaymentTransaction } = PaymentRequest;
  return { SaleToPOIRequest: { MessageHeader, PaymentRequest: { PaymentTransaction } } };
}
