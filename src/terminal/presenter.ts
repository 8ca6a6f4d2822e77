import { currencyByCode } from '#data/currencies.ts';
import type { MessageId, UiRequest, UiStatus } from '#kernels/shared/ui-request.ts';
import type { CodeToScan, DisplayView, Lights, Screen, Tone } from '#ports/customer-display.ts';
import { choicesOn, type Offered } from './choices.ts';
import { formatAmount } from './format.ts';
import { behind, frontAfter, type InFront, isOfFront } from './in-front.ts';
import { shopWords } from './shop-words.ts';
import type {
  Acceptance,
  Refusal,
  SaleRequest,
  SaleResult,
  TerminalEvent,
  TerminalSettings,
} from './types.ts';

/** What the display is to show, and how long the next view has to wait for it. */
export interface Presentation {
  readonly view: DisplayView;
  readonly holdMs: number;
}

/** What the presenter remembers between two events. */
export interface Presenter extends InFront {
  readonly screen: Screen;
  readonly lights: Lights;
  readonly tone?: Tone | undefined;
  readonly amount?: Amount | undefined;
  /** What is left to pay after an approval for a part. */
  readonly rest?: Amount | undefined;
  /** The amount is more because of the way to pay. */
  readonly surcharged?: boolean | undefined;
  readonly language: string;
  readonly readerPresent: boolean;
  /** A sale has begun whose price or way is not known yet: no card may be invited. */
  readonly opening?: boolean | undefined;
  readonly acceptance: Acceptance;
  /** What the shop refused, while its message is shown. */
  readonly refusal?: Refusal | undefined;
  /** What may be touched instead. */
  readonly offered?: Offered | undefined;
  /** The wallet that is waited for, as shoppers know it. */
  readonly wallet?: string | undefined;
  readonly code?: CodeToScan | undefined;
  /** The payment whose receipt can be fetched now. */
  readonly receiptOf?: string | undefined;
  /** Monotonic milliseconds, and how long it is in all. */
  readonly until?: { readonly atMs: number; readonly ofMs: number } | undefined;
  readonly sequence: number;
  readonly holdMs: number;
}

type Amount = Pick<SaleRequest, 'amountMinor' | 'currency'>;

export const firstPresenter = (settings: TerminalSettings): Presenter => ({
  screen: 'notReady',
  lights: 'off',
  language: settings.language,
  readerPresent: false,
  acceptance: { plasticOnly: false },
  sequence: 0,
  holdMs: 0,
});

/**
 * The language in use after an event: the till's word for its shopper, then a card's, for its own
 * transaction. Book A clause 9
 */
export const languageAfter =
  (settings: Pick<TerminalSettings, 'texts' | 'language'>) =>
  (before: string, event: TerminalEvent): string => {
    if (event.event === 'saleStarted' || event.event === 'acquisitionStarted') {
      return spoken(event.request.language ?? null, settings) ?? settings.language;
    }
    if (event.event === 'idle') return settings.language;
    return event.event === 'ui' ? (spoken(event.ui.language, settings) ?? before) : before;
  };

/** Whether there is anything to see: of a sale that opens, only what it asks its shopper. */
export const isDrawn = ({ opening, asked }: Presenter): boolean =>
  opening !== true || asked !== undefined;

/** Takes one event in; the result is the next picture. Pure, for `scan`. */
export const present =
  (settings: TerminalSettings) =>
  (before: Presenter, event: TerminalEvent): Presenter => {
    const language = languageAfter(settings)(before.language, event);
    const sequence = before.sequence + 1;
    const opening = before.opening === true && PRECEDES.includes(event.event);
    const next = { ...before, ...frontAfter(event), language, sequence, opening, ...AT_ONCE };
    switch (event.event) {
      case 'idle':
        return {
          ...next,
          ...atRest(before.acceptance),
          ...NO_CODE,
          amount: undefined,
          rest: undefined,
        };
      case 'acceptance':
        // While a payment is taken its own events tell.
        return {
          ...next,
          ...(AT_REST.includes(before.screen) ? atRest(event.acceptance) : {}),
          acceptance: event.acceptance,
        };
      case 'refused':
        return withRefusal(next, event.refusal);
      case 'reader':
        return { ...next, readerPresent: event.present };
      case 'texts':
        // The same picture, in the words of now.
        return next;
      case 'choices':
        return { ...next, offered: event };
      case 'code':
        return withCode(next, event);
      case 'saleStarted':
        return withSale(next, event.request);
      case 'amount':
        return { ...next, amount: event, surcharged: (event.surchargeMinor ?? 0) > 0 };
      case 'acquisitionStarted':
        return {
          ...next,
          ...{ screen: 'presentCard', lights: 'off', refusal: undefined, ...NO_CODE },
          amount: event.request.amountMinor === 0 ? undefined : event.request,
        };
      case 'acquisitionEnded':
        return { ...next, screen: event.screen, lights: endLights(next.lights) };
      case 'ui':
        return withUi(next, event.ui);
      case 'saleEnded':
        return {
          ...next,
          screen: event.screen,
          lights: endLights(next.lights),
          code: undefined,
          until: undefined,
          offered: undefined,
          receiptOf: event.result.transactionId,
          ...parts(event.result),
        };
      default:
        return isOfFront(event) ? next : before;
    }
  };

