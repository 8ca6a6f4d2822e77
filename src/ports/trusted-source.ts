import type { Fault } from './fault.ts';

/** One file that the maker has signed for. */
export interface Target {
  /** Its path in the repository, such as "releases/countertap-1.4.0-linux-arm64.bundle". */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What this terminal should run, as the signatures have it. */
export interface Offer {
  /** Whose choice it is: the store's own keys go before the channel's. */
  readonly chosenBy: 'store' | 'channel';
  /** Absent: nothing is chosen for a machine of this kind. */
  readonly release?: Target;
  /** By the name of the peripheral in the configuration. */
  readonly firmware: Readonly<Record<string, FirmwareOffer>>;
}

export interface FirmwareOffer {
  readonly target: Target;
  /** What the device says of itself once it runs this. */
  readonly version: string;
}

/** Why nothing of a source is used. The threats are those of the TUF specification, 1.5.2. */
export type UntrustedReason =
  | 'unreachable' // no answer, or an error of the server; a stick that was pulled out
  | 'slow' // it keeps us waiting (slow retrieval)
  | 'endless' // more bytes than were signed for (endless data)
  | 'signature' // too few of the keys that count have signed (key compromise, arbitrary software)
  | 'expired' // its last word is too old (indefinite freeze), or our clock is wrong
  | 'rollback' // older than what was seen before
  | 'mixAndMatch' // parts of it were never together
  | 'content' // a file isn't what was signed for (arbitrary installation, extraneous dependencies)
  | 'unreadable' // it is no repository
  | 'disk'; // what is trusted can't be kept on this machine

export interface Untrusted {
  readonly untrusted: UntrustedReason;
  /** One sentence for a technician: what was wrong, where, and what to do. */
  readonly detail: string;
}

/**
 * Where updates come from: an HTTPS address, a stick or a file. Whatever it is, nothing of it is
 * given to anybody that the trusted root doesn't vouch for.
 */
export interface TrustedSource {
  /** Takes the newest metadata, checked, and says what this terminal is to run. */
  look(signal: AbortSignal): Promise<Offer | Untrusted>;
  /** Fetches one file of the offer, checked whole, to be read at `file` until `close`. */
  fetch(
    target: Target,
    signal: AbortSignal,
    progress?: (bytes: number) => void,
  ): Promise<{ readonly file: string } | Untrusted>;
  close(): Promise<Fault | undefined>;
}
