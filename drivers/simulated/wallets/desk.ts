import { codeMakers, hashOf, type ShopperCode } from './codes.ts';
import type { BookedRefund, IssuedCode, Order, WalletName } from './entries.ts';
import type { Ledger } from './ledger.ts';
import { differs, opened, ownNumber, type Problem, type Wanted } from './orders.ts';
import { attempt, type Purse } from './payments.ts';
import type { ShopperName } from './shoppers.ts';

/** What a change works with. */
export interface Desk {
  readonly wallet: WalletName;
  readonly ledger: Ledger;
  readonly wallMs: () => number;
  /** Now, as ISO 8601. */
  readonly at: () => string;
  readonly book: (event: string, order: Order) => Promise<Order>;
  /** An order as it stands now: unpaid beyond its time, it is closed. */
  readonly current: (orderId: string) => Promise<Order | undefined>;
}

export const issue = async (desk: Desk, shopper: ShopperName): Promise<ShopperCode> => {
  const { shopper: make, shopperMs } = codeMakers[desk.wallet];
  const made = make();
  const hash = hashOf(made.code);
  const spoken = made.digits === undefined ? undefined : hashOf(made.digits);
  const code = { shopper, untilMs: desk.wallMs() + shopperMs };
  const issued = async (entry: IssuedCode) =>
    await desk.ledger.append({ at: desk.at(), event: 'issued', code: entry });
  await issued({ ...code, hash, ...(spoken === undefined ? {} : { other: spoken }) });
  if (spoken !== undefined) await issued({ ...code, hash: spoken, other: hash });
  return made;
};

export const pay = async (desk: Desk, wanted: Wanted, text: string): Promise<Order | Problem> => {
  const known = await desk.current(wanted.orderId);
  if (known !== undefined && differs(known, wanted)) return { problem: 'differs' };
  if (known !== undefined && known.status !== 'open') return known;
  const order = known ?? opened(wanted);
  const code = desk.ledger.code(hashOf(text));
  const why = unusable(desk, wanted.orderId, code);
  if (why !== undefined || code === undefined) {
    const problem = why ?? 'codeUnknown';
    // Alipay's gateway opens no order for a code that is none; the retailer's host ends its order.
    if (desk.wallet === 'alipay') return { problem };
    const refusal = refusals[problem];
    return await desk.book('refused', { ...order, status: 'refused', refusal });
  }
  for (const hash of [code.hash, ...(code.other === undefined ? [] : [code.other])]) {
    const used = { ...code, hash, usedBy: wanted.orderId };
    await desk.ledger.append({ at: desk.at(), event: 'used', code: used });
  }
  return await desk.book('code', attempt({ ...order, shopper: code.shopper }, purseOf(desk)));
};

export const present = async (desk: Desk, wanted: Wanted): Promise<Order | Problem> => {
  const known = await desk.current(wanted.orderId);
  if (known !== undefined && differs(known, wanted)) return { problem: 'differs' };
  if (known !== undefined && (known.content !== undefined || known.status !== 'open')) return known;
  const shown = codeMakers[desk.wallet].shop();
  const { codeUntilMs } = wanted;
  return await desk.book('presented', { ...(known ?? opened(wanted)), ...shown, codeUntilMs });
};

export const scan = async (
  desk: Desk,
  content: string,
  shopper: ShopperName,
): Promise<Order | Problem> => {
  const found = desk.ledger
    .orders()
    .find((order) => order.content === content || order.digits === content);
  if (found === undefined) return { problem: 'codeUnknown' };
  const order = await desk.current(found.orderId);
  if (order === undefined || (order.codeUntilMs ?? 0) <= desk.wallMs()) {
    return { problem: 'codeExpired' };
  }
  if (order.status !== 'open') return { problem: 'codeUsed' };
  return await desk.book('scanned', { ...order, shopper, status: 'awaiting' });
};

export const confirm = async (desk: Desk, orderId: string): Promise<Order | Problem> => {
  const order = await desk.current(orderId);
  if (order?.status !== 'awaiting') return { problem: 'notFound' };
  return await desk.book('confirmed', attempt(order, purseOf(desk), 'confirmed'));
};

export const decline = async (desk: Desk, orderId: string): Promise<Order | Problem> => {
  const order = await desk.current(orderId);
  if (order?.status !== 'awaiting') return { problem: 'notFound' };
  const refusal = { code: 'declined', detail: 'the shopper said no' };
  return await desk.book('declined', { ...order, status: 'refused', refusal });
};

export const cancel = async (desk: Desk, orderId: string): Promise<Order | Problem> => {
  const order = await desk.current(orderId);
  if (order === undefined) return { problem: 'notFound' };
  if (order.cancelled !== undefined) return order;
  if (order.refunds.length > 0) return { problem: 'notCancellable' };
  const cancelled = order.status === 'paid' ? 'refund' : 'close';
  return await desk.book('cancelled', { ...order, status: 'closed', cancelled });
};

export const refund = async (
  desk: Desk,
  orderId: string,
  refundId: string,
  amountMinor: number,
): Promise<BookedRefund | Problem> => {
  const order = await desk.current(orderId);
  if (order === undefined) return { problem: 'notFound' };
  const known = order.refunds.find((one) => one.refundId === refundId);
  if (known !== undefined) {
    return known.amountMinor === amountMinor ? known : { problem: 'differs' };
  }
  if (order.status !== 'paid') return { problem: 'notPaid' };
  const given = order.refunds.reduce((sum, one) => sum + one.amountMinor, 0);
  if (given + amountMinor > order.amountMinor) return { problem: 'tooMuch' };
  const booked = { refundId, amountMinor, reference: ownNumber() };
  await desk.book('refunded', { ...order, refunds: [...order.refunds, booked] });
  return booked;
};

const unusable = (
  desk: Desk,
  orderId: string,
  code: IssuedCode | undefined,
): keyof typeof refusals | undefined => {
  if (code === undefined) return 'codeUnknown';
  // The same order again, of which nothing more than the code's use was written.
  if (code.usedBy !== undefined && code.usedBy !== orderId) return 'codeUsed';
  return code.untilMs <= desk.wallMs() ? 'codeExpired' : undefined;
};

const refusals = {
  codeUnknown: { code: 'token-unknown', detail: 'nobody was given this token' },
  codeUsed: { code: 'token-used', detail: 'this token has paid before' },
  codeExpired: { code: 'token-expired', detail: 'this token was too old' },
} as const;

const purseOf = ({ wallet, ledger, at }: Desk): Purse => ({ wallet, orders: ledger.orders, at });
