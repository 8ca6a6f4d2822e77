import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Decision,
  decisionToJson,
  describeDecisionProblem,
  isDecisionProblem,
  type Known,
  parseDecision,
  readRegister,
} from '#acceptance/index.ts';
import { HOUR, known, NOON, off, on } from './decisions.ts';

const made = { id: 'D9', number: 9, by: { person: 'ann', role: 'manager' } };
const plain = { action: 'off', reason: { category: 'commercial', text: 'fees' } };

const parse = (input: object, more: Partial<Known> = {}): Decision => {
  const result = parseDecision({ ...plain, ...input }, { ...known, ...more }, made);
  if (isDecisionProblem(result)) throw new Error(describeDecisionProblem(result));
  return result;
};

const refusal = (input: unknown, more: Partial<Known> = {}): string => {
  const result = parseDecision(input, { ...known, ...more }, made);
  return isDecisionProblem(result) ? describeDecisionProblem(result) : 'taken';
};

describe('a decision that can be taken', () => {
  it('needs no more than an action and a reason: all contactless, at once, for good', () => {
    expect(parse({})).toEqual({
      ...made,
      ...plain,
      scope: {},
      madeMs: NOON,
      approval: 'notNeeded',
      texts: {},
      alternatives: [],
      supersedes: [],
    });
  });

  it('has one spelling for one scope', () => {
    const scope = {
      method: 'contactless',
      scheme: 'visa',
      aid: 'a0000000031010',
      lanes: ['3', '1', '3'],
    };
    expect(parse({ scope }).scope).toEqual({
      scheme: 'Visa',
      aid: 'A0000000031010',
      lanes: ['1', '3'],
    });
  });

  it('says everything that can be said', () => {
    const input = {
      scope: { devices: 'phones', above: { minor: 0, currency: 'EUR' } },
      fromMs: NOON + HOUR,
      untilMs: NOON + 2 * HOUR,
      hours: [{ days: ['mon'], from: '22:00', to: '06:00' }],
      texts: { de: { shopper: 'Bitte stecken', cashier: 'Karte stecken lassen' } },
      alternatives: ['insert', 'qr:alipay'],
      supersedes: ['D1'],
    };
    expect(parse(input, { decisions: [off(1)] })).toMatchObject(input);
  });
});

describe('a decision is refused, and says what is wrong where,', () => {
  const asks = (input: object) => ({ ...plain, ...input });
  test.each<[string, unknown, string]>([
    ['when it is none', 'off', 'expected a decision'],
    ['without an action', { reason: plain.reason }, 'action: missing: expected "off" or "on"'],
    ['without a reason', { action: 'off' }, 'reason: missing: expected why: a category and a text'],
    [
      'without a text',
      asks({ reason: { category: 'legal' } }),
      'reason.text: missing: expected why, in words',
    ],
    [
      'with a text of blanks',
      asks({ reason: { category: 'legal', text: '  ' } }),
      'reason.text: expected why, in words',
    ],
    [
      'with a text that turns round in the middle',
      asks({ reason: { category: 'legal', text: 'a\u202eb' } }),
      'reason.text: expected why, in words without control characters',
    ],
    [
      'with a category of its own',
      asks({ reason: { category: 'whim', text: 'so' } }),
      'reason.category: expected one of commercial, security, technical, legal, scheme, ' +
        'operational, trial, other',
    ],
    [
      'with an end in the past',
      asks({ untilMs: NOON }),
      'until: 2026-11-23 10:00 is past: it is 2026-11-23 10:00',
    ],
    [
      'with a beginning in the past',
      asks({ fromMs: NOON - HOUR }),
      'from: 2026-11-23 09:00 is past: leave it out for "at once"',
    ],
    [
      'with an end that is no later than the beginning',
      asks({ fromMs: NOON + HOUR, untilMs: NOON + HOUR }),
      'until: 2026-11-23 11:00 is not after from, 2026-11-23 11:00',
    ],
    [
      'with a time in words',
      asks({ untilMs: 'tomorrow' }),
      'until: expected an instant in milliseconds since 1970 UTC',
    ],
    [
      'with a part of a scope that there is not',
      asks({ scope: { colour: 'red' } }),
      'scope.colour: nothing of this name can be said; a scope has method, devices, scheme, aid, ' +
        'kernel, range, above, lanes',
    ],
    [
      'with a method that there is not',
      asks({ scope: { method: 'swipe' } }),
      'scope.method: expected "contactless", "qr", or "qr:" and a wallet',
    ],
    [
      'for a wallet that it does not know',
      asks({ scope: { method: 'qr:paypal' } }),
      'scope.method: the wallet paypal is unknown here; known: alipay, wechat',
    ],
    [
      'for a code with a card behind it',
      asks({ scope: { method: 'qr', scheme: 'Visa' } }),
      'scope.scheme: a payment by QR code has none',
    ],
    [
      'for a scheme that this terminal does not have',
      asks({ scope: { scheme: 'JCB' } }),
      'scope.scheme: scheme JCB is unknown here; known: Mastercard, Visa',
    ],
    [
      'for an application that it does not have',
      asks({ scope: { aid: 'A0000000651010' } }),
      'scope.aid: aid A0000000651010 is unknown here; known: A0000000031010, A0000000041010, ' +
        'A0000000043060',
    ],
    [
      'for a kernel that it does not have',
      asks({ scope: { kernel: '05' } }),
      'scope.kernel: kernel 05 is unknown here; known: 02, 03',
    ],
    [
      'for what no application can be',
      asks({ scope: { scheme: 'Visa', kernel: '02' } }),
      'scope: no application here is all of this: contactless, Visa, kernel 02',
    ],
    [
      'for a range that runs backwards',
      asks({ scope: { range: { from: '559999', to: '510000' } } }),
      'scope.range: 510000 lies before 559999',
    ],
    [
      'for a range of unequal ends',
      asks({ scope: { range: { from: '51', to: '559' } } }),
      "scope.range: 51 and 559 don't have equally many digits",
    ],
    [
      'for a range that could be an account number',
      asks({ scope: { range: { from: '489999123456', to: '489999123456' } } }),
      'scope.range.from: expected 1 to 11 leading digits of an account number',
    ],
    [
      'for a range without an end',
      asks({ scope: { range: { from: '51' } } }),
      'scope.range.to: missing',
    ],
    [
      'for a lane that there is not',
      asks({ scope: { lanes: ['1', '7'] } }),
      'scope.lanes: 7 is unknown here; known: 1, 2, 3',
    ],
    [
      'for no lane at all',
      asks({ scope: { lanes: [] } }),
      'scope.lanes: expected at least one lane',
    ],
    [
      'for another currency',
      asks({ scope: { above: { minor: 100, currency: 'USD' } } }),
      'scope.above.currency: USD is unknown here; known: EUR',
    ],
    [
      'for parts of a cent',
      asks({ scope: { above: { minor: 0.5, currency: 'EUR' } } }),
      'scope.above.minor: expected whole minor units',
    ],
    [
      'with hours of no length',
      asks({ hours: [{ days: ['mon'], from: '08:00', to: '08:00' }] }),
      'hours.0: begins when it ends; a whole day is 00:00 to 24:00',
    ],
    [
      'with hours that no clock shows',
      asks({ hours: [{ days: ['mon'], from: '8:00', to: '25:00' }] }),
      'hours.0.from: expected a time such as "09:30"',
    ],
    [
      'with a language that has no display',
      asks({ texts: { fr: { shopper: 'Non' } } }),
      'texts: fr is unknown here; known: de, en',
    ],
    [
      'with an alternative that there is not',
      asks({ alternatives: ['cheque'] }),
      'alternatives: cheque is unknown here; known: insert, cash, qr:alipay',
    ],
    [
      'when it supersedes what there is not',
      asks({ supersedes: ['D4'] }),
      'supersedes: D4 is unknown here; known: none',
    ],
  ])('%s', (_, input, words) => {
    expect(refusal(input)).toBe(words);
  });

  test('whatever comes in', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.object()), (input) => {
        expect(refusal(input)).not.toBe('taken');
      }),
    );
  });
});

