import { type PaymentRecord, protect, reveal } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import { finish } from './after-host.ts';
import { type Course, type Decision, over, takenBack } from './course.ts';

/** A refund to the card of an earlier payment, which needs not be there. */
export const refundByReference = async (
  course: Course,
  original: PaymentRecord,
): Promise<Decision> => {
  const { parts, signal, emit, record } = course.context;
  const { books, keys, uplink } = parts;
  const account = await reveal(original.id, (name) => books.sealed(original.id, name), keys);
  if (isFault(account)) return over('declined', account.detail);
  // Its track 2 went with its authorisation: the number is what a refund needs.
  const sealed = await protect({ ...account }, record.id, keys);
  if (isFault(sealed)) return over('declined', sealed.detail);
  course.account = sealed;
  course.known = {
    ...(original.card?.scheme ? { scheme: original.card.scheme } : {}),
    maskedPan: sealed.maskedPan,
  };
  emit({ event: 'authorising' });
  const payment = {
    record: { ...record, ...(original.card ? { card: original.card } : {}) },
    transactionType: '20',
    localTime: course.time,
    original,
    sealed: sealed.sealed,
  };
  const authorisation = await uplink.authorise(payment, signal);
  course.record = authorisation.record;
  const { outcome } = authorisation;
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
