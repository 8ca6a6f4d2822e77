import type { DataElement } from './outcome.ts';

/** Those of the wanted elements that are there, in the order wanted. */
export const present = (
  data: ReadonlyMap<number, Uint8Array>,
  wanted: readonly number[],
): DataElement[] =>
  wanted.flatMap((tag) => {
    const value = data.get(tag);
    return value === undefined ? [] : [{ tag, value }];
  });
