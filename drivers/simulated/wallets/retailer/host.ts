import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import type { Books } from '../books.ts';
import type { Twist } from '../faults.ts';
import type { Understood, WebReply, WebRequest } from '../web-host.ts';
import { problem, type Reply, routeOf } from './routes.ts';

export interface RetailerOptions {
  readonly books: Books;
  readonly merchantId: string;
  readonly keyId: string;
  /** The terminal's, Ed25519. */
  readonly merchantPublicKey: KeyObject;
  /** The host's own, Ed25519. */
  readonly privateKey: KeyObject;
  readonly wallMs: () => number;
}

/** How far a terminal's clock may be off. */
const CLOCK_MS = 5 * 60_000;

/**
 * The host of docs/retailer-wallet.openapi.yaml: requests and answers signed with Ed25519, a nonce
 * used once.
 */
export const understandRetailer = (options: RetailerOptions) => {
  const nonces = new Map<string, number>();
  return (request: WebRequest): Understood => {
    const route = routeOf(request.method, request.target);
    const book = async () => {
      const stranger = strange(request, options, nonces);
      const reply = stranger ?? (await route.act(options.books, request.body, options.wallMs()));
      return (twist?: Twist) => signed(twisted(reply, twist), request, options, twist);
    };
    return { on: route.on, book };
  };
};

/** Why a request is not answered: who it is from can't be said, or it was here before. */
const strange = (
  request: WebRequest,
  { merchantId, keyId, merchantPublicKey, wallMs }: RetailerOptions,
  nonces: Map<string, number>,
): Reply | undefined => {
  const header = (name: string) => request.headers[`wallet-${name}`] ?? '';
  if (header('merchant') !== merchantId || header('key') !== keyId) {
    return problem(401, 'unknown-merchant', 'no such merchant or key');
  }
  const lines = ['RW1-REQUEST', request.method, request.target, merchantId, keyId];
  const text = [...lines, header('timestamp'), header('nonce'), sha256(request.body)].join('\n');
  const signature = Buffer.from(header('signature'), 'base64url');
  if (!verify(null, Buffer.from(text), merchantPublicKey, signature)) {
    return problem(401, 'bad-signature', 'the signature is wrong');
  }
  const now = wallMs();
  if (Math.abs(Number(header('timestamp')) - now) > CLOCK_MS) {
    return problem(401, 'bad-clock', 'the timestamp is more than five minutes off');
  }
  for (const [nonce, atMs] of nonces) if (now - atMs > 2 * CLOCK_MS) nonces.delete(nonce);
  if (nonces.has(header('nonce'))) return problem(401, 'replayed', 'this nonce was used before');
  nonces.set(header('nonce'), now);
  return undefined;
};

const twisted = (reply: Reply, twist: Twist | undefined): Reply => {
  const { body } = reply;
  if (twist === 'wrong-order' && 'orderId' in body) {
    return { ...reply, body: { ...body, orderId: '000000000000' } };
  }
  const { amountMinor } = body;
  return twist === 'wrong-amount' && typeof amountMinor === 'number'
    ? { ...reply, body: { ...body, amountMinor: amountMinor + 1 } }
    : reply;
};

const signed = (
  { status, body }: Reply,
  request: WebRequest,
  { privateKey, wallMs }: RetailerOptions,
  twist: Twist | undefined,
): WebReply => {
  const text = JSON.stringify(body);
  const timestamp = String(wallMs());
  const nonce = request.headers['wallet-nonce'] ?? '';
  const what = ['RW1-RESPONSE', String(status), nonce, timestamp, sha256(text)].join('\n');
  const signature = sign(
    null,
    Buffer.from(twist === 'wrong-signature' ? `${what} ` : what),
    privateKey,
  );
  return {
    status,
    headers: {
      'content-type': status < 400 ? 'application/json' : 'application/problem+json',
      'wallet-timestamp': timestamp,
      'wallet-nonce': nonce,
      ...(twist === 'unsigned' ? {} : { 'wallet-signature': signature.toString('base64url') }),
    },
    body: text,
  };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
