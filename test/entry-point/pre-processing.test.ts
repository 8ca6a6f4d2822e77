import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  type Line,
  OTHER,
  play,
  ppse,
} from '#test/support/lab-port.ts';

const card = cardWith(ppse(entry({ name: OTHER })));

const none = {
  statusCheckRequested: false,
  contactlessApplicationNotAllowed: false,
  zeroAmount: false,
  readerCvmRequiredLimitExceeded: false,
  readerContactlessFloorLimitExceeded: false,
};

const tapped = (set: Line, amount: number, transaction: Line = {}) =>
  play(
    configured(configuration(set)),
    activation({}, { amountAuthorised: amount, ...transaction }),
    { card },
  );

const NOT_ALLOWED = 'not allowed';

describe('pre-processing tells the kernel (Book B 3.1.1)', () => {
  test.each<[sentence: string, set: Line, amount: number, changed: Line | string]>([
    ['nothing, where nothing is configured', {}, 1000, {}],
    ['nothing, where nothing is configured and the amount is large', {}, 999_999_999_999, {}],
    // 3.1.1.2 status check
    ['a status check of one unit', { statusCheck: true }, 100, { statusCheckRequested: true }],
    ['no status check of two units', { statusCheck: true }, 200, {}],
    ['no status check of one minor unit', { statusCheck: true }, 1, {}],
    ['no status check that is switched off', { statusCheck: false }, 100, {}],
    ['no status check that is not configured', {}, 100, {}],
    // 3.1.1.3 zero amount
    ['a zero amount, where nothing says if it is allowed', {}, 0, { zeroAmount: true }],
    ['a zero amount that is allowed', { zeroAmountAllowed: true }, 0, { zeroAmount: true }],
    ['nothing of a zero amount that is not allowed', { zeroAmountAllowed: false }, 0, NOT_ALLOWED],
    ['no zero amount, where it is allowed offline', { zeroAmountForOfflineAllowed: true }, 0, {}],
    [
      'no zero amount, where it is allowed offline and not online',
      { zeroAmountForOfflineAllowed: true, zeroAmountAllowed: false },
      0,
      {},
    ],
    [
      'a zero amount, where it is not allowed offline',
      { zeroAmountForOfflineAllowed: false },
      0,
      { zeroAmount: true },
    ],
    [
      'nothing of a zero amount that is allowed neither way',
      { zeroAmountForOfflineAllowed: false, zeroAmountAllowed: false },
      0,
      NOT_ALLOWED,
    ],
    ['no zero amount of one minor unit', { zeroAmountAllowed: false }, 1, {}],
    // 3.1.1.4 reader contactless transaction limit: equal or over
    ['nothing under the transaction limit', { readerContactlessTransactionLimit: 1001 }, 1000, {}],
    ['the transaction limit', { readerContactlessTransactionLimit: 1000 }, 1000, NOT_ALLOWED],
    ['over the transaction limit', { readerContactlessTransactionLimit: 999 }, 1000, NOT_ALLOWED],
    ['nothing but a limit of zero', { readerContactlessTransactionLimit: 0 }, 0, NOT_ALLOWED],
    // 3.1.1.5 reader contactless floor limit: over
    ['nothing under the floor limit', { readerContactlessFloorLimit: 1001 }, 1000, {}],
    ['nothing at the floor limit', { readerContactlessFloorLimit: 1000 }, 1000, {}],
    [
      'a floor limit that is exceeded',
      { readerContactlessFloorLimit: 999 },
      1000,
      { readerContactlessFloorLimitExceeded: true },
    ],
    [
      'a floor limit of zero that is exceeded',
      { readerContactlessFloorLimit: 0 },
      1,
      { readerContactlessFloorLimitExceeded: true },
    ],
    [
      'nothing at a floor limit of zero',
      { readerContactlessFloorLimit: 0 },
      0,
      { zeroAmount: true },
    ],
    // 3.1.1.6 terminal floor limit, where the reader has none
    ['nothing at the terminal floor limit', { terminalFloorLimit: 1000 }, 1000, {}],
    [
      'the terminal floor limit, exceeded',
      { terminalFloorLimit: 999 },
      1000,
      { readerContactlessFloorLimitExceeded: true },
    ],
    [
      "nothing of the terminal's floor limit, where the reader has its own",
      { terminalFloorLimit: 10, readerContactlessFloorLimit: 5000 },
      1000,
      {},
    ],
    [
      "the reader's floor limit of zero before the terminal's",
      { terminalFloorLimit: 5000, readerContactlessFloorLimit: 0 },
      1000,
      { readerContactlessFloorLimitExceeded: true },
    ],
    // 3.1.1.7 reader CVM required limit: equal or over
    ['nothing under the CVM limit', { readerCvmRequiredLimit: 1001 }, 1000, {}],
    [
      'a CVM at the limit',
      { readerCvmRequiredLimit: 1000 },
      1000,
      { readerCvmRequiredLimitExceeded: true },
    ],
    [
      'a CVM over the limit',
      { readerCvmRequiredLimit: 999 },
      1000,
      { readerCvmRequiredLimitExceeded: true },
    ],
    [
      'a CVM at a limit of zero',
      { readerCvmRequiredLimit: 0 },
      0,
      { readerCvmRequiredLimitExceeded: true, zeroAmount: true },
    ],
    // 3.1.1.8 to 3.1.1.12: terminal transaction qualifiers
    ['the qualifiers as configured', { ttq: '26004000' }, 1000, { ttq: '26004000' }],
    ['qualifiers without their transient bits', { ttq: '26C04000' }, 1000, { ttq: '26004000' }],
    ['all other bits of the qualifiers', { ttq: 'FFFFFFFF' }, 1000, { ttq: 'FF3FFFFF' }],
    [
      'an online cryptogram over the floor limit',
      { ttq: '26004000', readerContactlessFloorLimit: 10 },
      1000,
      { ttq: '26804000', readerContactlessFloorLimitExceeded: true },
    ],
    [
      'an online cryptogram for a status check',
      { ttq: '26004000', statusCheck: true },
      100,
      { ttq: '26804000', statusCheckRequested: true },
    ],
    [
      'an online cryptogram for a zero amount',
      { ttq: '26004000' },
      0,
      { ttq: '26804000', zeroAmount: true },
    ],
    ['nothing of a zero amount to an offline-only reader', { ttq: '2E004000' }, 0, NOT_ALLOWED],
    [
      'no online cryptogram for a zero amount that may go offline',
      { ttq: '2E004000', zeroAmountForOfflineAllowed: true },
      0,
      { ttq: '2E004000' },
    ],
    [
      'a CVM in the qualifiers',
      { ttq: '26004000', readerCvmRequiredLimit: 1000 },
      1000,
      { ttq: '26404000', readerCvmRequiredLimitExceeded: true },
    ],
    [
      'everything at once',
      {
        ttq: '26004000',
        readerCvmRequiredLimit: 1000,
        readerContactlessFloorLimit: 10,
        readerContactlessTransactionLimit: 5000,
      },
      1000,
      {
        ttq: '26C04000',
        readerCvmRequiredLimitExceeded: true,
        readerContactlessFloorLimitExceeded: true,
      },
    ],
  ])('%s', (_, set, amount, changed) => {
    const { kernels, trace } = tapped(set, amount);
    if (typeof changed === 'string') {
      expect(trace).toEqual(['ui 18 processingError', 'tryAnotherInterface']);
    } else {
      expect(kernels.map((line) => line['preprocessing'])).toEqual([{ ...none, ...changed }]);
    }
  });

  test.each([
    ['one yen', '0392', 1, true],
    ['a hundred yen', '0392', 100, false],
    ['one Kuwaiti dinar of a thousand fils', '0414', 1000, true],
    ['one euro', '0978', 100, true],
  ])(
    'a status check of %s, by the minor units of the currency (3.1.1.2)',
    (_, currency, amount, on) => {
      const { kernels } = tapped({ statusCheck: true }, amount, { currency });
      expect(kernels[0]?.['preprocessing']).toEqual({ ...none, statusCheckRequested: on });
    },
  );

  test('a status check in a currency without known minor units is a configuration error', () => {
    const { trace } = tapped({ statusCheck: true }, 100, { currency: '0999' });
    expect(trace).toEqual(['error configuration']);
    expect(tapped({}, 100, { currency: '0999' }).trace.at(-1)).toBe('approved');
  });
});

