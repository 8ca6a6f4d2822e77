import { toHex } from '#bytes/hex.ts';
import {
  amountOf,
  isWalletPayment,
  nextState,
  type PaymentRecord,
  partsOf,
  protect,
  reveal,
  states,
} from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Wallets } from '#wallets/index.ts';
import { onRecord } from './conclusion.ts';
import { codeOf } from './format.ts';
import { answerFrom, contradiction, findPayment } from './known-payment.ts';
import { localTime } from './local-time.ts';
import type { CompletionOrder, OrderResult, SaleResult, TerminalParts } from './types.ts';

/** See Terminal.void. */
export const voidPayment = async (
  { books, uplink, keys, settings }: TerminalParts,
  wallets: Wallets,
  id: string,
): Promise<OrderResult> => {
  const original = await findPayment(books, id);
  if (isFault(original)) return { status: 'error', reason: original.detail };
  if (original === undefined) return { status: 'error', reason: `no payment ${id}` };
  const transactionId = original.id;
  const { state } = original;
  const refuse = (reason: string): OrderResult => ({ status: 'refused', transactionId, reason });
  if (state === 'reversed') return { status: 'done', transactionId, reason: 'taken back before' };
  const byWallet = isWalletPayment(original);
  if (byWallet && original.kind === 'refund') return refuse('a refund to a wallet stays given');
  if (original.refundedMinor) return refuse('a part of it was refunded: refund the rest');
  if (state !== 'reversing') {
    if (!VOIDABLE.has(state)) {
      const instead = state === 'reconciled' ? ': refund it' : '';
      return refuse(`it can't be taken back: ${states[state].meaning}${instead}`);
    }
    // The host would take it off the sums of a period that it was never in.
    if (!byWallet && state === 'approved' && (original.period ?? books.period) < books.period) {
      return refuse('its period is closed: refund it');
    }
    const written = await (byWallet ? wallets : uplink).takeBack(original);
    if (isFault(written)) return { status: 'error', transactionId, reason: written.detail };
  }
  const told = byWallet
    ? wallets.done(transactionId, settings.answerWithinMs)
    : uplink.reversed(transactionId, settings.answerWithinMs);
  if (await told) {
    const after = await books.find(transactionId);
    const now = after === undefined || isFault(after) ? undefined : after;
    if (now?.state === 'reversed') return { status: 'done', transactionId, reason: 'taken back' };
    if (now !== undefined && now.state !== 'reversing') {
      return refuse(`the host refuses to take it back (${now.acknowledged}): it stands`);
    }
  }
  const why = byWallet ? undefined : keys.refusal();
  const reason =
    why === undefined
      ? 'it is being taken back at the host'
      : `it will be taken back when the host can be told: ${why.detail}`;
  return { status: 'underWay', transactionId, reason };
};

const VOIDABLE: ReadonlySet<string> = new Set(['asking', 'approved', 'preAuthorised', 'queued']);

/** See Terminal.note. */
export const notePayment = async (
  { books }: Pick<TerminalParts, 'books'>,
  id: string,
  giveUp: boolean,
): Promise<OrderResult> => {
  const found = await findPayment(books, id);
  if (isFault(found)) return { status: 'error', reason: found.detail };
  if (found === undefined) return { status: 'error', reason: `no payment ${id}` };
  const transactionId = found.id;
  if (found.state === 'writtenOff') {
    return { status: 'done', transactionId, reason: 'noted before' };
  }
  if (nextState(found.state, 'noted') === undefined) {
    const reason = `there is nothing to note: ${states[found.state].meaning}`;
    return { status: 'refused', transactionId, reason };
  }
  if (found.state !== 'refusedLater' && !giveUp) {
    const reason = `${states[found.state].meaning}: only giving up (--give-up) ends that`;
    return { status: 'refused', transactionId, reason };
  }
  const written = await books.note(found, 'noted');
  return isFault(written)
    ? { status: 'error', transactionId, reason: written.detail }
    : { status: 'done', transactionId, reason: 'noted' };
};

