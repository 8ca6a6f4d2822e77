/** Where the host is, what we prove to it and what it has to prove to us. */
export interface TlsOptions {
  readonly host: string;
  readonly port: number;
  /** The name in the host's certificate, when it isn't `host`. */
  readonly serverName?: string;
  /** PEM files: the one authority we trust, our certificate (chain), and its private key. */
  readonly authorityPath: string;
  readonly certificatePath: string;
  readonly keyPath: string;
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

export const tlsDefaults = {
  connectWithinMs: 5_000,
  silenceMs: 20_000,
  retryAfterMs: { first: 100, last: 5_000 },
} as const;
