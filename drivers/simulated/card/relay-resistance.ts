import { concat } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import type { RelayTimes } from './personalise.ts';

/** One exchange of EXCHANGE RELAY RESISTANCE DATA, C-2 3.10. */
export interface RelayExchange {
  /** Template 80: device entropy (4), minimum, maximum and transmission time (2 each). */
  readonly answer: Uint8Array;
  /** What the card will sign of it, behind the terminal's entropy (4). */
  readonly remembered: Uint8Array;
}

/** How often a card lets itself be asked within one transaction. */
export const RELAY_TRIES = 3;

/** By how much a relay over a network is late: far more than a card may take. */
export const RELAY_DELAY_MS = 60;

export const exchangeRelayData = (
  { times, relay }: RelayTimes,
  terminalEntropy: Uint8Array,
  random: (length: number) => Uint8Array,
): RelayExchange => {
  const told = random(4);
  // Somebody who answers in the card's place can't know what the card itself will sign.
  const signed = relay === 'answersItself' ? told.map((byte) => byte ^ 0xff) : told;
  return {
    answer: encodeTlv(tag.responseMessageTemplateFormat1, told, times),
    remembered: concat(terminalEntropy, signed, times),
  };
};
