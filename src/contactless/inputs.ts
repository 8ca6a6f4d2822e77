import { concat } from '#bytes/bytes.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { Activation } from '#entry-point/run.ts';
import { parseTlvs, rawOf } from '#tlv/tlv.ts';

/** A source of "random" bytes that can be repeated: the given ones, over and over. */
export const cyclicRandom = (bytes: Uint8Array): ((length: number) => Uint8Array) => {
  let at = 0;
  return (length) => {
    const drawn = Uint8Array.from({ length }, (_, i) => bytes[(at + i) % bytes.length] ?? 0);
    at = (at + length) % bytes.length;
    return drawn;
  };
};

const ISSUER_DATA: readonly number[] = [
  tag.issuerAuthenticationData,
  tag.issuerScriptTemplate1,
  tag.issuerScriptTemplate2,
];

/**
 * What an activation carries of the host's answer (TLV): all of it for the kernel, and apart 91, 71
 * and 72, which are why a card is wanted again. Book A 6.3.7
 */
export const onlineAnswer = (
  onlineResponse: Uint8Array,
): Pick<Activation, 'issuerData' | 'onlineResponse'> | Malformed => {
  const objects = parseTlvs(onlineResponse);
  if (isMalformed(objects)) return objects;
  const issuerData = objects.filter((object) => ISSUER_DATA.includes(object.tag));
  return {
    onlineResponse,
    ...(issuerData.length > 0 ? { issuerData: concat(...issuerData.map(rawOf)) } : {}),
  };
};
