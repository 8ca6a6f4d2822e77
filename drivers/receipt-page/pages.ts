import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Receipt } from '#ports/receipt-printer.ts';
import { limiter, type Rate } from './rate.ts';
import { receiptTokens } from './token.ts';

export interface ReceiptPagesOptions {
  /** This installation's (`receiptKey`), 32 bytes. */
  readonly key: Uint8Array;
  /** A payment's receipt for its shopper; undefined when there is none. */
  readonly find: (payment: string) => Promise<FoundReceipt | undefined | Fault>;
  /** As phones reach it, such as "http://192.0.2.7:8090". */
  readonly origin: () => string | undefined;
  readonly log: Log;
  readonly wallMs: () => number;
  /** How long an address is good; a week unless stated. */
  readonly validForMs?: number;
  readonly eachAddress?: Rate;
  readonly allAddresses?: Rate;
}

export interface FoundReceipt {
  readonly receipt: Receipt;
  /** The word for "receipt" in its language. */
  readonly title: string;
}

export interface ReceiptPages {
  /**
   * Answers a request under /r/; false, and nothing done, when it is for somebody else. Never
   * rejects.
   */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Where a payment's receipt can be seen; undefined when phones can't reach this terminal. */
  addressOf(payment: string): string | undefined;
}

const WEEK_MS = 7 * 86_400_000;

export const receiptPages = (options: ReceiptPagesOptions): ReceiptPages => {
  const { key, wallMs, origin, validForMs = WEEK_MS, log } = options;
  const { eachAddress = { burst: 20, everyMs: 3000 }, allAddresses = ALL } = options;
  const tokens = receiptTokens(key, wallMs, validForMs);
  const mayAsk = limiter(eachAddress, allAddresses, wallMs);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const head = request.method === 'HEAD';
    if (!head && request.method !== 'GET') return say(response, 405, 'Only GET and HEAD.', head);
    if (!mayAsk(request.socket.remoteAddress ?? '')) return say(response, 429, LATER, head);
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const payment = tokens.paymentIn(path.slice(PREFIX.length));
    const found = payment === undefined ? undefined : await options.find(payment);
    if (found === undefined) return say(response, 404, NOTHING, head);
    if (isFault(found)) {
      log.warn({ why: found.detail }, 'a receipt can not be shown');
      return say(response, 503, LATER, head);
    }
    const { receiptPage } = await import('#receipt/page.ts');
    const page = Buffer.from(receiptPage(found.receipt, found.title));
    response.setHeader('Content-Language', found.receipt.language);
    send(response, 200, 'text/html; charset=utf-8', page, head);
  };
  return {
    handle: (request, response) => {
      if (!(request.url ?? '').startsWith(PREFIX)) return false;
      guarded(response)
        .then(() => answer(request, response))
        .catch((error: unknown) => {
          log.error({ error: String(error) }, 'receipt page');
          response.destroy();
        });
      return true;
    },
    addressOf: (payment) => {
      const base = origin();
      return base === undefined ? undefined : `${base}${PREFIX}${tokens.tokenFor(payment)}`;
    },
  };
};

const PREFIX = '/r/';
const ALL: Rate = { burst: 100, everyMs: 200 };

// One and the same for what never was and what has expired.
const NOTHING = 'There is no such receipt, or it is no longer shown here.';
const LATER = 'Please try again in a minute.';

const guarded = async (response: ServerResponse): Promise<void> => {
  const { pagePolicy } = await import('#receipt/page.ts');
  const headers = {
    'Content-Security-Policy': `${pagePolicy()}; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'X-Robots-Tag': 'noindex, nofollow',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
};

const say = (response: ServerResponse, status: number, sentence: string, head: boolean): void => {
  if (status === 405) response.setHeader('Allow', 'GET, HEAD');
  if (status === 429 || status === 503) response.setHeader('Retry-After', '60');
  send(response, status, 'text/plain; charset=utf-8', Buffer.from(`${sentence}\n`), head);
};

const send = (
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Buffer,
  head: boolean,
): void => {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.end(head ? undefined : body);
};
