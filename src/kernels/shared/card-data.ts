import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs, readTlv, sizeOf, type Tlv, tagText } from '#tlv/tlv.ts';

// Real answers nest four deep; a string made to nest by the thousand must not exhaust the stack.
const DEEPEST = 32;

/**
 * All primitive objects of a card's answer, in order, looked for inside every template.
 * @param within names of what is around, for a fault's path
 */
export const primitives = (
  bytes: Uint8Array,
  base = 0,
  within: readonly string[] = [],
): Tlv[] | Malformed => {
  const found: Tlv[] = [];
  const problem = collect(bytes, base, found, 1);
  if (problem === undefined) return found;
  return { ...problem, path: [...within, ...problem.path] };
};

// The path is made only where it is needed: on the way back from what is malformed.
const collect = (
  bytes: Uint8Array,
  base: number,
  found: Tlv[],
  depth: number,
): Malformed | undefined => {
  if (depth > DEEPEST) return malformed([], base, `templates nest over ${DEEPEST} deep`);
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      at += 1;
      continue;
    }
    const object = readTlv(bytes, at, base, NOWHERE);
    if ('malformed' in object) return object;
    if (!isConstructed(object.tag)) found.push(object);
    else {
      const problem = collect(object.value, object.valueOffset, found, depth + 1);
      if (problem !== undefined) {
        return { ...problem, path: [tagText(object.tag), ...problem.path] };
      }
    }
    at += sizeOf(object);
  }
  return undefined;
};

const NOWHERE: readonly string[] = [];

/**
 * The one template an answer must consist of: 77, 70 or 6F, or one of several. Anything after it
 * but '00' is malformed.
 */
export const soleTemplate = (bytes: Uint8Array, ...wanted: readonly number[]): Tlv | Malformed => {
  const objects = parseTlvs(bytes);
  if ('malformed' in objects) return objects;
  const [first, second] = objects;
  const names = wanted.map(tagText).join(' or ');
  if (first === undefined) return malformed([names], 0, 'the answer is empty');
  if (!wanted.includes(first.tag)) {
    return malformed([tagText(first.tag)], first.offset, `not template ${names}`);
  }
  if (second !== undefined) {
    return malformed([tagText(second.tag)], second.offset, `stands after ${tagText(first.tag)}`);
  }
  return first;
};

/** All primitive objects of an answer that must consist of one template. */
export const inSoleTemplate = (bytes: Uint8Array, wanted: number): Tlv[] | Malformed => {
  const template = soleTemplate(bytes, wanted);
  return isMalformed(template)
    ? template
    : primitives(template.value, template.valueOffset, [tagText(wanted)]);
};

/** The object with this tag directly inside a template's value. */
export const child = (parent: Tlv, wanted: number): Tlv | undefined | Malformed => {
  const objects = parseTlvs(parent.value, parent.valueOffset);
  if (!('malformed' in objects)) return objects.find(({ tag }) => tag === wanted);
  return { ...objects, path: [tagText(parent.tag), ...objects.path] };
};
