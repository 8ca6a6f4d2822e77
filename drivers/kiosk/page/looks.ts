import type { FunctionComponent } from 'preact';
import type { Screen } from '#ports/customer-display.ts';
import {
  Approved,
  Asking,
  AskStaff,
  Cancelled,
  Clock,
  ConfirmOnPhone,
  ContactlessOff,
  Declined,
  EnterPin,
  InsertCard,
  NotConnected,
  Notice,
  OneCard,
  OtherCard,
  Pause,
  PayByCode,
  Reading,
  RemoveCard,
  SeePhone,
  ShowYourCode,
  Sign,
  Spinner,
  Tap,
  TapAgain,
  TapCard,
} from './symbols.tsx';

/** How a screen looks: words come with the view, everything else from this row. */
export interface Look {
  readonly symbol: FunctionComponent;
  /** Colour, never without symbol and words: calm, good news, bad news, something to do. */
  readonly mood: 'calm' | 'good' | 'bad' | 'act';
  /** What is largest: the sum before the card is read, the sentence after. */
  readonly first: 'amount' | 'headline' | 'merchant';
}

/** Screens of the page's own, for when the terminal says nothing. */
export type OwnScreen = 'away' | 'starting';

export const LOOKS: Readonly<Record<Screen | OwnScreen, Look>> = {
  welcome: { symbol: Tap, mood: 'calm', first: 'merchant' },
  notReady: { symbol: Pause, mood: 'calm', first: 'headline' },
  presentCard: { symbol: Tap, mood: 'calm', first: 'amount' },
  reading: { symbol: Reading, mood: 'calm', first: 'amount' },
  removeCard: { symbol: RemoveCard, mood: 'good', first: 'headline' },
  takeCardAway: { symbol: RemoveCard, mood: 'act', first: 'headline' },
  authorising: { symbol: Spinner, mood: 'calm', first: 'amount' },
  approved: { symbol: Approved, mood: 'good', first: 'headline' },
  approvedSign: { symbol: Sign, mood: 'good', first: 'headline' },
  approvedPart: { symbol: Approved, mood: 'act', first: 'headline' },
  refundDeclined: { symbol: Declined, mood: 'bad', first: 'headline' },
  refunded: { symbol: Approved, mood: 'good', first: 'headline' },
  amountHeld: { symbol: Approved, mood: 'good', first: 'headline' },
  declined: { symbol: Declined, mood: 'bad', first: 'headline' },
  seePhone: { symbol: SeePhone, mood: 'act', first: 'headline' },
  tryAgain: { symbol: TapAgain, mood: 'act', first: 'headline' },
  oneCardOnly: { symbol: OneCard, mood: 'act', first: 'headline' },
  anotherCard: { symbol: OtherCard, mood: 'act', first: 'headline' },
  insertCard: { symbol: InsertCard, mood: 'act', first: 'headline' },
  payByCode: { symbol: PayByCode, mood: 'calm', first: 'amount' },
  // The code is the picture; without one, a clock: its time is up.
  scanCode: { symbol: Clock, mood: 'calm', first: 'amount' },
  showYourCode: { symbol: ShowYourCode, mood: 'calm', first: 'amount' },
  confirmOnPhone: { symbol: ConfirmOnPhone, mood: 'act', first: 'headline' },
  contactlessOff: { symbol: ContactlessOff, mood: 'calm', first: 'headline' },
  enterPin: { symbol: EnterPin, mood: 'act', first: 'headline' },
  processingError: { symbol: AskStaff, mood: 'bad', first: 'headline' },
  cancelled: { symbol: Cancelled, mood: 'calm', first: 'headline' },
  notCompleted: { symbol: AskStaff, mood: 'act', first: 'headline' },
  timedOut: { symbol: Clock, mood: 'calm', first: 'headline' },
  question: { symbol: Asking, mood: 'calm', first: 'headline' },
  notice: { symbol: Notice, mood: 'calm', first: 'headline' },
  away: { symbol: NotConnected, mood: 'act', first: 'headline' },
  starting: { symbol: Spinner, mood: 'calm', first: 'headline' },
};

/** The look of a screen; one that invites a tap shows no phone where none is taken. */
export const lookOf = (screen: Screen | OwnScreen, plasticOnly: boolean): Look => {
  const look = LOOKS[screen];
  return plasticOnly && look.symbol === Tap ? { ...look, symbol: TapCard } : look;
};
