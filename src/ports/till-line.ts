import type { Observable } from 'rxjs';

/** Who sent a message, as far as the line knows. */
export interface TillCaller {
  /** For the log: an address, or the name in a client's certificate. */
  readonly name: string;
  /** Aborted when nobody is left to take the answer. */
  readonly signal: AbortSignal;
}

/**
 * What a line gives tills' messages to: bytes in, the bytes of the answer out, or undefined where
 * nexo has no answer (HTTP 200 without a body). Never rejects, whatever the bytes are.
 */
export interface TillDesk {
  receive(message: Uint8Array, caller: TillCaller): Promise<Uint8Array | undefined>;
  /** What tills are told unasked, ready to be sent. Hot; what nobody takes is gone. */
  readonly notifications$: Observable<TillNotification>;
}

export interface TillNotification {
  /** The till that it is for; all of them when absent. */
  readonly saleId?: string;
  readonly message: Uint8Array;
}
