import * as v from 'valibot';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import { currencyByNumeric } from '#data/currencies.ts';
import { type CheckName, isCheckName } from '#doctor/checks.ts';
import type { ControlLine } from '#ports/control.ts';
import { ROLES } from '#ports/people.ts';
import { nfcRequest } from './nfc/requests.ts';

const amount = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_AMOUNT));

const currency = v.pipe(
  v.number(),
  v.check((numeric) => currencyByNumeric(numeric) !== undefined, 'a currency we know'),
);

/** A payment by the terminal's id or the till's; the till's own is whatever it likes, in reason. */
const id = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 letters, digits and signs, without blanks'),
);

/** What a scanner read, or somebody typed. */
const code = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

const wallet = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, "a wallet's name"));

/** Card schemes and wallets, as tills or people call them: "visa", "mc", "American Express". */
const brand = v.pipe(v.string(), v.regex(/^[A-Za-z0-9 -]{1,40}$/, "a scheme's name"));
const brands = v.pipe(v.array(brand), v.minLength(1), v.maxLength(40));

const check = v.custom<CheckName>((name) => isCheckName(String(name)), "a check's name");

const words = v.pipe(v.string(), v.maxLength(1000));

const schema = v.variant('op', [
  nfcRequest,
  v.strictObject({ op: v.literal('status') }),
  v.strictObject({ op: v.literal('devices') }),
  v.strictObject({ op: v.literal('doctor'), checks: v.optional(v.array(check)) }),
  v.strictObject({ op: v.literal('cancel'), transactionId: v.optional(v.string()) }),
  v.strictObject({
    op: v.literal('sale'),
    amountMinor: amount,
    currency,
    kind: v.exactOptional(v.picklist(['purchase', 'refund', 'preAuthorisation'])),
    tillId: v.exactOptional(id),
    partial: v.exactOptional(v.boolean()),
    original: v.exactOptional(id),
    method: v.exactOptional(v.picklist(['card', 'code'])),
    code: v.exactOptional(code),
    wallet: v.exactOptional(wallet),
    tipMinor: v.exactOptional(amount),
    cashBackMinor: v.exactOptional(amount),
    askTip: v.exactOptional(v.boolean()),
    brands: v.exactOptional(brands),
  }),
  v.strictObject({
    op: v.literal('balance'),
    account: v.picklist(['default', 'savings', 'cheque', 'credit']),
    currency,
  }),
  v.strictObject({ op: v.literal('void'), payment: id }),
  v.strictObject({
    op: v.literal('complete'),
    payment: id,
    amountMinor: amount,
    currency,
    tillId: v.exactOptional(id),
  }),
  v.strictObject({ op: v.literal('note'), payment: id, giveUp: v.optional(v.boolean()) }),
  v.strictObject({ op: v.literal('reconcile') }),
  v.strictObject({
    op: v.literal('receipt'),
    payment: id,
    copy: v.picklist(['customer', 'merchant']),
    language: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2}$/))),
  }),
  v.strictObject({
    op: v.literal('tap'),
    card: v.string(),
    holdMs: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    tearAfter: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
  v.strictObject({
    op: v.literal('update'),
    order: v.picklist(['status', 'look', 'install', 'rollBack']),
    from: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
    atOnce: v.optional(v.boolean()),
    why: v.optional(words),
  }),
  // What a command did that needs no terminal: into the journal, which the terminal has open.
  v.strictObject({
    op: v.literal('audit'),
    person: words,
    role: v.picklist([...ROLES, 'machine', 'unknown']),
    action: words,
    subject: words,
    outcome: v.picklist(['done', 'refused']),
    says: words,
  }),
]);

/** What the control socket can be asked. */
export type ControlRequest = v.InferOutput<typeof schema>;

/** A line of the control socket as a request, or a sentence that says what is wrong with it. */
export const parseRequest = (line: ControlLine): ControlRequest | { readonly problem: string } => {
  const parsed = v.safeParse(schema, line);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return {
    problem: `no request this terminal knows: ${v.getDotPath(issue) ?? 'op'}: ${issue.message}`,
  };
};
