import type { Texts } from '#config/texts-config.ts';
import type { Alternative, Screen, Way } from '#ports/customer-display.ts';
import type { Acceptance, Refusal } from './types.ts';

/** What the shop has decided, as far as a shopper sees it. */
export interface Shown {
  readonly acceptance: Acceptance;
  readonly refusal?: Refusal | undefined;
  readonly language: string;
  /** The amount is more because of the way to pay. */
  readonly surcharged?: boolean | undefined;
  /** The wallet that is waited for, as shoppers know it. */
  readonly wallet?: string | undefined;
}

export interface ShopWords {
  readonly headline: string;
  readonly detail: string;
  readonly alternatives: readonly Alternative[];
}

/** A screen's words: the shop's own where it decided something, else those of the texts. */
export const shopWords = (screen: Screen, shown: Shown, texts: Texts): ShopWords => {
  const { refusal, acceptance, language } = shown;
  const { plasticOnly } = acceptance;
  const lines = linesOf(screen, shown, texts);
  const costs = shown.surcharged === true && PAYS_NOW.includes(screen);
  const plain = {
    ...{ ...lines, ...(costs ? { detail: texts.withSurcharge } : {}) },
    alternatives: [],
  };
  if (refusal?.wallet !== undefined && WAITING.includes(screen)) {
    const own = refusal.by?.texts[language]?.shopper;
    const others = alternatives(refusal, texts);
    return { ...plain, detail: own ?? plain.detail, alternatives: others };
  }
  if (refusal !== undefined && REFUSALS.includes(screen)) {
    const stock = refusal.plasticWelcome ? texts.plasticOnly.refused : plain;
    const own = refusal.by?.texts[language]?.shopper;
    return {
      headline: stock.headline,
      detail: own ?? stock.detail,
      alternatives: alternatives(refusal, texts),
    };
  }
  if (!plasticOnly) return plain;
  if (screen === 'presentCard') {
    const { headline } = texts.plasticOnly.presentCard;
    const own = { ...texts.plasticOnly.presentCard, alternatives: [] };
    return costs ? { ...plain, headline } : own;
  }
  return screen === 'welcome' ? { ...plain, detail: texts.plasticOnly.welcome } : plain;
};

// "Asking Alipay" in the place of "asking your bank".
const linesOf = (screen: Screen, { wallet }: Shown, { screens, byCode }: Texts) => {
  // These bring their own.
  if (screen === 'question' || screen === 'notice') return { headline: '', detail: '' };
  if (wallet === undefined) return screens[screen];
  const { headline, detail } = isByCode(screen, byCode) ? byCode[screen] : screens[screen];
  const named = (line: string) => line.replace('{wallet}', () => wallet);
  return { headline: named(headline), detail: named(detail) };
};

const isByCode = (screen: Screen, byCode: Texts['byCode']): screen is keyof Texts['byCode'] =>
  Object.hasOwn(byCode, screen);

/** Where the payment goes on after a wallet was refused. */
const WAITING: readonly Screen[] = ['presentCard', 'payByCode', 'showYourCode', 'tryAgain'];

/** Where the shopper agrees to the amount that is shown. */
const PAYS_NOW: readonly Screen[] = ['presentCard', 'tryAgain'];

const REFUSALS: readonly Screen[] = ['contactlessOff', 'anotherCard'];

const alternatives = (
  { alternatives: names, plasticWelcome }: Refusal,
  texts: Texts,
): Alternative[] => [
  ...(plasticWelcome ? [{ way: 'card', words: texts.ways.card } as const] : []),
  ...names.map((name) => alternative(name, texts)),
];

// "insert" has words in each language; "qr:alipay" is a wallet's name; anything else is the shop's.
const alternative = (name: string, { ways }: Texts): Alternative => {
  if (isWay(name, ways)) return { way: name, words: ways[name] };
  const wallet = name.startsWith('qr:') ? name.slice(3) : undefined;
  return wallet === undefined
    ? { way: 'other', words: name }
    : { way: 'qr', words: `${wallet.charAt(0).toUpperCase()}${wallet.slice(1)}` };
};

const isWay = (name: string, ways: Texts['ways']): name is Exclude<Way, 'other'> =>
  Object.hasOwn(ways, name);
