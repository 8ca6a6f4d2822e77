import * as v from 'valibot';
import { text } from './pieces.ts';
import type { ConfigProblem } from './problem.ts';
import { type ConfigFile, readConfig } from './read.ts';

/** The two lines of a screen, wherever they come from. */
export const screenLines = {
  headline: text(60, 'a short line'),
  detail: v.pipe(v.string('a line'), v.maxLength(120, 'a line of up to 120 characters')),
};

const screen = v.strictObject(screenLines);

const way = text(40, 'a few words');

const schema = v.strictObject({
  /** The language's own name. */
  name: text(40, 'a name'),
  screens: v.strictObject({
    welcome: screen,
    notReady: screen,
    presentCard: screen,
    reading: screen,
    removeCard: screen,
    takeCardAway: screen,
    authorising: screen,
    approved: screen,
    approvedSign: screen,
    /** {rest} stands for what is left to pay. */
    approvedPart: screen,
    refunded: screen,
    refundDeclined: screen,
    amountHeld: screen,
    declined: screen,
    seePhone: screen,
    tryAgain: screen,
    oneCardOnly: screen,
    anotherCard: screen,
    insertCard: screen,
    payByCode: screen,
    /** {wallet} stands for the wallet's name, here and wherever it is waited for. */
    scanCode: screen,
    showYourCode: screen,
    confirmOnPhone: screen,
    contactlessOff: screen,
    enterPin: screen,
    processingError: screen,
    cancelled: screen,
    notCompleted: screen,
    timedOut: screen,
    /** Asked before a card is, where the till wants a tip to be asked for. */
    tipQuestion: screen,
  }),
  /** Where the shop takes cards, but no phones and watches. */
  plasticOnly: v.strictObject({
    /** The detail of the welcome. */
    welcome: text(120, 'a line'),
    presentCard: screen,
    /** To a phone that was held there. */
    refused: screen,
  }),
  /** The detail where a card is asked for and the amount is more because of the way to pay. */
  withSurcharge: text(120, 'a line'),
  /** What is different when a code was to be scanned: no card, and a wallet instead of a bank. */
  byCode: v.strictObject({
    authorising: screen,
    notCompleted: screen,
    timedOut: screen,
  }),
  /** What the display offers beside contactless, as short as a sign. */
  ways: v.strictObject({
    insert: way,
    swipe: way,
    /** Contactless, but no phone. */
    card: way,
    phone: way,
    qr: way,
    cash: way,
  }),
  /** What can be touched instead of what a screen asks for, as short as a button. */
  choices: v.strictObject({
    code: way,
    /** {wallet} stands for its name. */
    wallet: way,
    tap: way,
    showCode: way,
    scanCode: way,
    otherWallet: way,
    cancel: way,
  }),
  /** Buttons beneath what a till has a shopper asked; names of keys that have none on them. */
  question: v.strictObject({
    yes: way,
    no: way,
    cancel: way,
    /** All that was typed or drawn. */
    clear: way,
    done: way,
    /** The last letter. */
    delete: way,
    space: way,
    capitals: way,
    sign: way,
    noTip: way,
    otherAmount: way,
  }),
});

/** config/NAME/texts/LANGUAGE.json. */
export type Texts = v.InferOutput<typeof schema>;

export const parseTexts = (file: ConfigFile): Texts | ConfigProblem => readConfig(file, schema);
