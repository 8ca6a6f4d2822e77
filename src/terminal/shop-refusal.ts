import { type Course, type Next, over } from './course.ts';
import type { Refusal, Restriction } from './types.ts';

/**
 * The shop does not take this tap: nobody hears of it but shopper and till. Where another card
 * would be taken the payment goes on with it.
 */
export const refusedByShop = async (course: Course, refusal: Refusal): Promise<Next> => {
  const { parts, emit } = course.context;
  await parts.reader.fieldOff(0);
  parts.log.info({ transactionId: course.record.id, ...onLog(refusal) }, 'refused by the shop');
  course.known = { ...course.known, ...restricted(refusal, parts.settings.language) };
  emit({ event: 'refused', refusal });
  return refusal.whole
    ? over('declined', whyOf(refusal), 'contactlessOff')
    : { step: 'anotherCard' };
};

/** What a refusal tells the till, in nexo's words. */
export const restricted = ({ by, alternatives }: Refusal, language: string) => {
  const cashier = by?.texts[language]?.cashier;
  const restriction: Restriction = {
    ...(by === undefined ? {} : { decision: by.id }),
    ...(cashier === undefined ? {} : { cashier }),
    alternatives,
  };
  return { restriction, errorCondition: 'PaymentRestriction' as const };
};

const whyOf = ({ by }: Refusal): string =>
  by === undefined
    ? "contactless is off: the shop's decisions can't be read"
    : `contactless is off by decision ${by.id}: ${by.reason.text}`;

const onLog = ({ by, whole, because }: Refusal) => ({ decision: by?.id ?? null, whole, because });
