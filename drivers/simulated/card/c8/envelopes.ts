import { sw } from '#apdu/status-words.ts';
import { encodeTlv, tagAt, tagLengthAt } from '#tlv/tlv.ts';
import type { CardApplication } from '../personalise.ts';
import type { CardAnswer } from '../profile.ts';
import { type CardChannel, isEnvelope, received, sealed } from './channel.ts';

/** READ DATA: the envelope with this tag, over the channel. */
export const readEnvelope = (
  app: CardApplication,
  channel: CardChannel,
  name: Uint8Array,
): CardAnswer => {
  const length = tagLengthAt(name, 0);
  const wanted = length === undefined ? 0 : tagAt(name, 0, length);
  if (length !== name.length || !isEnvelope(wanted)) return { sw: NOT_FOUND };
  const value = app.elements.get(wanted) ?? new Uint8Array();
  return { sw: sw.ok, data: sealed(channel, encodeTlv(wanted, value)) };
};

/**
 * WRITE DATA: confirms that an envelope arrived. These cards forget it with their power.
 * C-8
 */
export const writeEnvelope = (channel: CardChannel, cipher: Uint8Array): CardAnswer => {
  const { plain, mac } = received(channel, cipher);
  const length = tagLengthAt(plain, 0);
  const known = length !== undefined && isEnvelope(tagAt(plain, 0, length));
  return known ? { sw: sw.ok, data: mac } : { sw: NOT_FOUND };
};

// ISO 7816-4: referenced data not found.
const NOT_FOUND = 0x6a88;
