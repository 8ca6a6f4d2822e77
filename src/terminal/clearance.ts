import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { maskPan } from '#data/mask.ts';
import { schemeOf } from '#data/schemes.ts';
import type { CardSoFar } from '#kernels/shared/step.ts';
import { type Account, accountIn } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Course, Next, Objection } from './course.ts';
import { costsOther } from './price.ts';
import type { Refusal } from './types.ts';

/**
 * Looks at a card that is about to be asked for its cryptogram; undefined: it may be. Only where
 * the till named its card, or reads one to know it, the key store is asked, too.
 */
export const objectionTo = (
  course: Course,
  card: CardSoFar,
): Objection | undefined | Promise<Objection | undefined> => {
  const scheme = schemeOf(card.adfName)?.name;
  if (costsOther(course, { by: 'card', scheme })) {
    return course.repriced === true
      ? { what: 'otherCard', because: 'it has another surcharge than the card before' }
      : { what: 'otherPrice', scheme };
  }
  const { cardToken } = course.context.request;
  if (course.acquiring !== 'card' && cardToken === undefined) return undefined;
  const account = accountIn(accountOf(card));
  if (account === undefined) return undefined;
  return course.acquiring === 'card'
    ? known(course, card, account)
    : notTheCard(course, account, cardToken);
};

/** The same when all was read: kernels 3, 6 and 7 learn the number with the cryptogram. */
export const otherCardIn = (
  course: Course,
  data: ReadonlyMap<number, Uint8Array>,
): Promise<Objection | undefined> | undefined => {
  const { cardToken } = course.context.request;
  const account = cardToken === undefined ? undefined : accountIn(data);
  return account && notTheCard(course, account, cardToken);
};

/** What goes into a result of an account: mask and token; a key store that fails gives no token. */
export const tokenOf = async (
  { context: { parts } }: Course,
  { pan }: Account,
): Promise<{ readonly maskedPan: string; readonly cardToken?: string }> => {
  const token = await parts.keys.token(pan);
  return { maskedPan: maskPan(pan), ...(isFault(token) ? {} : { cardToken: token }) };
};

/** Another card than may pay is refused as the shop's own decisions refuse one. */
export const refuseCard = async (course: Course, because: string): Promise<Next> => {
  const { parts, emit } = course.context;
  await parts.reader.fieldOff(0);
  parts.log.info({ transactionId: course.record.id, because }, 'refused for this payment');
  course.known = { ...course.known, errorCondition: 'PaymentRestriction' };
  emit({ event: 'refused', refusal: refusal(because) });
  return { step: 'anotherCard' };
};

const refusal = (because: string): Refusal => ({
  ...{ alternatives: [], whole: false, plasticWelcome: false },
  because,
});

const known = async (course: Course, card: CardSoFar, account: Account): Promise<Objection> => {
  const scheme = schemeOf(card.adfName)?.name;
  course.known = {
    ...course.known,
    ...(scheme === undefined ? {} : { scheme }),
    application: toHex(card.adfName),
    ...(await tokenOf(course, account)),
  };
  return { what: 'known' };
};

const notTheCard = async (
  { context: { parts } }: Course,
  { pan }: Account,
  wanted: string | undefined,
): Promise<Objection | undefined> => {
  const token = await parts.keys.token(pan);
  if (isFault(token)) return { what: 'otherCard', because: token.detail };
  return token === wanted
    ? undefined
    : { what: 'otherCard', because: 'it is not the card that the till has named' };
};

const ACCOUNT_TAGS = [
  tag.track2EquivalentData,
  tag.applicationPan,
  tag.applicationExpirationDate,
] as const;

const accountOf = ({ known: find }: CardSoFar): ReadonlyMap<number, Uint8Array> =>
  new Map(
    ACCOUNT_TAGS.flatMap((wanted) => {
      const value = find(wanted);
      return value === undefined || value.length === 0 ? [] : [[wanted, value] as const];
    }),
  );
