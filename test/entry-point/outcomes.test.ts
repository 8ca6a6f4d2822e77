import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  failingAt,
  type Line,
  OTHER,
  play,
  ppse,
} from '#test/support/lab-port.ts';

const [FIRST, SECOND] = [`${OTHER}01`, `${OTHER}02`];
const one = cardWith(ppse(entry({ name: OTHER })));
const two = cardWith(
  ppse(entry({ name: FIRST, priority: '01' }), entry({ name: SECOND, priority: '02' })),
);
const START = ['ui 15 readyToRead', 'field on', 'card?'];
const SELECTED = ['SELECT PPSE', `SELECT ${OTHER}`];

const outcomeOf = (kernel: readonly Line[], card = one) => {
  const played = play(configured(configuration()), activation(), { card, kernel });
  const first = played.trace.findIndex((line) => line.startsWith('kernel'));
  return { ...played, trace: played.trace.slice(first) };
};

const APPROVED = { outcome: 'approved' };
const TRY_AGAIN = { outcome: 'tryAgain', start: 'B' };
const SELECT_NEXT = { outcome: 'selectNext', start: 'C' };

describe('Try Again leads back to Start B (Book B 3.5.1.3)', () => {
  test('with message 15, and the Restart flag set (11)', () => {
    expect(outcomeOf([TRY_AGAIN, APPROVED]).trace).toEqual([
      'kernel 22 at A',
      ...START,
      ...SELECTED,
      'kernel 22 at B again',
      'approved',
    ]);
  });

  test('with its own UI on Restart in place of message 15, once', () => {
    const ui = { uiOnRestart: { messageId: '20', status: 'readyToRead' } };
    const ends = outcomeOf([{ ...TRY_AGAIN, ...ui }, TRY_AGAIN, APPROVED]).trace;
    expect(ends.filter((line) => line.startsWith('ui'))).toEqual([
      'ui 20 readyToRead',
      'ui 15 readyToRead',
    ]);
  });

  test('the UI on Outcome first, then the field, which stays off for the hold time', () => {
    const phone = {
      ...TRY_AGAIN,
      uiOnOutcome: { messageId: '20', status: 'processingError', holdMs: 1300 },
      uiOnRestart: { status: 'readyToRead' },
      fieldOffMs: 1300,
    };
    expect(outcomeOf([phone, APPROVED]).trace.slice(0, 6)).toEqual([
      'kernel 22 at A',
      'ui 20 processingError hold 1300',
      'field off 1300',
      'ui - readyToRead',
      'field on',
      'card?',
    ]);
  });

  test('also with another Start, or none', () => {
    expect(outcomeOf([{ outcome: 'tryAgain' }, APPROVED]).trace.slice(1, 4)).toEqual(START);
    expect(outcomeOf([{ outcome: 'tryAgain', start: 'D' }, APPROVED]).trace.slice(1, 4)).toEqual(
      START,
    );
  });

  test('the indicators of pre-processing are kept', () => {
    const set = { ttq: '26004000', readerCvmRequiredLimit: 1 };
    const { kernels } = play(configured(configuration(set)), activation(), {
      card: one,
      kernel: [TRY_AGAIN, APPROVED],
    });
    expect(kernels[1]).toMatchObject({ start: 'B', preprocessing: kernels[0]?.['preprocessing'] });
  });

  test('the list of candidates is a new one, also with those that were taken off (11)', () => {
    expect(outcomeOf([SELECT_NEXT, TRY_AGAIN, APPROVED], two).trace).toEqual([
      'kernel 22 at A',
      `SELECT ${SECOND}`,
      'kernel 22 at C',
      ...START,
      'SELECT PPSE',
      `SELECT ${FIRST}`,
      'kernel 22 at B again',
      'approved',
    ]);
  });

  test('nobody comes again: the activation ends', () => {
    const { trace } = play(configured(configuration()), activation(), {
      card: one,
      kernel: [TRY_AGAIN],
      presence: ['present', 'timeout'],
    });
    expect(trace.slice(-2)).toEqual(['card?', 'error cardTimeout']);
  });
});

