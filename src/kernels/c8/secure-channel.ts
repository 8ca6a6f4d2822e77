import { bit, equal } from '#bytes/bytes.ts';
import {
  agreeOnKeys,
  channelCipher,
  channelMac,
  type EphemeralKey,
  isBlindedBy,
  type SessionKeys,
} from '#crypto/blinded-diffie-hellman.ts';
import { suiteIndicator } from '#oda/ecc-suites.ts';

// The book's Process C, which may run beside the kernel there. Here it computes when it is asked:
// all of it takes less time than one exchange with a card.

/** The channel of one activation: keys once they are agreed on, and the counters of both sides. */
export interface SecureChannel {
  /** Secure channel suite in use, and the certificate suites that this kernel takes. */
  readonly suite: number;
  readonly certificateSuites: readonly number[];
  readonly own: EphemeralKey;
  keys: SessionKeys | undefined;
  /** The card's blinded key, and the number that it says it blinded it with. */
  blindedKey: Uint8Array;
  blindingFactor: Uint8Array;
  /** Card Message Counter and Kernel Message Counter: each message has its own. */
  cardCounter: number;
  kernelCounter: number;
}

const NOTHING = new Uint8Array(0);

// C-8 1.2 has one suite for the channel.
const CHANNEL_SUITES: readonly number[] = [suiteIndicator.channelP256];

/**
 * The first suite of the card's list (Card Qualifier bytes 2 to 4) that this reader has too;
 * undefined if there is none.
 */
export const commonSuite = (cardQualifier: Uint8Array): number | undefined =>
  [...cardQualifier.subarray(1, 4)].find((suite) => CHANNEL_SUITES.includes(suite));

/** Certificate suites of this kernel; RSA where the configuration enables it (9F8209 b6). */
export const certificateSuites = (kernelConfiguration: Uint8Array): readonly number[] =>
  bit(kernelConfiguration, 1, 6)
    ? [suiteIndicator.rsa, suiteIndicator.ecSdsaP256]
    : [suiteIndicator.ecSdsaP256];

export const openChannel = (
  suite: number,
  suites: readonly number[],
  own: EphemeralKey,
): SecureChannel => ({
  suite,
  certificateSuites: suites,
  own,
  keys: undefined,
  blindedKey: NOTHING,
  blindingFactor: NOTHING,
  cardCounter: 0x8000,
  kernelCounter: 0x0000,
});

/** Before the card has said which channels it knows: nothing can be sent over it. */
export const noChannel = (): SecureChannel =>
  openChannel(suiteIndicator.channelP256, [], { privateKey: NOTHING, publicKey: NOTHING });

/**
 * GPO PRIVACY: session keys from the first half of Card Key Data (9F8103), and the blinding factor
 * out of its second half. False if the card's key is none.
 */
export const agreeWithCard = (channel: SecureChannel, cardKeyData: Uint8Array): boolean => {
  if (cardKeyData.length !== 2 * FIELD_BYTES) return false;
  channel.blindedKey = cardKeyData.slice(0, FIELD_BYTES);
  channel.keys = agreeOnKeys(channel.own, channel.blindedKey);
  const factor = decryptFromCard(channel, cardKeyData.subarray(FIELD_BYTES));
  if (factor === undefined) return false;
  channel.blindingFactor = factor;
  return true;
};

/** The next message of the card in clear; undefined without keys, or when counters are used up. */
export const decryptFromCard = (
  channel: SecureChannel,
  cipher: Uint8Array,
): Uint8Array | undefined => {
  const { keys } = channel;
  const counter = takeCardCounter(channel);
  return keys === undefined || counter === undefined
    ? undefined
    : channelCipher(keys, counter, cipher);
};

/** The same of a message with a MAC of 8 bytes over what is encrypted: READ DATA. */
export const openFromCard = (
  channel: SecureChannel,
  message: Uint8Array,
): Uint8Array | undefined => {
  const { keys } = channel;
  // The card has counted, whatever we think of its message.
  const counter = takeCardCounter(channel);
  if (keys === undefined || counter === undefined || message.length < MAC_BYTES) return undefined;
  const cipher = message.subarray(0, -MAC_BYTES);
  const mac = message.subarray(-MAC_BYTES);
  if (!equal(channelMac(keys, counter, cipher), mac)) return undefined;
  return channelCipher(keys, counter, cipher);
};

/** A message to the card: WRITE DATA. Undefined without keys, or when counters are used up. */
export const encryptToCard = (
  channel: SecureChannel,
  plain: Uint8Array,
): Uint8Array | undefined => {
  const { keys, kernelCounter } = channel;
  if (keys === undefined || kernelCounter >= 0x7fff) return undefined;
  channel.kernelCounter += 1;
  return channelCipher(keys, kernelCounter, plain);
};

/** Whether the card's MAC shows that it received this message: WRITE DATA's answer. */
export const confirmedByCard = (
  channel: SecureChannel,
  plain: Uint8Array,
  mac: Uint8Array,
): boolean => {
  const { keys } = channel;
  const counter = takeCardCounter(channel);
  if (keys === undefined || counter === undefined) return false;
  return equal(channelMac(keys, counter, plain), mac);
};

/** Whether the certified key is behind the one that the card sent. */
export const provesKey = (channel: SecureChannel, cardKey: Uint8Array): boolean =>
  isBlindedBy(channel.blindingFactor, cardKey, channel.blindedKey);

const FIELD_BYTES = 32;
const MAC_BYTES = 8;

const takeCardCounter = (channel: SecureChannel): number | undefined => {
  if (channel.cardCounter === 0xffff) return undefined;
  channel.cardCounter += 1;
  return channel.cardCounter - 1;
};
