import { toHex } from '#bytes/hex.ts';
import type { PaymentRecord } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import { type OrderEnd, type OrderStep, walletDefaults } from '#wallets/index.ts';
import { type Course, type Decision, over, takenBack } from './course.ts';
import { walletOfResult } from './known-payment.ts';
import { offer } from './offer.ts';
import { reprice } from './price.ts';

export interface WalletWay {
  readonly way: 'wallet';
  readonly host: WalletHost;
  /** The shopper's; ours is shown when it is absent. */
  readonly code?: string;
  readonly typed?: boolean;
}

/** Pays by a wallet; undefined when its order is closed and the shopper wants another way. */
export const byWallet = async (
  course: Course,
  { host, code, typed }: WalletWay,
): Promise<Decision | undefined> => {
  const { parts, signal, wallets, wishes } = course.context;
  // A card that pays by lying there must not pay beside it.
  await parts.reader.fieldOff(0);
  if (signal.aborted) return over('cancelled', 'cancelled');
  reprice(course, { by: 'code', wallet: host.name });
  const { record } = course;
  const end = await wallets.order(
    {
      ...{ record, host },
      // What an earlier order has come to is settled: this is another one.
      orderId: record.state === 'new' ? record.id : toHex(parts.entropy.bytes(6)),
      ...(code === undefined ? {} : { code }),
      ...(typed === undefined ? {} : { typed }),
    },
    {
      signal,
      leave: code === undefined ? wishes.signal() : new AbortController().signal,
      onStep: (step) => showStep(course, host, step),
    },
  );
  course.record = end.record;
  return end.end === 'closed' && end.why === 'otherWay'
    ? goOn(course, host)
    : ended(course, host, end);
};

const showStep = (course: Course, host: WalletHost, step: OrderStep): void => {
  const { parts, emit } = course.context;
  const ofMs = parts.settings.wallets?.payWithinMs ?? walletDefaults.payWithinMs;
  const wallet = host.title;
  switch (step.step) {
    case 'asking':
      emit({ event: 'authorising' });
      emit({ event: 'code', screen: 'authorising', wallet });
      return;
    case 'present': {
      offer(course, host, true, 'scanCode');
      const { untilMs } = step;
      const code = { ...step.code, wallet };
      emit({ event: 'code', screen: 'scanCode', wallet, code, untilMs, ofMs });
      return;
    }
    case 'confirm':
      emit({ event: 'code', screen: 'confirmOnPhone', wallet, untilMs: step.untilMs, ofMs });
  }
};

// The wallet has proved that nothing was paid: the payment is as it was before, but for its record.
const goOn = async (course: Course, host: WalletHost): Promise<Decision | undefined> => {
  const { books } = course.context.parts;
  const record = await books.note(course.record, 'closed');
  if (isFault(record)) return leftOpen(course, host, 'cancelled', record.detail);
  course.record = record;
  return undefined;
};

const ended = (course: Course, host: WalletHost, end: OrderEnd): Decision => {
  const { title } = host;
  switch (end.end) {
    case 'paid': {
      course.wallet = end.wallet;
      course.known = { ...course.known, ...walletOfResult(end.wallet) };
      const reason = `paid with ${title}`;
      return { step: 'ended', status: 'approved', reason, screen: 'approved', how: APPROVED };
    }
    case 'refused':
      course.known = { ...course.known, errorCondition: 'Refusal' };
      return over('declined', `${title}: ${end.detail}`);
    case 'unsent':
      return over('declined', end.fault.detail);
    case 'open':
      return leftOpen(course, host, end.why === 'cancelled' ? 'cancelled' : 'noAnswer', end.detail);
    case 'closed':
      if (end.why === 'cancelled') return over('cancelled', `cancelled; ${title} has closed it`);
      if (end.why === 'timedOut') return over('timedOut', `${end.detail}; ${title} has closed it`);
      course.known = { ...course.known, errorCondition: 'UnavailableService', retry: 'later' };
      return over('declined', `${title} did not answer in time and has closed it: ${end.detail}`);
  }
};

const APPROVED = { event: 'approved' } as const;

const leftOpen = (
  course: Course,
  { title }: WalletHost,
  why: 'cancelled' | 'noAnswer',
  detail: string,
): Decision => {
  const status = why === 'cancelled' ? 'cancelled' : 'declined';
  if (status === 'declined') {
    course.known = { ...course.known, errorCondition: 'UnavailableService', retry: 'later' };
  }
  const reason = `${detail}; what ${title} may have taken is being given back`;
  return takenBack(status, reason, why, 'notCompleted');
};

/** A refund of what a wallet paid: no card and no code is needed for it. */
export const refundToWallet = async (
  course: Course,
  original: PaymentRecord,
): Promise<Decision> => {
  const { emit, wallets, parts } = course.context;
  const title = original.wallet?.title ?? original.wallet?.name ?? 'the wallet';
  await parts.reader.fieldOff(0);
  emit({ event: 'authorising' });
  emit({ event: 'code', screen: 'authorising', wallet: title });
  const end = await wallets.refund(course.record, original);
  course.record = end.record;
  switch (end.end) {
    case 'refunded': {
      course.wallet = end.wallet;
      course.known = { ...course.known, ...walletOfResult(end.wallet) };
      const reason = `given back by ${title}`;
      return { step: 'ended', status: 'approved', reason, screen: 'refunded', how: APPROVED };
    }
    case 'refused':
      course.known = { ...course.known, errorCondition: 'Refusal' };
      return over('declined', `${title}: ${end.detail}`, 'refundDeclined');
    case 'unsent':
      return over('declined', end.fault.detail, 'refundDeclined');
    case 'unknown': {
      const reason = `${title} has not said whether it gave it back (${end.detail}): asked on`;
      return { step: 'ended', status: 'error', reason, screen: 'refundDeclined', how: NOTHING };
    }
  }
};

const NOTHING = { event: 'none' } as const;
