import type { TipsConfig } from '#config/payment-config.ts';
import type { Texts } from '#config/texts-config.ts';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import { currencyByNumeric } from '#data/currencies.ts';
import type { ShopperQuestion } from '#ports/shopper-question.ts';
import type { PaymentContext } from './course.ts';
import { formatAmount } from './format.ts';

/** What shoppers are offered where the shop states nothing else. */
export const TIPS: TipsConfig = { percentages: [15, 18, 20], other: true };

/**
 * The payment with the tip that the shopper chose on the display on top of its amount. Nobody
 * there, no answer in time and nothing to ask with mean no tip; "cancelled": the shopper, or the
 * till meanwhile, wants no payment.
 */
export const withTip = async (context: PaymentContext): Promise<PaymentContext | 'cancelled'> => {
  const tip = await askTip(context);
  if (tip === 'cancelled' || context.signal.aborted) return 'cancelled';
  const { request, record, emit } = context;
  const amountMinor = record.amountMinor + tip;
  if (tip === 0 || amountMinor > LARGEST_AMOUNT) return context;
  const tipMinor = (record.tipMinor ?? 0) + tip;
  emit({ event: 'amount', amountMinor, currency: record.currency, tipMinor });
  return {
    ...context,
    request: { ...request, amountMinor },
    record: { ...record, amountMinor, tipMinor, askedMinor: record.amountMinor },
  };
};

/** Minor units; 0: none. */
const askTip = async (context: PaymentContext): Promise<number | 'cancelled'> => {
  const { parts, request, signal, ask } = context;
  const { percentages, other } = parts.settings.tips ?? TIPS;
  const basis = request.amountMinor - (request.cashBackMinor ?? 0) - (request.tipMinor ?? 0);
  const tips = percentages.map((percent) => Math.round((basis * percent) / 100));
  const { language, words } = spokenTo(context);
  const money = (amountMinor: number) =>
    formatAmount({ amountMinor, currency: request.currency }, language);
  const entries = [
    ...percentages.map((percent, at) => `${percent} %: ${money(tips[at] ?? 0)}`),
    words.noTip,
    ...(other ? [words.otherAmount] : []),
  ];
  const menu = { kind: 'menu', entries, several: false, initial: [] } as const;
  const asked = questionOf(context, money(request.amountMinor), words, menu);
  const answer = await ask(asked, signal);
  if (answer.kind === 'cancelled') return 'cancelled';
  const chosen = answer.kind === 'menu' ? (answer.chosen[0] ?? tips.length) : tips.length;
  return chosen > tips.length ? askAmount(context, words) : (tips[chosen] ?? 0);
};

const askAmount = async (
  context: PaymentContext,
  words: TipWords,
): Promise<number | 'cancelled'> => {
  const { request, signal, ask } = context;
  const decimals = currencyByNumeric(request.currency)?.exponent ?? 0;
  const digits = { kind: 'digits', minLength: 1, maxLength: 9, decimals, initial: '' } as const;
  const asked = { ...digits, masked: false };
  const answer = await ask(questionOf(context, words.otherAmount, words, asked), signal);
  if (answer.kind === 'cancelled') return 'cancelled';
  return answer.kind === 'digits' ? typedMinor(answer.typed, decimals) : 0;
};

// "2.5" and "2,50" are the same; what is no amount is no tip.
const typedMinor = (typed: string, decimals: number): number => {
  const [, whole = '', fraction = ''] = /^(\d+)(?:[.,](\d*))?$/.exec(typed.trim()) ?? [];
  return fraction.length > decimals ? 0 : Number(whole + fraction.padEnd(decimals, '0'));
};

const questionOf = (
  { parts }: PaymentContext,
  title: string,
  { tipQuestion: text }: TipWords,
  ask: ShopperQuestion['ask'],
): ShopperQuestion => ({ title, text, ask, withinMs: parts.settings.cardTimeoutMs });

const spokenTo = ({ parts: { settings }, request }: PaymentContext) => {
  const { texts, language: own } = settings;
  const wanted = request.language ?? own;
  const language = Object.hasOwn(texts, wanted) ? wanted : own;
  return { language, words: tipWords(texts[language]) };
};

interface TipWords {
  readonly tipQuestion: string;
  readonly noTip: string;
  readonly otherAmount: string;
}

const tipWords = (texts: Texts | undefined): TipWords => ({
  tipQuestion: texts?.screens.tipQuestion.headline ?? '',
  noTip: texts?.question.noTip ?? '',
  otherAmount: texts?.question.otherAmount ?? '',
});
