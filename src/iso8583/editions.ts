import { type Malformed, malformed } from '#bytes/malformed.ts';
import type { Message } from './message.ts';

/** First digit of the MTI: 0 is ISO 8583:1987, 1 is 1993, 2 is 2003. */
export type Version = '0' | '1' | '2';

/**
 * A canonical message (1987 elements, MTI 0xxx) in the words of another edition. Malformed names
 * the canonical element that the edition can't carry.
 * @param localTime the shop's local time now, YYMMDDhhmmss. DE 13 has no year: the one in which it
 *   is nearest to this day is sent.
 */
export const toEdition = (
  message: Message,
  version: Version,
  localTime: string,
): Message | Malformed =>
  version === '0' ? message : malformed(['MTI'], 0, `no edition ${version} at ${localTime} yet`);

/** The other way; Malformed names the element of the edition that has no canonical form. */
export const fromEdition = (message: Message): Message | Malformed =>
  message.mti.startsWith('0') ? message : malformed(['MTI'], 0, 'no other editions yet');
