import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  failingAt,
  type Lab,
  type Line,
  OTHER,
  type Play,
  play,
  ppse,
} from '#test/support/lab-port.ts';

const card = cardWith(ppse(entry({ name: OTHER })));
const START = ['ui 15 readyToRead', 'field on', 'card?'];
const SELECTED = ['SELECT PPSE', `SELECT ${OTHER}`];
const restart = (start: string, more: Line = {}): Line => ({
  outcome: 'endApplication',
  start,
  ...more,
});
const APPROVED = { outcome: 'approved' };
const UPDATE = '910A00000000000000003030';

/** A lab whose transaction 1 has ended with this outcome. */
const ended = (outcome: Line, set: Line = {}, how: Partial<Play> = {}): Lab => {
  const lab = configured(configuration(set));
  play(lab, activation(), { card, kernel: [outcome], ...how });
  return lab;
};

const trace = (lab: Lab, more: Line, how: Partial<Play> = {}): readonly string[] =>
  play(lab, activation(more), { card, ...how }).trace;

describe('protocol activation (Book B 3.2)', () => {
  test('message 15 comes before the field', () => {
    expect(trace(configured(configuration()), {}).slice(0, 3)).toEqual(START);
  });

  test('without a card the activation ends, and that is no outcome (11)', () => {
    const { trace: all, reply } = play(configured(configuration()), activation(), {
      card,
      presence: ['timeout'],
    });
    expect(all).toEqual([...START, 'error cardTimeout']);
    expect(reply).not.toHaveProperty('outcome');
  });

  test.each<[sentence: string, presence: string[], between: string[]]>([
    ['a card that is taken away is waited for again', ['removed', 'present'], ['card?']],
    [
      'of several cards one is wanted, and when all are gone polling goes on (3.2.1.4)',
      ['collision', 'removed', 'present'],
      ['ui 19 processingError', 'card?', 'ui 19 readyToRead', 'card?'],
    ],
    [
      'when one of several cards remains it is read without a further message (11)',
      ['collision', 'present'],
      ['ui 19 processingError', 'card?'],
    ],
    [
      'a collision can come twice',
      ['collision', 'removed', 'collision', 'removed', 'removed', 'present'],
      [
        'ui 19 processingError',
        'card?',
        'ui 19 readyToRead',
        'card?',
        'ui 19 processingError',
        'card?',
        'ui 19 readyToRead',
        'card?',
        'card?',
      ],
    ],
  ])('%s', (_, presence, between) => {
    expect(trace(configured(configuration()), {}, { presence })).toEqual([
      ...START,
      ...between,
      ...SELECTED,
      'kernel 22 at A',
      'approved',
    ]);
  });

  test('after a collision that nobody resolves the activation ends', () => {
    const presence = ['collision', 'timeout'];
    expect(trace(configured(configuration()), {}, { presence }).slice(3)).toEqual([
      'ui 19 processingError',
      'card?',
      'error cardTimeout',
    ]);
  });
});

describe('a new transaction that the reader starts at B (Book B 3.2.1.1)', () => {
  const none = {
    statusCheckRequested: false,
    contactlessApplicationNotAllowed: false,
    zeroAmount: false,
    readerCvmRequiredLimitExceeded: false,
    readerContactlessFloorLimitExceeded: false,
  };
  const indicators = (set: Line) =>
    play(configured(configuration(set)), activation({ start: 'B' }), { card }).kernels[0]?.[
      'preprocessing'
    ];

  test.each<[sentence: string, set: Line, expected: Line]>([
    ['has no indicators where none are fixed', {}, none],
    ['compares the amount with no limit', { readerCvmRequiredLimit: 1, statusCheck: true }, none],
    [
      'takes the qualifiers as they are configured',
      { ttq: '26C04000' },
      { ...none, ttq: '26C04000' },
    ],
    [
      'takes the fixed indicators',
      { fixedIndicators: { zeroAmount: true, readerCvmRequiredLimitExceeded: true } },
      { ...none, zeroAmount: true, readerCvmRequiredLimitExceeded: true },
    ],
    [
      'takes fixed qualifiers before the configured ones',
      { ttq: '26004000', fixedIndicators: { ttq: '26804000' } },
      { ...none, ttq: '26804000' },
    ],
  ])('%s', (_, set, expected) => {
    expect(indicators(set)).toEqual(expected);
  });

  test('does without a combination that is fixed as not allowed', () => {
    const set = { fixedIndicators: { contactlessApplicationNotAllowed: true } };
    expect(trace(configured(configuration(set)), { start: 'B' }).slice(-2)).toEqual([
      'ui 1C readyToRead',
      'endApplication',
    ]);
  });

  test('takes an amount over the transaction limit, which nobody compares', () => {
    const set = { readerContactlessTransactionLimit: 1 };
    expect(trace(configured(configuration(set)), { start: 'B' }).at(-1)).toBe('approved');
  });

  test('keeps the fixed indicators after a link error', () => {
    const set = { ttq: '26C04000', fixedIndicators: { zeroAmount: true } };
    const { kernels } = play(configured(configuration(set)), activation({ start: 'B' }), {
      card: failingAt(card, 1, { fault: 'timeout' }),
    });
    expect(kernels[0]?.['preprocessing']).toEqual({ ...none, zeroAmount: true, ttq: '26C04000' });
  });

  test('finds no issuer data shortcut without an application from before', () => {
    const lab = configured(configuration());
    expect(trace(lab, { start: 'B', onlineResponse: UPDATE })).toEqual([
      ...START,
      ...SELECTED,
      'kernel 22 at B',
      'approved',
    ]);
  });
});

