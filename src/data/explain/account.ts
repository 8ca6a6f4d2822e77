import { toHex } from '#bytes/hex.ts';
import { malformed } from '#bytes/malformed.ts';
import { fullYear } from '../decode.ts';
import { maskPan } from '../mask.ts';
import { serviceCodeDigits } from '../values.ts';
import { type Detail, detail, type Finding } from './explanation.ts';

/** Track 2 Equivalent Data, Book 3 Annex A: PAN, D, YYMM, service code, discretionary data, F. */
export const explainTrack2 = (value: Uint8Array, shown: boolean): Finding => {
  const match = /^([0-9]{1,19})D([0-9]{2})([0-9]{2})([0-9]{3})([0-9]*)F?$/.exec(toHex(value));
  if (match === null) return { malformed: malformed([], 0, 'no track 2') };
  const [, pan = '', yy = '', mm = '', service = '', discretionary = ''] = match;
  return {
    meaning: `account ${shown ? pan : maskPan(pan)}, expires ${fullYear(Number(yy))}-${mm}`,
    details: [
      ...explainServiceCode(service),
      detail(
        'data',
        shown
          ? `Discretionary data: ${discretionary}`
          : `Discretionary data: ${discretionary.length} digits`,
      ),
    ],
  };
};

/** Track 1 as ISO 7813 writes it: B, PAN, ^, name, ^, YYMM, service code, discretionary data. */
export const explainTrack1 = (value: Uint8Array, shown: boolean): Finding => {
  const text = String.fromCharCode(...value);
  const match = /^B([0-9]{1,19})\^([^^]{2,26})\^([0-9]{2})([0-9]{2})([0-9]{3})(.*)$/.exec(text);
  if (match === null) return { remarks: ['no track 1 as ISO 7813 writes it'] };
  const [, pan = '', name = '', yy = '', mm = '', service = '', discretionary = ''] = match;
  return {
    meaning: `account ${shown ? pan : maskPan(pan)}, expires ${fullYear(Number(yy))}-${mm}`,
    details: [
      detail('name', shown ? name.trim() : `${name.length} characters`),
      ...explainServiceCode(service),
      detail(
        'data',
        shown ? discretionary : `Discretionary data: ${discretionary.length} characters`,
      ),
    ],
  };
};

export const explainPan = (value: Uint8Array, shown: boolean): Finding => {
  const digits = toHex(value).replace(/F+$/, '');
  if (!/^[0-9]{8,19}$/.test(digits)) return { remarks: ['no account number'] };
  const check = luhn(digits) ? 'check digit is right' : 'check digit is wrong';
  return { meaning: `account ${shown ? digits : maskPan(digits)}, ${check}` };
};

/** Service code of track 2, or 5F30 with its leading zero. */
export const explainServiceCode = (digits: string): readonly Detail[] => [
  detail(
    'service',
    `Service code ${digits}: ${[...digits]
      .map((digit, index) => serviceCodeDigits[index]?.[digit] ?? 'not assigned')
      .join('; ')}`,
  ),
];

/** ISO 7812 Annex B. */
export const luhn = (digits: string): boolean => {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};
