import type { Field, ReportDescriptor, ReportKind } from './descriptor.ts';

/** Where a usage's elements lie in a report. */
export interface Place {
  readonly field: Field;
  /** From the start of the report's data, behind the report id. */
  readonly bitOffset: number;
  readonly count: number;
}

/** Every place of a usage in reports of one kind, in the order of the descriptor. */
export const placesOf = (
  descriptor: ReportDescriptor,
  kind: ReportKind,
  usage: number,
): readonly Place[] =>
  descriptor.fields
    .filter((field) => field.kind === kind && !field.isConstant)
    .flatMap((field) => placeIn(field, usage) ?? []);

/**
 * An unsigned number out of a report's data. Bits run from the least significant one of the first
 * byte on (HID 1.11 8.2). What lies past the end is 0. At most 32 bits.
 */
export const bitsAt = (data: Uint8Array, bitOffset: number, bits: number): number => {
  let value = 0;
  for (let i = 0; i < Math.min(bits, 32); i++) {
    const at = bitOffset + i;
    if ((((data[at >> 3] ?? 0) >> (at & 7)) & 1) === 1) value += 2 ** i;
  }
  return value;
};

export const putBits = (data: Uint8Array, bitOffset: number, bits: number, value: number): void => {
  for (let i = 0; i < Math.min(bits, 32); i++) {
    const at = bitOffset + i;
    const one = Math.floor(value / 2 ** i) % 2;
    data[at >> 3] = ((data[at >> 3] ?? 0) & ~(1 << (at & 7))) | (one << (at & 7));
  }
};

/** The number that an array element holds for a usage; undefined where it has none. */
export const indexInArray = (field: Field, usage: number): number | undefined => {
  let before = 0;
  for (const { first, last } of field.usages) {
    if (usage >= first && usage <= last) return before + usage - first;
    before += Math.max(last - first + 1, 0);
  }
  return undefined;
};

// The last usage of a list holds for all elements that have none of their own. HID 1.11 6.2.2.8.
const placeIn = (field: Field, usage: number): Place | undefined => {
  const index = indexInArray(field, usage);
  if (index === undefined) return undefined;
  const { bitOffset, bits, count } = field;
  // Any element of an array may hold the number.
  if (field.isArray) return { field, bitOffset, count };
  if (index >= count) return undefined;
  const isLast = field.usages.at(-1)?.last === usage;
  return { field, bitOffset: bitOffset + index * bits, count: isLast ? count - index : 1 };
};
