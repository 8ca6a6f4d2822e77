export interface TestRandom {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  digits(count: number): string;
}

/** Numbers drawn from a seed: mulberry32, by Tommy Ettinger, public domain. */
export const randomFrom = (seed: number): TestRandom => {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
  };
};