describe('a contradiction', () => {
  const lane = { lanes: ['3'] };
  const scope = { lanes: ['3'] };
  const against = (decisions: readonly Decision[], input: object): string =>
    refusal({ ...plain, ...input }, { decisions });

  it('is the opposite for exactly the same scope at overlapping times', () => {
    expect(against([on(1, lane)], { scope })).toBe(
      'scope: D1 says "on" for exactly this scope until it is superseded: supersede it, or ' +
        "choose times that don't overlap",
    );
    const planned = on(1, lane, { fromMs: NOON + HOUR, untilMs: NOON + 2 * HOUR });
    expect(against([planned], { scope })).toContain('until 2026-11-23 12:00');
  });

  test.each<[string, Decision, object]>([
    ['a superseding decision', on(1, lane), { scope, supersedes: ['D1'] }],
    ['the same action', off(1, lane), { scope }],
    ['another scope, though wider', on(1), { scope }],
    ['another scope, though narrower', on(1, { lanes: ['3'], scheme: 'Visa' }), { scope }],
    ['one that is over', on(1, lane, { untilMs: NOON }), { scope }],
    [
      'one that begins when this one ends',
      on(1, lane, { fromMs: NOON + HOUR }),
      { scope, untilMs: NOON + HOUR },
    ],
    [
      'other hours of the week',
      on(1, lane, { hours: [{ days: ['mon'], from: '08:00', to: '20:00' }] }),
      { scope, hours: [{ days: ['mon'], from: '20:00', to: '08:00' }] },
    ],
    ['one that is only proposed', on(1, lane, { approval: 'needed' }), { scope }],
  ])('is not: %s', (_, other, input) => {
    expect(against([other], input)).toBe('taken');
  });

  it('is found when hours of the week overlap past midnight', () => {
    const nights = on(1, lane, { hours: [{ days: ['sun'], from: '22:00', to: '06:00' }] });
    const hours = [{ days: ['mon'], from: '05:00', to: '07:00' }];
    expect(against([nights], { scope, hours })).toContain('D1 says "on"');
  });

  it('is not with one that a third supersedes before this one begins', () => {
    const list = [on(1, lane), off(2, {}, { fromMs: NOON + HOUR, supersedes: ['D1'] })];
    expect(against(list, { scope, fromMs: NOON + HOUR })).toBe('taken');
    expect(against(list, { scope })).toContain('D1 says "on"');
  });
});

test('what was taken is read back from the register as it was', () => {
  const input = {
    scope: { method: 'qr:alipay', above: { minor: 1, currency: 'EUR' } },
    hours: [{ days: ['mon', 'sun'], from: '00:00', to: '24:00' }],
    texts: { en: { cashier: 'Ask for a card' } },
  };
  const taken = { ...parse(input), number: 1 };
  expect(readRegister([JSON.parse(JSON.stringify(decisionToJson(taken)))])).toEqual({
    decisions: [taken],
    last: 1,
  });
});
