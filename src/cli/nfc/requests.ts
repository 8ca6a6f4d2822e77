import * as v from 'valibot';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import type { RegisterCheck } from '#decisions/types.ts';
import type { ContactlessSummary, DecisionView } from '#decisions/view.ts';
import type { ScopeValues } from './scope.ts';

const op = v.literal('nfc');

// Said by us: a message of the library's own could repeat what it found.
const signIn = {
  by: v.pipe(v.string('a name'), v.minLength(1, 'a name'), v.maxLength(80, 'a name')),
  pin: v.pipe(v.string('a PIN'), v.maxLength(100, 'a PIN')),
};

/** What `parseDecision` takes; it says itself what is wrong with it. */
const request = v.record(v.string(), v.unknown());

const text = v.pipe(v.string(), v.maxLength(40));
const device = v.nullable(v.picklist(['phone', 'plastic']));
// Account data: a message of the library's own would repeat it.
const digits = v.nullable(
  v.pipe(v.string('digits'), v.regex(/^[0-9]{1,11}$/, '1 to 11 leading digits')),
);

const facts = v.strictObject({
  method: v.picklist(['contactless', 'qr']),
  lane: v.exactOptional(text),
  amount: v.exactOptional(
    v.strictObject({
      minor: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LARGEST_AMOUNT)),
      currency: text,
    }),
  ),
  wallet: v.exactOptional(v.nullable(text)),
  aid: v.exactOptional(v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}){5,16}$/))),
  scheme: v.exactOptional(text),
  kernel: v.exactOptional(v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}){1,8}$/))),
  device: v.exactOptional(device),
  account: v.exactOptional(digits),
});

/** What the control socket can be asked about decisions; the same where no terminal runs. */
export const nfcRequest = v.variant('do', [
  v.strictObject({ op, do: v.literal('status') }),
  v.strictObject({ op, do: v.literal('why'), facts }),
  v.strictObject({
    op,
    do: v.literal('history'),
    last: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
  v.strictObject({ op, do: v.literal('verify') }),
  v.strictObject({ op, do: v.literal('export'), format: v.picklist(['csv', 'json']) }),
  v.strictObject({ op, do: v.literal('preview'), request, by: v.optional(signIn.by) }),
  v.strictObject({ op, do: v.literal('decide'), request, ...signIn }),
  v.strictObject({ op, do: v.literal('begin'), request, ...signIn }),
  v.strictObject({ op, do: v.literal('approve'), id: text, ...signIn }),
]);

export type NfcRequest = v.InferOutput<typeof nfcRequest>;
export type NfcChange = Extract<NfcRequest, { do: 'decide' | 'begin' | 'approve' }>;

/** Each answer has one of these three. */
export type NfcAnswer<Result> =
  | { readonly result: Result }
  | { readonly refused: Refused }
  | { readonly error: string };

/** Why nothing was changed, for the person who asked. */
export interface Refused {
  /** "until", "pin"; empty for the whole. */
  readonly field: string;
  readonly problem: string;
  readonly retryAfterMs?: number;
}

export interface NfcStatus {
  readonly contactless: ContactlessSummary;
  /** Where the shop takes QR codes. */
  readonly qr?: ContactlessSummary;
  /** Not in force now, and not over: planned, proposed, outside their hours. */
  readonly waiting: readonly DecisionView[];
  readonly shop: ShopValues;
  /** False while nobody is known who could sign in. */
  readonly setUp?: boolean;
}

/** What this shop has, and its clock. */
export interface ShopValues extends ScopeValues {
  readonly atMs: number;
  readonly timeZone: string;
  readonly language: string;
  readonly lane?: string;
}

export interface Decided {
  readonly decision: DecisionView;
  readonly contactless: ContactlessSummary;
}

export interface History {
  /** Newest first. */
  readonly decisions: readonly DecisionView[];
  readonly unreadable?: string;
}

/** Somebody who answers about decisions: a running terminal, or this process itself. */
export interface NfcAccess {
  ask<Result>(request: NfcRequest): Promise<NfcAnswer<Result>>;
  close(): Promise<void>;
}

export interface AccessOptions {
  /** The configuration of a terminal that never ran here. */
  readonly config?: string;
}

export type { RegisterCheck };
