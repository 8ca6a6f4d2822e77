import type { BehaviorSubject } from 'rxjs';
import { type Message, text } from '#iso8583/index.ts';
import {
  type Account,
  amountOf,
  type Books,
  type Change,
  isWalletPayment,
  nextState,
  type PaymentRecord,
  type PaymentState,
  reveal,
  states,
} from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Debt } from './debts.ts';
import { messageOf, reversalOf } from './requests.ts';
import { responseCode } from './response-codes.ts';
import type { UplinkParts } from './types.ts';

/** What is known of earlier tries to tell the host. */
export interface Told {
  /** Payments whose messages the run before this one may have sent. */
  readonly sentBefore: ReadonlySet<string>;
  /** How often the host has said "later" to a payment. */
  readonly putOff: Map<string, number>;
  /** Payments whose account data can't be read: others go first. */
  readonly unreadable: BehaviorSubject<ReadonlySet<string>>;
}

/** Reversals that the open payments owe, oldest first. */
export const reversalsOwed = (
  open: readonly PaymentRecord[],
  { sentBefore }: Told,
  parts: UplinkParts,
): readonly Debt[] =>
  open
    .filter((one) => states[one.state].owes === 'reversal' && !isWalletPayment(one))
    .flatMap((record) => reversalDebt(record, sentBefore.has(record.id), parts) ?? []);

/** What was approved without the host, oldest first. */
export const forwardsOwed = (
  open: readonly PaymentRecord[],
  told: Told,
  parts: UplinkParts,
): readonly Debt[] => {
  const queued = open.filter(({ state }) => states[state].owes === 'forward');
  const { value: unreadable } = told.unreadable;
  return [
    ...queued.filter(({ id }) => !unreadable.has(id)),
    ...queued.filter(({ id }) => unreadable.has(id)),
  ].flatMap((record) => forwardDebt(record, told, parts) ?? []);
};

// A host that goes on saying "later" must not keep everything behind this one waiting for ever.
const PUT_OFF_AT_MOST = 100;

/** The account of a payment, from the journal, for a message that is about to go out. */
const accountFor = (id: string, { books, keys }: UplinkParts): Promise<Account | Fault> =>
  reveal(id, (name) => books.sealed(id, name), keys);

// Reversed, reversed before, or the original never arrived: in each case it is off the books.
const OFF_THE_BOOKS: ReadonlySet<string> = new Set(['00', '25', '79']);

const reversalDebt = (
  record: PaymentRecord,
  sentBefore: boolean,
  parts: UplinkParts,
): Debt | undefined => {
  const about = { payment: record.id, stan: record.request?.fields['11'] };
  const identity = reversalOf(record, undefined);
  if (identity === undefined) return undefined;
  return {
    id: `reversal ${record.id}`,
    first: true,
    about: { ...about, owed: 'reversal' },
    sentBefore,
    identity,
    message: async () => {
      const account = await accountFor(record.id, parts);
      // The host finds it by DE 90 and 37 as well: without keys it is taken back all the same.
      return isFault(account) ? identity : (reversalOf(record, account) ?? identity);
    },
    answered: (answer, again) => reversed(record, answer, again, parts),
  };
};

const reversed = async (
  record: PaymentRecord,
  answer: Message,
  again: boolean,
  { books, log }: UplinkParts,
): Promise<boolean> => {
  const about = { payment: record.id, stan: record.request?.fields['11'] };
  const { code, meaning, retry } = responseCode(text(answer, 39) ?? '');
  const refused = VOID_REFUSED.get(record.reversal?.from);
  // A duplicate (94) of what was sent more than once is with the host already.
  if (!OFF_THE_BOOKS.has(code) && !(again && code === '94')) {
    if (refused === undefined || retry === 'later') {
      log.warn({ ...about, code, meaning }, 'reversal refused by the host: it will be repeated');
      return false;
    }
    log.error({ ...about, code, meaning }, 'the host refuses to take it back: it stands');
    return !isFault(await books.note(record, refused, { acknowledged: code }));
  }
  log.info({ ...about, code, meaning }, 'reversal acknowledged');
  const acknowledged = { payment: record, event: 'reversalAcknowledged' as const };
  const others = await withIt(record, books, code);
  if (isFault(others)) return false;
  const patch = { acknowledged: code };
  const written = await books.record([{ ...acknowledged, patch }, ...others]);
  // What the books don't count is still owed, and asked again.
  return !isFault(written);
};

