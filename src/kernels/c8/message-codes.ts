import { concat, equal } from '#bytes/bytes.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { channelMac, counterBytes } from '#crypto/blinded-diffie-hellman.ts';
import { aesCmacPlus } from '#crypto/cmac.ts';
import { sha256 } from '#crypto/sha2.ts';
import { tag } from '#data/dictionary.ts';
import { parseTagList } from '#tlv/dol.ts';
import { encodeTlv, rawOf } from '#tlv/tlv.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { bytesOf, dataBit, type Kernel8Run, tvrBit } from './run.ts';

/**
 * What the card's hash and certificates cover: signed records, the elements that the Extended SDA
 * Tag List (9F810A) names (an absent one as tag and length 0), and the AIP. C-8
 */
export const staticData = (run: Kernel8Run): Uint8Array | Malformed => {
  const tags = parseTagList(bytesOf(run, tag.extendedSdaTagList));
  if (isMalformed(tags)) return tags;
  return concat(
    ...run.signedRecords,
    ...tags.map((wanted) => encodeTlv(wanted, bytesOf(run, wanted))),
    bytesOf(run, tag.applicationInterchangeProfile),
  );
};

/**
 * IAD-MAC: 8 bytes over all that both sides have said of this transaction. Undefined without keys.
 * C-8
 */
export const iadMac = (run: Kernel8Run, staticDataHash: Uint8Array): Uint8Array | undefined => {
  const { keys } = run.channel;
  if (keys === undefined) return undefined;
  const { entropy, answer } = run.relayExchange ?? NO_EXCHANGE;
  const relay = tvrBit(run, 'relayResistancePerformed') ? [entropy, answer] : [];
  // As received and in its order, without the two that are computed of it.
  const answered = run.generateAcAnswer.filter((object) => !COMPUTED.includes(object.tag));
  return aesCmacPlus(
    keys.integrity,
    concat(
      counterBytes(NO_COUNTER),
      run.pdolValues,
      run.cdol1Values,
      ...relay,
      ...answered.map(rawOf),
      staticDataHash,
    ),
  ).subarray(0, 8);
};

/** EDA-MAC: over cryptogram and IAD-MAC, it proves that the card has said all this. */
export const isCardsMac = (run: Kernel8Run, iad: Uint8Array): boolean => {
  const { keys } = run.channel;
  if (keys === undefined) return false;
  const mac = channelMac(keys, NO_COUNTER, bytesOf(run, tag.applicationCryptogram), iad);
  return equal(mac, bytesOf(run, tag.enhancedDataAuthenticationMac));
};

/**
 * Puts the IAD-MAC into the IAD (9F10) where the card wants it: AIP byte 2 bits 3-2. The card's own
 * cryptogram covers it there, so that the issuer sees what the terminal saw.
 * @returns what is wrong, if the MAC doesn't fit
 */
export const copyIntoIad = (run: Kernel8Run, mac: Uint8Array): Reason | undefined => {
  const atDefault = dataBit(run, tag.applicationInterchangeProfile, 2, 2);
  const atOwn = dataBit(run, tag.applicationInterchangeProfile, 2, 3);
  // 11 is reserved: as 00.
  if (atDefault === atOwn) return undefined;
  const where = atDefault ? tag.defaultIadMacOffset : tag.iadMacOffset;
  const [offset] = bytesOf(run, where);
  if (offset === undefined) return reason('the card has not sent it', where);
  const iad = Uint8Array.from(bytesOf(run, tag.issuerApplicationData));
  if (offset + mac.length > iad.length) return reason('behind the end of the IAD', where);
  iad.set(mac, offset);
  run.data.set(tag.issuerApplicationData, iad);
  return undefined;
};

/** SHA-256 always: the hash in the card's certificate is the same one. */
export const staticDataHashOf = (data: Uint8Array): Uint8Array => sha256(data);

const COMPUTED: readonly number[] = [tag.applicationCryptogram, tag.enhancedDataAuthenticationMac];

// No message has this counter: the card's begin with 8000, the kernel's have no MAC.
const NO_COUNTER = 0x0000;

const NO_EXCHANGE = { entropy: new Uint8Array(0), answer: new Uint8Array(0) };
