import type { Malformed } from '#bytes/malformed.ts';

/** One fact inside a value: a bit, a field, an entry of a list. */
export interface Detail {
  /** "B1 b8", "B3 b4-1", "9F02", "SFI 1", "rule 2": where in the value it stands. */
  readonly where: string;
  readonly text: string;
  /** Of a single bit: whether it is set. Null for everything else. */
  readonly set: boolean | null;
}

/** One object, or one value, in words. */
export interface Explanation {
  /** "9F26"; or "SW" for a status word. */
  readonly tag: string;
  /** The books' name; null for a tag that nobody knows. */
  readonly title: string | null;
  /** What the dictionary says: where it comes from, in which format, and who knows it. */
  readonly facts: ElementFacts | null;
  /** From the start of the input; null for a value given by itself. */
  readonly offset: number | null;
  /** Of the value, in bytes; null when no value was given. */
  readonly length: number | null;
  /** Hexadecimal, or what masking leaves of it; null where the objects inside say it all. */
  readonly value: string | null;
  /** The value in a few words. */
  readonly meaning: string | null;
  readonly details: readonly Detail[];
  /** What is odd about a value that can still be read, such as its length. */
  readonly remarks: readonly string[];
  /** Where reading had to stop; what stands before it was read. */
  readonly malformed: Malformed | null;
  /** Objects inside a template, in their order. */
  readonly objects: readonly Explanation[];
  /** Other meanings of the tag, where no kernel was named that could decide. */
  readonly alternatives: readonly Explanation[];
}

export interface ElementFacts {
  readonly source: string;
  /** "n 12", with the length: "n 12, 6 bytes". */
  readonly format: string;
  /** "base books, kernels 2, 3". */
  readonly books: string;
}

/** What a reader of one element's value finds out. */
export interface Finding {
  readonly meaning?: string;
  readonly details?: readonly Detail[];
  readonly remarks?: readonly string[];
  readonly malformed?: Malformed;
}

export const detail = (where: string, text: string, set: boolean | null = null): Detail => ({
  where,
  text,
  set,
});

/** The first place where reading had to stop, anywhere inside. */
export const firstMalformed = (explanation: Explanation): Malformed | null => {
  const own =
    explanation.malformed ??
    explanation.objects.map(firstMalformed).find((one) => one !== null) ??
    null;
  // One meaning that the value fits is enough.
  return explanation.alternatives.some((other) => firstMalformed(other) === null) ? null : own;
};
