import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  failingAt,
  fci,
  type Line,
  OTHER,
  play,
  ppse,
  tlv,
} from '#test/support/lab-port.ts';

const VISA = 'A0000000031010';
const [FIRST, SECOND, THIRD] = ['01', '02', '03'].map((end) => `${OTHER}${end}`) as [
  string,
  string,
  string,
];
const EMPTY = ['ui 1C readyToRead', 'endApplication'];
const START = ['ui 15 readyToRead', 'field on', 'card?'];

/** The order in which applications are selected, every SELECT being refused. */
const order = (configure: Line, ...entries: readonly string[]): readonly string[] => {
  const { trace } = play(configured(configure), activation(), {
    card: (capdu) => (capdu.includes('325041592E') ? ppse(...entries) : '6A82'),
  });
  return trace.filter((line) => line.startsWith('SELECT A')).map((line) => line.slice(7));
};

describe('applications are selected by priority (Book B 3.3.3.2)', () => {
  const three = (a?: string, b?: string, c?: string) =>
    [a, b, c].map((priority, i) =>
      entry({
        name: [FIRST, SECOND, THIRD][i] ?? '',
        ...(priority === undefined ? {} : { priority }),
      }),
    );
  test.each<[sentence: string, entries: string[], expected: string[]]>([
    ['1 before 2 before 3', three('03', '01', '02'), [SECOND, THIRD, FIRST]],
    ['2 before 14', three('0E', '02', '01'), [THIRD, SECOND, FIRST]],
    ['14 before 15', three('0F', '0E', '0E'), [SECOND, THIRD, FIRST]],
    ['14 before none', three(undefined, '0E', '0D'), [THIRD, SECOND, FIRST]],
    ['14 before 0', three('00', '0E', '01'), [THIRD, SECOND, FIRST]],
    ['none, 0 and 15 by their position', three(undefined, '00', '0F'), [FIRST, SECOND, THIRD]],
    ['15, 0 and none by their position', three('0F', '00', undefined), [FIRST, SECOND, THIRD]],
    ['an empty priority like none', three('', '0E', '0F'), [SECOND, FIRST, THIRD]],
    ['equal ones by their position', three('01', '01', '01'), [FIRST, SECOND, THIRD]],
    ['by the lower four bits alone', three('82', '71', 'F3'), [SECOND, FIRST, THIRD]],
  ])('%s', (_, entries, expected) => {
    expect(order(configuration(), ...entries)).toEqual(expected);
  });

  test('position counts in the directory, not in the list of combinations', () => {
    const configure = configuration({
      combinations: [
        { aid: SECOND, kernelId: '22' },
        { aid: FIRST, kernelId: '22' },
      ],
    });
    expect(order(configure, ...three('01', '01'))).toEqual([FIRST, SECOND]);
  });

  test('of one entry with two kernels the first that is configured is taken', () => {
    const configure = configuration({
      combinations: [
        { aid: OTHER, kernelId: '23' },
        { aid: OTHER, kernelId: '22' },
      ],
    });
    const { trace } = play(configured(configure), activation(), {
      card: cardWith(ppse(entry({ name: OTHER }))),
      kernel: [{ outcome: 'selectNext', start: 'C' }, { outcome: 'approved' }],
    });
    expect(trace.filter((line) => line.startsWith('kernel'))).toEqual([
      'kernel 23 at A',
      'kernel 22 at C',
    ]);
  });
});

