import { createHmac, timingSafeEqual } from 'node:crypto';

/** Addresses of receipts that nobody can guess, and that end. */
export interface ReceiptTokens {
  /** For a payment's id of letters and digits. */
  tokenFor(payment: string): string;
  /** The payment's id; undefined for a token that is not ours, was changed or has expired. */
  paymentIn(token: string): string | undefined;
}

/**
 * A token names payment and end, and bears 128 bits of an HMAC over both: nothing has to be kept of
 * it, and it is good after a restart.
 * @param key this installation's, 32 bytes
 */
export const receiptTokens = (
  key: Uint8Array,
  wallMs: () => number,
  validForMs: number,
): ReceiptTokens => ({
  tokenFor: (payment) => {
    if (!PAYMENT.test(payment)) throw new TypeError('a payment id of letters and digits');
    const end = Math.ceil((wallMs() + validForMs) / MINUTE_MS).toString(36);
    return `${payment}.${end}.${seal(key, payment, end).toString('base64url')}`;
  },
  paymentIn: (token) => {
    const [, payment = '', end = '', sealed = ''] = TOKEN.exec(token) ?? [];
    const given = Buffer.from(sealed, 'base64url');
    const ours = seal(key, payment, end);
    if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined;
    return wallMs() < Number.parseInt(end, 36) * MINUTE_MS ? payment : undefined;
  },
});

const MINUTE_MS = 60_000;
const SEAL_BYTES = 16;

const PAYMENT = /^[A-Za-z0-9]{1,32}$/;
const TOKEN = /^([A-Za-z0-9]{1,32})\.([0-9a-z]{1,8})\.([A-Za-z0-9_-]{22})$/;

// What it is for comes first: the same key can serve nothing else by accident.
const seal = (key: Uint8Array, payment: string, end: string): Buffer =>
  createHmac('sha256', key)
    .update(`receipt page\n${payment}\n${end}`)
    .digest()
    .subarray(0, SEAL_BYTES);
