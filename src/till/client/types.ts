import type { MessageCategory } from '#nexo/index.ts';
import type { Fault } from '#ports/fault.ts';

/** What a till has to know to speak to one terminal. */
export interface TillClientOptions {
  /** Where the terminal takes messages: "https://terminal.shop.example:8443/nexo/". */
  readonly url: string;
  /** The till's own name, the same for all its messages. */
  readonly saleId: string;
  /** The terminal's name. */
  readonly poiId: string;
  /** The secret that both share. Without it messages travel as they are. */
  readonly key?: TillKey | undefined;
  /** Another `fetch`: with a certificate of the shop's own, or a test's. */
  readonly fetch?: typeof fetch;
  /** Another `WebSocket`, for `listen`. */
  readonly WebSocket?: typeof WebSocket;
  /** Told of each message, both ways, before it is encrypted and after it is opened. */
  readonly onMessage?: (message: TillMessage) => void;
  /** Between two questions for the end of a payment whose connection was lost; 1000 unless said. */
  readonly askAgainMs?: number;
  /** How long the end is asked for before a fault says that it isn't known; 15 minutes. */
  readonly followForMs?: number;
}

/** As the terminal's configuration has it. */
export interface TillKey {
  readonly identifier: string;
  readonly version: number;
  readonly passphrase: string;
  /** AdyenCryptoVersion; 1 unless said. */
  readonly cryptoVersion?: number;
}

/** One message, for who wants to watch or write a log. */
export interface TillMessage {
  readonly way: 'sent' | 'received' | 'notified';
  readonly category: MessageCategory;
  readonly serviceId: string;
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** Of an answer: since its request was sent. */
  readonly tookMs?: number;
  /** Whether it travelled encrypted. */
  readonly secured: boolean;
  /** The message with its envelope; undefined where the answer has no body, by the book. */
  readonly json: unknown;
}

/**
 * What kept a request from its answer. "linkDown": no connection, "timeout": the end of a payment
 * didn't come to be known in time, "protocol": an answer that is none, or isn't authentic,
 * "keys": no encryption here (a page without https), "aborted": given up before it was sent.
 */
export interface TillFault extends Fault {
  /** Under which the terminal may know the request: `status` asks for it. */
  readonly serviceId: string;
  /** "no": the terminal has done nothing. "unknown": it may have, ask before anything else. */
  readonly done: 'no' | 'unknown';
}

export interface RequestOptions {
  /** Aborted, an AbortRequest is sent; the promise still resolves to what the terminal answers. */
  readonly signal?: AbortSignal | undefined;
  /** Up to ten characters, to be used once in 48 hours. A new one unless said. */
  readonly serviceId?: string;
}

/** A transaction, as the terminal knows it. */
export interface TransactionReference {
  readonly id: string;
  /** RFC 3339, as the terminal gave it. */
  readonly timeStamp: string;
}

export const isTillFault = (value: unknown): value is TillFault =>
  typeof value === 'object' && value !== null && 'fault' in value;

export const tillFault = (
  fault: TillFault['fault'],
  detail: string,
  serviceId: string,
  done: TillFault['done'],
): TillFault => ({ fault, detail, serviceId, done });