/** The picture for the display, in words of the language in use. */
export const toPresentation =
  (settings: TerminalSettings, nowMs: () => number = () => 0) =>
  (presenter: Presenter): Presentation => {
    const waiting = WAITS_FOR_CARD.includes(presenter.screen) || presenter.screen === 'welcome';
    const away = waiting && !presenter.readerPresent;
    const screen = away ? 'notReady' : presenter.screen;
    const texts = settings.texts[presenter.language] ?? settings.texts[settings.language];
    const words = texts
      ? shopWords(screen, presenter, texts)
      : { headline: '', detail: '', alternatives: [] };
    const { code, until, receiptOf, language } = presenter;
    const receipt =
      receiptOf !== undefined && HAS_RECEIPT.includes(screen)
        ? settings.receiptOnPhone?.(receiptOf, language)
        : undefined;
    const choices = texts ? choicesOn(screen, presenter.offered, texts) : [];
    const written = (amount: Amount) => formatAmount(amount, presenter.language);
    const own: DisplayView = {
      sequence: presenter.sequence,
      screen,
      headline: words.headline,
      detail: words.detail.replace('{rest}', () => (presenter.rest ? written(presenter.rest) : '')),
      ...(choices.length === 0 ? {} : { choices }),
      ...(code === undefined ? {} : { code }),
      ...(receipt === undefined ? {} : { receipt }),
      ...(until === undefined ? {} : { timeLeft: leftOf(until, nowMs()) }),
      ...(presenter.acceptance.plasticOnly ? { plasticOnly: true } : {}),
      ...(words.alternatives.length === 0 ? {} : { alternatives: words.alternatives }),
      ...(presenter.amount === undefined ? {} : { amount: written(presenter.amount) }),
      language: presenter.language,
      lights: away ? 'off' : presenter.lights,
      ...(presenter.tone === undefined ? {} : { tone: presenter.tone }),
      merchant: settings.merchant,
    };
    return { holdMs: presenter.holdMs, view: behind(own, presenter, texts, nowMs()) };
  };

const AT_ONCE = { holdMs: 0, tone: undefined };

/** What may come between the beginning of a sale and its first own picture. */
const PRECEDES: readonly TerminalEvent['event'][] = [
  'question',
  'questionEnded',
  'amount',
  'acceptance',
  'reader',
  'texts',
];

const NO_CODE = {
  surcharged: undefined,
  offered: undefined,
  wallet: undefined,
  code: undefined,
  until: undefined,
  receiptOf: undefined,
};

/** Something was paid, given back or held. */
const HAS_RECEIPT: readonly Screen[] = [
  'approved',
  'approvedSign',
  'approvedPart',
  'refunded',
  'amountHeld',
];

// The last result leaves with the last amount. A refund to an earlier payment's card needs none.
const withSale = (next: Presenter, request: SaleRequest): Presenter => ({
  ...next,
  ...NO_CODE,
  screen: request.original === undefined ? 'presentCard' : 'authorising',
  opening: request.original === undefined,
  lights: 'off',
  amount: request,
  refusal: undefined,
});

const withRefusal = (next: Presenter, refusal: Refusal): Presenter => {
  // A code that is refused leaves what was waited for as it is.
  if (refusal.wallet !== undefined) return { ...next, refusal, tone: 'alert' };
  return {
    ...next,
    screen: refusal.whole ? 'contactlessOff' : 'anotherCard',
    refusal,
    lights: refusal.whole ? 'off' : 'error',
    tone: refusal.whole ? undefined : 'alert',
  };
};