// By the state that the void began in. Whatever else is refused goes on: it may stand at the host
// though the shopper was told that nothing was paid.
const VOID_REFUSED: ReadonlyMap<PaymentState | undefined, 'voidRefused' | 'releaseRefused'> =
  new Map([
    ['approved', 'voidRefused'],
    ['preAuthorised', 'releaseRefused'],
  ]);

/** What a payment that is taken back, or refused later, means to the one that it was about. */
const withIt = async (
  record: PaymentRecord,
  books: Books,
  code: string,
): Promise<readonly Change[] | Fault> => {
  const original = record.original === undefined ? undefined : await books.find(record.original);
  if (isFault(original)) return original;
  if (original === undefined) return [];
  if (record.kind === 'completion') {
    if (original.state !== 'completed') return [];
    // A completion that the host had (00) has used up what was held.
    return [{ payment: original, event: code === '00' ? 'collected' : 'reopened' }];
  }
  if (record.kind !== 'refund' || record.reversal?.from !== 'approved') return [];
  const refundedMinor = Math.max(0, (original.refundedMinor ?? 0) - amountOf(record));
  return nextState(original.state, 'refunded') === undefined
    ? []
    : [{ payment: original, event: 'refunded', patch: { refundedMinor } }];
};

const forwardDebt = (
  record: PaymentRecord,
  { sentBefore, putOff, unreadable }: Told,
  parts: UplinkParts,
): Debt | undefined => {
  const { request } = record;
  if (request === undefined) return undefined;
  const about = { payment: record.id, stan: request.fields['11'] };
  return {
    id: `forward ${record.id}`,
    first: false,
    about: { ...about, owed: 'forward', why: record.offline },
    sentBefore: sentBefore.has(record.id),
    identity: messageOf(request, undefined),
    message: async () => {
      const account = await accountFor(record.id, parts);
      return isFault(account) ? account : messageOf(request, account);
    },
    answered: (answer) => forwarded(record, answer, putOff, parts),
    unsendable: () => {
      if (!unreadable.value.has(record.id))
        unreadable.next(new Set([...unreadable.value, record.id]));
    },
  };
};

const forwarded = async (
  record: PaymentRecord,
  answer: Message,
  putOff: Map<string, number>,
  { books, log }: UplinkParts,
): Promise<boolean> => {
  const about = { payment: record.id, stan: record.request?.fields['11'] };
  const row = responseCode(text(answer, 39) ?? '');
  const { code, meaning } = row;
  const isAdvice = record.request?.mti.charAt(2) === '2';
  // An advice that the host has already (94) has been taken.
  const taken = row.approved || (isAdvice && code === '94');
  const times = (putOff.get(record.id) ?? 0) + 1;
  if (!taken && row.retry === 'later' && times < PUT_OFF_AT_MOST) {
    putOff.set(record.id, times);
    log.warn({ ...about, code, meaning }, 'not taken by the host yet: it will be repeated');
    return false;
  }
  const authorisationCode = text(answer, 38);
  const approvedMinor = taken ? partOf(record, answer, code) : undefined;
  const patch = {
    ...(approvedMinor === undefined ? {} : { approvedMinor }),
    answer: {
      responseCode: code,
      meaning,
      ...(authorisationCode === undefined ? {} : { authorisationCode }),
    },
    period: books.period,
  };
  putOff.delete(record.id);
  if (approvedMinor !== undefined) {
    log.error({ ...about, code, approvedMinor }, 'the host took only a part when it was forwarded');
  } else if (taken) log.info({ ...about, code }, 'forwarded');
  else log.error({ ...about, code, meaning }, 'refused by the host when it was forwarded');
  const event = taken ? ('forwarded' as const) : ('forwardRefused' as const);
  const held = taken ? await collected(record, books) : await withIt(record, books, code);
  if (isFault(held)) return false;
  return !isFault(await books.record([{ payment: record, event, patch }, ...held]));
};

const collected = async (
  record: PaymentRecord,
  books: Books,
): Promise<readonly Change[] | Fault> => {
  const held = record.kind === 'completion' ? await books.find(record.original ?? '') : undefined;
  if (isFault(held)) return held;
  if (held?.state !== 'completed') return [];
  return [{ payment: held, event: 'collected' }];
};

// The shopper has left with all of it: the rest is the shop's loss, and the sums are the host's.
const partOf = (
  { amountMinor }: PaymentRecord,
  answer: Message,
  code: string,
): number | undefined => {
  const part = Number(text(answer, 4));
  return code === '10' && part > 0 && part < amountMinor ? part : undefined;
};
