import type { Texts } from '#config/texts-config.ts';

/** What a shopper who is asked for a tip reads. */
export interface TipWords {
  readonly tipQuestion: string;
  readonly noTip: string;
  readonly otherAmount: string;
}

/** From the texts of the language that is spoken, where they have these words. */
export const tipWords = (texts: Texts | undefined): TipWords => {
  const given: object = texts ?? {};
  const { tipQuestion, noTip, otherAmount } = { ...ENGLISH, ...given };
  return { tipQuestion, noTip, otherAmount };
};

const ENGLISH: TipWords = {
  tipQuestion: 'Would you like to add a tip?',
  noTip: 'No tip',
  otherAmount: 'Other amount',
};
