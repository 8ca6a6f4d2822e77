import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Position } from '#drivers/simulated/acquirer/books.ts';
import { type AdyenTill, type Answer, adyenTill, paymentBody } from '#test/support/adyen-till.ts';
import { runTillTerminal, type TillTerminal } from '#test/support/till-terminal.ts';

let counter: TillTerminal;
let till: AdyenTill;

beforeAll(async () => {
  counter = await runTillTerminal({ plain: false });
  till = adyenTill(counter.till);
});
afterAll(async () => counter?.close());

// The simulation tries what can be thought of (test/simulation); this is the real thing: processes,
// sockets, SIGKILL, a disk and Adyen's library.
describe('a till whose terminal is killed', () => {
  const moments = ['presentCard', 'authorising', 'approved'] as const;

  it.each(moments)(
    'while "%s" is shown, comes to know one outcome, and pays once',
    async (screen) => {
      // An amount of its own, by which both sides' books are searched.
      const amount = 30 + moments.indexOf(screen);
      const body = paymentBody(amount);
      const serviceId = till.newServiceId();
      const lost = till.ask('Payment', body, { serviceId }).then(
        () => 'it was answered',
        () => 'nobody answered',
      );
      if (screen === 'presentCard') await counter.shows(screen);
      else await counter.presentUntil('visa-phone', screen);
      await counter.terminal.restart('SIGKILL');
      const heard = await lost;
      const known = await outcome(serviceId);
      // The answer may have come just before: then it stands.
      if (heard === 'it was answered') expect(known).not.toBe('unknown');
      if (known !== 'unknown') {
        const more = await till.ask('Payment', paymentBody(amount + 10), { serviceId });
        expect(resultOf(more)).toBe('Failure');
      }
      const again = till.ask('Payment', body, { serviceId });
      // What was never begun is a payment like any other.
      if (known === 'unknown') await counter.present('visa-phone');
      const told = resultOf(await again);
      expect(told).toBe(known === 'unknown' ? 'Success' : known);
      expect(await outcome(serviceId)).toBe(told);
      await expect
        .poll(() => standing(amount), { timeout: 30_000 })
        .toBe(told === 'Success' ? 1 : 0);
      expect(await standing(amount + 10)).toBe(0);
    },
    90_000,
  );
});

const resultOf = ({ read }: Answer): string =>
  String(read.SaleToPOIResponse?.PaymentResponse?.Response.Result);

/** What the status says: the payment's result; "unknown" when nobody knows of it. */
const outcome = async (ServiceID: string): Promise<string> => {
  const MessageReference = { MessageCategory: 'Payment', ServiceID, SaleID: till.saleId };
  for (;;) {
    const { read } = await till.ask('TransactionStatus', { MessageReference });
    const status = read.SaleToPOIResponse?.TransactionStatusResponse;
    const repeated = status?.RepeatedMessageResponse?.RepeatedResponseMessageBody.PaymentResponse;
    if (repeated !== undefined) return String(repeated.Response.Result);
    if (`${status?.Response.ErrorCondition}` === 'NotFound') return 'unknown';
  }
};

/** How many payments of this amount the host holds the shopper's money for. */
const standing = async (amount: number): Promise<number> => {
  const { stdout } = await counter.terminal.countertap('acquirer', 'totals');
  const { terminals } = JSON.parse(stdout) as {
    readonly terminals: readonly { readonly payments: readonly Position[] }[];
  };
  const payments = terminals.flatMap((terminal) => terminal.payments);
  return payments.filter(({ standingMinor }) => standingMinor === amount * 100).length;
};
