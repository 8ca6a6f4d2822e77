import { describe, expect, it } from 'vitest';
import type { Asked } from '#ports/shopper-question.ts';
import { firstPresenter, present, toPresentation } from '#terminal/presenter.ts';
import type { TerminalEvent, TerminalSettings } from '#terminal/types.ts';
import { counter } from '#test/support/shop-decisions.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';

const loaded = loadConfiguration('base');
if (!('texts' in loaded)) throw new Error('the base configuration is broken');
const { texts } = loaded;

const settings = (language: string): TerminalSettings => ({
  ...{ merchant: 'Corner Shop', texts, language, configuration: 'base' },
  ...{ exchangeDeadlineMs: 100, cardTimeoutMs: 3000, resultMs: 60, attempts: 2 },
  ...{ answerWithinMs: 100, ...counter },
  offline: { kernel: false, deferred: false, currency: 840, schemes: {} },
});

const READER: TerminalEvent = { event: 'reader', present: true, detail: 'a reader' };
const IDLE: TerminalEvent = { event: 'idle' };
const SALE: TerminalEvent = {
  ...{ event: 'saleStarted', transactionId: '01' },
  request: { amountMinor: 5, currency: 840 },
};
const DECLINED: TerminalEvent = {
  ...{ event: 'saleEnded', screen: 'declined' },
  result: {
    ...{ status: 'declined', transactionId: '01', amountMinor: 5, currency: 'USD' },
    reason: 'a test',
  },
};

const asked = (ask: Asked, inPayment = false): TerminalEvent => ({
  ...{ event: 'question', id: 'question-1', untilMs: 1_000, inPayment },
  question: { title: 'Shop', text: 'What?', ask, withinMs: 2_000 },
});
const CONFIRMATION = asked({ kind: 'confirmation' });
const OVER: TerminalEvent = { event: 'questionEnded', kind: 'confirmation', how: 'answered' };

const shown = (events: readonly TerminalEvent[], language = 'en') => {
  const own = settings(language);
  return toPresentation(
    own,
    () => 400,
  )([READER, IDLE, ...events].reduce(present(own), firstPresenter(own))).view;
};

describe('a question lies before the picture', () => {
  it('with its own words, and what is left of its time', () => {
    const view = shown([CONFIRMATION]);
    expect(view).toMatchObject({ screen: 'question', headline: 'What?', detail: 'Shop' });
    expect(view).toMatchObject({ lights: 'off', timeLeft: { ms: 600, ofMs: 2_000 } });
    expect(view.question).toMatchObject({ id: 'question-1', ask: { kind: 'confirmation' } });
  });

  it.each(Object.keys(texts))('with words for its buttons in %s', (language) => {
    const words = shown([CONFIRMATION], language).question?.words;
    expect(words?.yes).toBe(texts[language]?.question.yes);
    expect(Object.values(words ?? {}).filter((word) => word !== '').length).toBe(9);
  });

  it('and what goes on behind it is seen when it is over', () => {
    const off: TerminalEvent = {
      event: 'acceptance',
      acceptance: {
        plasticOnly: false,
        off: {
          ...{ alternatives: ['cash'], whole: true, plasticWelcome: false, because: 'a test' },
        },
      },
    };
    const view = shown([CONFIRMATION, off]);
    expect([view.screen, view.alternatives]).toEqual(['question', undefined]);
    expect(shown([CONFIRMATION, off, OVER]).screen).toBe('contactlessOff');
  });

  it('of a payment stands beneath its amount; one after it does not', () => {
    expect(shown([SALE, asked({ kind: 'signature' }, true)]).amount).toBe('$0.05');
    expect(shown([SALE, DECLINED, CONFIRMATION]).amount).toBeUndefined();
    expect(shown([SALE, DECLINED, CONFIRMATION, OVER]).amount).toBe('$0.05');
  });

  it('hides what could be touched, and brings it back', () => {
    const choices: TerminalEvent = {
      ...{ event: 'choices', tap: false, wallets: [{ name: 'alipay', title: 'Alipay' }] },
    };
    expect(shown([SALE, choices, asked({ kind: 'signature' }, true)]).choices).toBeUndefined();
    expect(shown([SALE, choices, asked({ kind: 'signature' }, true), OVER]).choices).toBeDefined();
  });

  it('until a payment begins', () => {
    expect(shown([CONFIRMATION, SALE])).toMatchObject({ screen: 'presentCard', amount: '$0.05' });
  });
});

it('a notice without a title is the headline itself', () => {
  const notice: TerminalEvent = { event: 'notice', notice: { title: '', text: 'Thanks' } };
  expect(shown([notice])).toMatchObject({ screen: 'notice', headline: 'Thanks', detail: '' });
  expect(shown([notice, CONFIRMATION]).screen).toBe('question');
  expect(shown([notice, CONFIRMATION, OVER]).screen).toBe('welcome');
  expect(shown([CONFIRMATION, notice]).screen).toBe('question');
  expect(shown([CONFIRMATION, notice, OVER]).screen).toBe('notice');
});