const withCode = (
  next: Presenter,
  { screen, wallet, code, untilMs, ofMs }: Extract<TerminalEvent, { event: 'code' }>,
): Presenter => ({
  ...next,
  screen,
  wallet,
  code,
  until: untilMs === undefined || ofMs === undefined ? undefined : { atMs: untilMs, ofMs },
  lights: 'off',
  // Why the code before was refused stays to be read until a wallet is waited for.
  refusal: screen === 'payByCode' ? next.refusal : undefined,
});

const leftOf = ({ atMs, ofMs }: NonNullable<Presenter['until']>, nowMs: number) => ({
  ms: Math.max(0, Math.round(atMs - nowMs)),
  ofMs,
});

// Of an approval for a part the display shows the part, and what is left.
const parts = ({
  amountMinor,
  approvedMinor,
  currency: code,
}: SaleResult): Pick<Presenter, 'amount' | 'rest'> => {
  const currency = currencyByCode(code)?.numeric;
  if (approvedMinor === undefined || currency === undefined) return {};
  return {
    amount: { amountMinor: approvedMinor, currency },
    rest: { amountMinor: amountMinor - approvedMinor, currency },
  };
};

const AT_REST: readonly Screen[] = ['welcome', 'contactlessOff', 'notReady'];

const atRest = ({ off }: Acceptance): Pick<Presenter, 'screen' | 'lights' | 'refusal'> =>
  off === undefined
    ? { screen: 'welcome', lights: 'idle', refusal: undefined }
    : { screen: 'contactlessOff', lights: 'off', refusal: off };

const WAITS_FOR_CARD: readonly Screen[] = ['presentCard', 'tryAgain', 'seePhone', 'oneCardOnly'];

const withUi = (next: Presenter, ui: UiRequest): Presenter => {
  // The kernel has approved; it is told when it is written down. Book A 03, 1A
  const early = ui.messageId === '03' || ui.messageId === '1A';
  const screen = early ? next.screen : (screenOf(ui) ?? next.screen);
  return {
    ...next,
    screen,
    holdMs: early ? 0 : ui.holdMs,
    refusal: undefined,
    wallet: undefined,
    code: undefined,
    until: undefined,
    lights: LIGHTS[ui.status] ?? next.lights,
    ...(TONES[ui.status] === undefined ? {} : { tone: TONES[ui.status] }),
  };
};

// The first of the card's languages that we have texts for.
const spoken = (
  preferences: string | null,
  { texts }: Pick<TerminalSettings, 'texts'>,
): string | undefined =>
  (preferences?.match(/../g) ?? []).find((language) => Object.hasOwn(texts, language));

// Kernel 2 clears the display when the card is read; for the shopper that means "take it away".
const screenOf = ({ messageId, status }: UiRequest): Screen | undefined => {
  if (messageId === null) return undefined;
  if (messageId === '1E') return status === 'cardReadSuccessfully' ? 'removeCard' : undefined;
  return SCREENS[messageId];
};

const SCREENS: Readonly<Record<Exclude<MessageId, '1E'>, Screen>> = {
  '03': 'approved',
  // Only kernel 5 has it; what else can the shopper do.
  '06': 'anotherCard',
  '07': 'declined',
  '09': 'enterPin',
  '0F': 'processingError',
  '10': 'takeCardAway',
  '14': 'welcome',
  '15': 'presentCard',
  '16': 'reading',
  '17': 'removeCard',
  '18': 'insertCard',
  '19': 'oneCardOnly',
  '1A': 'approvedSign',
  '1B': 'authorising',
  '1C': 'anotherCard',
  '1D': 'insertCard',
  '20': 'seePhone',
  '21': 'tryAgain',
};

// Book A clause 9, option 1: four lights of one colour. No status given: they stay as they are.
const LIGHTS: Readonly<Record<UiStatus, Lights | undefined>> = {
  none: undefined,
  notReady: 'off',
  idle: 'idle',
  readyToRead: 'ready',
  processing: 'processing',
  cardReadSuccessfully: 'success',
  processingError: 'error',
};

const TONES: Readonly<Partial<Record<UiStatus, Tone>>> = {
  cardReadSuccessfully: 'success',
  processingError: 'alert',
};

// A result leaves a success sequence that is still running alone; waiting lights go out.
const endLights = (lights: Lights): Lights => (lights === 'success' ? 'success' : 'off');
