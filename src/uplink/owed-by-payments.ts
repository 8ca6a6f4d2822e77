import { type Message, text } from '#iso8583/index.ts';
import { type Account, type PaymentRecord, reveal, states } from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Debt } from './debts.ts';
import { messageOf, reversalOf } from './requests.ts';
import { responseCode } from './response-codes.ts';
import type { UplinkParts } from './types.ts';

/** Reversals that the open payments owe, oldest first. */
export const reversalsOwed = (
  open: readonly PaymentRecord[],
  sentBefore: ReadonlySet<string>,
  parts: UplinkParts,
): readonly Debt[] =>
  open
    .filter(({ state }) => states[state].owes === 'reversal')
    .flatMap((record) => reversalDebt(record, sentBefore.has(record.id), parts) ?? []);

/** What was approved without the host, oldest first. */
export const forwardsOwed = (
  open: readonly PaymentRecord[],
  { sentBefore, putOff }: Told,
  parts: UplinkParts,
): readonly Debt[] =>
  open
    .filter(({ state }) => states[state].owes === 'forward')
    .flatMap((record) => forwardDebt(record, { sentBefore, putOff }, parts) ?? []);

/** What is known of earlier tries to tell the host. */
export interface Told {
  /** Payments whose messages the run before this one may have sent. */
  readonly sentBefore: ReadonlySet<string>;
  /** How often the host has said "later" to a payment. */
  readonly putOff: Map<string, number>;
}

// A host that goes on saying "later" must not keep everything behind this one waiting for ever.
const PUT_OFF_AT_MOST = 100;

/** The account of a payment, from the journal, for a message that is about to go out. */
export const accountFor = (id: string, { books, keys }: UplinkParts): Promise<Account | Fault> =>
  reveal(id, (name) => books.sealed(id, name), keys);

// Reversed, reversed before, or the original never arrived: in each case it is off the books.
const OFF_THE_BOOKS: ReadonlySet<string> = new Set(['00', '25', '79']);

const reversalDebt = (
  record: PaymentRecord,
  sentBefore: boolean,
  parts: UplinkParts,
): Debt | undefined => {
  const { books, log } = parts;
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
    answered: async (answer) => {
      const { code, meaning } = responseCode(text(answer, 39) ?? '');
      if (!OFF_THE_BOOKS.has(code)) {
        log.warn({ ...about, code, meaning }, 'reversal refused by the host: it will be repeated');
        return false;
      }
      log.info({ ...about, code, meaning }, 'reversal acknowledged');
      const written = await books.note(record, 'reversalAcknowledged', { acknowledged: code });
      // What the books don't count is still owed, and asked again.
      return !isFault(written);
    },
  };
};

const forwardDebt = (
  record: PaymentRecord,
  { sentBefore, putOff }: Told,
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
  const written = await books.note(record, taken ? 'forwarded' : 'forwardRefused', patch);
  return !isFault(written);
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
