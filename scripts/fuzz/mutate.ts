/** A repeatable source of numbers: the same seed gives the same run. */
export type Random = (below: number) => number;

// mulberry32: small, and good enough to choose bytes by.
export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

export type Answer = Uint8Array | 'timeout' | 'transmission' | 'protocol';

/** One answer of a card, damaged in one way. */
export const mutate = (answers: readonly Uint8Array[], at: number, random: Random): Answer => {
  const answer = answers[at] ?? new Uint8Array(2);
  const way = WAYS[random(WAYS.length)] ?? flip;
  return way(answer, random, answers);
};

type Way = (answer: Uint8Array, random: Random, answers: readonly Uint8Array[]) => Answer;

const flip: Way = (answer, random) => {
  const copy = Uint8Array.from(answer);
  const at = random(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
  return copy;
};

const overwrite: Way = (answer, random) => {
  const copy = Uint8Array.from(answer);
  copy[random(copy.length)] = random(256);
  return copy;
};

const truncate: Way = (answer, random) => {
  const body = answer.subarray(0, random(Math.max(1, answer.length - 2)));
  return Uint8Array.of(...body, 0x90, 0x00);
};

const insert: Way = (answer, random) => {
  const at = random(answer.length - 1);
  const extra = Uint8Array.from({ length: 1 + random(4) }, () => random(256));
  return Uint8Array.of(...answer.subarray(0, at), ...extra, ...answer.subarray(at));
};

const remove: Way = (answer, random) => {
  const at = random(Math.max(1, answer.length - 2));
  return Uint8Array.of(...answer.subarray(0, at), ...answer.subarray(at + 1 + random(4)), 0x90, 0);
};

const repeat: Way = (answer, random) => {
  const from = random(answer.length - 1);
  const piece = answer.subarray(from, from + 1 + random(12));
  return Uint8Array.of(...answer.subarray(0, from), ...piece, ...answer.subarray(from));
};

const STATUS_WORDS = [0x9000, 0x6984, 0x6985, 0x6986, 0x6a82, 0x6a83, 0x6700, 0x6283, 0x6310, 0];

const status: Way = (answer, random) => {
  const sw = random(3) === 0 ? random(0x10000) : (STATUS_WORDS[random(STATUS_WORDS.length)] ?? 0);
  return Uint8Array.of(...answer.subarray(0, -2), sw >> 8, sw & 0xff);
};

const another: Way = (_, random, answers) => answers[random(answers.length)] ?? 'timeout';
const noise: Way = (_, random) => Uint8Array.from({ length: 2 + random(258) }, () => random(256));
const fault: Way = (_, random) =>
  (['timeout', 'transmission', 'protocol'] as const)[random(3)] ?? 'timeout';

const WAYS = [
  flip,
  flip,
  flip,
  overwrite,
  truncate,
  insert,
  remove,
  repeat,
  status,
  another,
  noise,
  fault,
];
