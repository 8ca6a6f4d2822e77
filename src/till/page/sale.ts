import { isTillFault, type PaymentOutcome, type TillFault } from '../client/index.ts';
import { type Currency, toMinor } from './money.ts';

export type SaleKind = 'sale' | 'held' | 'collected' | 'refund' | 'reversal';

/** What was asked of the terminal, and what came of it. */
export interface Sale {
  readonly kind: SaleKind;
  readonly amountMinor: number;
  /** "2 Espresso, 1 Croissant" */
  readonly what: string;
  /** Milliseconds since 1970 UTC. */
  readonly endedMs: number;
  readonly outcome: PaymentOutcome | TillFault;
  /** The basket that it pays, or a part of it. */
  readonly basket?: number;
}

export const KINDS: Readonly<Record<SaleKind, string>> = {
  sale: 'Sale',
  held: 'Amount held',
  collected: 'Amount collected',
  refund: 'Refund',
  reversal: 'Reversal',
};

export interface Verdict {
  readonly tone: 'good' | 'bad' | 'warn';
  readonly title: string;
  /** For the cashier; may be empty. */
  readonly reason: string;
}

/** What a cashier is told of an end. */
export const verdictOf = ({ kind, outcome }: Pick<Sale, 'kind' | 'outcome'>): Verdict => {
  if (isTillFault(outcome)) {
    const reason = `${outcome.detail[0]?.toUpperCase()}${outcome.detail.slice(1)}.`;
    return outcome.done === 'no'
      ? { tone: 'bad', title: 'Nothing was done', reason }
      : { tone: 'warn', title: 'The end isn’t known', reason };
  }
  const { status, reason } = outcome;
  if (status === 'approved') return { tone: 'good', title: DONE[kind], reason: '' };
  return { ...WORDS[status], reason };
};

export const isApproved = ({ outcome }: Sale): boolean =>
  !isTillFault(outcome) && (outcome.status === 'approved' || outcome.status === 'partlyApproved');

/** Minor units that were taken; without the tip, which is on top of what was asked for. */
export const takenMinor = (sale: Sale, currency: Currency): number => {
  const { outcome, amountMinor } = sale;
  if (!isApproved(sale) || isTillFault(outcome)) return 0;
  if (outcome.amount === undefined) return amountMinor;
  return toMinor(outcome.amount, currency) - toMinor(outcome.tip ?? 0, currency);
};

/** What a partial approval leaves to be paid. */
export const restOf = (sale: Sale, currency: Currency): number =>
  !isTillFault(sale.outcome) && sale.outcome.status === 'partlyApproved'
    ? Math.max(0, sale.amountMinor - takenMinor(sale, currency))
    : 0;

const DONE: Readonly<Record<SaleKind, string>> = {
  sale: 'Paid',
  held: 'The amount is held',
  collected: 'Collected',
  refund: 'Refunded',
  reversal: 'Reversed',
};

type Other = Exclude<PaymentOutcome['status'], 'approved'>;

const WORDS: Readonly<Record<Other, Pick<Verdict, 'tone' | 'title'>>> = {
  partlyApproved: { tone: 'warn', title: 'Paid in part' },
  declined: { tone: 'bad', title: 'Declined' },
  refusedByShop: { tone: 'warn', title: 'Not taken now' },
  aborted: { tone: 'warn', title: 'Aborted' },
  cancelled: { tone: 'warn', title: 'Cancelled at the terminal' },
  busy: { tone: 'warn', title: 'The terminal is busy' },
  failed: { tone: 'bad', title: 'It came to nothing' },
};
