import type { ActivationEnd } from '#entry-point/run.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { accountIn } from '#payment/index.ts';
import { describeCard } from './card-summary.ts';
import { presentAgain } from './card-waiting.ts';
import { tokenOf } from './clearance.ts';
import { type Course, type Next, over } from './course.ts';
import { dataOf } from './final-outcome.ts';

/** A card acquisition has what it wanted before the card was asked for a cryptogram. */
export const known = async (course: Course): Promise<Next> => {
  const { parts, emit } = course.context;
  await parts.reader.fieldOff(0);
  emit({ event: 'ui', ui: uiRequest('17', 'cardReadSuccessfully') });
  return DONE;
};

/**
 * A card that tells its number only beside a cryptogram, as kernels 3, 6 and 7 have it: the
 * cryptogram is over an amount of zero and goes nowhere. For the card it is a payment that the
 * terminal dropped, which every card has to live with; what it declined it has told as well.
 */
export const acquired = async (
  course: Course,
  end: ActivationEnd,
  outcome: Outcome,
): Promise<Next> => {
  const { parts, emit } = course.context;
  emit({ event: 'outcome', outcome: outcome.outcome, why: outcome.why });
  const account = accountIn(dataOf(outcome.dataRecord));
  course.known = {
    ...course.known,
    ...describeCard(end),
    ...(account === undefined ? {} : await tokenOf(course, account)),
  };
  if (outcome.fieldOffMs === null) await parts.reader.fieldOff(0);
  if (account !== undefined && outcome.outcome !== 'endApplication') return DONE;
  switch (outcome.outcome) {
    case 'endApplication':
      return outcome.start === 'none'
        ? { step: 'anotherCard' }
        : presentAgain(course, outcome.start);
    case 'tryAnotherInterface':
      return over('declined', 'the card is not read by contactless', 'insertCard');
    default:
      return over('declined', 'the card did not tell its number', 'declined');
  }
};

const DONE = {
  step: 'ended',
  status: 'approved',
  reason: 'the card was read',
  screen: 'removeCard',
  how: { event: 'none' },
} as const;
