import { tag } from '#data/dictionary.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { accountIn } from '#payment/index.ts';
import { BALANCE_INQUIRY, type Kernel } from '#uplink/index.ts';
import { describeCard } from './card-summary.ts';
import { presentAgain } from './card-waiting.ts';
import { tokenOf } from './clearance.ts';
import { type BalanceQuestion, type Course, type Decision, type Next, over } from './course.ts';
import type { AcquisitionResult, BalanceResult } from './desks.ts';
import { dataOf } from './final-outcome.ts';
import { activationFor } from './price.ts';

/** A card is asked about an inquiry, not about a purchase of nothing. */
export const forBalance = (course: Course): Course => ({
  ...course,
  first: activationFor(course.record, course.time, BALANCE_INQUIRY),
  contactless: withInquiries(course.contactless),
});

/**
 * The card has given its cryptogram: the host is asked, and what it tells goes to whoever asked and
 * nowhere else. The shopper sees what he sees of any card that was read. The card is not asked a
 * second time: what its issuer has for it comes with its next payment.
 */
export const askBalance = async (
  course: Course,
  question: BalanceQuestion,
  end: ActivationEnd,
  outcome: Outcome,
): Promise<Next> => {
  const { context, time } = course;
  const { parts, emit, request, signal } = context;
  emit({ event: 'outcome', outcome: outcome.outcome, why: outcome.why });
  const data = dataOf(outcome.dataRecord);
  const account = accountIn(data);
  course.known = {
    ...course.known,
    ...describeCard(end),
    ...(account === undefined ? {} : await tokenOf(course, account)),
  };
  if (outcome.fieldOffMs === null) await parts.reader.fieldOff(0);
  const next = await withoutHost(course, outcome, account !== undefined);
  if (next !== undefined) return next;
  emit({ event: 'authorising' });
  const kernel = `K${Number(end.selected?.combination.kernelId ?? '0')}` as Kernel;
  const answer = await parts.uplink.inquire(
    {
      ...{ account: question.account, currency: request.currency, localTime: time },
      tap: { kernel, data, cryptogram: true },
    },
    signal,
  );
  question.answer = answer;
  if (answer.kind === 'unanswered') {
    return answer.fault.fault === 'aborted'
      ? over('cancelled', 'cancelled')
      : over('declined', `unable to go online: ${answer.fault.detail}`, 'processingError');
  }
  return answer.balance === undefined ? over('declined', answer.row.meaning, REFUSED) : TOLD;
};

/** What came of it, for whoever asked. */
export const balanceResult = (
  { status, ...result }: AcquisitionResult,
  { answer }: BalanceQuestion,
): BalanceResult => {
  if (answer === undefined || answer.kind === 'unanswered') {
    const unreachable = answer?.fault.fault === 'linkDown' || answer?.fault.fault === 'timeout';
    return {
      ...result,
      status: status === 'acquired' ? 'error' : status,
      ...(unreachable ? { hostUnreachable: true } : {}),
    };
  }
  const { balance, row, retrievalReference } = answer;
  const told = { ...result, retrievalReference, responseCode: row.code };
  if (balance !== undefined) return { ...told, status: 'told', balance };
  return {
    ...told,
    status: 'declined',
    ...(row.till === undefined ? {} : { errorCondition: row.till }),
  };
};

// What a card refuses by itself, or approves: no host would tell a balance for it.
const withoutHost = async (
  course: Course,
  { outcome, start }: Outcome,
  hasAccount: boolean,
): Promise<Next | undefined> => {
  switch (outcome) {
    case 'endApplication':
      return start === 'none' ? { step: 'anotherCard' } : presentAgain(course, start);
    case 'tryAnotherInterface':
      return over('declined', 'the card is not read by contactless', 'insertCard');
    case 'onlineRequest':
      return hasAccount ? undefined : over('declined', 'the card did not tell its number', REFUSED);
    default:
      return over('declined', 'the card wants no host asked for its balance', REFUSED);
  }
};

// "Declined" would send the shopper to another way of paying.
const REFUSED = 'processingError';

const TOLD = {
  step: 'ended',
  status: 'approved',
  reason: 'the host told the balance',
  screen: 'removeCard',
  how: { event: 'none' },
} as const satisfies Decision;

// A configuration that says nothing of inquiries has for them what it has for purchases.
const withInquiries = (contactless: ReaderConfiguration): ReaderConfiguration => {
  const { combinations, terminal } = contactless;
  const inquiry = Number.parseInt(BALANCE_INQUIRY, 16);
  const listed = combinations.get(inquiry) ?? combinations.get(PURCHASE) ?? [];
  const asking = listed.map((one) => ({
    ...one,
    data: new Map([...one.data, ...onlineOnly(one.data.get(tag.terminalType), terminal)]),
  }));
  return { ...contactless, combinations: new Map([...combinations, [inquiry, asking]]) };
};

const PURCHASE = 0x00;

// Zero is over no floor limit, so kernels 2 and 8 would let a card approve it by itself. For an
// inquiry the terminal is one that only works online, and says so. EMV Book 4 A1: x2 becomes x1, x5
// becomes x4.
const onlineOnly = (
  own: Uint8Array | undefined,
  terminal: ReaderConfiguration['terminal'],
): readonly (readonly [number, Uint8Array])[] => {
  const [type] = own ?? terminal.get(tag.terminalType) ?? [];
  const decides = type !== undefined && [2, 5].includes(type & 0x0f);
  return decides ? [[tag.terminalType, Uint8Array.of(type - 1)]] : [];
};
