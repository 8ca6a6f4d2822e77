import { describe, expect, it } from 'vitest';
import { type MessageId, type UiStatus, uiRequest } from '#kernels/shared/ui-request.ts';
import type { Screen } from '#ports/customer-display.ts';
import { firstPresenter, present, toPresentation } from '#terminal/presenter.ts';
import type { TerminalEvent, TerminalSettings } from '#terminal/types.ts';
import { counter } from '#test/support/shop-decisions.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';

const loaded = loadConfiguration('base');
if (!('texts' in loaded)) throw new Error('the base configuration is broken');
const { texts } = loaded;

const settings: TerminalSettings = {
  merchant: 'Corner Shop',
  texts,
  language: 'en',
  exchangeDeadlineMs: 100,
  cardTimeoutMs: 3000,
  resultMs: 60,
  attempts: 2,
  configuration: 'base',
  offline: { kernel: false, deferred: false, currency: 840, schemes: {} },
  answerWithinMs: 100,
  ...counter,
};

const BEGUN: readonly TerminalEvent[] = [
  { event: 'reader', present: true, detail: 'a reader' },
  { event: 'idle' },
  { event: 'saleStarted', transactionId: '01', request: { amountMinor: 5, currency: 840 } },
];

/** The picture after these events of a sale over five cents. */
const shown = (...events: readonly TerminalEvent[]) =>
  toPresentation(settings)(
    [...BEGUN, ...events].reduce(present(settings), firstPresenter(settings)),
  );

const ui = (
  messageId: MessageId | null,
  status: UiStatus,
  more: Parameters<typeof uiRequest>[2] = {},
): TerminalEvent => ({ event: 'ui', ui: uiRequest(messageId, status, more) });

describe('a message identifier is a screen (Book A Table 9-3)', () => {
  it.each<[id: MessageId, screen: Screen]>([
    ['07', 'declined'],
    ['09', 'enterPin'],
    ['06', 'anotherCard'],
    ['0F', 'processingError'],
    ['10', 'takeCardAway'],
    ['14', 'welcome'],
    ['15', 'presentCard'],
    ['16', 'reading'],
    ['17', 'removeCard'],
    ['18', 'insertCard'],
    ['19', 'oneCardOnly'],
    ['1B', 'authorising'],
    ['1C', 'anotherCard'],
    ['1D', 'insertCard'],
    ['20', 'seePhone'],
    ['21', 'tryAgain'],
  ])('%s: %s, with words', (id, screen) => {
    const { view } = shown(ui(id, 'none'));
    expect(view.screen).toBe(screen);
    expect(view.headline).not.toBe('');
  });

  it.each<MessageId>(['03', '1A'])('%s, an approval, waits until it is written down', (id) => {
    const { view, holdMs } = shown(ui('16', 'none'), ui(id, 'none', { holdMs: 100 }));
    expect([view.screen, holdMs]).toEqual(['reading', 0]);
  });

  it('1E clears nothing but the way for what comes next', () => {
    expect(shown(ui('16', 'none'), ui('1E', 'none')).view.screen).toBe('reading');
    expect(shown(ui('16', 'none'), ui('1E', 'cardReadSuccessfully')).view.screen).toBe(
      'removeCard',
    );
  });

  it('none leaves what is shown', () => {
    expect(shown(ui('16', 'none'), ui(null, 'processing')).view.screen).toBe('reading');
  });

  it('one that nobody knows leaves what is shown', () => {
    const unknown = 'A7' as MessageId;
    expect(shown(ui('16', 'processing'), ui(unknown, 'none')).view.screen).toBe('reading');
  });
});

describe('a status is what the four lights do (Book A 9)', () => {
  it.each<[status: UiStatus, lights: string, tone: string | undefined]>([
    ['notReady', 'off', undefined],
    ['idle', 'idle', undefined],
    ['readyToRead', 'ready', undefined],
    ['processing', 'processing', undefined],
    ['cardReadSuccessfully', 'success', 'success'],
    ['processingError', 'error', 'alert'],
  ])('%s: %s, tone %s', (status, lights, tone) => {
    const { view } = shown(ui('16', status));
    expect([view.lights, view.tone]).toEqual([lights, tone]);
  });

  it('none leaves the lights, without a tone', () => {
    const { view } = shown(ui('15', 'readyToRead'), ui('16', 'none'));
    expect([view.lights, view.tone]).toEqual(['ready', undefined]);
  });

  it('one that nobody knows leaves the lights, without a tone', () => {
    const { view } = shown(ui('15', 'readyToRead'), ui('16', 'unheard' as UiStatus));
    expect([view.lights, view.tone]).toEqual(['ready', undefined]);
  });

  it('a success goes on when the result comes', () => {
    const result = { status: 'approved', transactionId: '01', amountMinor: 5, currency: 'USD' };
    const { view } = shown(ui('17', 'cardReadSuccessfully'), {
      event: 'saleEnded',
      result: { ...result, status: 'approved', reason: 'approved' },
      screen: 'approved',
    });
    expect([view.lights, view.tone]).toEqual(['success', undefined]);
  });
});

