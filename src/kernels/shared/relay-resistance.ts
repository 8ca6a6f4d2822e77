/** What kernels 2 and 8 measure with; units of 100 microseconds. C-2 3.10, C-8 */
export interface RelayConfiguration {
  /** How long command and answer are on the air, as the terminal expects. */
  readonly expectedCommand: number;
  readonly expectedAnswer: number;
  readonly minimumGrace: number;
  readonly maximumGrace: number;
}

/** What a card says of itself in the answer to EXCHANGE RELAY RESISTANCE DATA. */
export interface RelayClaims {
  /** The shortest and the longest time it works on the command. */
  readonly minimum: number;
  readonly maximum: number;
  /** How long it thinks its answer is on the air. */
  readonly estimatedAnswer: number;
}

export interface RelayTimes {
  /** What the card took to work on the command, as far as the reader can tell. */
  readonly measured: number;
  /** The shortest and the longest time, with the reader's grace periods. */
  readonly least: number;
  readonly most: number;
}

/** Entropy (4 bytes), minimum, maximum and estimate (2 each): the ten bytes of the answer. */
export const relayClaims = (answer: Uint8Array): RelayClaims => ({
  minimum: word(answer, 4),
  maximum: word(answer, 6),
  estimatedAnswer: word(answer, 8),
});

export const relayTimes = (
  microseconds: number,
  claims: RelayClaims,
  configuration: RelayConfiguration,
): RelayTimes => {
  const { expectedCommand, expectedAnswer, minimumGrace, maximumGrace } = configuration;
  const onAir = expectedCommand + Math.min(claims.estimatedAnswer, expectedAnswer);
  return {
    measured: Math.max(0, Math.floor(microseconds / 100) - onAir),
    least: Math.max(0, claims.minimum - minimumGrace),
    most: claims.maximum + maximumGrace,
  };
};

/**
 * A time as its element holds it. Two bytes hold 6.5 seconds: more is stored as that, and compared
 * as what it is.
 */
export const relayTimeBytes = (time: number): Uint8Array => {
  const stored = Math.min(time, 0xffff);
  return Uint8Array.of(stored >> 8, stored & 0xff);
};

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
