import type { Fault } from '#ports/fault.ts';
import type { Escape } from './quirks.ts';

/** What the terminal tells the reader process. Each request gets one reply with the same `id`. */
export type Request =
  | { readonly kind: 'connect'; readonly reader: string }
  | { readonly kind: 'transmit'; readonly activation: number; readonly command: Uint8Array }
  | { readonly kind: 'release'; readonly activation: number }
  | SilenceRequest
  | SignalRequest
  | { readonly kind: 'ping' };

/**
 * Holds from the moment it arrives, before it is its turn: what waits before it and would touch a
 * card is refused. In its turn the card is powered down and the reader gets the escapes.
 */
export interface SilenceRequest {
  readonly kind: 'silence';
  readonly silent: boolean;
  /** Undefined while there is none to be told. */
  readonly reader: string | undefined;
  readonly escapes: readonly Escape[];
}

/**
 * Escapes for a reader's lights and buzzer. Refused (`aborted`) in its turn while a card is powered
 * up, and while all is silent unless they put the lights out.
 */
export interface SignalRequest {
  readonly kind: 'signal';
  readonly reader: string;
  readonly escapes: readonly Escape[];
  readonly lightsOut: boolean;
}

export type Reply =
  | { readonly kind: 'connected'; readonly activation: number; readonly microseconds: number }
  | { readonly kind: 'answer'; readonly response: Uint8Array; readonly microseconds: number }
  | { readonly kind: 'done' }
  | {
      /** What the reader itself made of escapes. */
      readonly kind: 'told';
      /** `mute`: no answer, and what the reader process asks next may hang as well. */
      readonly escapes: 'obeyed' | 'refused' | 'mute';
      /** Why not, in the reader's or the service's words; empty when it obeyed. */
      readonly detail: string;
    }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** The reply that a request gets when it doesn't fail. */
export type ReplyTo<R extends Request> = Extract<Reply, { kind: ReplyKinds[R['kind']] }>;

interface ReplyKinds {
  readonly connect: 'connected';
  readonly transmit: 'answer';
  readonly release: 'done';
  readonly silence: 'told';
  readonly signal: 'told';
  readonly ping: 'done';
}

/** What the reader process sees in the world, in the order in which it sees it. */
export type Sighting =
  | { readonly kind: 'reader'; readonly reader: string }
  | { readonly kind: 'readerGone'; readonly reader: string }
  | {
      readonly kind: 'card';
      readonly reader: string;
      /** The service's count of arrivals and departures: another card has another number. */
      readonly number: number;
      readonly atr: Uint8Array;
      readonly atMs: number;
    }
  | { readonly kind: 'cardGone'; readonly reader: string; readonly atMs: number };

export type ToReaderProcess = { readonly id: number; readonly request: Request };

/** The word on its command line that tells a reader process to compile itself and end. */
export const COMPILE_ONLY = '--compile-only';
/** The word that tells it to be silent from its first moment on. */
export const BORN_SILENT = '--silent';

export type FromReaderProcess =
  | { readonly kind: 'ready' }
  | { readonly kind: 'serviceLost'; readonly detail: string }
  | { readonly kind: 'sighting'; readonly sighting: Sighting }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply };
