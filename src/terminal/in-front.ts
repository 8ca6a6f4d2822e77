import type { Texts } from '#config/texts-config.ts';
import type { DisplayView, QuestionWords } from '#ports/customer-display.ts';
import type { Asked, ShopperNotice } from '#ports/shopper-question.ts';
import type { TerminalEvent } from './types.ts';

/** What lies before the terminal's own picture: a question before a notice. */
export interface InFront {
  readonly asked?: Extract<TerminalEvent, { event: 'question' }> | undefined;
  readonly notice?: ShopperNotice | undefined;
}

/** What an event changes of it: a payment that begins takes its place. */
export const frontAfter = (event: TerminalEvent): InFront => {
  switch (event.event) {
    case 'question':
      return { asked: event, notice: undefined };
    case 'questionEnded':
      return { asked: undefined };
    case 'notice':
      return { notice: event.notice };
    case 'saleStarted':
      return { asked: undefined, notice: undefined };
    default:
      return {};
  }
};

/** Events that change nothing else of the picture. */
export const isOfFront = ({ event }: TerminalEvent): boolean =>
  event === 'question' || event === 'questionEnded' || event === 'notice';

/** The view with what lies before it: of the own picture nothing invites or lights up then. */
export const behind = (
  view: DisplayView,
  { asked, notice }: InFront,
  texts: Texts | undefined,
  nowMs: number,
): DisplayView => {
  const { sequence, language, merchant, amount } = view;
  const plain = { sequence, language, merchant, lights: 'off' } as const;
  if (asked !== undefined && texts !== undefined) {
    const { id, question, untilMs, inPayment } = asked;
    const ms = Math.max(0, Math.round(untilMs - nowMs));
    return {
      ...plain,
      screen: 'question',
      headline: question.text,
      detail: question.title,
      question: { id, ask: question.ask, words: wordsOf(question.ask, texts) },
      timeLeft: { ms, ofMs: question.withinMs },
      // The last payment's amount is none of a later question's business.
      ...(inPayment && amount !== undefined ? { amount } : {}),
    };
  }
  if (notice === undefined) return view;
  const [headline, detail] = notice.title === '' ? [notice.text, ''] : [notice.title, notice.text];
  return { ...plain, screen: 'notice', headline, detail };
};

const wordsOf = (ask: Asked, { question }: Texts): QuestionWords => {
  const { noTip: _, otherAmount: __, ...words } = question;
  if (ask.kind !== 'confirmation') return words;
  return { ...words, yes: ask.yes ?? words.yes, no: ask.no ?? words.no };
};
