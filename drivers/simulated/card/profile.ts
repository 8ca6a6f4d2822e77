import type { CardTransaction, CryptogramType } from './cryptogram.ts';
import type { CardApplication } from './personalise.ts';

/** What a card answers: a status word, with data in front of it when there is some. */
export interface CardAnswer {
  readonly sw: number;
  readonly data?: Uint8Array;
}

/** How a scheme's card pays. The engine has checked order, form and length already. */
export interface Profile {
  processingOptions(app: CardApplication, transaction: CardTransaction): CardAnswer;
  generateAc(app: CardApplication, transaction: CardTransaction, asked: CryptogramType): CardAnswer;
}
