/** What the shop asked for, in the port's words. */
export const faultTargets = [
  'pay',
  'present',
  'query',
  'cancel',
  'refund',
  'findRefund',
  'any',
] as const;

export type FaultTarget = (typeof faultTargets)[number];

/** How an answer is told otherwise than it was booked. */
export type Twist = 'wrong-order' | 'wrong-amount' | 'wrong-signature' | 'unsigned';

/** How one answer goes wrong between the ledger and the terminal. */
export interface WalletFault {
  readonly meaning: string;
  /** How often the host gets to see the request. */
  readonly booked: 0 | 1 | 2;
  readonly twist?: Twist;
  /** What becomes of the answer. */
  readonly delivery:
    | 'whole'
    | 'late'
    | 'never'
    | 'hang up'
    | 'half'
    | 'garbage'
    | 'error'
    | 'restart';
}

/** One row a fault, by the name that the control socket knows it by. */
export const faults = {
  silent: { meaning: 'booked, and no answer at all', booked: 1, delivery: 'never' },
  late: {
    meaning: 'the answer comes after the terminal has given up',
    booked: 1,
    delivery: 'late',
  },
  duplicate: { meaning: 'the request arrives twice', booked: 2, delivery: 'whole' },
  'wrong-signature': {
    meaning: 'the signature is that of another answer',
    booked: 1,
    twist: 'wrong-signature',
    delivery: 'whole',
  },
  unsigned: { meaning: 'there is no signature', booked: 1, twist: 'unsigned', delivery: 'whole' },
  'wrong-order': {
    meaning: 'the answer is of another order, and well signed',
    booked: 1,
    twist: 'wrong-order',
    delivery: 'whole',
  },
  'wrong-amount': {
    meaning: 'the answer names another amount, and is well signed',
    booked: 1,
    twist: 'wrong-amount',
    delivery: 'whole',
  },
  garbage: { meaning: 'the answer is a page of a proxy', booked: 1, delivery: 'garbage' },
  'half-sent': {
    meaning: 'the connection ends in the middle of the answer',
    booked: 1,
    delivery: 'half',
  },
  'server-error': { meaning: 'HTTP 500, and nothing is booked', booked: 0, delivery: 'error' },
  'drop-before-record': {
    meaning: 'the connection ends before the host has booked anything',
    booked: 0,
    delivery: 'hang up',
  },
  'drop-after-record': {
    meaning: 'the host books it and the connection ends without an answer',
    booked: 1,
    delivery: 'hang up',
  },
  restart: {
    meaning: 'the host books it, ends without an answer and starts again',
    booked: 1,
    delivery: 'restart',
  },
} as const satisfies Record<string, WalletFault>;

export type FaultName = keyof typeof faults;

export const isFaultName = (name: unknown): name is FaultName =>
  typeof name === 'string' && Object.hasOwn(faults, name);

export const isFaultTarget = (name: unknown): name is FaultTarget =>
  faultTargets.some((target) => target === name);

export interface OrderedFault {
  readonly name: FaultName;
  /** How many requests it strikes. */
  readonly times: number;
  readonly on: FaultTarget;
}

/** What goes wrong next. One order at a time: another takes its place. */
export interface FaultPlan {
  order(fault: OrderedFault | undefined): void;
  /** What is left of the order. */
  next(): OrderedFault | undefined;
  /** The fault that strikes this request, if any, and counts it. */
  take(target: FaultTarget): WalletFault | undefined;
}

export const createFaultPlan = (): FaultPlan => {
  let ordered: OrderedFault | undefined;
  return {
    order: (fault) => {
      ordered = fault;
    },
    next: () => ordered,
    take: (target) => {
      if (ordered === undefined || (ordered.on !== 'any' && ordered.on !== target))
        return undefined;
      const { name, times, on } = ordered;
      ordered = times > 1 ? { name, times: times - 1, on } : undefined;
      return faults[name];
    },
  };
};