describe('a UI request', () => {
  it('holds up the next message alone', () => {
    expect(shown(ui('20', 'processingError', { holdMs: 1300 })).holdMs).toBe(1300);
    expect(shown(ui('20', 'none', { holdMs: 1300 }), ui('21', 'none')).holdMs).toBe(0);
  });

  it('shows amounts with a digit before the decimal point', () => {
    expect(shown().view.amount).toBe('$0.05');
  });

  it('keeps a language until the transaction ends', () => {
    const german = ui('20', 'none', { language: 'de' });
    expect(shown(german, ui('21', 'none')).view.language).toBe('de');
    expect(shown(german, { event: 'idle' }).view.language).toBe('en');
  });

  it('has no say in the language of the next sale, however soon it begins', () => {
    const next = BEGUN.at(-1) ?? { event: 'idle' };
    expect(shown(ui('20', 'none', { language: 'de' }), next).view.language).toBe('en');
  });

  it('in a language without texts leaves the one in use', () => {
    expect(shown(ui('20', 'none', { language: 'is' })).view.language).toBe('en');
  });

  it('speaks the first of the card’s languages that the terminal has', () => {
    const { view } = shown(ui('20', 'none', { language: 'isdefr' }));
    expect([view.language, view.headline]).toEqual(['de', 'Smartphone prüfen']);
    // 'ei' lies across two languages and is none of them; 'rd' and 'ef' likewise.
    expect(shown(ui('20', 'none', { language: 'isxxyyzz' })).view.language).toBe('en');
    expect(shown(ui('20', 'none', { language: 'xdex' })).view.language).toBe('en');
  });

  it.each([
    ['en', '$0.05'],
    ['es', '0,05\u00A0$'],
    ['fr', '0,05\u00A0$'],
    ['de', '0,05\u00A0$'],
    ['it', '0,05\u00A0$'],
    ['pt', '$\u00A00,05'],
    ['zh', '$0.05'],
    ['ja', '$0.05'],
    ['ar', '0.05\u00A0US$'],
  ])('writes the amount as its language does: %s, %s', (language, amount) => {
    expect(shown(ui('20', 'none', { language })).view.amount).toBe(amount);
  });

  it('writes an amount of a currency without decimals without them', () => {
    const request = { amountMinor: 1250, currency: 392 };
    const sale: TerminalEvent = { event: 'saleStarted', transactionId: '02', request };
    const amountIn = (language: string) =>
      shown(sale, ui('20', 'none', { language })).view.amount?.normalize('NFKC');
    expect(amountIn('ja')).toBe('¥1,250');
    expect(amountIn('de')).toBe('1.250 ¥');
  });

  it('names what is left to pay in the language of the card too', () => {
    const result = { status: 'approved', transactionId: '01', reason: 'approved' } as const;
    const { view } = shown(ui('17', 'cardReadSuccessfully', { language: 'fr' }), {
      event: 'saleEnded',
      result: { ...result, amountMinor: 1250, approvedMinor: 800, currency: 'EUR' },
      screen: 'approvedPart',
    });
    expect([view.amount, view.detail].map((words) => words?.normalize('NFKC'))).toEqual([
      '8,00 €',
      'Veuillez régler 4,50 € autrement',
    ]);
  });
});

describe('where a receipt can be fetched', () => {
  const asked: string[] = [];
  const phones: TerminalSettings = {
    ...settings,
    receiptOnPhone: (id, language) => {
      asked.push(`${id} ${language}`);
      return { content: `http://192.0.2.7/r/${id}`, words: language };
    },
  };
  const receiptAfter = (screen: Screen, ...more: readonly TerminalEvent[]) =>
    toPresentation(phones)(
      [...BEGUN, ui('1B', 'none', { language: 'de' }), endedOn(screen), ...more].reduce(
        present(phones),
        firstPresenter(phones),
      ),
    ).view.receipt;
  const endedOn = (screen: Screen): TerminalEvent => ({
    event: 'saleEnded',
    screen,
    result: {
      ...{ status: 'approved', transactionId: '01', amountMinor: 5, currency: 'USD' },
      reason: 'approved',
    },
  });

  it.each<Screen>(['approved', 'approvedSign', 'approvedPart', 'refunded', 'amountHeld'])(
    '%s: the display tells, in the language of the shopper',
    (screen) => {
      expect(receiptAfter(screen)).toEqual({ content: 'http://192.0.2.7/r/01', words: 'de' });
    },
  );

  it.each<Screen>(['declined', 'refundDeclined', 'cancelled', 'timedOut', 'notCompleted'])(
    '%s: nothing happened, and nobody is asked for an address',
    (screen) => {
      asked.length = 0;
      expect(receiptAfter(screen)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  it('goes with the result, for the next shopper or for nobody', () => {
    expect(receiptAfter('approved', { event: 'idle' })).toBeUndefined();
    expect(receiptAfter('approved', ...BEGUN.slice(2))).toBeUndefined();
  });

  it('is nowhere unless the shop has opened it', () => {
    expect(shown(endedOn('approved')).view).not.toHaveProperty('receipt');
  });
});
