// table: the states of a payment, what may happen in each, and what each still owes.

/** What the terminal does about a state until it is left; after a crash, too. */
export type Debt =
  | 'answer' // the request may be at the host: at the start it is taken back
  | 'reversal' // a 0400, and 0401s until the host acknowledges one
  | 'forward' // an advice or a late request, repeated in order until the host answers
  | 'none';

export interface StateRow {
  /** What both sides hold, in words for staff. */
  readonly meaning: string;
  readonly owes: Debt;
  /** Nothing will ever happen to it any more: retention may remove it. */
  readonly settled: boolean;
  /**
   * Account data under seal that are still needed: track 2 for an authorisation to come, the number
   * for reversals and refunds. The rest is erased on the way into the state. PCI DSS 3.3
   */
  readonly keeps: 'track2' | 'number' | 'nothing';
}

/**
 * One row a state. "new" is a payment of which nothing is written: its amount was taken, a card
 * is awaited or read, and the host has heard nothing.
 */
// biome-ignore format: a row stays on its line
export const states = {
  new: { meaning: 'being taken', owes: 'none', settled: false, keeps: 'track2' },
  asking: { meaning: 'the host is being asked', owes: 'answer', settled: false, keeps: 'track2' },
  choosing: { meaning: 'nothing is paid yet, another way to pay is chosen', owes: 'answer', settled: false, keeps: 'nothing' },
  approved: { meaning: 'approved', owes: 'none', settled: false, keeps: 'number' },
  preAuthorised: { meaning: 'an amount is held', owes: 'none', settled: false, keeps: 'number' },
  completed: { meaning: 'the amount held is being collected', owes: 'none', settled: false, keeps: 'number' },
  collected: { meaning: 'the amount held was collected', owes: 'none', settled: true, keeps: 'number' },
  reconciled: { meaning: 'approved, and reconciled with the host', owes: 'none', settled: true, keeps: 'number' },
  queued: { meaning: 'approved, not yet forwarded to the host', owes: 'forward', settled: false, keeps: 'track2' },
  refusedLater: { meaning: 'approved here, refused by the host when it was forwarded', owes: 'none', settled: false, keeps: 'number' },
  writtenOff: { meaning: 'closed by staff', owes: 'none', settled: true, keeps: 'nothing' },
  declined: { meaning: 'declined', owes: 'none', settled: true, keeps: 'nothing' },
  cancelled: { meaning: 'cancelled', owes: 'none', settled: true, keeps: 'nothing' },
  timedOut: { meaning: 'nobody paid', owes: 'none', settled: true, keeps: 'nothing' },
  failed: { meaning: 'broken off by a fault', owes: 'none', settled: true, keeps: 'nothing' },
  reversing: { meaning: 'being taken back at the host', owes: 'reversal', settled: false, keeps: 'number' },
  reversed: { meaning: 'taken back', owes: 'none', settled: true, keeps: 'nothing' },
} as const satisfies Record<string, StateRow>;

export type PaymentState = keyof typeof states;

/** What can happen to a payment. Each is one line of the journal, written before it counts. */
export type EventName =
  | 'asked' // the request is about to go out
  | 'closed' // the wallet has proved that its order is closed; the shopper pays another way
  | 'approved' // by the host
  | 'preAuthorised'
  | 'declined' // by card, terminal or host
  | 'cancelled' // by till, cashier or shopper, before the host had heard of it
  | 'timedOut'
  | 'failed'
  | 'acceptedOffline' // approved by the kernel, or by the shop's rule without the host
  | 'reversalOwed' // the host may hold what we can't complete, or it is voided
  | 'reversalAcknowledged'
  | 'voidRefused' // the host goes on holding an approved payment
  | 'releaseRefused' // the host goes on holding an amount
  | 'forwarded' // the host took what was approved without it
  | 'forwardRefused'
  | 'completed' // the amount held is collected by a payment of its own
  | 'collected' // the host took that payment
  | 'reopened' // the host refused it, or it was taken back: the amount is held as before
  | 'refunded' // a part or all of it, by a payment of its own
  | 'reconciled'
  | 'noted'; // staff have seen that the host refused it, and close it

/** One row a state: what may happen, and the state that follows. Anything else is a bug of ours. */
export const transitions: Readonly<
  Record<PaymentState, Readonly<Partial<Record<EventName, PaymentState>>>>
> = {
  new: {
    asked: 'asking',
    acceptedOffline: 'queued',
    declined: 'declined',
    cancelled: 'cancelled',
    timedOut: 'timedOut',
    failed: 'failed',
  },
  asking: {
    approved: 'approved',
    preAuthorised: 'preAuthorised',
    declined: 'declined',
    // It was written but never handed to the network.
    acceptedOffline: 'queued',
    cancelled: 'cancelled',
    // A wallet has proved that nothing was paid, and nothing will be.
    timedOut: 'timedOut',
    closed: 'choosing',
    failed: 'failed',
    reversalOwed: 'reversing',
    // What came of it is lost: people have found out.
    noted: 'writtenOff',
  },
  choosing: {
    asked: 'asking',
    acceptedOffline: 'queued',
    declined: 'declined',
    cancelled: 'cancelled',
    timedOut: 'timedOut',
    failed: 'failed',
    reversalOwed: 'reversing',
    noted: 'writtenOff',
  },
  approved: { reversalOwed: 'reversing', reconciled: 'reconciled', refunded: 'approved' },
  preAuthorised: { reversalOwed: 'reversing', completed: 'completed' },
  // Its completion decides: taken by the host, or not.
  completed: { collected: 'collected', reopened: 'preAuthorised' },
  collected: {},
  reconciled: { refunded: 'reconciled' },
  // What may be on its way to the host already is taken back there as well.
  queued: {
    forwarded: 'approved',
    forwardRefused: 'refusedLater',
    reversalOwed: 'reversing',
    noted: 'writtenOff',
  },
  refusedLater: { noted: 'writtenOff' },
  writtenOff: {},
  declined: {},
  cancelled: {},
  timedOut: {},
  failed: {},
  // What can't be voided stands as before. A host that refuses any other reversal for good is a
  // matter between people.
  reversing: {
    reversalAcknowledged: 'reversed',
    voidRefused: 'approved',
    releaseRefused: 'preAuthorised',
    noted: 'writtenOff',
  },
  reversed: {},
};

/** The state that follows, or undefined when this can't happen in that state. */
export const nextState = (state: PaymentState, event: EventName): PaymentState | undefined =>
  transitions[state][event];
