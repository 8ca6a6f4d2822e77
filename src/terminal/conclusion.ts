import {
  amountOf,
  owed,
  type Patch,
  type PaymentRecord,
  partsOf,
  priceOf,
  toJson,
} from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Course, Decision, PaymentEnd } from './course.ts';
import { tapTranscript } from './tap-transcript.ts';
import type { SaleResult, TerminalParts } from './types.ts';

/**
 * Writes how a payment ended, and only then tells it. An approval that can't be written is none:
 * what the host has is taken back. So is what it refused, when that can't be written: the books
 * would go on waiting for an answer.
 */
export const conclude = async (course: Course, decision: Decision): Promise<PaymentEnd> => {
  const result = resultOf(course, decision);
  const unwritten = await write(course, decision, result);
  if (unwritten === undefined) return endOf(course, decision.screen, result);
  if (result.status !== 'approved') {
    if (decision.how.event !== 'reversalOwed') await takeBack(course, result);
    return endOf(course, decision.screen, result);
  }
  const reason = `it could not be written down, and was taken back: ${unwritten}`;
  const failed = { ...withoutApproval(result), status: 'declined' as const, reason };
  await takeBack(course, failed);
  return endOf(course, 'notCompleted', failed);
};

// The books count a reversal even when it can't be written.
const takeBack = async ({ record, context }: Course, told: SaleResult): Promise<void> => {
  if (record.state !== 'asking') return;
  const { books, clock } = context.parts;
  const patch = { ...owed('cancelled', clock.wallMs()), result: onRecord(told) };
  await books.note(record, 'reversalOwed', patch);
};

/** A result as it is kept: without the times of each command. */
export const onRecord = ({ tap, ...result }: SaleResult) =>
  toJson({ ...result, ...(tap ? { tap: { ...tap, commands: [] } } : {}) });

/** Undefined, or why it could not be written. */
const write = async (
  course: Course,
  { how }: Decision,
  result: SaleResult,
): Promise<string | undefined> => {
  const { context, record } = course;
  const { parts, original } = context;
  const { books, clock, uplink } = parts;
  const kept = onRecord(result);
  const transcript = tapTranscript(course);
  const transcripts = transcript === undefined ? [] : [{ payment: record.id, text: transcript }];
  if (how.event === 'none') return undefined;
  if (how.event === 'acceptedOffline') {
    const payment = { ...how.payment, ...(transcript === undefined ? {} : { transcript }) };
    const accepted = await uplink.accept(payment, how.why, kept);
    if (isFault(accepted)) return accepted.detail;
    course.record = accepted;
    return undefined;
  }
  const patch: Patch = { ...whatIsKnown(course, parts), result: kept };
  const debt = how.event === 'reversalOwed' ? owed(how.why, clock.wallMs()) : {};
  // As it stands now: an earlier refund may have been taken back meanwhile.
  const given = how.event === 'approved' && original && (await books.find(original.id));
  if (isFault(given)) return given.detail;
  const refunded = given
    ? [{ payment: given, event: 'refunded' as const, patch: refundedOf(given, record) }]
    : [];
  const changes = [{ payment: record, event: how.event, patch: { ...patch, ...debt } }];
  const written = await books.record([...changes, ...refunded], { transcripts });
  if (isFault(written)) return written.detail;
  course.record = written[0] ?? record;
  return undefined;
};

const whatIsKnown = (
  { answer, known, account, wallet, record }: Course,
  { books }: TerminalParts,
): Patch => {
  const { scheme, application, maskedPan, cardToken } = known;
  const card = { scheme, application, maskedPan, token: account?.token ?? cardToken };
  return {
    // Nobody was asked yet since another way to pay had another price.
    ...(record.state === 'choosing' ? priceOf(record) : {}),
    ...(maskedPan === undefined && scheme === undefined ? {} : { card: toJson(card) }),
    ...(wallet === undefined ? {} : { wallet, period: books.period }),
    ...(answer === undefined
      ? {}
      : {
          answer: {
            responseCode: answer.row.code,
            meaning: answer.row.meaning,
            ...(answer.authorisationCode ? { authorisationCode: answer.authorisationCode } : {}),
          },
          period: books.period,
          ...(answer.approvedMinor === undefined ? {} : { approvedMinor: answer.approvedMinor }),
        }),
  };
};

const refundedOf = (original: PaymentRecord, refund: PaymentRecord): Patch => ({
  refundedMinor: (original.refundedMinor ?? 0) + amountOf(refund),
});

const resultOf = (course: Course, { status, reason, how }: Decision): SaleResult => {
  const { context, known, record, account } = course;
  const { currencyCode } = context;
  const { id, tillId, kind, amountMinor } = record;
  return {
    status,
    transactionId: id,
    ...(tillId === undefined ? {} : { tillId }),
    ...(kind === 'purchase' ? {} : { kind }),
    amountMinor,
    ...partsOf(record),
    currency: currencyCode,
    reason,
    ...known,
    ...(account === undefined ? {} : { cardToken: account.token }),
    ...(how.event === 'acceptedOffline' ? { offline: how.why } : {}),
  };
};

const withoutApproval = ({ authorisationCode, approvedMinor, ...rest }: SaleResult): SaleResult =>
  rest;

const endOf = (
  { cardSeenMs }: Course,
  screen: PaymentEnd['screen'],
  result: SaleResult,
): PaymentEnd => ({ screen, result, ...(cardSeenMs === undefined ? {} : { cardSeenMs }) });
