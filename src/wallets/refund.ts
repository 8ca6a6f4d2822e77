import type { PaymentRecord, WalletOnRecord } from '#payment/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { RefundAnswer, WalletHost, WalletRefund } from '#ports/wallet-host.ts';
import { orderIdOf, pause, within } from './ask.ts';
import type { RefundEnd, WalletsParts } from './types.ts';

/** See Wallets.refund. */
export const giveBack = async (
  refund: PaymentRecord,
  original: PaymentRecord,
  host: WalletHost | undefined,
  parts: WalletsParts,
): Promise<RefundEnd> => {
  const { books, clock, log, config } = parts;
  const { wallet: paidBy } = original;
  if (host === undefined || paidBy === undefined) {
    const why = fault('linkDown', `this terminal has no host for ${paidBy?.name ?? 'it'}`);
    return { end: 'unsent', record: refund, fault: why };
  }
  const wallet: WalletOnRecord = {
    ...{ name: paidBy.name, way: paidBy.way, orderId: orderIdOf(original) },
    ...(paidBy.title === undefined ? {} : { title: paidBy.title }),
    trace: books.nextStan().toString().padStart(6, '0'),
  };
  const record = await books.note(refund, 'asked', { wallet });
  if (isFault(record)) return { end: 'unsent', record: refund, fault: record };
  const about = refundOf(record);
  const untilMs = clock.monotonicMs() + config.closeWithinMs;
  let answer: RefundAnswer | Fault = await within(clock, config.answerWithinMs, (ms) =>
    host.refund(about, ms),
  );
  while (isOpen(answer) && clock.monotonicMs() < untilMs) {
    await pause(clock, AGAIN_MS);
    // Asked again under the same id, nothing is given back twice.
    const unheard = isFault(answer) || answer.status === 'unknown';
    answer = await within(clock, config.answerWithinMs, (ms) =>
      unheard ? host.refund(about, ms) : host.findRefund(about, ms),
    );
  }
  log.info({ payment: record.id, wallet: host.name, answer: statusOf(answer) }, 'wallet refund');
  if (isFault(answer)) return { end: 'unknown', record, detail: answer.detail };
  if (answer.status === 'refunded') {
    return { end: 'refunded', record, wallet: { ...wallet, reference: answer.reference } };
  }
  if (answer.status === 'refused') return { end: 'refused', record, ...codeOf(answer) };
  const detail = answer.status === 'waiting' ? answer.detail : 'the wallet does not know it';
  return { end: 'unknown', record, detail };
};

/** What a refund on record is at the wallet's host. */
export const refundOf = (record: PaymentRecord): WalletRefund => ({
  orderId: orderIdOf(record),
  refundId: record.id,
  amountMinor: record.amountMinor,
  currency: record.currency,
});

const AGAIN_MS = 2_000;

const isOpen = (answer: RefundAnswer | Fault): boolean =>
  isFault(answer) || answer.status === 'waiting' || answer.status === 'unknown';

const statusOf = (answer: RefundAnswer | Fault) => (isFault(answer) ? answer.fault : answer.status);

const codeOf = ({ code, detail }: Extract<RefundAnswer, { status: 'refused' }>) => ({
  code,
  detail,
});