describe('Select Next takes the candidate off and goes on at C (Book B 3.5.1.4)', () => {
  test('with the next candidate; the Restart flag stays clear (11)', () => {
    expect(outcomeOf([SELECT_NEXT, APPROVED], two).trace).toEqual([
      'kernel 22 at A',
      `SELECT ${SECOND}`,
      'kernel 22 at C',
      'approved',
    ]);
  });

  test('and ends the application when none is left', () => {
    const { trace, reply } = outcomeOf([SELECT_NEXT], two);
    expect(trace).toEqual([
      'kernel 22 at A',
      `SELECT ${SECOND}`,
      'kernel 22 at C',
      'ui 1C readyToRead',
      'endApplication',
    ]);
    expect(reply['selected']).toBeNull();
  });

  test('after its UI and the field', () => {
    const next = {
      ...SELECT_NEXT,
      uiOnOutcome: { messageId: '16', status: 'processing' },
      fieldOffMs: 0,
    };
    expect(outcomeOf([next, APPROVED], two).trace.slice(1, 4)).toEqual([
      'ui 16 processing',
      'field off 0',
      `SELECT ${SECOND}`,
    ]);
  });

  test('the next kernel has a random number of its own (Book A)', () => {
    const { kernels } = play(configured(configuration()), activation({ random: '0102030405' }), {
      card: two,
      kernel: [SELECT_NEXT, APPROVED],
    });
    expect(kernels.map((line) => line['unpredictableNumber'])).toEqual(['01020304', '05010203']);
  });

  test('after a link error that interrupts the next SELECT the list is complete again', () => {
    expect(
      outcomeOf([SELECT_NEXT, APPROVED], failingAt(two, 3, { fault: 'timeout' })).trace,
    ).toEqual([
      'kernel 22 at A',
      `SELECT ${SECOND}`,
      ...START,
      'SELECT PPSE',
      `SELECT ${FIRST}`,
      'kernel 22 at B',
      'approved',
    ]);
  });
});

describe('a Final Outcome goes to the reader with all its parameters (Book B 3.5.1.5)', () => {
  const ui = {
    messageId: '1B',
    status: 'processing',
    holdMs: 300,
    language: 'de',
    valueQualifier: 'balance',
    value: 1234,
    currency: '0978',
  };
  const whole = {
    start: 'B',
    onlineResponseType: 'emvData',
    cvm: 'onlinePin',
    uiOnOutcome: ui,
    uiOnRestart: { ...ui, messageId: '21', status: 'readyToRead' },
    dataRecord: '9F2608112233445566778882020040',
    discretionaryData: '9F5D06000000000100',
    alternateInterface: 'contactChip',
    receipt: true,
    fieldOffMs: 1000,
    removalTimeoutMs: 3000,
  };

  test.each([
    'approved',
    'declined',
    'onlineRequest',
    'requestOnlinePin',
    'tryAnotherInterface',
    'endApplication',
  ])('%s', (outcome) => {
    const { reply, trace } = outcomeOf([{ outcome, ...whole }]);
    expect(trace).toEqual([
      'kernel 22 at A',
      'ui 1B processing hold 300 de',
      'field off 1000',
      outcome,
    ]);
    expect(reply['outcome']).toEqual({ outcome, ...whole });
  });

  test('what a kernel leaves out is none', () => {
    const { reply } = outcomeOf([
      { outcome: 'declined', start: null, cvm: 'none', uiOnOutcome: null, fieldOffMs: 'none' },
    ]);
    expect(reply['outcome']).toEqual({
      outcome: 'declined',
      start: 'none',
      onlineResponseType: 'none',
      cvm: 'none',
      uiOnOutcome: null,
      uiOnRestart: null,
      dataRecord: '',
      discretionaryData: '',
      alternateInterface: 'none',
      receipt: false,
      fieldOffMs: null,
      removalTimeoutMs: 0,
    });
  });

  test('with the application that was selected, and Kernel Identifier - Terminal', () => {
    expect(outcomeOf([APPROVED]).reply['selected']).toEqual({
      adfName: OTHER,
      extendedSelection: null,
      kernelId: '22',
      kernelIdentifierTerminal: '2200000000000000',
    });
  });

  test.each(['both', 'magneticStripe', 'none'])('with interface %s', (alternateInterface) => {
    const { reply } = outcomeOf([{ outcome: 'tryAnotherInterface', alternateInterface }]);
    expect(reply['outcome']).toMatchObject({ alternateInterface });
  });

  test.each(['confirmationCodeVerified', 'noCvm', 'obtainSignature', 'none'])(
    'with CVM %s',
    (cvm) => {
      expect(outcomeOf([{ outcome: 'approved', cvm }]).reply['outcome']).toMatchObject({ cvm });
    },
  );

  test('a language that a kernel names stays in use until the transaction ends (Book A 9)', () => {
    const lab = configured(configuration());
    const kernel = [
      { ...TRY_AGAIN, uiOnOutcome: { messageId: '21', language: 'frde' } },
      { outcome: 'endApplication', start: 'B', uiOnOutcome: { messageId: '1C' } },
    ];
    const { lines, reply } = play(lab, activation(), { card: one, kernel });
    const languages = lines
      .filter((line) => line['event'] === 'ui')
      .map((line) => line['language']);
    expect(languages).toEqual([null, 'fr', 'fr', 'fr']);
    expect(reply['outcome']).toMatchObject({ uiOnOutcome: { messageId: '1C', language: 'fr' } });
    const again = play(lab, activation({ start: 'B' }), { card: one });
    expect(again.lines[0]).toMatchObject({ messageId: '15', language: 'fr' });
    const next = play(lab, activation({ sequenceCounter: 2 }), { card: one });
    expect(next.lines[0]).toMatchObject({ messageId: '15', language: null });
  });
});
