import type { JsonObject, PaymentRow } from '#ports/journal.ts';
import { type EventName, nextState, type PaymentState, states } from './states.ts';

export type PaymentKind = 'purchase' | 'refund' | 'preAuthorisation' | 'completion';

/** A card as people and receipts may know it. */
export interface CardOnRecord {
  readonly scheme?: string;
  /** AID, hexadecimal. */
  readonly application?: string;
  /** First six and last four digits. */
  readonly maskedPan?: string;
  /** The key store's token: the same for the same card. */
  readonly token?: string;
}

/**
 * A message to the host without account data: what DE 2, 14, 35 and 52 held is left out. Fields by
 * number; bytes as { hex }.
 */
export interface RequestOnRecord {
  readonly mti: string;
  readonly fields: { readonly [number: string]: string | { readonly hex: string } };
  /** The shop's local time of the payment, YYMMDDhhmmss. */
  readonly localTime: string;
}

export interface AnswerOnRecord {
  readonly responseCode: string;
  readonly meaning: string;
  readonly authorisationCode?: string;
}

/** A wallet as people and receipts may know it; never the code that paid. */
export interface WalletOnRecord {
  /** As decisions and configuration name it: "alipay". */
  readonly name: string;
  /** As shoppers know it: "Alipay". */
  readonly title?: string;
  /** Whose code it was, and whether its digits were typed. */
  readonly way: 'shopperCode' | 'shopCode' | 'typed';
  /** The order at the wallet's host where it is not the payment's id; a refund's: what it is of. */
  readonly orderId?: string;
  /** The systems trace audit number that the order took, six digits: see `nextStan`. */
  readonly trace?: string;
  /** The wallet's own number for it. */
  readonly reference?: string;
  /** What offers gave of the amount. */
  readonly discountMinor?: number;
  /** Points, coupons and the like, for the receipt. */
  readonly notes?: readonly string[];
  /** The payer, masked. */
  readonly payer?: string;
}

/** Why something is taken back. */
export type ReversalReason = 'cancelled' | 'noAnswer' | 'cardDeclined' | 'voided' | 'interrupted';

/** Everything the terminal knows of a payment. Holds no account data but the masked number. */
export interface PaymentRecord {
  /** The terminal's own transaction id. */
  readonly id: string;
  /** The till's: asked again under it, the terminal answers with what happened. */
  readonly tillId?: string;
  readonly kind: PaymentKind;
  readonly state: PaymentState;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly startedMs: number;
  /** Minor units of the currency (ISO 4217 numeric), all that is to be paid. */
  readonly amountMinor: number;
  readonly currency: number;
  /** What the till asked for, where a tip or a surcharge came on top of it. */
  readonly askedMinor?: number;
  /** Parts of the amount. */
  readonly tipMinor?: number;
  readonly cashBackMinor?: number;
  readonly surchargeMinor?: number;
  /** What was approved, when it was less. */
  readonly approvedMinor?: number;
  /** What refunds by reference have given back. */
  readonly refundedMinor?: number;
  /** The payment that a refund or a completion is about. */
  readonly original?: string;
  readonly card?: CardOnRecord;
  readonly request?: RequestOnRecord;
  /** There for a payment by a wallet's code: see `isWalletPayment`. */
  readonly wallet?: WalletOnRecord | undefined;
  readonly answer?: AnswerOnRecord;
  /** Why it was approved without the host. */
  readonly offline?: 'kernel' | 'deferred' | 'completion';
  readonly reversal?: {
    readonly reason: ReversalReason;
    /** DE 7 of the reversal, the same on each repeat. */
    readonly transmitted: string;
    /** What it was before: a void that the host refuses leads back there. */
    readonly from?: PaymentState;
  };
  /** DE 39 of the host's answer to the reversal. */
  readonly acknowledged?: string;
  /** The reconciliation period that it counts in, from 1. */
  readonly period?: number;
  /** What shopper and till were told. */
  readonly result?: JsonObject;
}

/** What an event adds to what is known; everything of the payment, at the first event. */
export type Patch = Partial<Omit<PaymentRecord, 'id' | 'state'>>;

/** The record after an event. Throws when the table has no such row: that is a bug of ours. */
export const fold = (record: PaymentRecord, event: EventName, patch: Patch): PaymentRecord => {
  const state = nextState(record.state, event);
  if (state === undefined) {
    throw new TypeError(`payment ${record.id}: "${event}" can't happen when it is ${record.state}`);
  }
  return { ...record, ...patch, state };
};

export const rowOf = (record: PaymentRecord): PaymentRow => ({
  id: record.id,
  tillId: record.tillId ?? null,
  state: record.state,
  open: states[record.state].owes !== 'none',
  settled: states[record.state].settled,
  startedMs: record.startedMs,
  record: toJson(record),
});

export const recordOf = (row: PaymentRow): PaymentRecord => row.record as unknown as PaymentRecord;

/** Whether it is money that this terminal says it took, or gave back. */
export const stands = ({ state }: PaymentRecord): boolean =>
  state === 'approved' || state === 'queued' || state === 'reconciled';

/** Whether a wallet's host has it, or may have it, and no acquirer. */
export const isWalletPayment = ({ wallet, request }: PaymentRecord): boolean =>
  wallet !== undefined && request === undefined;

/** What was really taken or given back. */
export const amountOf = ({ approvedMinor, amountMinor }: PaymentRecord): number =>
  approvedMinor ?? amountMinor;

/** What of a payment another way to pay may change: an event that leads there has to say it. */
export const priceOf = ({ amountMinor, surchargeMinor, askedMinor }: PaymentRecord): Patch => ({
  amountMinor,
  ...(surchargeMinor === undefined ? {} : { surchargeMinor }),
  ...(askedMinor === undefined ? {} : { askedMinor }),
});

/** What a till was told of an amount's parts, from the record. */
export const partsOf = ({
  tipMinor,
  cashBackMinor,
  surchargeMinor,
}: PaymentRecord): Pick<PaymentRecord, 'tipMinor' | 'cashBackMinor' | 'surchargeMinor'> => ({
  ...(tipMinor ? { tipMinor } : {}),
  ...(cashBackMinor ? { cashBackMinor } : {}),
  ...(surchargeMinor ? { surchargeMinor } : {}),
});

/** What the event reversalOwed adds. */
export const owed = (reason: ReversalReason, wallMs: number, from?: PaymentState): Patch => ({
  reversal: { reason, transmitted: transmissionTime(wallMs), ...(from ? { from } : {}) },
});

/** DE 7: MMDDhhmmss in UTC. */
export const transmissionTime = (wallMs: number): string =>
  new Date(wallMs).toISOString().replaceAll(/[-:T]/g, '').slice(4, 14);

/** Plain JSON: what is undefined is left out. */
export const toJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value));