/** See Terminal.complete. */
export const completePayment = async (
  parts: TerminalParts,
  order: CompletionOrder,
): Promise<SaleResult> => {
  const { books, clock, entropy, uplink } = parts;
  const id = toHex(entropy.bytes(6));
  const original = await findPayment(books, order.original);
  const asked = { id, order, currency: '' };
  if (isFault(original)) return refused(asked, original.detail);
  if (original === undefined) return refused(asked, `no payment ${order.original}`);
  const { currency } = original;
  const about = { ...asked, currency: codeOf(currency) };
  const known = order.tillId === undefined ? undefined : await books.findByTillId(order.tillId);
  if (isFault(known)) return refused(about, known.detail);
  if (known !== undefined) {
    const request = { amountMinor: order.amountMinor, currency, kind: known.kind };
    const other = known.original !== original.id ? 'it was asked for something else' : undefined;
    const why = other ?? contradiction(known, request as Parameters<typeof contradiction>[1]);
    return why === undefined ? answerFrom(known, about.currency) : refused(about, why);
  }
  if (original.state !== 'preAuthorised') {
    return refused(about, `no amount is held: ${states[original.state].meaning}`);
  }
  if (order.currency !== undefined && order.currency !== currency) {
    const held = `the amount is held in ${about.currency}`;
    return refused({ ...about, currency: codeOf(order.currency) }, held);
  }
  if (order.amountMinor > amountOf(original)) return refused(about, 'more than the amount held');
  const result = resultOf(about, original);
  const account = await reveal(original.id, (name) => books.sealed(original.id, name), parts.keys);
  if (isFault(account)) return refused(about, account.detail);
  const sealed = await protect(account, id, parts.keys);
  if (isFault(sealed)) return refused(about, sealed.detail);
  const payment = {
    record: recordOf(about, original, clock.wallMs()),
    transactionType: '00',
    localTime: localTime(clock.wallMs()),
    original,
    sealed: sealed.sealed,
  };
  const written = await uplink.accept(payment, 'completion', onRecord(result), original);
  return isFault(written) ? refused(about, written.detail) : result;
};

interface About {
  readonly id: string;
  readonly order: CompletionOrder;
  readonly currency: string;
}

const recordOf = (
  { id, order: { amountMinor, tillId } }: About,
  original: PaymentRecord,
  startedMs: number,
): PaymentRecord => ({
  id,
  ...(tillId === undefined ? {} : { tillId }),
  kind: 'completion',
  state: 'new',
  startedMs,
  amountMinor,
  currency: original.currency,
  original: original.id,
  ...(original.card ? { card: original.card } : {}),
  // All that was held: its parts are what they were. Of less nobody has said which.
  ...(amountMinor === amountOf(original) ? partsOf(original) : {}),
});

const resultOf = (
  { id, order: { amountMinor, tillId }, currency }: About,
  original: PaymentRecord,
): SaleResult => ({
  status: 'approved',
  transactionId: id,
  ...(tillId === undefined ? {} : { tillId }),
  kind: 'completion',
  amountMinor,
  ...(amountMinor === amountOf(original) ? partsOf(original) : {}),
  currency,
  reason: 'the amount held is collected; the host will be told',
  offline: 'completion',
  ...cardOf(original),
});

const cardOf = ({ card, answer }: PaymentRecord): Partial<SaleResult> => ({
  ...(card?.scheme ? { scheme: card.scheme } : {}),
  ...(card?.maskedPan ? { maskedPan: card.maskedPan } : {}),
  ...(card?.token ? { cardToken: card.token } : {}),
  ...(answer?.authorisationCode ? { authorisationCode: answer.authorisationCode } : {}),
});

const refused = (
  { id, order: { amountMinor, tillId }, currency }: About,
  reason: string,
): SaleResult => ({
  status: 'error',
  transactionId: id,
  ...(tillId === undefined ? {} : { tillId }),
  kind: 'completion',
  amountMinor,
  currency,
  reason,
});
