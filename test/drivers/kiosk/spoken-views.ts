import type { Decision } from '#acceptance/index.ts';
import type { Texts } from '#config/texts-config.ts';
import type { Alternative, Choice, DisplayView, Screen } from '#ports/customer-display.ts';
import { formatAmount } from '#terminal/format.ts';
import { firstPresenter, present, toPresentation } from '#terminal/presenter.ts';
import type { Refusal, TerminalEvent, TerminalSettings } from '#terminal/types.ts';
import { off } from '#test/acceptance/decisions.ts';
import { counter } from '#test/support/shop-decisions.ts';
import { loadConfiguration } from '../../../src/cli/load-configuration.ts';
import { viewOf } from './views.ts';

const loaded = loadConfiguration('base');
if (!('texts' in loaded)) throw new Error('the base configuration is broken');
const { texts } = loaded;

export const LANGUAGES: readonly string[] = Object.keys(texts);

/** A view of a screen as the terminal words it in this language, in a shop that takes dollars. */
export function spokenView(language: string, screen: Screen): DisplayView {
  const { screens, ways, choices, question } = textsIn(language);
  const { headline, detail } = screens[wordedAs(screen)];
  const sum = (amountMinor: number) => formatAmount({ amountMinor, currency: 840 }, language);
  const filled = detail.replace('{rest}', sum(450)).replace('{wallet}', WALLET);
  const view = viewOf(screen, { language, headline, detail: filled });
  return {
    ...view,
    ...(view.amount === undefined ? {} : { amount: sum(1250) }),
    ...(view.alternatives === undefined ? {} : { alternatives: alternativesIn(ways) }),
    ...(view.question === undefined ? {} : { question: { ...view.question, words: question } }),
    ...(view.choices === undefined ? {} : { choices: choicesIn(view.choices, choices) }),
  };
}

// A till brings the words of these two, but for the question that is ours.
const wordedAs = (screen: Screen): keyof Texts['screens'] => {
  if (screen === 'notice') return 'refunded';
  return screen === 'question' ? 'tipQuestion' : screen;
};

function textsIn(language: string): Texts {
  const found = texts[language];
  if (found === undefined) throw new Error(`no texts in ${language}`);
  return found;
}

const alternativesIn = ({ insert, swipe, qr, cash }: Texts['ways']): readonly Alternative[] => [
  { way: 'insert', words: insert },
  { way: 'swipe', words: swipe },
  { way: 'qr', words: qr },
  { way: 'cash', words: cash },
];

const WALLET = 'Alipay';

// Those of the view, said in this language; a wallet's own name is the same in all.
const choicesIn = (all: readonly Choice[], words: Texts['choices']): readonly Choice[] =>
  all.map((choice) =>
    choice.id === 'tap' || choice.id === 'cancel' ? { ...choice, words: words[choice.id] } : choice,
  );

/** What a shop's decisions put on the display, by the terminal's own hand, in this language. */
export function shopViews(language: string): readonly (readonly [string, DisplayView])[] {
  const shown = (...events: readonly TerminalEvent[]): DisplayView => {
    const settings = { ...SETTINGS, language };
    const { view } = toPresentation(settings)(
      [READER, ...events].reduce(present(settings), firstPresenter(settings)),
    );
    sequence += 1;
    return { ...view, sequence };
  };
  const words = OWN_WORDS[language];
  const by = off(7, {}, words === undefined ? {} : { texts: { [language]: { shopper: words } } });
  const wholly = refusal(by, { whole: true });
  const phones = off(8, { devices: 'phones' });
  const plasticOnly: TerminalEvent = { event: 'acceptance', acceptance: { plasticOnly: true } };
  return [
    ['off', shown({ event: 'acceptance', acceptance: { off: wholly, plasticOnly: false } }, IDLE)],
    ['off-sale', shown(IDLE, SALE, { event: 'refused', refusal: wholly })],
    ['plastic-welcome', shown(plasticOnly, IDLE)],
    ['plastic-present', shown(plasticOnly, IDLE, SALE)],
    [
      'plastic-phone',
      shown(plasticOnly, IDLE, SALE, { event: 'refused', refusal: refusal(phones, {}) }),
    ],
  ];
}

let sequence = 10_000;

const READER: TerminalEvent = { event: 'reader', present: true, detail: 'a reader' };
const IDLE: TerminalEvent = { event: 'idle' };
const SALE: TerminalEvent = {
  event: 'saleStarted',
  transactionId: '01',
  request: { amountMinor: 1250, currency: 840 },
};

const refusal = (by: Decision, more: Partial<Refusal>): Refusal => ({
  by,
  alternatives: ['insert', 'cash', 'qr:alipay'],
  whole: false,
  plasticWelcome: more.whole !== true,
  because: 'a test',
  ...more,
});

// As long as a shop's own words may be, or as a shop would say it.
const OWN_WORDS: Readonly<Record<string, string>> = {
  en: 'We take cards with a chip, cash and our own app. Ask us: we are glad to help you.',
  de: 'Wir nehmen Karten mit Chip, Bargeld und unsere eigene App. Fragen Sie uns gern.',
  ar: 'نقبل البطاقات ذات الشريحة والنقد وتطبيقنا الخاص. اسألنا فيسعدنا مساعدتك.',
};

const SETTINGS: Omit<TerminalSettings, 'language'> = {
  merchant: 'Harbour Coffee',
  configuration: 'base',
  texts,
  exchangeDeadlineMs: 100,
  cardTimeoutMs: 3000,
  resultMs: 60,
  attempts: 2,
  offline: { kernel: false, deferred: false, currency: 840, schemes: {} },
  answerWithinMs: 100,
  ...counter,
};