describe('the reader restarts (Book A 6.3, Book B 3.5.1)', () => {
  const UI = { uiOnRestart: { messageId: '21', status: 'readyToRead' } };

  test('at A: pre-processing is repeated', () => {
    const lab = ended(restart('A'), { readerContactlessTransactionLimit: 2000 });
    expect(trace(lab, { start: 'A' })).toEqual([
      ...START,
      ...SELECTED,
      'kernel 22 at A again',
      'approved',
    ]);
    const dear = play(
      ended(restart('A'), { readerContactlessTransactionLimit: 2000 }),
      {
        ...activation({}, { amountAuthorised: 2000 }),
      },
      { card },
    );
    expect(dear.trace).toEqual(['ui 18 processingError', 'tryAnotherInterface']);
    expect(dear.reply['selected']).toBeNull();
  });

  test('at B: the directory is read anew, indicators are kept', () => {
    const lab = ended(restart('B'), { readerCvmRequiredLimit: 1, fixedIndicators: {} });
    const again = play(lab, activation({ start: 'B' }), { card });
    expect(again.trace).toEqual([...START, ...SELECTED, 'kernel 22 at B again', 'approved']);
    expect(again.kernels[0]).toMatchObject({
      preprocessing: { readerCvmRequiredLimitExceeded: true },
    });
  });

  test('at B without Restart flag: indicators are reset to the fixed ones', () => {
    const lab = ended(APPROVED, { readerCvmRequiredLimit: 1 });
    const again = play(lab, activation({ start: 'B' }), { card });
    expect(again.kernels[0]).toMatchObject({
      restart: false,
      preprocessing: { readerCvmRequiredLimitExceeded: false },
    });
  });

  test('at C: the application is selected from the list as it was kept', () => {
    expect(trace(ended(restart('C')), { start: 'C' })).toEqual([
      `SELECT ${OTHER}`,
      'kernel 22 at C again',
      'approved',
    ]);
  });

  test('at C after Select Next: without the candidate that was taken off', () => {
    const two = cardWith(
      ppse(entry({ name: `${OTHER}01`, priority: '01' }), entry({ name: `${OTHER}02` })),
    );
    const lab = configured(configuration());
    const kernel = [{ outcome: 'selectNext', start: 'C' }, restart('C')];
    play(lab, activation(), { card: two, kernel });
    expect(trace(lab, { start: 'C' }, { card: two })).toEqual([
      `SELECT ${OTHER}02`,
      'kernel 22 at C again',
      'approved',
    ]);
  });

  test('at C with an empty list: the application ends', () => {
    const lab = configured(configuration());
    play(lab, activation(), { card: cardWith('6A82') });
    expect(trace(lab, { start: 'C' })).toEqual(['ui 1C readyToRead', 'endApplication']);
  });

  test('at D: the kernel alone, with no FCI and no status word', () => {
    const lab = ended({ outcome: 'onlineRequest', start: 'D', onlineResponseType: 'any' });
    const { kernels, trace: all } = play(lab, activation({ start: 'D' }), { card });
    expect(all).toEqual(['kernel 22 at D again', 'approved']);
    expect(kernels[0]).toMatchObject({ aid: OTHER, fci: '', sw: '' });
  });

  test('at D, and Try Again then: a new selection, with its FCI', () => {
    const lab = ended(restart('D'));
    const kernel = [{ outcome: 'tryAgain', start: 'B' }, APPROVED];
    const { kernels, trace: all } = play(lab, activation({ start: 'D' }), { card, kernel });
    expect(all).toEqual([
      'kernel 22 at D again',
      ...START,
      ...SELECTED,
      'kernel 22 at B again',
      'approved',
    ]);
    expect(kernels[1]).toMatchObject({ sw: '9000' });
  });

  test.each<[start: string, expected: string[]]>([
    ['A', ['ui 21 readyToRead', 'field on', 'card?', ...SELECTED, 'kernel 22 at A again']],
    ['B', ['ui 21 readyToRead', 'field on', 'card?', ...SELECTED, 'kernel 22 at B again']],
    ['C', ['ui 21 readyToRead', `SELECT ${OTHER}`, 'kernel 22 at C again']],
    ['D', ['ui 21 readyToRead', 'kernel 22 at D again']],
  ])('the UI on Restart is shown at %s (11)', (start, expected) => {
    expect(trace(ended(restart(start, UI)), { start }).slice(0, -1)).toEqual(expected);
  });

  test('the UI on Restart is shown at another start point too, if the reader goes there', () => {
    expect(trace(ended(restart('B', UI)), { start: 'C' })[0]).toBe('ui 21 readyToRead');
  });

  test('the UI on Restart is shown once: after a link error it is message 15', () => {
    const lab = ended(restart('B', UI));
    const once = trace(lab, { start: 'B' }, { card: failingAt(card, 1, { fault: 'timeout' }) });
    expect(once.filter((line) => line.startsWith('ui'))).toEqual([
      'ui 21 readyToRead',
      'ui 15 readyToRead',
    ]);
  });

  test('the UI on Restart is shown once: not at the restart after that', () => {
    const lab = ended(restart('B', UI));
    trace(lab, { start: 'B' }, { kernel: [restart('B')] });
    expect(trace(lab, { start: 'B' })[0]).toBe('ui 15 readyToRead');
  });

  test('without Restart flag no UI on Restart is shown', () => {
    expect(trace(ended(restart('none', UI)), { start: 'B' })[0]).toBe('ui 15 readyToRead');
  });

  test('a new transaction knows nothing of the one before', () => {
    const lab = ended(restart('B', UI), { readerCvmRequiredLimit: 1 });
    const next = play(lab, activation({ start: 'B', sequenceCounter: 2 }), { card });
    expect(next.trace[0]).toBe('ui 15 readyToRead');
    expect(next.kernels[0]).toMatchObject({
      restart: false,
      preprocessing: { readerCvmRequiredLimitExceeded: false },
    });
  });
});

