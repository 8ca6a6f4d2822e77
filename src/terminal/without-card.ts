import type { Payment } from '#uplink/index.ts';
import { finish } from './after-host.ts';
import { type Course, type Decision, over, takenBack } from './course.ts';

/** Asks the host for a payment that no card lies there for: its word is the result. */
export const authoriseWithoutCard = async (course: Course, payment: Payment): Promise<Decision> => {
  const { parts, signal } = course.context;
  const { record, outcome } = await parts.uplink.authorise(payment, signal);
  course.record = record;
  if (outcome.kind === 'answered') {
    course.answer = outcome;
    return finish(course);
  }
  const status = outcome.fault.fault === 'aborted' ? 'cancelled' : 'declined';
  const { detail } = outcome.fault;
  return outcome.mayHaveArrived
    ? takenBack(status, `${detail}; it is being taken back`, 'noAnswer', 'notCompleted')
    : over(status, detail);
};
