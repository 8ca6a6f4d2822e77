/** What a scrape finds: families of samples, in the words of Prometheus' data model. */

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

/** Values that were counted by their size: a histogram's own numbers. */
export interface Distribution {
  readonly labels?: Labels;
  /** How many were at most as large as the bound of the same place; without those before. */
  readonly counts: readonly number[];
  /** Of all, those above the last bound too. */
  readonly count: number;
  readonly sum: number;
}

interface Named {
  /** As https://prometheus.io/docs/practices/naming wants it: base units, counters with _total. */
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly help: string;
}

export interface Plain extends Named {
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

export interface Histogram extends Named {
  readonly type: 'histogram';
  /** Upper bounds, ascending, in the unit that the name says. */
  readonly bounds: readonly number[];
  readonly distributions: readonly Distribution[];
}

export type Family = Plain | Histogram;
