import { firstValueFrom } from 'rxjs';
import {
  amountOf,
  type Books,
  isWalletPayment,
  type PaymentRecord,
  partsOf,
  stands,
  states,
  type WalletOnRecord,
} from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Wallets } from '#wallets/index.ts';
import { codeOf } from './format.ts';
import type { SaleRequest, SaleResult, TerminalParts } from './types.ts';

/** What happened to a payment that is asked for again. */
export const answerFrom = (record: PaymentRecord, currency: string): SaleResult => {
  const told = record.result as SaleResult | undefined;
  const { id, tillId, kind, amountMinor, card, state } = record;
  const now = states[state].meaning;
  return {
    ...(told ?? {
      // A crash came before anybody was told; what a wallet had taken by then stands.
      status: stands(record) ? 'approved' : 'declined',
      transactionId: id,
      ...(tillId === undefined ? {} : { tillId }),
      ...(kind === 'purchase' ? {} : { kind }),
      amountMinor,
      ...partsOf(record),
      currency,
      ...(card?.token === undefined ? {} : { cardToken: card.token }),
      ...(card?.scheme === undefined ? {} : { scheme: card.scheme }),
      ...(card?.maskedPan === undefined ? {} : { maskedPan: card.maskedPan }),
      ...walletOfResult(record.wallet),
      reason: `interrupted: ${now}`,
    }),
    repeated: state,
  };
};

/** What a result says of the wallet that paid. */
export const walletOfResult = (
  wallet: WalletOnRecord | undefined,
): Pick<SaleResult, 'wallet' | 'discountMinor' | 'notes'> => {
  if (wallet === undefined) return {};
  const { name, title, way, reference, payer, discountMinor, notes } = wallet;
  return {
    wallet: {
      ...{ name, way },
      ...(title === undefined ? {} : { title }),
      ...(reference === undefined ? {} : { reference }),
      ...(payer === undefined ? {} : { payer }),
    },
    ...(discountMinor === undefined ? {} : { discountMinor }),
    ...(notes === undefined ? {} : { notes }),
  };
};

/**
 * Why a request that bears a known id can't be the one that was asked before. What the till asked
 * for counts, and not what came on top of it.
 */
export const contradiction = (
  record: PaymentRecord,
  request: Pick<SaleRequest, 'amountMinor' | 'currency' | 'kind' | 'cashBackMinor'>,
): string | undefined => {
  const { amountMinor, askedMinor = amountMinor, currency, kind, cashBackMinor = 0 } = record;
  if (request.amountMinor !== askedMinor) return 'it was asked for with another amount';
  if ((request.cashBackMinor ?? 0) !== cashBackMinor) return 'it was asked for with other cashback';
  if (request.currency !== currency) return 'it was asked for in another currency';
  return (request.kind ?? 'purchase') === kind ? undefined : `it was asked for as a ${kind}`;
};

/**
 * What happened to a payment that a till asks for under an id that it used before, or in words why
 * that can't be told; undefined for a new one.
 */
export const alreadyAsked = async (
  { books, settings }: TerminalParts,
  wallets: Wallets,
  request: SaleRequest,
): Promise<SaleResult | string | undefined> => {
  if (request.tillId === undefined) return undefined;
  const known = await knownByNow(books, wallets, request.tillId, settings.answerWithinMs);
  if (known === undefined) {
    const own = await books.find(request.tillId);
    return own === undefined || isFault(own)
      ? undefined
      : `transaction ${request.tillId}: that is the terminal's own id of another payment`;
  }
  if (isFault(known)) return `no payment can be taken: ${known.detail}`;
  // Whoever waits for it tells; if nobody does, its end was lost.
  if (known.state === 'asking')
    return `transaction ${request.tillId}: nobody knows what came of it`;
  const original = request.original && (await findPayment(books, request.original));
  if (isFault(original)) return original.detail;
  const other =
    original && original.id !== known.original
      ? 'it was asked for about another payment'
      : undefined;
  const why = contradiction(known, request) ?? other;
  return why === undefined
    ? answerFrom(known, codeOf(known.currency))
    : `transaction ${request.tillId}: ${why}`;
};

// What a crash left open at a wallet is being found out: its answer is what the till waits for.
const knownByNow = async (
  books: Books,
  wallets: Wallets,
  tillId: string,
  withinMs: number,
): Promise<PaymentRecord | undefined | Fault> => {
  const known = await books.findByTillId(tillId);
  if (known === undefined || isFault(known)) return known;
  if (known.state !== 'asking' || !isWalletPayment(known)) return known;
  await wallets.done(known.id, withinMs);
  return books.findByTillId(tillId);
};

/** The payment that a refund is about, or why it can't be given back. */
export const refundable = async (
  { books }: TerminalParts,
  { kind, original: id, amountMinor, currency }: SaleRequest,
): Promise<PaymentRecord | string | undefined> => {
  if (id === undefined) return undefined;
  if (kind !== 'refund') return 'only a refund is about an earlier payment';
  const original = await findPayment(books, id);
  if (original === undefined) return `no payment ${id}`;
  if (isFault(original)) return original.detail;
  if (original.state !== 'approved' && original.state !== 'reconciled') {
    return `nothing to give back: ${states[original.state].meaning}`;
  }
  if (original.kind === 'refund') return 'a refund is not given back';
  if (currency !== original.currency) return 'it was paid in another currency';
  // At a wallet it may have been given already.
  const open = await firstValueFrom(books.open$);
  const underWay = open.some((one) => isWalletPayment(one) && one.original === original.id);
  if (underWay) return 'a refund of it is under way';
  const left = amountOf(original) - (original.refundedMinor ?? 0);
  return amountMinor > left ? 'more than is left of the payment' : original;
};

/** A payment by the terminal's id or by the till's. */
export const findPayment = async (
  books: Books,
  id: string,
): Promise<PaymentRecord | undefined | Fault> => (await books.find(id)) ?? books.findByTillId(id);
