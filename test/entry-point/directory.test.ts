import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  type Entry,
  entry,
  type Line,
  OTHER,
  play,
  ppse,
  SELECT_PPSE,
  tlv,
} from '#test/support/lab-port.ts';

const VISA = 'A0000000031010';
const MASTERCARD = 'A0000000041010';
const EMPTY = ['ui 1C readyToRead', 'endApplication'];

/** What the terminal sends and does after it has read this directory. */
const reading = (directory: string, configure: Line = configuration()): readonly string[] => {
  const { trace } = play(configured(configure), activation(), { card: cardWith(directory) });
  return trace.slice(trace.indexOf('SELECT PPSE') + 1);
};

const taken = (name = OTHER, kernel = '22') => [
  `SELECT ${name}`,
  `kernel ${kernel} at A`,
  'approved',
];

const withAid = (aid: string, kernelId = '22') =>
  configuration({ combinations: [{ aid, kernelId }] });

test('the directory is selected by name, in exactly these bytes (Book B 3.3.2.2)', () => {
  const { lines } = play(configured(configuration()), activation(), {
    card: cardWith(ppse(entry({ name: OTHER }))),
  });
  const [first] = lines.filter((line) => line['ask'] === 'exchange');
  expect(first?.['capdu']).toBe('00A404000E325041592E5359532E444446303100');
});

describe('without an entry that can be used the application ends: try another card', () => {
  const name = tlv('84', '325041592E5359532E4444463031');
  const good = entry({ name: OTHER });
  test.each([
    ['a card without directory (3.3.2.3)', '6A82'],
    ['a blocked directory (3.3.2.3)', '6283'],
    ['an answer without data', '9000'],
    ['data under another status word (3.3.2.3)', `${ppse(good).slice(0, -4)}6200`],
    ['a directory without entries (3.3.2.4)', ppse()],
    ['a directory without BF0C', `${tlv('6F', name, tlv('A5'))}9000`],
    ['a directory without A5', `${tlv('6F', name)}9000`],
    ['a directory without 6F', `${tlv('A5', tlv('BF0C', good))}9000`],
    ['entries beside BF0C', `${tlv('6F', name, tlv('A5', good))}9000`],
    ['a 6F that is longer than the answer', '6F50840E325041592E5359532E44444630319000'],
    ['an A5 that is longer than its 6F', `${tlv('6F', name, 'A57F')}9000`],
    ['a BF0C that is longer than its A5', `${tlv('6F', name, tlv('A5', 'BF0C7F61'))}9000`],
    ['a last object that runs past the end of BF0C', ppse(good, '9F3E05AA')],
    ['only entries of other applications', ppse(entry({ name: VISA }))],
    ['an entry without ADF Name', ppse(entry({ priority: '01' }))],
    ['an ADF Name of 4 bytes', ppse(entry({ name: 'A0000009' }))],
    ['an ADF Name of 17 bytes', ppse(entry({ name: OTHER.padEnd(34, '0') }))],
    ['an empty ADF Name', ppse(entry({ name: '' }))],
    ['an ADF Name shorter than the AID', ppse(entry({ name: OTHER.slice(0, -2) }))],
    ['an ADF Name that differs in its last byte', ppse(entry({ name: `${OTHER.slice(0, -2)}02` }))],
  ])('%s', (_, directory) => {
    expect(reading(directory)).toEqual(EMPTY);
  });
});

describe('an entry is used', () => {
  const good = entry({ name: OTHER });
  const longer = OTHER.padEnd(32, '7');
  test.each<[sentence: string, directory: string, name?: string]>([
    ['that is the AID (3.3.2.5 B)', ppse(good)],
    ['that begins with the AID (3.3.2.5 B)', ppse(entry({ name: `${OTHER}01` })), `${OTHER}01`],
    ['with the longest of names', ppse(entry({ name: longer })), longer],
    ['whose directory names itself not (84)', `${tlv('6F', tlv('A5', tlv('BF0C', good)))}9000`],
    ['among objects that nobody knows', ppse('DF0101AA', good, 'C10100')],
    ['with objects that nobody knows', ppse(tlv('61', 'DF0101AA', tlv('4F', OTHER), '500141'))],
    ['whatever stands beside 6F', `${ppse(good).slice(0, -4)}DF0101AA9000`],
    ['behind an entry without ADF Name', ppse(entry({}), good)],
    ['behind a malformed entry (11)', ppse(tlv('61', '4F7FA000'), good)],
    ['before a malformed entry (11)', ppse(good, tlv('61', '9F'))],
    ['behind an entry with a short name', ppse(entry({ name: 'A000' }), good)],
    ['behind an empty entry', ppse('6100', good)],
    ['behind zeros (11)', ppse('0000', good)],
    ['before zeros (11)', ppse(good, '000000')],
    ['with zeros inside (11)', ppse(tlv('61', '00', tlv('4F', OTHER), '0000', '870101', '00'))],
    ['with zeros around its templates (11)', `0000${ppse(good).slice(0, -4)}00009000`],
    [
      'whose length is coded in two bytes',
      ppse(`6181${(good.length / 2 - 2).toString(16).padStart(2, '0')}${good.slice(4)}`),
    ],
    [
      'with a transaction code that is badly formatted (9F0A)',
      ppse(tlv('61', tlv('4F', OTHER), '9F0A03000107')),
    ],
    ['with elements in another order', ppse(tlv('61', '870101', '500454455354', tlv('4F', OTHER)))],
  ])('%s', (_, directory, name = OTHER) => {
    expect(reading(directory)).toEqual(taken(name));
  });

  test('for its AID of 5 bytes and of 16 bytes', () => {
    expect(reading(ppse(entry({ name: OTHER })), withAid('A000000999'))).toEqual(taken());
    expect(reading(ppse(entry({ name: longer })), withAid(longer))).toEqual(taken(longer));
  });

  test('for one combination only that is allowed for this amount (3.3.2.5)', () => {
    const sets = {
      ...configuration(),
      combinationSets: [
        {
          transactionTypes: ['00'],
          combinations: [{ aid: OTHER, kernelId: '22' }],
          readerContactlessTransactionLimit: 1,
        },
        { transactionTypes: ['00'], combinations: [{ aid: 'A000000999', kernelId: '23' }] },
      ],
    };
    expect(reading(ppse(entry({ name: OTHER })), sets)).toEqual(taken(OTHER, '23'));
  });
});