describe('after pre-processing', () => {
  const sets = (first: Line, second: Line): Line => ({
    ...configuration(),
    combinationSets: [
      { transactionTypes: ['00'], combinations: [{ aid: OTHER, kernelId: '22' }], ...first },
      { transactionTypes: ['00'], combinations: [{ aid: OTHER, kernelId: '23' }], ...second },
    ],
  });

  test('another interface is tried, all parameters N/A, when nothing is allowed (3.1.1.13)', () => {
    const { reply, trace } = tapped({ readerContactlessTransactionLimit: 1 }, 1000);
    expect(trace).toEqual(['ui 18 processingError', 'tryAnotherInterface']);
    expect(reply).toEqual({
      outcome: {
        outcome: 'tryAnotherInterface',
        start: 'none',
        onlineResponseType: 'none',
        cvm: 'none',
        uiOnOutcome: {
          messageId: '18',
          status: 'processingError',
          holdMs: 0,
          language: null,
          valueQualifier: 'none',
          value: null,
          currency: null,
        },
        uiOnRestart: null,
        dataRecord: '',
        discretionaryData: '',
        alternateInterface: 'none',
        receipt: false,
        fieldOffMs: null,
        removalTimeoutMs: 0,
      },
      selected: null,
    });
  });

  test('a card is asked for as long as one combination is left (3.1.1.13)', () => {
    const lab = configured(sets({ readerContactlessTransactionLimit: 1 }, {}));
    expect(play(lab, activation(), { card }).trace.at(-2)).toBe('kernel 23 at A');
  });

  test('each combination has indicators of its own (3.1.1)', () => {
    const lab = configured(sets({ readerCvmRequiredLimit: 1 }, { readerContactlessFloorLimit: 1 }));
    const both = cardWith(ppse(entry({ name: OTHER })));
    const { kernels } = play(lab, activation(), {
      card: both,
      kernel: [{ outcome: 'selectNext' }, { outcome: 'approved' }],
    });
    expect(kernels.map((line) => [line['kernelId'], line['preprocessing']])).toEqual([
      ['22', { ...none, readerCvmRequiredLimitExceeded: true }],
      ['23', { ...none, readerContactlessFloorLimitExceeded: true }],
    ]);
  });

  test.each(['00', '01', '09', '20'])(
    'type %s without any combination is as if none were allowed',
    (type) => {
      const lab = configured({ ...configuration(), combinationSets: [] });
      const { trace } = play(lab, activation({}, { type }), { card });
      expect(trace).toEqual(['ui 18 processingError', 'tryAnotherInterface']);
    },
  );

  test('each transaction type has combinations and limits of its own (Book A 5)', () => {
    const lab = configured({
      ...configuration(),
      combinationSets: [
        {
          transactionTypes: ['00', '09'],
          combinations: [{ aid: OTHER, kernelId: '22' }],
          readerCvmRequiredLimit: 10,
        },
        { transactionTypes: ['20'], combinations: [{ aid: OTHER, kernelId: '23' }] },
      ],
    });
    const kernels = ['00', '09', '20'].map((type, at) => {
      const one = play(lab, activation({ sequenceCounter: at }, { type }), { card });
      return one.kernels.map((line) => [line['kernelId'], line['preprocessing']])[0];
    });
    const limited = { ...none, readerCvmRequiredLimitExceeded: true };
    expect(kernels).toEqual([
      ['22', limited],
      ['22', limited],
      ['23', none],
    ]);
  });
});
