import { newTape } from '#transcript/record.ts';
import type { Course, PaymentContext } from './course.ts';
import { localTime } from './local-time.ts';
import { activationFor } from './price.ts';
import { cardsWanted } from './wanted-cards.ts';

/** A payment at its start: nothing is known of a card. */
export const begin = (context: PaymentContext): Course => {
  const { parts, request, record } = context;
  const time = localTime(parts.clock.wallMs());
  return {
    context,
    time,
    first: activationFor(record, time),
    contactless: cardsWanted(parts.contactless, request),
    cardDeadlineMs: parts.clock.monotonicMs() + parts.settings.cardTimeoutMs,
    tape: newTape(),
    record,
    known: {},
    stop: context.signal,
  };
};
