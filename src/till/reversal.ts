import { isMalformed } from '#bytes/malformed.ts';
import {
  type NexoResponse,
  type ReversalOrder,
  reversalOrder,
  reversedMinor,
} from '#nexo/index.ts';
import { amountOf, type PaymentRecord } from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { codeOf } from '#terminal/format.ts';
import type { OrderResult } from '#terminal/types.ts';
import { keptOf } from './kept-requests.ts';
import { type BooksId, errorOf } from './payment.ts';
import { refundAnswer, voidAnswer } from './reversal-answers.ts';
import { refused, type Service } from './turn.ts';

type Answer = NexoResponse<'Reversal'>;

/**
 * Takes a payment back: all of it by a void while its period is open, else, and of a part, by a
 * refund that refers to it.
 */
export const reverse = async (
  service: Service<'Reversal'>,
  { tillId, before }: BooksId,
): Promise<Answer> => {
  const { desk, request, own } = service;
  const { parts } = desk;
  const order = reversalOrder(request.body);
  if (isMalformed(order)) return refused(service, 'MessageFormat', order);
  const original = await originalOf(service, order);
  if (isFault(original)) return refused(service, 'UnavailableService', original.detail);
  if (original === undefined) return refused(service, 'NotFound', 'no such payment');
  const left = amountOf(original) - (original.refundedMinor ?? 0);
  const minor = reversedMinor(order, codeOf(original.currency), left);
  if (isMalformed(minor)) return refused(service, 'MessageFormat', minor);
  if (before === undefined) await desk.kept.keep(keptOf(request, { tillId, atMs: own.atMs }));
  if (!isRefund(parts.books.period, original, minor)) return takeBack(service, original, minor);
  const result = await parts.terminal.sale(
    {
      amountMinor: minor,
      currency: original.currency,
      kind: 'refund',
      original: original.id,
      tillId,
    },
    own.abort.signal,
  );
  const errorCondition = errorOf(service, result, original.id, before);
  const ended = errorCondition === undefined ? result : { ...result, errorCondition };
  return refundAnswer(parts, request, ended);
};

const originalOf = async (
  { desk }: Service<'Reversal'>,
  { original }: ReversalOrder,
): Promise<PaymentRecord | undefined | Fault> => {
  const { books } = desk.parts;
  return (await books.find(original)) ?? books.findByTillId(original);
};

// The host would take a void off the sums of a period that the payment was never in.
const isRefund = (period: number, original: PaymentRecord, minor: number): boolean =>
  minor > 0 &&
  (minor < amountOf(original) ||
    original.state === 'reconciled' ||
    (original.state === 'approved' && (original.period ?? period) < period));

const takeBack = async (
  { desk, request, own }: Service<'Reversal'>,
  original: PaymentRecord,
  minor: number,
): Promise<Answer> => {
  const { parts } = desk;
  const { status, reason } = await parts.terminal.void(original.id);
  const errorCondition = CONDITIONS[status];
  const failed = errorCondition === undefined ? {} : { errorCondition };
  const told = { reason, endedMs: own.atMs, ...failed };
  return voidAnswer(parts, request, original, minor, told);
};

// What is under way goes on by itself, across restarts, until the host has acknowledged it.
const CONDITIONS: {
  readonly [S in OrderResult['status']]: 'NotAllowed' | 'UnavailableService' | undefined;
} = {
  done: undefined,
  underWay: undefined,
  refused: 'NotAllowed',
  error: 'UnavailableService',
};
