import { type Conversion, refuse, takeText } from './conversion.ts';
import { yearOf } from './dates.ts';
import { typeFrom, typeTo } from './types.ts';

const NOBODY = '0'.repeat(11);

/**
 * DE 90, n 42: type, STAN, date and time, acquirer and forwarder of the original. The other
 * editions have it in DE 56, without forwarder: 1993 with the acquirer behind its length, 2003 with
 * longer STAN and date. The date and time stay those of DE 90 (transmission, UTC), which identify
 * the original on every repeat; the reversal's own DE 12 has the original's local time.
 */
export const originalData: Conversion = {
  to: (left, made, { version, localTime }) => {
    const original = takeText(left, 90);
    if (original === undefined) return undefined;
    const type = typeTo(original.slice(0, 4), version);
    const when = original.slice(10, 20);
    const acquirer = original.slice(20, 31);
    if (type === undefined) return refuse(90, 'a type of message that this edition has not');
    if (original.slice(31) !== NOBODY) return refuse(90, 'no place for the forwarder');
    const year = yearOf(when.slice(0, 4), localTime);
    const stan = original.slice(4, 10);
    const known = acquirer !== NOBODY;
    made.set(
      56,
      version === '1'
        ? `${type}${stan}${year}${when}${known ? `11${acquirer}` : ''}`
        : `${type}000000${stan}20${year}${when}${known ? acquirer : ''}`,
    );
    return undefined;
  },
  from: (left, made, { version }) => {
    const original = takeText(left, 56);
    if (original === undefined) return undefined;
    const pattern =
      version === '1'
        ? /^(\d{4})(\d{6})\d{2}(\d{10})(?:\d{2}(\d{1,11}))?$/
        : /^(\d{4})0{6}(\d{6})\d{4}(\d{10})(\d{1,11})?$/;
    const [, type = '', stan, when, acquirer = ''] = pattern.exec(original) ?? [];
    const mti = typeFrom(type);
    if (stan === undefined || mti === undefined) return refuse(56, 'not the original of a message');
    made.set(90, `${mti}${stan}${when}${acquirer.padStart(11, '0')}${NOBODY}`);
    return undefined;
  },
};

const NOTHING_ELSE = '0'.repeat(30);
const NO_AMOUNT = '0'.repeat(12);

/**
 * DE 95, an 42: in a partial reversal, the amount that stands instead of DE 4. In the other
 * editions DE 4 is that amount, and DE 30 the original's. Comes before amounts get a currency.
 */
export const replacementAmounts: Conversion = {
  to: (left, made) => {
    const replacement = takeText(left, 95);
    if (replacement === undefined) return undefined;
    const original = takeText(left, 4);
    if (original === undefined) return refuse(95, 'goes with DE 4 in this edition');
    if (replacement.slice(12) !== NOTHING_ELSE) {
      return refuse(95, 'only the amount of the transaction can be replaced');
    }
    left.set(4, replacement.slice(0, 12));
    made.set(30, `${original}${NO_AMOUNT}`);
    return undefined;
  },
  from: (left, made, { mti }) => {
    const originals = takeText(left, 30);
    if (originals === undefined || mti.charAt(1) !== '4') return undefined;
    const replacement = takeText(left, 4) ?? takeText(made, 4);
    if (replacement === undefined) return refuse(30, 'goes with DE 4');
    made.set(95, `${replacement}${NOTHING_ELSE}`);
    made.set(4, originals.slice(0, 12));
    return undefined;
  },
};
