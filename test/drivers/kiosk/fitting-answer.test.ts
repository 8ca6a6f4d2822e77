import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fittingAnswer, MOST_POINTS } from '#drivers/kiosk/fitting-answer.ts';
import type { Asked } from '#ports/shopper-question.ts';

const CONFIRMATION: Asked = { kind: 'confirmation' };
const DIGITS: Asked = {
  ...{ kind: 'digits', minLength: 1, maxLength: 4, decimals: 2 },
  ...{ initial: '', masked: false },
};
const TEXT: Asked = { kind: 'text', minLength: 1, maxLength: 4, initial: '', masked: true };
const ONE: Asked = { kind: 'menu', entries: ['a', 'b', 'c'], several: false, initial: [] };
const SEVERAL: Asked = { ...ONE, several: true };
const SIGNATURE: Asked = { kind: 'signature' };

const digits = (typed: unknown) => ({ kind: 'digits', typed });
const text = (typed: unknown) => ({ kind: 'text', typed });
const menu = (...chosen: unknown[]) => ({ kind: 'menu', chosen });
const signed = (strokes: unknown, width: unknown = 300, height: unknown = 100) => ({
  kind: 'signature',
  signature: { width, height, strokes },
});
const points = (count: number) => Array.from({ length: count }, (_, at) => [at % 300, 7]);

describe('an answer fits', () => {
  test.each<[string, Asked, unknown]>([
    ['yes', CONFIRMATION, { kind: 'confirmation', confirmed: true }],
    ['no', CONFIRMATION, { kind: 'confirmation', confirmed: false }],
    ['as few digits as may be', DIGITS, digits('7')],
    ['as many digits as may be, the point not counted', DIGITS, digits('12.34')],
    ['one decimal of two', DIGITS, digits('12.3')],
    ['nothing, where nothing will do', { ...DIGITS, minLength: 0 }, digits('')],
    ['letters of any script', TEXT, text('日本éß')],
    ['letters beyond the first plane, each counted once', TEXT, text('𠮷𠮷𠮷𠮷')],
    ['one entry', ONE, menu(2)],
    ['several entries', SEVERAL, menu(0, 2)],
    ['no entry of several', SEVERAL, menu()],
    [
      'a signature',
      SIGNATURE,
      signed([
        [[0, 0]],
        [
          [300, 100],
          [5, 5],
        ],
      ]),
    ],
    ['as long a signature as may be', SIGNATURE, signed([points(MOST_POINTS)])],
  ])('%s', (_, ask, answer) => {
    expect(fittingAnswer(ask, answer)).toEqual(answer);
  });

  test.each([CONFIRMATION, DIGITS, TEXT, ONE, SIGNATURE])('"cancel" to $kind', (ask) => {
    expect(fittingAnswer(ask, { kind: 'cancelled', more: 1 })).toEqual({ kind: 'cancelled' });
  });

  test('entries in the order of the menu, whatever the order of the touches', () => {
    expect(fittingAnswer(SEVERAL, menu(2, 0))).toEqual({ kind: 'menu', chosen: [0, 2] });
  });
});

describe('an answer is left out', () => {
  test.each<[string, Asked, unknown]>([
    ['nothing', CONFIRMATION, undefined],
    ['neither yes nor no', CONFIRMATION, { kind: 'confirmation', confirmed: 1 }],
    ['of another kind', DIGITS, text('7')],
    ['of a kind that there is not', CONFIRMATION, { kind: 'shout' }],
    ['too few digits', DIGITS, digits('')],
    ['too many digits', DIGITS, digits('12345')],
    ['too many decimals', DIGITS, digits('1.234')],
    ['decimals where there are none', { ...DIGITS, decimals: 0 }, digits('1.5')],
    ['a point at the end', DIGITS, digits('1.')],
    ['a point at the beginning', DIGITS, digits('.5')],
    ['two points', DIGITS, digits('1.2.3')],
    ['a comma', DIGITS, digits('1,5')],
    ['a sign', DIGITS, digits('-1')],
    ['an exponent', DIGITS, digits('1e3')],
    ['other digits than ASCII', DIGITS, digits('٣')],
    ['a number', DIGITS, digits(7)],
    ['a text too long', TEXT, text('abcde')],
    ['a text too short', TEXT, text('')],
    ['a line break', TEXT, text('a\nb')],
    ['half a letter', TEXT, text('\ud800')],
    ['no entry', ONE, menu()],
    ['two entries for one', ONE, menu(0, 1)],
    ['an entry that there is not', ONE, menu(3)],
    ['an entry before the first', SEVERAL, menu(-1)],
    ['half an entry', SEVERAL, menu(0.5)],
    ['an entry by its name', ONE, menu('a')],
    ['an entry twice', SEVERAL, menu(1, 1)],
    ['no list', SEVERAL, { kind: 'menu', chosen: 1 }],
    ['no stroke', SIGNATURE, signed([])],
    ['an empty stroke', SIGNATURE, signed([[]])],
    ['too many points', SIGNATURE, signed([points(MOST_POINTS), [[1, 1]]])],
    ['a point outside', SIGNATURE, signed([[[301, 1]]])],
    ['a point above', SIGNATURE, signed([[[1, -1]]])],
    ['a point between two', SIGNATURE, signed([[[1.5, 1]]])],
    ['a point in three dimensions', SIGNATURE, signed([[[1, 1, 1]]])],
    ['a field too wide', SIGNATURE, signed([[[1, 1]]], 0xffff)],
    ['a field without height', SIGNATURE, signed([[[1, 1]]], 300, null)],
  ])('%s', (_, ask, answer) => {
    expect(fittingAnswer(ask, answer)).toBeUndefined();
  });
});

test('nothing but what was asked for comes through, whatever is posted', () => {
  const posted = fc.oneof(
    fc.anything(),
    fc.record({
      kind: fc.constantFrom('confirmation', 'digits', 'text', 'menu', 'signature', 'cancelled'),
      ...{ confirmed: fc.anything(), typed: fc.anything(), chosen: fc.anything() },
      signature: fc.oneof(fc.anything(), fc.record({ width: fc.nat(), strokes: fc.anything() })),
      extra: fc.anything(),
    }),
  );
  const asked = fc.constantFrom(CONFIRMATION, DIGITS, TEXT, ONE, SEVERAL, SIGNATURE);
  fc.assert(
    fc.property(asked, posted, (ask, value) => {
      const answer = fittingAnswer(ask, value);
      if (answer === undefined) return;
      expect(['cancelled', ask.kind]).toContain(answer.kind);
      expect(Object.keys(answer).length).toBeLessThanOrEqual(2);
      expect(fittingAnswer(ask, answer)).toEqual(answer);
    }),
  );
});
