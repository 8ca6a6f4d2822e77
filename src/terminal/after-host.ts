import { type Course, type Decision, over, takenBack } from './course.ts';

/** The host has spoken: its word is the result, unless it gave less than the till can live with. */
export const finish = (course: Course): Decision => {
  const { answer, context, record } = course;
  if (answer === undefined)
    throw new TypeError('a payment is finished only after the host answered');
  const { row, approvedMinor } = answer;
  course.known = {
    ...course.known,
    responseCode: row.code,
    retrievalReference: answer.retrievalReference,
    ...(row.cashier === undefined ? {} : { cashier: row.cashier }),
  };
  if (!answer.approved) {
    course.known = {
      ...course.known,
      ...(row.till ? { errorCondition: row.till } : {}),
      retry: row.retry,
    };
    const screen = record.kind === 'refund' ? 'refundDeclined' : row.shopper;
    return over('declined', row.meaning, screen);
  }
  const partial = context.request.partial === true && record.kind === 'purchase';
  if (approvedMinor !== undefined && !partial) {
    const reason = `${row.meaning}, which the till does not take`;
    return takenBack('declined', reason, 'cancelled', 'notCompleted');
  }
  course.known = {
    ...course.known,
    ...(answer.authorisationCode ? { authorisationCode: answer.authorisationCode } : {}),
    ...(approvedMinor === undefined ? {} : { approvedMinor }),
  };
  return {
    step: 'ended',
    status: 'approved',
    reason: row.meaning,
    screen: screenOf(course),
    how: { event: record.kind === 'preAuthorisation' ? 'preAuthorised' : 'approved' },
  };
};

const screenOf = ({ known, answer, record }: Course): Decision['screen'] => {
  if (known.cvm === 'obtainSignature') return 'approvedSign';
  if (answer?.approvedMinor !== undefined) return 'approvedPart';
  if (record.kind === 'refund') return 'refunded';
  return record.kind === 'preAuthorisation' ? 'amountHeld' : 'approved';
};
