import { isMalformed } from '#bytes/malformed.ts';
import {
  displayNotification,
  isNotDone,
  type NexoResponse,
  type PaymentOrder,
  paymentOrder,
  progressOf,
  type Wishes,
} from '#nexo/index.ts';
import { type PaymentRecord, states } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { SaleRequest, SaleResult, TerminalEvent } from '#terminal/types.ts';
import { type AllowedBrands, allowedBrands } from './brands.ts';
import { keptOf } from './kept-requests.ts';
import { KEPT_MS, requestKey } from './known-requests.ts';
import { paymentAnswer } from './payment-answers.ts';
import { newId, refused, type Service, type Turn } from './turn.ts';

type Answer = NexoResponse<'Payment'>;

/**
 * Takes a payment for a till. nexo gives a payment no deadline of its own: it ends with the card,
 * the shopper, the terminal's own patience, or an Abort; a till that hangs up breaks nothing off.
 */
export const pay = async (
  service: Service<'Payment'>,
  { tillId, before }: BooksId,
): Promise<Answer> => {
  const { desk, request, own } = service;
  const { parts } = desk;
  const order = paymentOrder(request.body, parts);
  if (isMalformed(order)) return refused(service, 'MessageFormat', order);
  if (isNotDone(order)) return refused(service, order.notDone, order.why);
  const { acquisition, language } = order.wishes;
  const wishes = await wishesFor(service, order);
  if ('category' in wishes) return wishes;
  const taken = take(service, order, tillId, wishes);
  // It is awaited below: until then nobody may call it unhandled.
  taken.catch(() => undefined);
  const told = language === undefined ? {} : { language };
  const kept = keptOf(request, { tillId, atMs: own.atMs, ...told });
  if (before === undefined) await desk.kept.keep(kept);
  const result = await taken;
  if (acquisition && result.status === 'approved') {
    desk.acquisitions.used(acquisition.TransactionID);
  }
  const aborted = own.abort.signal.aborted;
  if (aborted && result.status === 'cancelled') await desk.kept.keepNow({ ...kept, aborted });
  const errorCondition = errorOf(service, result, originalIn(order), before);
  // What the books have under this id is other than this: that stays what a till is told of it.
  if (before !== undefined && errorCondition) desk.known.forget(own);
  const ended = errorCondition === undefined ? result : { ...result, errorCondition };
  return paymentAnswer(parts, request, ended, { aborted, language });
};

/**
 * Why the loop began nothing, in nexo's words; undefined when it began, or its own words do.
 * @param original the payment that it is about
 * @param before what the books had under the same id
 */
export const errorOf = (
  { desk }: Turn,
  { status, errorCondition }: SaleResult,
  original: string | undefined,
  before?: PaymentRecord,
): 'UnavailableService' | 'NotAllowed' | undefined => {
  if (status !== 'error' || errorCondition !== undefined) return undefined;
  if (before !== undefined) {
    // What came of it is being found out: it may be asked for again.
    return states[before.state].owes === 'answer' ? 'UnavailableService' : 'NotAllowed';
  }
  const ready = desk.parts.terminal.status().refusal === undefined;
  return original !== undefined && ready ? 'NotAllowed' : undefined;
};

/** What the books know a request by. */
export interface BooksId {
  readonly tillId: string;
  /** They have it already. */
  readonly before?: PaymentRecord;
}

/**
 * A request's service key, and where that was used more than 48 hours ago a next one, for tills
 * begin anew.
 */
export const booksIdOf = async ({ desk, request }: Turn): Promise<BooksId> => {
  const { books, clock } = desk.parts;
  const key = requestKey(request.header);
  for (let generation = 1; ; generation++) {
    const tillId = generation === 1 ? key : `${key}:${generation}`;
    const found = await books.findByTillId(tillId);
    // A journal that can't be read refuses the payment itself.
    if (found === undefined || isFault(found)) return { tillId };
    if (clock.wallMs() - found.startedMs <= KEPT_MS) return { tillId, before: found };
  }
};

/** Tells a till how far its payment is, while it goes on. */
export const tellProgress = ({ desk, request, reply }: Turn<'Payment' | 'CardAcquisition'>) => {
  const { parts, notifications } = desk;
  let transactionId = '';
  return (event: TerminalEvent): void => {
    if (event.event === 'saleStarted') transactionId = event.transactionId;
    const progress = progressOf.get(event.event);
    if (progress === undefined || transactionId === '' || !notifications.observed) return;
    const about = {
      transactionId,
      nowMs: parts.clock.wallMs(),
      deviceId: newId(parts.entropy),
    };
    try {
      const message = reply(displayNotification(request.header, progress, about));
      notifications.next({ saleId: request.header.SaleID, message });
    } catch (error) {
      // The loop calls this: what a till is told must not break its payment.
      parts.log.error({ progress, err: error }, "a till can not be told of its payment's progress");
    }
  };
};

const take = (
  service: Service<'Payment'>,
  order: PaymentOrder,
  tillId: string,
  wishes: Partial<SaleRequest>,
): Promise<SaleResult> => {
  const { terminal } = service.desk.parts;
  if (order.order === 'completion') return terminal.complete({ ...order.completion, tillId });
  const request: SaleRequest = { ...wishes, ...order.sale, tillId };
  return terminal.sale(request, service.own.abort.signal, tellProgress(service));
};

const originalIn = (order: PaymentOrder): string | undefined =>
  order.order === 'completion' ? order.completion.original : order.sale.original;

// What a till refers to has to be there, and what it wishes to be had here.
const wishesFor = async (
  service: Service<'Payment'>,
  order: PaymentOrder,
): Promise<Partial<SaleRequest> | Answer> => {
  const { desk, request } = service;
  const { books, wallets } = desk.parts;
  const { acquisition, brands: named } = order.wishes;
  const acquired =
    acquisition && desk.acquisitions.find(acquisition.TransactionID, request.header.SaleID);
  if (acquisition && acquired === undefined) {
    return refused(service, 'NotFound', 'no card was acquired under this reference');
  }
  const brands = allowedBrands(named, wallets);
  if (named.length > 0 && brands.cards.length + brands.wallets.length === 0) {
    return refused(service, 'UnavailableService', 'none of these brands is taken here');
  }
  const original = originalIn(order);
  const found = original && ((await books.find(original)) ?? (await books.findByTillId(original)));
  if (original !== undefined && found === undefined) {
    return refused(service, 'NotFound', 'no such payment');
  }
  return saleWishes(order.wishes, brands, acquired?.cardToken);
};

const saleWishes = (
  { tipMinor, cashBackMinor, askTip, forceOnline, language }: Wishes,
  { cards, wallets }: AllowedBrands,
  cardToken: string | undefined,
): Partial<SaleRequest> => ({
  ...(tipMinor === 0 ? {} : { tipMinor }),
  ...(cashBackMinor === 0 ? {} : { cashBackMinor }),
  ...(askTip ? { askTip } : {}),
  ...(forceOnline ? { forceOnline } : {}),
  ...(language === undefined ? {} : { language }),
  ...(cards.length === 0 ? {} : { brands: cards }),
  ...(cards.length === 0 && wallets.length > 0 ? { method: 'code' } : {}),
  ...(cardToken === undefined ? {} : { cardToken }),
});
