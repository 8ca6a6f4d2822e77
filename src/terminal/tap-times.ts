/** Where the time of a tap went, from "card seen" to "card read successfully"; milliseconds. */
export interface TapTimes {
  readonly totalMs: number;
  /** Spent in reader and card: powering up and every exchange. */
  readonly cardMs: number;
  /** The rest: ours. */
  readonly ownMs: number;
  /** In order; `startMs` counts from "card seen". What lies between them is ours. */
  readonly commands: readonly {
    readonly command: string;
    readonly startMs: number;
    readonly ms: number;
  }[];
}
