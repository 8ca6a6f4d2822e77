import type { CodeToScan, DisplayView, QuestionWords, Screen } from '#ports/customer-display.ts';

type Words = Partial<Omit<DisplayView, 'screen' | 'sequence'>>;

/** As Alipay's and the retailers' codes are: an address or a token, and digits to type. */
export const CODE: CodeToScan = {
  content: 'https://qr.alipay.com/bax00000000000000000',
  digits: '281234567890123456',
  wallet: 'Alipay',
};

export const QUESTION_WORDS: QuestionWords = {
  ...{ yes: 'Yes', no: 'No', cancel: 'Cancel', clear: 'Clear', done: 'Done' },
  ...{ delete: 'Delete', space: 'Space', capitals: 'Capitals', sign: 'Sign here' },
};

const SALE: Words = { amount: '$12.50' };

// The terminal's texts are its own affair; these stand in for them.
const WORDS: Readonly<Record<Screen, Words>> = {
  welcome: { headline: 'Welcome', lights: 'idle' },
  notReady: { headline: 'Not in use', detail: 'Please ask a member of staff.' },
  presentCard: { ...SALE, headline: 'Hold your phone or card here', lights: 'ready' },
  reading: { ...SALE, headline: 'Reading', detail: 'Keep it there.', lights: 'processing' },
  removeCard: {
    ...SALE,
    headline: 'Read. Take it away.',
    detail: 'Please wait.',
    lights: 'success',
    tone: 'success',
  },
  takeCardAway: { ...SALE, headline: 'Take your card away first', detail: 'Then hold it here.' },
  authorising: { ...SALE, headline: 'Authorising', detail: 'Please wait.' },
  approved: { ...SALE, headline: 'Approved', detail: 'Thank you.' },
  approvedSign: { ...SALE, headline: 'Approved', detail: 'Please sign the receipt.' },
  approvedPart: { ...SALE, headline: 'Part of it is paid', detail: 'Pay $4.50 another way.' },
  refundDeclined: { ...SALE, headline: 'No refund', detail: 'Please ask the staff.' },
  refunded: { ...SALE, headline: 'Refunded', detail: 'Your money is on its way back.' },
  amountHeld: { ...SALE, headline: 'Amount held', detail: 'It is charged when you leave.' },
  declined: { ...SALE, headline: 'Declined', detail: 'Please use another way to pay.' },
  seePhone: {
    ...SALE,
    headline: 'See your phone',
    detail: 'Follow its instructions, then hold it here again.',
    lights: 'error',
    tone: 'alert',
  },
  tryAgain: {
    ...SALE,
    headline: 'Please try again',
    detail: 'Hold your phone or card here a little longer.',
    lights: 'ready',
    tone: 'alert',
  },
  oneCardOnly: { ...SALE, headline: 'One card only', detail: 'Please hold just one card here.' },
  anotherCard: { ...SALE, headline: 'Try another card', detail: 'Insert, swipe or tap it.' },
  insertCard: { ...SALE, headline: 'Insert your card', detail: 'With the chip facing up.' },
  payByCode: {
    ...SALE,
    headline: 'Pay by code',
    detail: 'Choose the wallet on your phone.',
    choices: [
      { id: 'wallet:alipay', way: 'qr', words: 'Alipay' },
      { id: 'wallet:harbour', way: 'qr', words: 'Harbour Wallet' },
      { id: 'tap', way: 'card', words: 'Back to tap' },
    ],
  },
  scanCode: {
    ...SALE,
    headline: 'Scan this code',
    detail: 'Open Alipay on your phone, scan and confirm.',
    code: CODE,
    timeLeft: { ms: 90_000, ofMs: 120_000 },
    choices: [
      { id: 'tap', way: 'card', words: 'Back to tap' },
      { id: 'cancel', way: 'other', words: 'Cancel' },
    ],
  },
  showYourCode: {
    ...SALE,
    headline: 'Show your code',
    detail: 'Hold it to the scanner.',
    timeLeft: { ms: 60_000, ofMs: 60_000 },
    choices: [{ id: 'tap', way: 'card', words: 'Back to tap' }],
  },
  confirmOnPhone: {
    ...SALE,
    headline: 'Confirm on your phone',
    detail: 'Open Alipay and approve the payment.',
    timeLeft: { ms: 45_000, ofMs: 60_000 },
  },
  contactlessOff: {
    headline: 'Contactless is switched off',
    detail: 'Please pay another way',
    alternatives: [
      { way: 'insert', words: 'Insert your card' },
      { way: 'cash', words: 'Cash' },
      { way: 'other', words: 'Harbour gift card' },
    ],
  },
  enterPin: { ...SALE, headline: 'Enter your PIN', detail: 'Shield the keypad with your hand.' },
  processingError: {
    ...SALE,
    headline: 'Something went wrong',
    detail: 'Nothing was charged. Please ask a member of staff.',
    lights: 'error',
    tone: 'alert',
  },
  cancelled: { ...SALE, headline: 'Cancelled', detail: 'Nothing was charged.' },
  notCompleted: { ...SALE, headline: 'Not completed', detail: 'Please ask the cashier.' },
  question: {
    headline: 'Do you have our card?',
    question: { id: 'question-1', ask: { kind: 'confirmation' }, words: QUESTION_WORDS },
    timeLeft: { ms: 60_000, ofMs: 60_000 },
  },
  notice: { headline: 'Your order', detail: '2 x coffee\n1 x cake' },
  timedOut: { ...SALE, headline: 'Time is up', detail: 'Nothing was charged.' },
};

export const SCREENS = Object.keys(WORDS) as readonly Screen[];

let sequence = 0;

/** A complete view of a screen, with a sequence number of its own. */
export function viewOf(screen: Screen, words: Words = {}): DisplayView {
  sequence += 1;
  return {
    headline: '',
    detail: '',
    language: 'en',
    lights: 'off',
    merchant: 'Harbour Coffee',
    ...WORDS[screen],
    ...words,
    sequence,
    screen,
  };
}