describe('Extended Selection (Book B 3.3.3.4)', () => {
  test.each<[sentence: string, set: Line, extended: string | undefined, name: string]>([
    ['goes behind the name', { extendedSelection: true }, '4142', `${OTHER}4142`],
    [
      'may fill the name up to 16 bytes',
      { extendedSelection: true },
      '11'.repeat(9),
      `${OTHER}${'11'.repeat(9)}`,
    ],
    ['is left out over 16 bytes (11)', { extendedSelection: true }, '11'.repeat(10), OTHER],
    ['is left out where the reader says no', { extendedSelection: false }, '4142', OTHER],
    ['is left out where the reader says nothing', {}, '4142', OTHER],
    ['is left out where the card sends none', { extendedSelection: true }, undefined, OTHER],
    ['is left out where it is empty', { extendedSelection: true }, '', OTHER],
  ])('%s', (_, set, extended, name) => {
    const { trace } = play(configured(configuration(set)), activation(), {
      card: cardWith(ppse(entry({ name: OTHER, ...(extended === undefined ? {} : { extended }) }))),
    });
    expect(trace[4]).toBe(`SELECT ${name}`);
  });

  test('tells two entries with one name apart', () => {
    const { trace, reply } = play(
      configured(configuration({ extendedSelection: true })),
      activation(),
      {
        card: cardWith(
          ppse(
            entry({ name: OTHER, extended: '41', priority: '02' }),
            entry({ name: OTHER, extended: '42', priority: '01' }),
          ),
        ),
      },
    );
    expect(trace[4]).toBe(`SELECT ${OTHER}42`);
    expect(reply['selected']).toMatchObject({ adfName: OTHER, extendedSelection: '42' });
  });
});

describe('an application that cannot be used gives way to the next (Book B 3.3.3.5)', () => {
  const two = ppse(entry({ name: FIRST, priority: '01' }), entry({ name: SECOND, priority: '02' }));
  const name = tlv('84', FIRST);
  test.each([
    ['not found', '6A82'],
    ['blocked', '6283'],
    ['blocked, with its FCI', `${fci(FIRST).slice(0, -4)}6283`],
    ['conditions not satisfied', '6985'],
    ['an answer without data', '9000'],
    ['a 6F that runs past the end', '6F20840E9000'],
    ['an A5 that runs past the end', `${tlv('6F', name, 'A510')}9000`],
    ['a BF0C that runs past the end', `${tlv('6F', name, tlv('A5', 'BF0C7F'))}9000`],
    ['no 6F', `${tlv('77', name, tlv('A5'))}9000`],
    ['no A5', `${tlv('6F', name)}9000`],
  ])('%s', (_, answer) => {
    const { trace, kernels } = play(configured(configuration()), activation(), {
      card: cardWith(two, { [FIRST]: answer }),
    });
    // It stands at C then, and no further UI is shown.
    expect(trace.slice(4)).toEqual([
      `SELECT ${FIRST}`,
      `SELECT ${SECOND}`,
      'kernel 22 at C',
      'approved',
    ]);
    expect(kernels[0]?.['aid']).toBe(SECOND);
  });

  test('when all are refused the application ends, and nothing is selected', () => {
    const { trace, reply } = play(configured(configuration()), activation(), {
      card: cardWith(two, { [FIRST]: '6A82', [SECOND]: '6A81' }),
    });
    expect(trace.slice(4)).toEqual([`SELECT ${FIRST}`, `SELECT ${SECOND}`, ...EMPTY]);
    expect(reply['selected']).toBeNull();
  });

  test.each([
    ['without DF name', `${tlv('6F', tlv('A5', '500141'))}9000`],
    ['with an empty A5', `${tlv('6F', name, 'A500')}9000`],
    ['with zeros between its objects', `00${tlv('6F', '00', name, '0000', tlv('A5', '00'))}009000`],
    ['with objects that nobody knows', `${tlv('6F', 'DF0101AA', tlv('A5', 'DF0200'))}9000`],
  ])('an FCI %s will do', (_, answer) => {
    const { kernels } = play(configured(configuration()), activation(), {
      card: cardWith(two, { [FIRST]: answer }),
    });
    expect(kernels[0]).toMatchObject({ aid: FIRST, fci: answer.slice(0, -4), sw: '9000' });
  });
});

