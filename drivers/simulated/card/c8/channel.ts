import { concat } from '#bytes/bytes.ts';
import { toBigInt, toBytes } from '#crypto/big-integer.ts';
import {
  agreeOnKeys,
  channelCipher,
  channelMac,
  type EphemeralKey,
  type SessionKeys,
} from '#crypto/blinded-diffie-hellman.ts';
import { multipliedX, p256 } from '#crypto/elliptic-curve.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv } from '#tlv/tlv.ts';

/** The card's side of the secure channel, and what it has counted. */
export interface CardChannel {
  readonly keys: SessionKeys;
  cardCounter: number;
  kernelCounter: number;
}

/**
 * A channel just opened, and Card Key Data (9F8103) by which the terminal comes to the same keys.
 */
export interface OpenedChannel {
  readonly channel: CardChannel;
  readonly cardKeyData: Uint8Array;
}

/**
 * Blinds the card's key with r and agrees on keys. Undefined if the terminal's key is no point.
 * @param terminalKey x||y, from 9E
 * @param seed bytes that nobody can foresee, for r
 */
export const openCardChannel = (
  card: EphemeralKey,
  terminalKey: Uint8Array,
  seed: Uint8Array,
): OpenedChannel | undefined => {
  const factor = (toBigInt(seed) % (p256.order - 1n)) + 1n;
  const blindingFactor = toBytes(factor, p256.fieldBytes);
  const blindedKey = multipliedX(p256, blindingFactor, card.publicKey);
  // x of (d·r)·Qk: the terminal computes its key times the blinded one, and gets the same.
  const product = (factor * toBigInt(card.privateKey)) % p256.order;
  const blindedPrivateKey = toBytes(product, p256.fieldBytes);
  const keys = agreeOnKeys({ ...card, privateKey: blindedPrivateKey }, terminalKey);
  if (keys === undefined || blindedKey === undefined) return undefined;
  const channel: CardChannel = { keys, cardCounter: 0x8000, kernelCounter: 0x0000 };
  return { channel, cardKeyData: concat(blindedKey, encrypted(channel, blindingFactor)) };
};

/** The next message in cipher. */
export const encrypted = (channel: CardChannel, plain: Uint8Array): Uint8Array => {
  channel.cardCounter += 1;
  return channelCipher(channel.keys, channel.cardCounter - 1, plain);
};

/** A record, template DA. A card that is a replay uses a counter that it has used before. */
export const encryptedRecord = (
  channel: CardChannel,
  content: Uint8Array,
  replayed: boolean,
): Uint8Array => {
  if (replayed) channel.cardCounter -= 1;
  return encodeTlv(ENCRYPTED_RECORD, encrypted(channel, content));
};

/** READ DATA: an envelope in cipher, and the MAC over it. */
export const sealed = (channel: CardChannel, envelope: Uint8Array): Uint8Array => {
  const counter = channel.cardCounter;
  const cipher = encrypted(channel, envelope);
  return concat(cipher, channelMac(channel.keys, counter, cipher));
};

/** WRITE DATA: the envelope in clear, and the MAC that shows it arrived. */
export const received = (
  channel: CardChannel,
  cipher: Uint8Array,
): { readonly plain: Uint8Array; readonly mac: Uint8Array } => {
  const plain = channelCipher(channel.keys, channel.kernelCounter, cipher);
  channel.kernelCounter += 1;
  const mac = channelMac(channel.keys, channel.cardCounter, plain);
  channel.cardCounter += 1;
  return { plain, mac };
};

const ENCRYPTED_RECORD = 0xda;

/** Whether a tag is one of the ten data envelopes. */
export const isEnvelope = (wanted: number): boolean =>
  wanted >= tag.dataEnvelope1 && wanted <= tag.dataEnvelope10;
