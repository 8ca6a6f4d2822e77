import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs, tagText } from '#tlv/tlv.ts';
import { binary, type Message } from './message.ts';

/**
 * DE 55 by tag; empty when the message has none. Offsets count from the start of the field. A
 * primitive tag that stands twice is Malformed: nobody could say which of them the cryptogram
 * covers. Templates (71, 72) may repeat; the map holds the first.
 */
export const iccData = (message: Message): ReadonlyMap<number, Uint8Array> | Malformed => {
  const objects = parseTlvs(binary(message, 55) ?? new Uint8Array(), 0, ['DE 55']);
  if (isMalformed(objects)) return objects;
  const values = new Map<number, Uint8Array>();
  for (const { tag, value, offset } of objects) {
    if (!values.has(tag)) values.set(tag, value);
    else if (!isConstructed(tag)) {
      return malformed(['DE 55', tagText(tag)], offset, 'stands twice');
    }
  }
  return values;
};
