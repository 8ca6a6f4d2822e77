// table: what became of terminal.json from one format to the next. A step that was shipped stays.

/** What a file holds, parsed and not yet checked. */
export type Wording = Readonly<Record<string, unknown>>;

export interface ConfigStep {
  /** The format that it leads to, from the one before. */
  readonly to: number;
  /** What is worded anew, for people: "shop.name is merchant.name". */
  readonly brings: string;
  /** Pure. It meets what shops wrote: a key may be absent, or hold what no schema allows. */
  readonly change: (before: Wording) => Wording;
}

/**
 * A new key that may be absent needs no step, and none is needed for words that are only better.
 * The first format has no step: it is what a file without "format" is in.
 */
export const steps: readonly ConfigStep[] = [];
