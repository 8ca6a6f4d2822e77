import { type PaymentRecord, protect, reveal } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import { type Course, type Decision, over } from './course.ts';
import { authoriseWithoutCard } from './without-card.ts';

/** A refund to the card of an earlier payment, which needs not be there. */
export const refundByReference = async (
  course: Course,
  original: PaymentRecord,
): Promise<Decision> => {
  const { parts, emit, record } = course.context;
  const { books, keys } = parts;
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
  return authoriseWithoutCard(course, {
    record: { ...record, ...(original.card ? { card: original.card } : {}) },
    transactionType: '20',
    localTime: course.time,
    original,
    sealed: sealed.sealed,
  });
};
