import {
  amountOf,
  type Change,
  isWalletPayment,
  owed,
  type PaymentRecord,
} from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import { isShort, orderIdOf, paidWith, within } from './ask.ts';
import { refundOf } from './refund.ts';
import type { WalletsParts } from './types.ts';

/** "again": at once; "later": after a pause; "done": nothing is owed any more. */
export type Progress = 'again' | 'later' | 'done';

/** Whether a wallet's host is to be told of it, or asked about it, until it has answered. */
export const owesWallet = (record: PaymentRecord, unresolved: ReadonlySet<string>): boolean =>
  isWalletPayment(record) &&
  (record.state === 'reversing' || (record.state === 'asking' && unresolved.has(record.id)));

/** One try to get a payment off the list of what is owed. */
export const settleOne = async (
  record: PaymentRecord,
  host: WalletHost | undefined,
  parts: WalletsParts,
): Promise<Progress> => {
  const about = { payment: record.id, wallet: record.wallet?.name };
  if (host === undefined) {
    parts.log.error(about, 'this terminal has no host for that wallet any more');
    return 'later';
  }
  if (record.kind === 'refund') return refundKnown(record, host, parts);
  return record.state === 'reversing'
    ? takenBack(record, host, parts)
    : foundOut(record, host, parts);
};

// The order is closed, and what was paid goes back. One that can't be closed any more (another day,
// for most wallets) is given back as a refund of the whole, under an id that is the payment's own.
const takenBack = async (
  record: PaymentRecord,
  host: WalletHost,
  parts: WalletsParts,
): Promise<Progress> => {
  const { clock, config, log } = parts;
  const orderId = orderIdOf(record);
  const about = { payment: record.id, wallet: host.name };
  const answer = await within(clock, config.answerWithinMs, (ms) => host.cancel(orderId, ms));
  if (isFault(answer)) {
    log.warn({ ...about, problem: answer }, 'not taken back yet: the wallet does not answer');
    return 'later';
  }
  if (answer.status === 'cancelled') return acknowledged(record, 'cancelled', parts);
  if (answer.status === 'unknown') {
    if (mayBecomeAnOrder(record, host, clock.wallMs())) return 'later';
    // Of what it has confirmed as paid a wallet can't say that.
    if (record.reversal?.from !== 'approved') return acknowledged(record, 'unknown', parts);
    log.error(
      about,
      'the wallet does not know a payment that it confirmed: it will be asked again',
    );
    return 'later';
  }
  const known = await within(clock, config.answerWithinMs, (ms) => host.query(orderId, ms));
  if (isFault(known) || known.status === 'waiting') return 'later';
  if (known.status !== 'paid') return acknowledged(record, known.status, parts);
  const refund = { orderId, refundId: record.id, amountMinor: record.amountMinor };
  const { currency } = record;
  const given = await within(clock, config.answerWithinMs, (ms) =>
    host.refund({ ...refund, currency }, ms),
  );
  if (isFault(given)) return 'later';
  if (given.status === 'refunded') return acknowledged(record, 'refunded', parts);
  if (given.status !== 'refused') return 'later';
  log.error(
    { ...about, code: given.code, detail: given.detail },
    'the wallet refuses to give back',
  );
  if (record.reversal?.from !== 'approved') return 'later';
  return written(
    [{ payment: record, event: 'voidRefused', patch: { acknowledged: given.code } }],
    parts,
  );
};

const mayBecomeAnOrder = (
  { wallet, startedMs }: PaymentRecord,
  { unknownForMs }: WalletHost,
  nowMs: number,
): boolean => wallet?.way === 'shopCode' && nowMs < startedMs + unknownForMs;

const acknowledged = (
  payment: PaymentRecord,
  how: string,
  parts: WalletsParts,
): Promise<Progress> => {
  parts.log.info({ payment: payment.id, how }, 'taken back at the wallet');
  return written([{ payment, event: 'reversalAcknowledged', patch: { acknowledged: how } }], parts);
};

// Interrupted: whoever paid is not asked again, so what is paid stands.
const foundOut = async (
  record: PaymentRecord,
  host: WalletHost,
  parts: WalletsParts,
): Promise<Progress> => {
  const { clock, config, books, log } = parts;
  const { wallet } = record;
  const orderId = orderIdOf(record);
  const answer = await within(clock, config.answerWithinMs, (ms) => host.query(orderId, ms));
  if (isFault(answer) || wallet === undefined) return 'later';
  log.warn(
    { payment: record.id, wallet: host.name, status: answer.status },
    'interrupted, and asked',
  );
  if (answer.status === 'paid' && !isShort(answer, record.amountMinor)) {
    const patch = { wallet: paidWith(wallet, answer), period: books.period };
    return written([{ payment: record, event: 'approved', patch }], parts);
  }
  if (answer.status === 'refused' || answer.status === 'cancelled') {
    return written([{ payment: record, event: 'declined' }], parts);
  }
  // Nobody waits for it any more, and it could still be paid.
  const patch = owed('interrupted', clock.wallMs());
  return written([{ payment: record, event: 'reversalOwed', patch }], parts);
};

// A refund can't be taken back: it was given, or it was not.
const refundKnown = async (
  record: PaymentRecord,
  host: WalletHost,
  parts: WalletsParts,
): Promise<Progress> => {
  const { clock, config, books } = parts;
  const about = refundOf(record);
  const answer = await within(clock, config.answerWithinMs, (ms) => host.findRefund(about, ms));
  if (isFault(answer) || answer.status === 'waiting') return 'later';
  const reversing = record.state === 'reversing';
  if (answer.status !== 'refunded') {
    const event = reversing ? 'reversalAcknowledged' : 'declined';
    return written([{ payment: record, event }], parts);
  }
  const original = record.original === undefined ? undefined : await books.find(record.original);
  if (isFault(original)) return 'later';
  const { wallet } = record;
  const patch = {
    period: books.period,
    ...(wallet === undefined ? {} : { wallet: { ...wallet, reference: answer.reference } }),
  };
  const refundedMinor = (original?.refundedMinor ?? 0) + amountOf(record);
  const given: readonly Change[] =
    original === undefined
      ? []
      : [{ payment: original, event: 'refunded', patch: { refundedMinor } }];
  const event = reversing ? 'voidRefused' : 'approved';
  return written([{ payment: record, event, patch }, ...given], parts);
};

const written = async (changes: readonly Change[], { books }: WalletsParts): Promise<Progress> =>
  isFault(await books.record(changes)) ? 'later' : 'again';
