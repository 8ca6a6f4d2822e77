import type { Observable } from 'rxjs';
import type { Asked, DisplayAnswer } from './shopper-question.ts';

/** What the shopper is to see, each with a look of its own. */
export type Screen =
  | 'welcome' // message 14
  | 'notReady' // out of order, or paused
  | 'presentCard' // 15: amount and "hold your phone or card here"
  | 'reading' // 16
  | 'removeCard' // 17: card read, take it away
  | 'takeCardAway' // 10: the last card still lies there
  | 'authorising' // 1B
  | 'approved' // 03
  | 'approvedSign' // 1A
  | 'approvedPart' // less than the amount: the rest is to be paid in another way
  | 'refunded'
  | 'refundDeclined'
  | 'amountHeld' // pre-authorised
  | 'declined' // 07
  | 'seePhone' // 20: amount stays
  | 'tryAgain' // 21: amount stays
  | 'oneCardOnly' // 19
  | 'anotherCard' // 1C
  | 'insertCard' // 1D, 18
  | 'payByCode' // which wallet, where several are taken: the amount, and choices to touch
  | 'scanCode' // our code, for the shopper's phone
  | 'showYourCode' // the scanner waits for the code on the shopper's phone
  | 'confirmOnPhone' // the wallet waits for the shopper's word
  | 'contactlessOff' // by the shop's own decision: no lights
  | 'enterPin' // 09
  | 'processingError' // 0F
  | 'cancelled'
  | 'notCompleted' // no answer of the host: booked or not, it is taken back
  | 'timedOut'
  | 'question' // what a till has the shopper asked
  | 'notice'; // what a till has the shopper told

/** The four indicators, Book A: what they do is drawn by the display, by name. */
export type Lights = 'off' | 'idle' | 'ready' | 'processing' | 'success' | 'error';
export type Tone = 'success' | 'alert';

/** Another way to pay, each with a symbol of its own; `other` is whatever the shop calls it. */
export type Way = 'insert' | 'swipe' | 'card' | 'phone' | 'qr' | 'cash' | 'other';

export interface Alternative {
  readonly way: Way;
  /** Ready to be shown, in the view's language. */
  readonly words: string;
}

/** A code for the shopper's phone to scan. */
export interface CodeToScan {
  /** The text that the QR code holds. */
  readonly content: string;
  /** For people to type, where the wallet knows that. */
  readonly digits?: string;
  /** As shoppers know the wallet: "Alipay". */
  readonly wallet: string;
}

/** The receipt as a page, for the shopper's phone to scan and to keep. */
export interface ReceiptToScan {
  /** The address of the page: whoever has it sees the receipt. */
  readonly content: string;
  /** Under the code, in the view's language. */
  readonly words: string;
}

/** Something to be touched, instead of what the screen asks for. */
export interface Choice {
  /** Given back when it is touched: "wallet:alipay", "tap". */
  readonly id: string;
  readonly way: Way;
  /** Ready to be shown, in the view's language. */
  readonly words: string;
}

/** What the shopper is to answer: the headline asks it, the detail stands above it. */
export interface QuestionToAnswer {
  /** Given back with the answer; another one whenever something else is asked. */
  readonly id: string;
  readonly ask: Asked;
  /** Ready to be shown, in the view's language, or those of whoever asks. */
  readonly words: QuestionWords;
}

export interface QuestionWords {
  readonly yes: string;
  readonly no: string;
  readonly cancel: string;
  /** All that was typed or drawn. */
  readonly clear: string;
  readonly done: string;
  /** The last letter. */
  readonly delete: string;
  readonly space: string;
  readonly capitals: string;
  /** What the field for a signature is. */
  readonly sign: string;
}

/** An answer that fits the question with this id. */
export interface AnswerGiven {
  readonly id: QuestionToAnswer['id'];
  readonly answer: DisplayAnswer;
}

/** One complete picture; the display keeps no memory of earlier ones. */
export interface DisplayView {
  /** Counts up with every change; a tone and a light sequence play once for each number. */
  readonly sequence: number;
  readonly screen: Screen;
  /** Ready to be shown, in `language`: no account data. */
  readonly headline: string;
  readonly detail: string;
  /** What else is taken here, in the order to be shown. */
  readonly alternatives?: readonly Alternative[];
  /** In the order to be shown. */
  readonly choices?: readonly Choice[];
  readonly code?: CodeToScan;
  readonly question?: QuestionToAnswer;
  /** Beside what the screen says, never in its place. */
  readonly receipt?: ReceiptToScan;
  /** How long is left for what is asked for, and of how long, when the view is shown. */
  readonly timeLeft?: { readonly ms: number; readonly ofMs: number };
  /** Cards are taken and phones are not: nothing may invite a phone. */
  readonly plasticOnly?: true;
  /** Formatted with currency, such as "$12.50"; absent when there is no payment. */
  readonly amount?: string;
  readonly language: string;
  readonly lights: Lights;
  readonly tone?: Tone;
  /** The shop's name, for the welcome screen. */
  readonly merchant: string;
}

export interface CustomerDisplay {
  /** Draws at once; a display that is away gets the latest view when it is back. */
  show(view: DisplayView): void;
  /** What shoppers touch of the view that is shown; what came too late is left out. */
  readonly choices$: Observable<Choice['id']>;
  /**
   * What shoppers answer to the question that is shown, at most once each. What doesn't fit it, in
   * kind, length or size, is left out by the display itself, and so is what came too late.
   */
  readonly answers$: Observable<AnswerGiven>;
  /** How many displays are looking at us now. Replays. */
  readonly watchers$: Observable<number>;
  close(): Promise<void>;
}