describe('the kernel that an entry asks for (9F2A, 3.3.2.5 C and D)', () => {
  const kernels = Object.fromEntries(
    ['02', '03', '04', '05', '06', '07', '22', '41', '00', '84084000', '840840', 'C10840'].map(
      (id) => [id, 'test'],
    ),
  );
  const asked = (aid: string, kernelId: string, one: Omit<Entry, 'name'>) =>
    reading(ppse(entry({ name: aid, ...one })), {
      ...configuration({ combinations: [{ aid, kernelId }] }),
      kernels,
    });
  // The reader's kernel 3 wants a PDOL of Visa cards, which these cards have.
  test.each<[aid: string, kernelId: string, asks: string | undefined, used: boolean]>([
    [OTHER, '22', undefined, true],
    [OTHER, '22', '', true],
    [OTHER, '22', '00', true],
    [OTHER, '22', '22', true],
    [OTHER, '22', '23', false],
    [OTHER, '22', '03', false],
    [VISA, '03', undefined, true],
    [VISA, '03', '', true],
    [VISA, '03', '00', true],
    [VISA, '03', '03', true],
    [VISA, '03', '02', false],
    [VISA, '22', undefined, false],
    [VISA, '22', '00', false],
    [VISA, '22', '22', true],
    [MASTERCARD, '02', undefined, true],
    [MASTERCARD, '03', undefined, false],
    ['A00000002501', '04', undefined, true],
    ['A0000000651010', '05', undefined, true],
    ['A0000001523010', '06', undefined, true],
    ['A0000003241010', '06', undefined, true],
    ['A000000333010101', '07', undefined, true],
    ['A0000002771010', '22', undefined, true],
    // b8b7 = 01: one byte
    [OTHER, '41', '41', true],
    [OTHER, '41', '01', false],
    // the rest of an international identifier doesn't count
    [OTHER, '22', '22084000', true],
    // b8b7 = 10 and 11: three bytes
    [OTHER, '840840', '840840', true],
    [OTHER, '840840', '84084012', true],
    [OTHER, '840840', '840978', false],
    [OTHER, '22', '840840', false],
    [OTHER, 'C10840', 'C10840', true],
    [OTHER, 'C10840', 'C108', false],
    [OTHER, '22', '84', false],
    [OTHER, '22', '8408', false],
    // short identifier 0 of a domestic kernel: out of the books' scope
    [OTHER, '22', '800840', false],
    [OTHER, '22', 'C00840', false],
  ])('%s with kernel %s, asking for %s: used %s', (aid, kernelId, kernel, used) => {
    const trace = asked(aid, kernelId, kernel === undefined ? {} : { kernel });
    expect(trace).toEqual(used ? taken(aid, kernelId) : EMPTY);
  });

  test('only the combination with that kernel is used', () => {
    const both = configuration({
      combinations: [
        { aid: OTHER, kernelId: '22' },
        { aid: OTHER, kernelId: '23' },
      ],
    });
    expect(reading(ppse(entry({ name: OTHER, kernel: '23' })), both)).toEqual(taken(OTHER, '23'));
  });

  test('an entry that cannot be followed leaves the others alone', () => {
    const directory = ppse(entry({ name: OTHER, kernel: '80' }), entry({ name: `${OTHER}01` }));
    expect(reading(directory)).toEqual(taken(`${OTHER}01`));
  });
});

test('a directory of twelve entries is read to its end', () => {
  const entries = Array.from({ length: 11 }, (_, i) =>
    entry({ name: `A00000080${i.toString(16)}`.padEnd(14, '0') }),
  );
  const { trace } = play(configured(configuration()), activation(), {
    card: (capdu) =>
      capdu === SELECT_PPSE ? ppse(...entries, entry({ name: OTHER })) : cardWith('6A82')(capdu),
  });
  expect(trace.slice(-3)).toEqual(taken());
});
