import type { Family, Labels } from '#drivers/metrics/index.ts';

/** Numbers that only grow, kept until somebody asks: a payment spends no time on them. */
export interface Counter {
  add(labels: Labels): void;
  family(): Family;
}

export interface Times {
  /** Seconds. */
  add(seconds: number): void;
  family(): Family;
}

/**
 * A counter with labels. From `MOST_SERIES` combinations on, what is new is counted under "other":
 * names that come from outside must not fill memory, here or in what scrapes.
 */
export const createCounter = (name: string, help: string): Counter => {
  const counts = new Map<string, { readonly labels: Labels; value: number }>();
  const slotFor = (labels: Labels) => {
    const key = JSON.stringify(labels);
    const there = counts.get(key);
    if (there !== undefined || counts.size >= MOST_SERIES) return there;
    const made = { labels, value: 0 };
    counts.set(key, made);
    return made;
  };
  const others: { labels: Labels; value: number } = { labels: {}, value: 0 };
  return {
    add: (labels) => {
      const slot = slotFor(labels) ?? others;
      if (slot === others) others.labels = mapped(labels, () => 'other');
      slot.value += 1;
    },
    family: () => {
      const samples = others.value === 0 ? [...counts.values()] : [...counts.values(), others];
      return { name, help, type: 'counter', samples: samples.map((sample) => ({ ...sample })) };
    },
  };
};

export const MOST_SERIES = 200;

/** A histogram of seconds. */
export const createTimes = (name: string, help: string, bounds: readonly number[]): Times => {
  const counts = bounds.map(() => 0);
  let count = 0;
  let sum = 0;
  return {
    add: (seconds) => {
      const at = bounds.findIndex((bound) => seconds <= bound);
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
      count += 1;
      sum += seconds;
    },
    family: () => ({
      ...{ name, help, type: 'histogram', bounds },
      distributions: [{ counts: [...counts], count, sum }],
    }),
  };
};

const mapped = (labels: Labels, to: (name: string) => string): Labels =>
  Object.fromEntries(Object.keys(labels).map((name) => [name, to(name)]));
