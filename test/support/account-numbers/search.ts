/** What must lie nowhere, and what it is. */
export type Secrets = ReadonlyMap<string, string>;

export interface Found {
  /** What was found: "account number", "track 2", "PIN block". */
  readonly what: string;
  /** As it lay there. */
  readonly form: Form;
  /** Where the search was. */
  readonly place: string;
  /** Of the place's bytes, where the row of digits begins that it lies in. */
  readonly at: number;
  /** For whoever mends it: the test's accounts are fictitious. */
  readonly digits: string;
  /** What stood around it. */
  readonly around: string;
}

export type Form = 'digits' | 'packed' | 'hexadecimal of digits' | 'list of bytes';

/** Looks for every secret, in every form, at every place of some bytes. */
export interface Search {
  (place: string, content: Uint8Array | string): readonly Found[];
  /** How many bytes were looked through so far. */
  readonly bytes: () => number;
}

/**
 * A search for strings of 12 to 19 digits in text and in binary data: as digits, also where blanks
 * or hyphens group them; packed two to a byte, also where they begin in the middle of one; in the
 * hexadecimal text of either; and in lists of decimal bytes, as JSON and `inspect` write them.
 */
export const searchFor = (secrets: Secrets): Search => {
  const known = knownOf(secrets);
  let bytes = 0;
  const search = (place: string, content: Uint8Array | string): Found[] => {
    const data = typeof content === 'string' ? Buffer.from(content, 'utf8') : bufferOf(content);
    bytes += data.length;
    const text = data.toString('latin1');
    return [...runsIn(data, text)].flatMap(({ form, run, at }) =>
      matches(run, known).map((digits) => ({
        what: secrets.get(digits) ?? '',
        ...{ form, place, at, digits },
        around: text.slice(Math.max(0, at - 120), at + 90).replaceAll(/[^ -~]/g, '.'),
      })),
    );
  };
  return Object.assign(search, { bytes: () => bytes });
};

interface Run {
  readonly form: Form;
  /** Digits alone. */
  readonly run: string;
  readonly at: number;
}

// Blanks and hyphens group digits; "34 37" is the hexadecimal text of "47", which is itself text.
const DIGITS = /\d(?:[ -]*\d){11,2000}/g;
const HEX_OF_DIGITS = /(?=((?:3\d ?){12,200}))/g;
// [71,97,…], Uint8Array(8) [ 71, 97, … ] and {"0":71,"1":97,…}.
const BYTE_LIST = /(?:"?\d+"?:\s*)?\b\d{1,3}(?:\s*,\s*(?:"?\d+"?:\s*)?\d{1,3}\b){5,2000}/g;

/** Everything that is a row of twelve digits or more in one form or another. */
function* runsIn(data: Buffer, text: string): Generator<Run> {
  for (const { 0: digits, index } of text.matchAll(DIGITS)) {
    yield { form: 'digits', run: digits.replaceAll(/[ -]/g, ''), at: index };
  }
  // Of half bytes: a number may begin in the middle of one.
  for (const { run, at } of digitRuns(data.toString('hex'))) {
    yield { form: 'packed', run, at: at >> 1 };
  }
  for (const { 1: pairs = '', index } of text.matchAll(HEX_OF_DIGITS)) {
    const run = pairs.replaceAll(' ', '').replaceAll(/3(\d)/g, '$1');
    yield { form: 'hexadecimal of digits', run, at: index };
  }
  for (const { 0: list, index } of text.matchAll(BYTE_LIST)) {
    const bytes = Buffer.from(list.split(',').map((item) => Number(item.split(':').at(-1))));
    for (const { run } of runsIn(bytes, bytes.toString('latin1'))) {
      yield { form: 'list of bytes', run, at: index };
    }
  }
}

// Of any length: a pattern would have to remember each digit.
function* digitRuns(text: string): Generator<Pick<Run, 'run' | 'at'>> {
  let at = 0;
  for (let end = 0; end <= text.length; end++) {
    const code = text.charCodeAt(end);
    if (code >= ZERO && code <= ZERO + 9) continue;
    if (end - at >= 2 * SIX) yield { run: text.slice(at, end), at };
    at = end + 1;
  }
}

interface Known {
  readonly secrets: Secrets;
  /** One for the first six digits of each, and for the next six: most of a text ends there. */
  readonly beginnings: Uint8Array;
  readonly nexts: Uint8Array;
  readonly lengths: readonly number[];
}

const SIX = 6;
const MILLION = 10 ** SIX;
const ZERO = 0x30;

const knownOf = (secrets: Secrets): Known => {
  const beginnings = new Uint8Array(MILLION);
  const nexts = new Uint8Array(MILLION);
  for (const digits of secrets.keys()) {
    if (!/^[0-9]{12,19}$/.test(digits)) throw new RangeError('secrets have 12 to 19 digits');
    beginnings[Number(digits.slice(0, SIX))] = 1;
    nexts[Number(digits.slice(SIX, 2 * SIX))] = 1;
  }
  const lengths = [...new Set([...secrets.keys()].map(({ length }) => length))];
  return { secrets, beginnings, nexts, lengths };
};

const bufferOf = (content: Uint8Array): Buffer =>
  Buffer.from(content.buffer, content.byteOffset, content.byteLength);

// Of every twelve digits in a row the first six and the last; the former of a ring of what the
// latter were six digits ago.
const matches = (run: string, { secrets, beginnings, nexts, lengths }: Known): string[] => {
  const found: string[] = [];
  const before = [0, 0, 0, 0, 0, 0];
  let last = 0;
  for (let at = 0; at < run.length; at++) {
    last = (last * 10 + run.charCodeAt(at) - ZERO) % MILLION;
    const beginning = before[at % SIX] ?? 0;
    before[at % SIX] = last;
    if (at < 2 * SIX - 1 || nexts[last] === 0 || beginnings[beginning] === 0) continue;
    const start = at - 2 * SIX + 1;
    for (const length of lengths) {
      const digits = run.slice(start, start + length);
      if (digits.length === length && secrets.has(digits)) found.push(digits);
    }
  }
  return found;
};
