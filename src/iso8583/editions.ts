import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import type { Version } from './dialects.ts';
import {
  additionalAmounts,
  currencyInAmount,
  netAmount,
  securityControl,
  totals,
} from './editions/amounts.ts';
import { functionCode, responseCode } from './editions/codes.ts';
import {
  type Conversion,
  type Edition,
  type Fields,
  recoded,
  refuse,
  widened,
} from './editions/conversion.ts';
import { localTime as localTimeElement, settlementDate } from './editions/dates.ts';
import { transactionFee } from './editions/fees.ts';
import { originalData, replacementAmounts } from './editions/originals.ts';
import { pointOfService } from './editions/point-of-service.ts';
import { typeFrom, typeTo } from './editions/types.ts';
import { macNumber } from './mac.ts';
import type { Message } from './message.ts';

/**
 * A canonical message (1987 elements, MTI 0xxx) in the words of another edition; what comes out is
 * encoded with a dialect of it. Malformed names the canonical element that the edition can't carry;
 * its offset is 0, for there are no bytes yet. Nothing is left out, but for DE 25 06 in a reversal:
 * the original says there that it was a pre-authorisation.
 * @param localTime the shop's local time now, YYMMDDhhmmss. DE 13 has no year: the one in which it
 *   is nearest to this day is sent
 */
export const toEdition = (
  message: Message,
  version: Version,
  localTime: string,
): Message | Malformed => {
  if (version === '0') return message;
  const mti = typeTo(message.mti, version);
  if (mti === undefined) return malformed(['MTI'], 0, `no message of edition ${version} says this`);
  const left: Fields = new Map(message.fields);
  const made: Fields = new Map();
  const edition: Edition = { version, mti: message.mti, localTime };
  for (const conversion of conversions[version]) {
    const problem = conversion.to(left, made, edition);
    if (problem !== undefined) return problem;
  }
  for (const [number, value] of left) {
    if (!shared[version].has(number)) return refuse(number, 'has no place in this edition');
    made.set(number, value);
  }
  return withMacInPlace({ mti, fields: made });
};

/**
 * The other way. Malformed names the element of the edition whose value 1987 has no word for.
 * Elements that 1987 doesn't know are left out: a host may send more than a terminal asked for, and
 * no payment is reversed because of it.
 */
export const fromEdition = (message: Message): Message | Malformed => {
  const version = message.mti.charAt(0);
  if (version === '0') return message;
  const mti = typeFrom(message.mti);
  if (mti === undefined || (version !== '1' && version !== '2')) {
    return malformed(['MTI'], 0, 'no edition of ISO 8583');
  }
  const left: Fields = new Map(message.fields);
  const made: Fields = new Map();
  for (const conversion of conversions[version].toReversed()) {
    const problem = conversion.from(left, made, { version, mti, localTime: '' });
    if (isMalformed(problem)) return problem;
  }
  for (const [number, value] of left) if (shared[version].has(number)) made.set(number, value);
  return withMacInPlace({ mti, fields: made });
};

const same = (value: string): string => value;

// Towards an edition from first to last, back from last to first.
const both: readonly Conversion[] = [
  transactionFee,
  localTimeElement,
  settlementDate,
  pointOfService,
  // The merchant's type, 18 in 1987, where DE 26 was the length of a PIN.
  recoded(18, 26, same, same),
  originalData,
  replacementAmounts,
  responseCode,
  functionCode,
  securityControl,
];

const conversions: { readonly [version in '1' | '2']: readonly Conversion[] } = {
  '1': [
    ...both,
    widened(71, 4, 8),
    // Up to 99 characters.
    recoded(43, 43, same, (name) => name.padEnd(40)),
  ],
  '2': [
    ...both,
    currencyInAmount,
    netAmount,
    additionalAmounts,
    totals,
    widened(11, 6, 12),
    // 16 characters; and without a fixed length.
    recoded(
      41,
      41,
      (id) => id.padEnd(16),
      (id) => (id.slice(8).trim() === '' ? id.slice(0, 8) : undefined),
    ),
    recoded(42, 42, same, (id) => (id.length > 15 ? undefined : id.padEnd(15))),
    // Track 2 is any text there.
    recoded(35, 35, same, (track2) =>
      /^\d*[=D]?\d*$/.test(track2) ? track2.replace('D', '=') : undefined,
    ),
  ],
};

/** From `text`: "2-4 7" is 2, 3, 4 and 7. */
const numbers = (text: string): ReadonlySet<number> =>
  new Set(
    text.split(' ').flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    }),
  );

/** Elements that mean and look the same as in 1987. */
const shared: { readonly [version in '1' | '2']: ReadonlySet<number> } = {
  '1': numbers(
    '2-11 14 16 17 19-21 23 27 32-38 40-42 44 45 47-52 54 55 60-64 67-69 73-81 86-89 97-104 ' +
      '111-128',
  ),
  '2': numbers(
    '2 3 7 9 10 14 16 17 19 20 23 32 33 36-38 40 45 47 48 52 55 60-64 67 98-100 102 103 128',
  ),
};

// DE 64 or 128: it depends on the other elements, whose numbers have changed.
const withMacInPlace = ({ mti, fields }: Message): Message => {
  const mac = fields.get(64) ?? fields.get(128);
  if (mac === undefined) return { mti, fields };
  const others = new Map(fields);
  others.delete(64);
  others.delete(128);
  return { mti, fields: others.set(macNumber(others), mac) };
};