describe("the issuer's data (Book B 3.3.1)", () => {
  const ONLINE = { outcome: 'onlineRequest', start: 'B', onlineResponseType: 'emvData' };

  test.each([
    ['91', UPDATE],
    ['71', '7103AABBCC'],
    ['72', '7203AABBCC'],
    ['8A and 91', `8A023030${UPDATE}`],
  ])('%s: the same application is selected without the directory', (_, onlineResponse) => {
    const again = play(ended(ONLINE), activation({ start: 'B', onlineResponse }), { card });
    expect(again.trace).toEqual([...START, `SELECT ${OTHER}`, 'kernel 22 at B again', 'approved']);
    expect(again.kernels[0]).toMatchObject({ onlineResponse });
  });

  test('8A alone is no issuer data: the directory is read, and the kernel gets it', () => {
    const again = play(ended(ONLINE), activation({ start: 'B', onlineResponse: '8A023030' }), {
      card,
    });
    expect(again.trace).toEqual([...START, ...SELECTED, 'kernel 22 at B again', 'approved']);
    expect(again.kernels[0]).toMatchObject({ onlineResponse: '8A023030' });
  });

  test('without an answer the kernel is given none', () => {
    const { kernels } = play(configured(configuration()), activation(), { card });
    expect(kernels[0]).not.toHaveProperty('onlineResponse');
  });

  test.each([
    ['not found', '6A82'],
    ['an FCI without A5', '6F009000'],
  ])('belongs to no other application: %s ends it (3.3.3.5)', (_, answer) => {
    const two = ppse(
      entry({ name: `${OTHER}01`, priority: '01' }),
      entry({ name: `${OTHER}02`, priority: '02' }),
    );
    const lab = ended(ONLINE, {}, { card: cardWith(two) });
    const again = play(lab, activation({ start: 'B', onlineResponse: UPDATE }), {
      card: cardWith(two, { [`${OTHER}01`]: answer }),
    });
    expect(again.trace.slice(3)).toEqual([
      `SELECT ${OTHER}01`,
      'ui 1C readyToRead',
      'endApplication',
    ]);
  });

  test('is delivered by way of the directory after a link error (11)', () => {
    const again = play(ended(ONLINE), activation({ start: 'B', onlineResponse: UPDATE }), {
      card: failingAt(card, 1, { fault: 'timeout' }),
    });
    expect(again.trace).toEqual([
      ...START,
      `SELECT ${OTHER}`,
      ...START,
      ...SELECTED,
      'kernel 22 at B again',
      'approved',
    ]);
  });

  test('is no shortcut at A (11)', () => {
    const again = trace(ended(restart('A')), { start: 'A', onlineResponse: UPDATE });
    expect(again.slice(3, 5)).toEqual(SELECTED);
  });

  test('reaches the kernel at D', () => {
    const lab = ended({ outcome: 'onlineRequest', start: 'D', onlineResponseType: 'any' });
    const { kernels } = play(lab, activation({ start: 'D', onlineResponse: UPDATE }), { card });
    expect(kernels[0]).toMatchObject({ start: 'D', onlineResponse: UPDATE });
  });
});
