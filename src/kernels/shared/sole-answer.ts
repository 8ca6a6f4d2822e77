import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';

/** The one object that a card's answer consists of, with a tag out of `wanted`. */
export const soleAnswer = (data: Uint8Array, wanted: readonly number[]): Tlv | Malformed => {
  const objects = parseTlvs(data);
  if (isMalformed(objects)) return objects;
  const [first, second] = objects;
  if (first === undefined) return malformed([], 0, 'the answer is empty');
  if (second !== undefined) return malformed([tagText(second.tag)], second.offset, 'one too many');
  return wanted.includes(first.tag)
    ? first
    : malformed([tagText(first.tag)], first.offset, `not ${wanted.map(tagText).join(' or ')}`);
};
