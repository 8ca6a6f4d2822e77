import * as v from 'valibot';
import { flag, minorUnits, seconds, wholeNumber } from './pieces.ts';

const PERCENT = 'a percentage from 0 to 100, such as 1.5';

const percent = v.pipe(
  v.number(PERCENT),
  v.check((value) => value >= 0 && value <= 100, PERCENT),
);

const ON = '"card", "code", "wallet:NAME" or "scheme:NAME"';

const surcharge = v.pipe(
  v.strictObject({
    /** Whom it is taken of: the way of paying, a wallet by name, a card scheme by name or brand. */
    on: v.pipe(v.string(ON), v.regex(/^(card|code|wallet:[a-z0-9-]{1,40}|scheme:.{1,40})$/, ON)),
    percent: v.exactOptional(percent),
    fixedMinor: v.exactOptional(minorUnits),
    /** For amounts from this one, and up to that one. */
    fromMinor: v.exactOptional(minorUnits),
    toMinor: v.exactOptional(minorUnits),
    mostMinor: v.exactOptional(minorUnits),
  }),
  v.check(
    ({ percent, fixedMinor }) => percent !== undefined || fixedMinor !== undefined,
    '"percent", "fixedMinor" or both',
  ),
);

const tips = v.strictObject({
  /** What the shopper is offered, of the amount. */
  percentages: v.optional(
    v.pipe(v.array(percent, 'a list of percentages'), v.maxLength(6, 'up to six percentages')),
    [15, 18, 20],
  ),
  /** Whether another amount may be typed. */
  other: v.optional(flag, true),
});

/** How a payment goes, and what it costs beside the goods. */
export const paymentSection = v.strictObject({
  cardTimeoutSeconds: seconds(5, 600),
  /** How long a payment by a wallet's code may take. */
  codeTimeoutSeconds: v.optional(seconds(5, 600), 90),
  resultSeconds: seconds(1, 60),
  attempts: wholeNumber(1, 10, 'a number of cards to try'),
  tips: v.optional(tips, {}),
  /** Of those that fit, the first counts; none unless stated. A refund never has one. */
  surcharges: v.optional(v.array(surcharge, 'a list of surcharges'), []),
});

export type TipsConfig = v.InferOutput<typeof tips>;
export type SurchargeConfig = v.InferOutput<typeof surcharge>;
