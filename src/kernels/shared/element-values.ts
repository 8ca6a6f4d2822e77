import { fromBcd } from '#bytes/bcd.ts';
import { bit } from '#bytes/bytes.ts';
import type { DataMap } from './kernel-input.ts';

/** Whatever holds data elements: the database of a kernel's run. */
interface Holder {
  readonly data: DataMap;
}

export const bytesOf = ({ data }: Holder, wanted: number): Uint8Array => data.get(wanted) ?? EMPTY;

/** "Not empty" in the books' sense. */
export const isNotEmpty = (holder: Holder, wanted: number): boolean =>
  bytesOf(holder, wanted).length > 0;

export const dataBit = (holder: Holder, wanted: number, byte: number, bitNumber: number): boolean =>
  bit(bytesOf(holder, wanted), byte, bitNumber);

/** A numeric element's value; 0 where it is absent. */
export const numberOf = (holder: Holder, wanted: number): number =>
  fromBcd(bytesOf(holder, wanted)) ?? 0;

/** A binary element's value, of a few bytes; 0 where it is absent. */
export const binaryOf = (holder: Holder, wanted: number): number => {
  let value = 0;
  for (const byte of bytesOf(holder, wanted)) value = value * 256 + byte;
  return value;
};

const EMPTY = new Uint8Array(0);
