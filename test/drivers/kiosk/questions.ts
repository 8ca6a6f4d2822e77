import type { DisplayView } from '#ports/customer-display.ts';
import type { Asked } from '#ports/shopper-question.ts';
import { spokenView } from './spoken-views.ts';

const TYPED = { minLength: 1, initial: '', masked: false } as const;

/** One question of each form, and those that look different again. */
export const asks = {
  confirmation: { kind: 'confirmation' },
  digits: { ...TYPED, kind: 'digits', maxLength: 6, decimals: 2 },
  masked: {
    ...{ kind: 'digits', minLength: 4, maxLength: 6, decimals: 0 },
    ...{ initial: '123', masked: true },
  },
  text: { ...TYPED, kind: 'text', maxLength: 40, initial: 'Jane' },
  menu: {
    ...{ kind: 'menu', several: false, initial: [] },
    entries: ['No tip', '10 % · $1.25', '15 % · $1.88', '20 % · $2.50', 'Other amount'],
  },
  several: {
    ...{ kind: 'menu', several: true, initial: [2] },
    entries: ['Coffee', 'Tea', 'Cake'],
  },
  signature: { kind: 'signature' },
} as const satisfies Record<string, Asked>;

let count = 0;

/** A view that asks this in a language, with an id of its own. */
export function asksIn(language: string, ask: Asked): DisplayView {
  const view = spokenView(language, 'question');
  if (view.question === undefined) throw new Error('a view that asks nothing');
  count += 1;
  return { ...view, question: { ...view.question, id: `asked-${count}`, ask } };
}
