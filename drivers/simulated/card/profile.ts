import type { CardChannel } from './c8/channel.ts';
import type { CardTransaction, CryptogramType } from './cryptogram.ts';
import type { CardApplication } from './personalise.ts';

/** What a card answers: a status word, with data in front of it when there is some. */
export interface CardAnswer {
  readonly sw: number;
  readonly data?: Uint8Array;
  /** What was worked out for this transaction, for the records that hold it. */
  readonly computed?: ReadonlyMap<number, Uint8Array>;
  /** Opened by this answer. Kernel 8. */
  readonly channel?: CardChannel;
  /** The device wants to see its holder before it pays. */
  readonly asksHolder?: boolean;
}

/** What GENERATE AC asks for. Book 3 §6.5.5 */
export interface CryptogramRequest {
  readonly type: CryptogramType;
  /** With the card's signature (CDA). */
  readonly signed: boolean;
  /** Values for CDOL1, as they came. */
  readonly cdol1Values: Uint8Array;
}

/** How a scheme's card pays. The engine has checked order, form and length already. */
export interface Profile {
  processingOptions(app: CardApplication, transaction: CardTransaction): CardAnswer;
  generateAc(
    app: CardApplication,
    transaction: CardTransaction,
    request: CryptogramRequest,
  ): CardAnswer;
}
