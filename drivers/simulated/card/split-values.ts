import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { DolEntry } from '#tlv/dol.ts';
import { readTlv, sizeOf } from '#tlv/tlv.ts';

/** The values a terminal sent for a DOL, by tag; 6700 when their length isn't the list's. */
export const splitValues = (
  entries: readonly DolEntry[],
  data: Uint8Array,
): ReadonlyMap<number, Uint8Array> | number => {
  const values = new Map<number, Uint8Array>();
  let at = 0;
  for (const { tag: wanted, length } of entries) {
    if (at + length > data.length) return sw.wrongLength;
    values.set(wanted, data.subarray(at, at + length));
    at += length;
  }
  return at === data.length ? values : sw.wrongLength;
};

/** The value of template 83 that fills a GPO command; 6A80 when it isn't one. Book 3 §6.5.8. */
export const commandTemplateValue = (data: Uint8Array): Uint8Array | number => {
  const template = readTlv(data, 0, 0, []);
  if (isMalformed(template) || template.tag !== tag.commandTemplate) return INCORRECT_DATA;
  return sizeOf(template) === data.length ? template.value : INCORRECT_DATA;
};

// ISO 7816-4: incorrect parameters in the command data field.
const INCORRECT_DATA = 0x6a80;
