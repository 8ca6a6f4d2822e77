import type { FramingOptions } from '#iso8583/index.ts';

/** One door of the acquirer's host. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
  /** The name in the host's certificate, when it isn't `host`. */
  readonly serverName?: string;
}

/** PEM files: the one authority we trust, our certificate (chain), and its private key. */
export interface Credentials {
  readonly authorityPath: string;
  readonly certificatePath: string;
  readonly keyPath: string;
}

/** Where the host is, what we prove to it and what it has to prove to us. */
export interface TlsOptions extends HostAddress, Credentials {
  /**
   * Other doors of the same host, in the order in which they are tried: what one has booked, the
   * others know. With the files of the primary, unless they have their own.
   */
  readonly backups?: readonly (HostAddress & Partial<Credentials>)[];
  /** Length header and TPDU; a length of two bytes and no TPDU unless given. */
  readonly framing?: FramingOptions;
  /** How often a door is tried that hangs up on us without a word, before the next one is. */
  readonly attemptsEach?: number;
  /** How long we stay with a backup before we see whether the primary is back; spread by chance. */
  readonly homeAfterMs?: number;
  /** How long the primary holds our connection, and nothing is said, before we change over. */
  readonly quietMs?: number;
  /** For the network and the handshake together. */
  readonly connectWithinMs?: number;
  /**
   * A host answers whatever we send. When it has said nothing at all for so long after a message,
   * the connection is dead without saying so, and is replaced. Longer than the uplink's patience.
   */
  readonly silenceMs?: number;
  /** Pause before the first new attempt; it doubles up to the last. Both are spread by chance. */
  readonly retryAfterMs?: { readonly first: number; readonly last: number };
}

/** With every choice made. */
export type TlsSettings = TlsOptions &
  Required<Omit<TlsOptions, keyof HostAddress | keyof Credentials | 'backups' | 'framing'>>;

export const tlsDefaults = {
  attemptsEach: 2,
  homeAfterMs: 300_000,
  quietMs: 1_000,
  connectWithinMs: 5_000,
  silenceMs: 20_000,
  retryAfterMs: { first: 100, last: 5_000 },
} as const;
