import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tag } from '#data/dictionary.ts';
import type { PaymentState } from '#payment/index.ts';
import { states } from '#payment/index.ts';
import type { PaymentRecord } from '#payment/record.ts';
import { receiptText, shownNumber, withoutAccount } from '#receipt/index.ts';
import { receiptPage } from '#receipt/page.ts';
import { kinds, receiptOf } from './samples.ts';

/** ISO/IEC 7812-1 Annex B. */
const withCheckDigit = (digits: string): string => {
  for (const last of '0123456789') {
    const sum = [...`${digits}${last}`].reverse().reduce((total, digit, at) => {
      const doubled = at % 2 === 1 ? Number(digit) * 2 : Number(digit);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    if (sum % 10 === 0) return `${digits}${last}`;
  }
  throw new Error('every number has a check digit');
};

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count });

const pan = fc
  .integer({ min: 12, max: 18 })
  .chain(digits)
  .map((list) => withCheckDigit(`4${list.slice(1).join('')}`))
  // Of a number that repeats itself nothing could be said to be hidden.
  .filter((number) => new Set(number).size > 3);

const grouped = (number: string, blank: string): string =>
  (number.match(/.{1,4}/g) ?? []).join(blank);

const free = pan.chain((number) =>
  fc.constantFrom(number, grouped(number, ' '), grouped(number, '-'), `card ${number}!`),
);

const record = fc.record({
  kind: fc.constantFrom(...Object.values(kinds)),
  state: fc.constantFrom(...(Object.keys(states) as PaymentState[])),
  maskedPan: pan,
  tillId: free,
  payer: free,
  note: free,
  label: free,
});

const onlyDigits = (text: string): string => text.replaceAll(/[^0-9*]/g, '');

// First six and last four at most, where something is masked.
const tells = (line: string, number: string): boolean =>
  line.includes(number) ||
  (line.includes('*') && (line.includes(number.slice(0, 7)) || line.includes(number.slice(-5))));

it('no receipt shows an account number, whatever the record and others say', () => {
  fc.assert(
    fc.property(record, fc.constantFrom('customer', 'merchant'), (one, copy) => {
      const { kind, state, maskedPan, tillId, payer, note, label } = one;
      const wallet = { name: 'Wallet', way: 'shopperCode' as const, payer, notes: [note] };
      const full: PaymentRecord = { ...kind, state, card: { maskedPan }, tillId, wallet };
      const elements = (wanted: number) =>
        wanted === tag.applicationLabel ? new TextEncoder().encode(label) : undefined;
      const receipt = receiptOf(full, { copy, elements });
      const texts = [receiptText(receipt, 100), receiptPage(receipt, 'Receipt')];
      const numbers = [maskedPan, tillId, payer, note, label].map(onlyDigits);
      const lines = texts.flatMap((text) => text.split(/[\n<]/)).map(onlyDigits);
      expect(lines.filter((line) => numbers.some((number) => tells(line, number)))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it("the shopper's copy has the last four digits alone", () => {
  fc.assert(
    fc.property(pan, (number) => {
      expect(shownNumber(number, 'customer')).toMatch(/^\*+\d{4}$/);
      expect(shownNumber(number, 'merchant')).toMatch(/^\d{6}\*+\d{4}$/);
      expect(shownNumber(number, 'customer')).toHaveLength(number.length);
      expect(number.endsWith(shownNumber(number, 'customer').slice(-4))).toBe(true);
    }),
  );
  expect(shownNumber('371449*****8431', 'customer')).toBe('***********8431');
  expect(shownNumber('12345678', 'merchant')).toBe('****5678');
});

it('what is no account number stays as it was written', () => {
  for (const text of [
    'till-7-0042',
    '4111111111111112',
    '2026112222001499991234567890',
    '+49 30 901820',
  ])
    expect(withoutAccount(text)).toBe(text);
  expect(withoutAccount('paid with 4111 1111 1111 1111.')).toBe('paid with 411111******1111.');
});
