import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  fci,
  type Line,
  OTHER,
  type Play,
  play,
  ppse,
  tlv,
} from '#test/support/lab-port.ts';

const card = cardWith(ppse(entry({ name: OTHER })));
const START = ['ui 15 readyToRead', 'field on', 'card?'];
const APPROVED = { outcome: 'approved' };

const played = (set: Line, how: Partial<Play> = {}, transaction: Line = {}) =>
  play(configured(configuration(set)), activation({}, transaction), { card, ...how });

const preprocessing = (set: Line, transaction: Line = {}): unknown =>
  played(set, {}, transaction).kernels[0]?.['preprocessing'];

describe('what a card sends and has no business to send (Book A 5)', () => {
  const terminals = tlv('9F02', '000000000001') + tlv('9F66', 'FFFFFFFF') + tlv('9F1A', '0276');

  test('in its directory changes nothing', () => {
    const { kernels } = played(
      { ttq: '26004000' },
      { card: cardWith(ppse(terminals, entry({ name: OTHER }))) },
    );
    expect(kernels[0]).toMatchObject({
      transaction: { amountAuthorised: 1000 },
      preprocessing: { ttq: '26004000' },
      terminal: { '9F1A': '0840' },
    });
  });

  test('in its FCI changes nothing', () => {
    const answer = `${tlv('6F', tlv('84', OTHER), terminals, tlv('A5', terminals))}9000`;
    const { kernels } = played(
      { ttq: '26004000' },
      { card: cardWith(ppse(entry({ name: OTHER })), { [OTHER]: answer }) },
    );
    expect(kernels[0]).toMatchObject({
      transaction: { amountAuthorised: 1000 },
      preprocessing: { ttq: '26004000' },
      terminal: { '9F1A': '0840' },
    });
  });
});

describe('every kernel activation has a random number of its own (Book A)', () => {
  const random = '0102030405060708';

  test('after Try Again', () => {
    const { kernels } = play(configured(configuration()), activation({ random }), {
      card,
      kernel: [{ outcome: 'tryAgain', start: 'B' }, APPROVED],
    });
    expect(kernels.map((line) => line['unpredictableNumber'])).toEqual(['01020304', '05060708']);
  });

  test('after a restart at D', () => {
    const lab = configured(configuration());
    play(lab, activation({ random: '01020304' }), {
      card,
      kernel: [{ outcome: 'onlineRequest', start: 'D', onlineResponseType: 'any' }],
    });
    const { kernels } = play(lab, activation({ start: 'D', random: '05060708' }), { card });
    expect(kernels[0]?.['unpredictableNumber']).toBe('05060708');
  });
});

describe('limits that are exactly met or not there (Book B 3.1.1)', () => {
  test.each<[sentence: string, set: Line, amount: number, expected: Line]>([
    [
      'a terminal floor limit of zero is exceeded by one minor unit',
      { terminalFloorLimit: 0 },
      1,
      { readerContactlessFloorLimitExceeded: true },
    ],
    [
      'a terminal floor limit that the reader’s own is equal to is not looked at',
      { terminalFloorLimit: 1, readerContactlessFloorLimit: 1000 },
      1000,
      { readerContactlessFloorLimitExceeded: false },
    ],
    [
      'a limit of twelve digits is compared in full',
      { readerCvmRequiredLimit: 999_999_999_999 },
      999_999_999_998,
      { readerCvmRequiredLimitExceeded: false },
    ],
    [
      'cashback is part of the amount that is compared',
      { readerCvmRequiredLimit: 1000 },
      1000,
      { readerCvmRequiredLimitExceeded: true },
    ],
  ])('%s', (_, set, amountAuthorised, expected) => {
    const amounts = { amountAuthorised, amountOther: Math.min(400, amountAuthorised - 1) };
    expect(preprocessing(set, amounts)).toMatchObject(expected);
  });

  test('a status check at an offline-only reader asks for an online cryptogram too', () => {
    expect(
      preprocessing({ ttq: '2E004000', statusCheck: true }, { amountAuthorised: 100 }),
    ).toMatchObject({ ttq: '2E804000', statusCheckRequested: true });
  });

  test('a zero amount without qualifiers is marked, and nothing asks where it may go', () => {
    expect(preprocessing({}, { amountAuthorised: 0 })).toMatchObject({ zeroAmount: true });
  });

  test('the transient bits of one transaction are gone in the next', () => {
    const lab = configured(configuration({ ttq: '26004000', readerCvmRequiredLimit: 1000 }));
    const qualifiers = [1000, 999].map(
      (amountAuthorised, sequenceCounter) =>
        play(lab, activation({ sequenceCounter }, { amountAuthorised }), { card }).kernels[0]?.[
          'preprocessing'
        ],
    );
    expect(qualifiers).toMatchObject([{ ttq: '26404000' }, { ttq: '26004000' }]);
  });
});

