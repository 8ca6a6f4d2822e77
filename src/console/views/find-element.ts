import { isMalformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs } from '#tlv/tlv.ts';

/** The first value of a tag anywhere in a TLV string, templates included. */
export const findElement = (bytes: Uint8Array, wanted: number): Uint8Array | undefined => {
  const objects = parseTlvs(bytes);
  if (isMalformed(objects)) return undefined;
  for (const { tag, value } of objects) {
    const found =
      tag === wanted ? value : isConstructed(tag) ? findElement(value, wanted) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
};
