import type { FunctionComponent } from 'preact';
import type { Screen } from '#ports/customer-display.ts';
import {
  Approved,
  AskStaff,
  Cancelled,
  Clock,
  ContactlessOff,
  Declined,
  EnterPin,
  InsertCard,
  NotConnected,
  OneCard,
  OtherCard,
  Pause,
  Reading,
  RemoveCard,
  SeePhone,
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
  payByCode: { symbol: SeePhone, mood: 'act', first: 'amount' },
  scanCode: { symbol: SeePhone, mood: 'act', first: 'amount' },
  showYourCode: { symbol: SeePhone, mood: 'act', first: 'amount' },
  confirmOnPhone: { symbol: SeePhone, mood: 'act', first: 'amount' },
  contactlessOff: { symbol: ContactlessOff, mood: 'calm', first: 'headline' },
  enterPin: { symbol: EnterPin, mood: 'act', first: 'headline' },
  processingError: { symbol: AskStaff, mood: 'bad', first: 'headline' },
  cancelled: { symbol: Cancelled, mood: 'calm', first: 'headline' },
  notCompleted: { symbol: AskStaff, mood: 'act', first: 'headline' },
  timedOut: { symbol: Clock, mood: 'calm', first: 'headline' },
  away: { symbol: NotConnected, mood: 'act', first: 'headline' },
  starting: { symbol: Spinner, mood: 'calm', first: 'headline' },
};

/** The look of a screen; one that invites a tap shows no phone where none is taken. */
export const lookOf = (screen: Screen | OwnScreen, plasticOnly: boolean): Look => {
  const look = LOOKS[screen];
  return plasticOnly && look.symbol === Tap ? { ...look, symbol: TapCard } : look;
};