describe('a restart at D', () => {
  const again = (more: Line = {}, transaction: Line = {}) => {
    const lab = configured(configuration({ ttq: '26004000', readerCvmRequiredLimit: 1000 }));
    play(lab, activation({}, transaction), {
      card,
      kernel: [{ outcome: 'onlineRequest', start: 'D', onlineResponseType: 'any' }],
    });
    return play(lab, activation({ start: 'D', ...more }, transaction), { card });
  };

  test('keeps the indicators of the application', () => {
    expect(again().kernels[0]).toMatchObject({
      preprocessing: { readerCvmRequiredLimitExceeded: true, ttq: '26404000' },
    });
  });

  test('sends the card nothing, and leaves the field as it is', () => {
    expect(again().trace).toEqual(['kernel 22 at D again', 'approved']);
  });
});

describe('Select Next and the Restart flag', () => {
  test('a restart leaves the flag as it was when a kernel passes on to the next', () => {
    const two = cardWith(
      ppse(entry({ name: `${OTHER}01`, priority: '01' }), entry({ name: `${OTHER}02` })),
    );
    const lab = configured(configuration());
    play(lab, activation(), { card: two, kernel: [{ outcome: 'endApplication', start: 'B' }] });
    const { trace } = play(lab, activation({ start: 'B' }), {
      card: two,
      kernel: [{ outcome: 'selectNext', start: 'C' }, APPROVED],
    });
    expect(trace).toEqual([
      ...START,
      'SELECT PPSE',
      `SELECT ${OTHER}01`,
      'kernel 22 at B again',
      `SELECT ${OTHER}02`,
      'kernel 22 at C again',
      'approved',
    ]);
  });
});

describe('the end of selection without a candidate (Book B 3.3.2.7)', () => {
  test('has all parameters N/A but message 1C, Ready to Read', () => {
    const { reply } = played({}, { card: cardWith('6A82') });
    expect(reply).toEqual({
      outcome: {
        outcome: 'endApplication',
        start: 'none',
        onlineResponseType: 'none',
        cvm: 'none',
        uiOnOutcome: {
          messageId: '1C',
          status: 'readyToRead',
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

  test('an application that was refused and the issuer’s data: all N/A too', () => {
    const lab = configured(configuration());
    play(lab, activation(), {
      card,
      kernel: [{ outcome: 'onlineRequest', start: 'B', onlineResponseType: 'emvData' }],
    });
    const { reply } = play(lab, activation({ start: 'B', onlineResponse: '910400000000' }), {
      card: cardWith(ppse(entry({ name: OTHER })), { [OTHER]: '6A82' }),
    });
    expect(reply['outcome']).toMatchObject({
      outcome: 'endApplication',
      start: 'none',
      uiOnOutcome: { messageId: '1C', status: 'readyToRead' },
    });
    expect(reply['selected']).toBeNull();
  });
});

describe('an application that kernel 3 cannot take and the issuer’s data', () => {
  test('is dropped like any other, whatever is to be delivered (Book B 3.3.3.6)', () => {
    const VISA = 'A0000000031010';
    const lab = configured(configuration({ combinations: [{ aid: VISA, kernelId: '03' }] }));
    play(lab, activation(), {
      card: cardWith(ppse(entry({ name: VISA }))),
      kernel: [{ outcome: 'onlineRequest', start: 'B', onlineResponseType: 'emvData' }],
    });
    const { trace } = play(lab, activation({ start: 'B', onlineResponse: '910400000000' }), {
      card: cardWith(ppse(entry({ name: VISA })), { [VISA]: fci(VISA) }),
    });
    expect(trace).toEqual([...START, `SELECT ${VISA}`, 'ui 1C readyToRead', 'endApplication']);
  });
});

describe('the command that selects an application (Book B 3.3.3.3)', () => {
  test('has exactly these bytes', () => {
    const { lines } = played({});
    const [, second] = lines.filter((line) => line['ask'] === 'exchange');
    expect(second?.['capdu']).toBe(`00A4040007${OTHER}00`);
  });
});
