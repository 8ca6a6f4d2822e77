import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  errorCode,
  type Lab,
  type Line,
  OTHER,
  openLab,
  play,
  ppse,
} from '#test/support/lab-port.ts';

const card = cardWith(ppse(entry({ name: OTHER })));
describe('an activation is refused', () => {
  const base = activation();
  const transaction = base['transaction'] as Line;
  const refused = (lab: Lab, more: Line): unknown =>
    errorCode(lab.send({ op: 'activate', ...base, ...more }));

  test.each<[sentence: string, more: Line, code: string]>([
    ['at no start point', { start: 'E' }, 'malformed'],
    ['without start point', { start: null }, 'malformed'],
    ['without transaction', { transaction: null }, 'malformed'],
    ['without amount', { transaction: { type: '00', currency: '0840' } }, 'malformed'],
    [
      'with a negative amount',
      { transaction: { ...transaction, amountAuthorised: -1 } },
      'malformed',
    ],
    [
      'with an amount of 13 digits',
      { transaction: { ...transaction, amountAuthorised: 1e12 } },
      'malformed',
    ],
    [
      'with an amount as text',
      { transaction: { ...transaction, amountAuthorised: '10' } },
      'malformed',
    ],
    ['with half a minor unit', { transaction: { ...transaction, amountOther: 0.5 } }, 'malformed'],
    [
      'with a currency by letters',
      { transaction: { ...transaction, currency: 'USD' } },
      'malformed',
    ],
    ['without sequence counter', { sequenceCounter: null }, 'malformed'],
    ['with a sequence counter of nine digits', { sequenceCounter: 100_000_000 }, 'malformed'],
    ['with a clock that stands at no time', { clock: '2026-02-30T12:00:00Z' }, 'malformed'],
    ['with a clock without time', { clock: '2026-02-20' }, 'malformed'],
    ['with half a random byte', { random: 'ABA' }, 'malformed'],
    ['with no random byte', { random: '' }, 'malformed'],
    ['with an answer that is no TLV', { onlineResponse: '8A0530' }, 'malformed'],
    ['at C without a transaction', { start: 'C' }, 'notAllowed'],
    ['at D without a transaction', { start: 'D' }, 'notAllowed'],
    [
      'for a type that nobody knows',
      { transaction: { ...transaction, type: '77' } },
      'unsupportedTransactionType',
    ],
  ])('%s', (_, more, expected) => {
    expect(refused(configured(configuration()), more)).toBe(expected);
  });

  test('before the first configuration, and after a reset', () => {
    const lab = openLab();
    expect(refused(lab, {})).toBe('notAllowed');
    lab.send(configuration());
    expect(lab.send({ op: 'reset' })).toEqual([{ ok: true }]);
    expect(refused(lab, {})).toBe('notAllowed');
  });

  test('at C and D by another sequence counter than before', () => {
    const lab = configured(configuration());
    play(lab, base, { card });
    expect(refused(lab, { start: 'C', sequenceCounter: 2 })).toBe('notAllowed');
    expect(refused(lab, { start: 'D', sequenceCounter: 2 })).toBe('notAllowed');
    // Nothing has changed by that.
    expect(play(lab, activation({ start: 'D' }), { card }).trace.at(-1)).toBe('approved');
  });

  test('at D without an application that is selected', () => {
    const lab = configured(configuration());
    play(lab, base, { card: cardWith('6A82') });
    expect(refused(lab, { start: 'D' })).toBe('notAllowed');
  });

  test('when a transaction changes its type', () => {
    const lab = configured(configuration({ transactionTypes: ['00', '20'] }));
    play(lab, base, { card });
    expect(refused(lab, { start: 'B', transaction: { ...transaction, type: '20' } })).toBe(
      'notAllowed',
    );
  });

  test('but a type of its own that a set is for is taken', () => {
    const lab = configured(configuration({ transactionTypes: ['77'] }));
    expect(play(lab, activation({}, { type: '77' }), { card }).trace.at(-1)).toBe('approved');
  });

  test('a timeout keeps the transaction, and what was shown is not shown again', () => {
    const lab = configured(configuration());
    const ui = { uiOnRestart: { messageId: '21', status: 'readyToRead' } };
    play(lab, base, { card, kernel: [{ outcome: 'endApplication', start: 'B', ...ui }] });
    const late = play(lab, activation({ start: 'B' }), { card, presence: ['timeout'] });
    expect(late.trace.at(-1)).toBe('error cardTimeout');
    expect(late.trace[0]).toBe('ui 21 readyToRead');
    expect(play(lab, activation({ start: 'B' }), { card }).trace[0]).toBe('ui 15 readyToRead');
  });
});

