import { type Course, type Decision, over } from './course.ts';
import type { ConsumerCode } from './identified.ts';

/** Pays by a code of a card scheme (EMVCo consumer-presented), through the acquirer. */
export const byConsumerCode = async (_: Course, __: ConsumerCode): Promise<Decision> =>
  over('declined', 'codes of card schemes are not taken here');
