/** What the terminal tells its till's page of itself, at /till/facts. */
export interface TillFacts {
  /** The terminal's name in nexo: POIID. */
  readonly poiId: string;
  readonly merchant: string;
  readonly currency: {
    /** Three letters, ISO 4217. */
    readonly code: string;
    /** Digits after the point. */
    readonly exponent: number;
  };
  /** Messages have to be encrypted: the page asks for identifier, version and passphrase. */
  readonly needsKey: boolean;
  /** Wallets that are taken by code: the name in messages, and as people know it. */
  readonly wallets: readonly { readonly name: string; readonly title: string }[];
}

/** Asks the terminal that served the page. Undefined while it doesn't answer. */
export const loadFacts = async (): Promise<TillFacts | undefined> => {
  try {
    const answer = await fetch('./facts');
    return answer.ok ? ((await answer.json()) as TillFacts) : undefined;
  } catch {
    return undefined;
  }
};