describe('a line is refused', () => {
  test.each<[sentence: string, line: string, code: string]>([
    ['that is empty', '', 'malformed'],
    ['that is no JSON', '{"op":', 'malformed'],
    ['that is a list', '[1]', 'malformed'],
    ['that is a number', '7', 'malformed'],
    ['that is null', 'null', 'malformed'],
    ['that nests deeper than anybody can follow', '{"a":'.repeat(200_000), 'malformed'],
    [
      'with lists deeper than anybody can follow',
      `{"op":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      'malformed',
    ],
    ['without request', '{}', 'unknownRequest'],
    ['with a request that there is not', '{"op":"dance"}', 'unknownRequest'],
    ['with a request that is no word', '{"op":7}', 'unknownRequest'],
    ['with a name that all objects have', '{"op":"constructor"}', 'unknownRequest'],
    ['with an answer that nobody asked for', '{"card":"present"}', 'unknownRequest'],
    ['with half a field request', '{"op":"field"}', 'malformed'],
    ['with a hold time between two steps', '{"op":"field","on":false,"holdMs":50}', 'malformed'],
    ['with a status that there is not', '{"op":"ui","status":"happy"}', 'malformed'],
    ['with a message of three digits', '{"op":"ui","messageId":"123"}', 'malformed'],
  ])('%s', (_, line, expected) => {
    const lab = openLab();
    expect(errorCode(lab.send(line))).toBe(expected);
    expect(lab.send(configuration())).toEqual([{ ok: true }]);
  });
});

describe("the till's own requests are events, and done", () => {
  test('the field', () => {
    expect(openLab().send({ op: 'field', on: false, holdMs: 1300 })).toEqual([
      { event: 'field', on: false, holdMs: 1300 },
      { ok: true },
    ]);
  });

  test("the removal time-out's message 17", () => {
    expect(openLab().send({ op: 'ui', messageId: '17', status: 'cardReadSuccessfully' })).toEqual([
      {
        event: 'ui',
        messageId: '17',
        status: 'cardReadSuccessfully',
        holdMs: 0,
        language: null,
        valueQualifier: 'none',
        value: null,
        currency: null,
      },
      { ok: true },
    ]);
  });

  test('an amount to show', () => {
    const shown = { valueQualifier: 'amount', value: 1000, currency: '0840', language: 'en' };
    const [event] = openLab().send({ op: 'ui', messageId: '14', status: 'idle', ...shown });
    expect(event).toMatchObject(shown);
  });
});

describe('during an ask', () => {
  const asked = (): Lab => {
    const lab = configured(configuration());
    lab.send({ op: 'activate', ...activation() });
    return lab;
  };
  const exchanging = (): Lab => {
    const lab = asked();
    lab.send({ card: 'present' });
    return lab;
  };
  const inKernel = (): Lab => {
    const lab = exchanging();
    lab.send({ rapdu: ppse(entry({ name: OTHER })) });
    lab.send({ rapdu: String(card(`00A4040007${OTHER}00`)) });
    return lab;
  };
  const OPEN: readonly [string, () => Lab, Line, Line][] = [
    ['card', asked, { card: 'present' }, { ask: 'exchange' }],
    ['exchange', exchanging, { rapdu: '6A82' }, { event: 'ui', messageId: '1C' }],
    [
      'kernel',
      inKernel,
      { outcome: { outcome: 'declined' } },
      { outcome: { outcome: 'declined' } },
    ],
  ];

  test.each(
    OPEN.flatMap(([name, open, good, next]) =>
      [
        ['malformed', '{'],
        ['malformed', '{}'],
        ['malformed', '{"card":"maybe"}'],
        ['malformed', '{"rapdu":"90"}'],
        ['malformed', '{"rapdu":"90 00"}'],
        ['malformed', '{"rapdu":"9000","fault":"timeout"}'],
        ['malformed', '{"fault":"removed"}'],
        ['malformed', '{"rapdu":"9000","us":-1}'],
        ['malformed', '{"outcome":{}}'],
        ['malformed', '{"outcome":"approved"}'],
        ['malformed', '{"outcome":{"outcome":"perhaps"}}'],
        ['malformed', '{"outcome":{"outcome":"approved","start":"E"}}'],
        ['malformed', '{"outcome":{"outcome":"approved","dataRecord":"9F26"}}'],
        ['malformed', '{"outcome":{"outcome":"approved","fieldOffMs":130}}'],
        ['malformed', '{"outcome":{"outcome":"approved","removalTimeoutMs":-100}}'],
        ['malformed', '{"outcome":{"outcome":"approved","uiOnOutcome":{"holdMs":"1"}}}'],
        ['notAllowed', '{"op":"reset"}'],
        ['notAllowed', '{"op":"activate"}'],
        ['notAllowed', '{"op":"configure"}'],
        ['notAllowed', '{"op":"field","on":true}'],
        ['unknownRequest', '{"op":"dance"}'],
      ].map(([expected = '', line = '']) => [expected, line, name, open, good, next] as const),
    ),
  )('%s answers %s, and the ask for %s stays open', (expected, line, _, open, good, next) => {
    const lab = open();
    expect(errorCode(lab.send(line))).toBe(expected);
    expect(lab.send(good)[0]).toMatchObject(next);
  });

  test.each(OPEN)('for %s the lab can give up', (_, open) => {
    const lab = open();
    expect(errorCode(lab.send({ error: { code: 'x', message: 'y' } }))).toBe('abandoned');
    expect(play(lab, activation(), { card }).trace.at(-1)).toBe('approved');
  });

  test.each(OPEN)('for %s quit is obeyed', (_, open) => {
    expect(open().send({ op: 'quit' })).toEqual([{ ok: true }]);
  });

  test('giving up leaves the transaction as it was before', () => {
    const lab = configured(configuration());
    play(lab, activation(), { card, kernel: [{ outcome: 'endApplication', start: 'D' }] });
    lab.send({ op: 'activate', ...activation({ start: 'D' }) });
    expect(errorCode(lab.send({ error: {} }))).toBe('abandoned');
    expect(play(lab, activation({ start: 'D' }), { card }).trace).toEqual([
      'kernel 22 at D again',
      'approved',
    ]);
  });

  test('the card is asked for with the time there is', () => {
    const lines = configured(configuration()).send({ op: 'activate', ...activation() });
    expect(lines.at(-1)).toEqual({ ask: 'card', timeoutMs: 30_000 });
  });
});
