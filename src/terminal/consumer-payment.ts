import { startsWith } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { schemeOf } from '#data/schemes.ts';
import { accountIn, protect } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import { type Course, type Decision, over } from './course.ts';
import type { ConsumerApplication, ConsumerCode } from './identified.ts';
import { authoriseWithoutCard } from './without-card.ts';

/**
 * Pays by a code of a card scheme (EMVCo consumer-presented), through the acquirer: the first
 * application that this terminal takes by contactless, too. spec/qr.md 2
 */
export const byConsumerCode = async (course: Course, code: ConsumerCode): Promise<Decision> => {
  const { parts, emit } = course.context;
  const { keys, reader } = parts;
  await reader.fieldOff(0);
  const application = code.applications.find((one) => isTaken(course, one));
  if (application === undefined)
    return over('declined', 'no application of the code is taken here');
  const account = accountIn(application.data);
  if (account === undefined) return over('declined', 'the code holds no account number');
  const sealed = await protect(account, course.record.id, keys);
  if (isFault(sealed)) return over('declined', sealed.detail);
  course.account = sealed;
  const scheme = schemeOf(application.aid)?.name;
  const { maskedPan, token } = sealed;
  const card = {
    ...(scheme === undefined ? {} : { scheme }),
    ...{ application: toHex(application.aid), maskedPan },
  };
  course.known = { ...course.known, ...card };
  emit({ event: 'authorising' });
  emit({ event: 'code', screen: 'authorising' });
  return authoriseWithoutCard(course, {
    record: { ...course.record, card: { ...card, token } },
    ...{ transactionType: '00', localTime: course.time },
    ...{ scanned: application.data, sealed: sealed.sealed },
  });
};

const isTaken = ({ contactless, first }: Course, { aid }: ConsumerApplication): boolean =>
  contactless.combinations
    .get(first.transaction.type)
    ?.some((combination) => startsWith(aid, combination.aid)) === true;
