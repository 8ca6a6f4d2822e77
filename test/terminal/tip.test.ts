import { NEVER } from 'rxjs';
import { expect, test } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import type { ShopperAnswer, ShopperQuestion } from '#ports/shopper-question.ts';
import type { TerminalEvent } from '#terminal/types.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import type { PaymentContext } from '../../src/terminal/course.ts';
import { withTip } from '../../src/terminal/tip.ts';

const configuration = loadConfiguration('base');
if (isConfigProblem(configuration)) throw new Error('the base configuration is broken');
const { texts } = configuration;

const asking = (answers: readonly ShopperAnswer[], more: object = {}, parts: object = {}) => {
  const questions: ShopperQuestion[] = [];
  const events: TerminalEvent[] = [];
  const left = [...answers];
  const settings = { texts, language: 'en', cardTimeoutMs: 30_000, ...parts };
  const context = {
    parts: { settings },
    request: { amountMinor: 1250, currency: 840, askTip: true, ...more },
    record: {
      id: '1',
      kind: 'purchase',
      state: 'new',
      startedMs: 0,
      amountMinor: 1250,
      currency: 840,
    },
    signal: new AbortController().signal,
    emit: (event: TerminalEvent) => void events.push(event),
    ask: async (question: ShopperQuestion) => {
      questions.push(question);
      return left.shift() ?? { kind: 'noDisplay' as const };
    },
    newTexts$: NEVER,
  } as unknown as PaymentContext;
  return { context, questions, events };
};

const menu = (...chosen: number[]): ShopperAnswer => ({ kind: 'menu', chosen });

test('a percentage comes on top of the amount, which is shown anew', async () => {
  const { context, questions, events } = asking([menu(1)]);
  const after = await withTip(context);
  expect(questions[0]?.title).toBe('$12.50');
  expect(questions[0]?.ask).toMatchObject({
    kind: 'menu',
    entries: ['15 %: $1.88', '18 %: $2.25', '20 %: $2.50', 'No tip', 'Other amount'],
  });
  expect(after).toMatchObject({
    request: { amountMinor: 1475 },
    record: { amountMinor: 1475, tipMinor: 225, askedMinor: 1250 },
  });
  expect(events).toEqual([{ event: 'amount', amountMinor: 1475, currency: 840, tipMinor: 225 }]);
});

test.each([
  ['"no tip"', [menu(3)]],
  ['no answer in time', [{ kind: 'timedOut' }]],
  ['nobody to see it', [{ kind: 'noDisplay' }]],
  ['another amount that is none', [menu(4), { kind: 'digits', typed: '' }]],
  ['no answer to the second question', [menu(4), { kind: 'timedOut' }]],
] as const)('%s is no tip', async (_, answers) => {
  const { context, events } = asking(answers);
  expect(await withTip(context)).toBe(context);
  expect(events).toEqual([]);
});

test.each([
  ['2.5', 250],
  ['2,50', 250],
  ['3', 300],
])('another amount is typed: %s', async (typed, tipMinor) => {
  const { context, questions } = asking([menu(4), { kind: 'digits', typed }]);
  expect(await withTip(context)).toMatchObject({ record: { tipMinor } });
  expect(questions[1]?.ask).toMatchObject({ kind: 'digits', decimals: 2 });
});

test.each([[[{ kind: 'cancelled' }]], [[menu(4), { kind: 'cancelled' }]]] as const)(
  'a shopper who cancels wants no payment',
  async (answers) => {
    expect(await withTip(asking(answers).context)).toBe('cancelled');
  },
);

test('a shop offers its own percentages, of the goods alone', async () => {
  const { context, questions } = asking(
    [menu(0)],
    { cashBackMinor: 250 },
    { tips: { percentages: [10], other: false } },
  );
  expect(await withTip(context)).toMatchObject({ record: { tipMinor: 100 } });
  expect(questions[0]?.ask).toMatchObject({ entries: ['10 %: $1.00', 'No tip'] });
});
