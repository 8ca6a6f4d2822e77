import { type Malformed, malformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';

/**
 * All primitive objects of a card's answer, in order, looked for inside every template.
 * @param within names of what is around, for a fault's path
 */
export const primitives = (
  bytes: Uint8Array,
  base = 0,
  within: readonly string[] = [],
): Tlv[] | Malformed => {
  const objects = parseTlvs(bytes, base, within);
  if ('malformed' in objects) return objects;
  const found: Tlv[] = [];
  for (const object of objects) {
    if (!isConstructed(object.tag)) {
      found.push(object);
      continue;
    }
    const inside = primitives(object.value, object.valueOffset, [...within, tagText(object.tag)]);
    if ('malformed' in inside) return inside;
    found.push(...inside);
  }
  return found;
};

/**
 * The one template an answer must consist of, such as 77, 70 or 6F. Anything after it but '00' is
 * malformed.
 */
export const soleTemplate = (bytes: Uint8Array, wanted: number): Tlv | Malformed => {
  const objects = parseTlvs(bytes);
  if ('malformed' in objects) return objects;
  const [first, second] = objects;
  if (first === undefined) return malformed([tagText(wanted)], 0, 'the answer is empty');
  if (first.tag !== wanted) {
    return malformed([tagText(first.tag)], first.offset, `not template ${tagText(wanted)}`);
  }
  if (second !== undefined) {
    return malformed([tagText(second.tag)], second.offset, `stands after ${tagText(wanted)}`);
  }
  return first;
};

/** The object with this tag directly inside a template's value. */
export const child = (parent: Tlv, wanted: number): Tlv | undefined | Malformed => {
  const objects = parseTlvs(parent.value, parent.valueOffset, [tagText(parent.tag)]);
  if ('malformed' in objects) return objects;
  return objects.find(({ tag }) => tag === wanted);
};
