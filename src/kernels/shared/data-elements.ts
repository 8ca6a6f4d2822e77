import type { DataElement } from './outcome.ts';

/** Those of the wanted elements that are there, in the order wanted. */
export const present = (
  data: ReadonlyMap<number, Uint8Array>,
  wanted: readonly number[],
): DataElement[] => {
  const found: DataElement[] = [];
  for (const tag of wanted) {
    const value = data.get(tag);
    if (value !== undefined) found.push({ tag, value });
  }
  return found;
};
