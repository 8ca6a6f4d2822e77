import { afterEach, describe, expect, it, vi } from 'vitest';
import { fault } from '#ports/fault.ts';
import { off } from '#test/acceptance/decisions.ts';
import { playedDecisions } from '#test/support/shop-decisions.ts';
import { balanceTold, unanswered } from '#test/support/terminal-harness.ts';
import {
  abortOf,
  type CounterOptions,
  cardIsAwaited,
  message,
  openCounter,
  paid,
  saleData,
  type TestCounter,
} from './counter.ts';

let counter: TestCounter;
const open = async (options: CounterOptions = {}) => {
  counter = await openCounter(options);
  return counter;
};
afterEach(() => counter.harness.close());

const inquiry = (body: object = {}, header = {}) => message('BalanceInquiry', body, header);

describe("a till's balance inquiry", () => {
  it('is answered by the host, once: the same again asks nobody', async () => {
    const asked = vi.fn(async () => told);
    await open({ inquire: asked });
    const request = inquiry();
    const answer = await paid(counter, request);
    expect(answer).toMatchObject({
      Response: { Result: 'Success' },
      PaymentAccountStatus: { CurrentBalance: 987.65, Currency: 'USD' },
    });
    expect(await counter.send(request)).toEqual(answer);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('leaves no trace of the balance in log and journal, and no payment to count', async () => {
    await open({ inquire: async () => told });
    await paid(counter, inquiry());
    const { journal, lines } = counter.harness;
    expect(JSON.stringify([lines, counter.lines, journal.durable()])).not.toMatch(/987.?65/);
    expect(await counter.send(message('GetTotals', {}))).not.toHaveProperty('TransactionTotals');
  });

  it('may be about the card of an acquisition of its own', async () => {
    await open();
    const { POIData } = await counter.send(
      message('CardAcquisition', { SaleData: saleData, CardAcquisitionTransaction: {} }),
    );
    const by = (TransactionID: string) => ({
      PaymentAccountReq: {
        CardAcquisitionReference: { ...POIData.POITransactionID, TransactionID },
      },
    });
    const { TransactionID } = POIData.POITransactionID;
    for (const request of [inquiry(by('NONE')), inquiry(by(TransactionID), { SaleID: 'Till 2' })]) {
      expect((await counter.send(request)).Response.ErrorCondition).toBe('NotFound');
    }
    // The card that is held there has another token.
    const asking = counter.send(inquiry(by(TransactionID)));
    await cardIsAwaited(counter);
    counter.harness.terminal.cancel();
    expect((await asking).Response.ErrorCondition).toBe('Cancel');
  });

  it.each([
    { PaymentAccountReq: { PaymentInstrumentData: { PaymentInstrumentType: 'StoredValue' } } },
    { PaymentAccountReq: { AccountType: 'EpurseCard' } },
    { LoyaltyAccountReq: {} },
  ])('of an account that we have not is refused, and no card asked for: %j', async (body) => {
    await open();
    const { Response } = await counter.send(inquiry(body));
    expect(Response.ErrorCondition).toBe('UnavailableService');
    expect(counter.harness.screens()).not.toContain('presentCard');
  });

  it('is UnreachableHost while the host is away', async () => {
    await open({ inquire: async () => unanswered(fault('linkDown', 'no connection')) });
    expect((await paid(counter, inquiry())).Response.ErrorCondition).toBe('UnreachableHost');
  });

  it('is PaymentRestriction while the shop takes nothing by contactless', async () => {
    const { acceptance } = playedDecisions(off(1));
    await open({ acceptance });
    const { Response } = await counter.send(inquiry());
    expect(Response.ErrorCondition).toBe('PaymentRestriction');
  });

  it('finds the terminal Busy beside another service, and is broken off by Abort', async () => {
    await open();
    const request = inquiry();
    const asking = counter.send(request);
    await cardIsAwaited(counter);
    expect((await counter.send(inquiry())).Response.ErrorCondition).toBe('Busy');
    const { ServiceID } = request.SaleToPOIRequest.MessageHeader;
    await counter.send(abortOf(ServiceID, {}, { MessageCategory: 'BalanceInquiry' }));
    expect((await asking).Response.ErrorCondition).toBe('Aborted');
  });

  it('is Cancel when nobody presents a card', async () => {
    await open({ settings: { cardTimeoutMs: 100 } });
    expect((await counter.send(inquiry())).Response.ErrorCondition).toBe('Cancel');
  });
});

const told = {
  ...balanceTold,
  balance: { kind: 'available', amountMinor: 98_765, currency: 840 } as const,
};