describe('kernel 3 takes Visa cards only that ask for the qualifiers (Book B 3.3.3.6)', () => {
  const visa = (aid: string, kernelId: string, answer: string) =>
    play(configured(configuration({ combinations: [{ aid, kernelId }] })), activation(), {
      card: cardWith(ppse(entry({ name: aid, kernel: kernelId })), { [aid]: answer }),
    }).trace.slice(5);
  test.each<[sentence: string, aid: string, kernelId: string, answer: string, used: boolean]>([
    ['a PDOL with 9F66', VISA, '03', fci(VISA, '9F6604'), true],
    ['a PDOL with 9F66 among others', VISA, '03', fci(VISA, '9F02069F66045F2A02'), true],
    ['a PDOL without 9F66', VISA, '03', fci(VISA, '9F02065F2A02'), false],
    ['an empty PDOL', VISA, '03', fci(VISA, ''), false],
    ['no PDOL', VISA, '03', fci(VISA), false],
    ['a PDOL that breaks off', VISA, '03', fci(VISA, '9F66049F02'), false],
    ['no PDOL, and another kernel', VISA, '22', fci(VISA), true],
    ['no PDOL of another scheme', OTHER, '03', fci(OTHER), true],
  ])('%s', (_, aid, kernelId, answer, used) => {
    expect(visa(aid, kernelId, answer)).toEqual(
      used ? [`kernel ${kernelId} at A`, 'approved'] : EMPTY,
    );
  });
});

describe('a Level 1 error in selection leads back to Start B (Book B 3.3.2.9)', () => {
  const card = cardWith(ppse(entry({ name: OTHER })));
  const again = [...START, 'SELECT PPSE', `SELECT ${OTHER}`, 'kernel 22 at B', 'approved'];
  for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
    test(`${fault} at SELECT PPSE`, () => {
      const { trace } = play(configured(configuration()), activation(), {
        card: failingAt(card, 1, { fault }),
      });
      expect(trace).toEqual([...START, 'SELECT PPSE', ...again]);
    });
    test(`${fault} at SELECT (AID)`, () => {
      const { trace } = play(configured(configuration()), activation(), {
        card: failingAt(card, 2, { fault }),
      });
      expect(trace).toEqual([...START, 'SELECT PPSE', `SELECT ${OTHER}`, ...again]);
    });
  }

  test('the indicators of pre-processing are kept', () => {
    const set = {
      ttq: '26004000',
      readerCvmRequiredLimit: 1,
      fixedIndicators: { ttq: '00000000' },
    };
    const { kernels } = play(configured(configuration(set)), activation(), {
      card: failingAt(card, 2, { fault: 'timeout' }),
    });
    expect(kernels[0]).toMatchObject({ start: 'B', preprocessing: { ttq: '26404000' } });
  });

  test('the list of candidates is a new one, with those again that were refused (11)', () => {
    const two = ppse(entry({ name: FIRST, priority: '01' }), entry({ name: SECOND }));
    const refusing = cardWith(two, { [FIRST]: '6A82' });
    const { trace } = play(configured(configuration()), activation(), {
      card: failingAt(refusing, 3, { fault: 'protocol' }),
    });
    expect(trace.slice(4)).toEqual([
      `SELECT ${FIRST}`,
      `SELECT ${SECOND}`,
      ...START,
      'SELECT PPSE',
      `SELECT ${FIRST}`,
      `SELECT ${SECOND}`,
      'kernel 22 at C',
      'approved',
    ]);
  });

  test('another card may be there then', () => {
    const torn = failingAt(cardWith('6A82'), 1, { fault: 'timeout' });
    const next = cardWith(ppse(entry({ name: SECOND })));
    let taps = 0;
    const { trace } = play(configured(configuration()), activation(), {
      card: (capdu) => (taps++ === 0 ? torn(capdu) : next(capdu)),
    });
    expect(trace.slice(-3)).toEqual([`SELECT ${SECOND}`, 'kernel 22 at B', 'approved']);
  });
});
