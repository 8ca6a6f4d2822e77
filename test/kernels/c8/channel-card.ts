import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { channelMac } from '#crypto/blinded-diffie-hellman.ts';
import { aesCmacPlus } from '#crypto/cmac.ts';
import { sha256 } from '#crypto/sha2.ts';
import {
  type CardChannel,
  encryptedRecord,
  openCardChannel,
  received,
  sealed,
} from '#drivers/simulated/card/c8/channel.ts';
import { eccAuthorityKey } from '#drivers/simulated/issuer/ecc.ts';
import {
  certifyEccIcc,
  certifyEccIssuer,
  type EccIccFacts,
  type EccIssuerFacts,
} from '#drivers/simulated/issuer/ecc-certificates.ts';
import { type EccKey, simulatedEccKey } from '#drivers/simulated/issuer/ecc-keys.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { AID, answer, CDOL1, INDEX, LABEL, type Objects, tlvs } from './objects.ts';

export const PAN = '9999088000000010';
export const CRYPTOGRAM = '1122334455667788';
export const ISSUER_DATA = '0FA601 0000000000 0000000000000000 0F 00000000000000 0000000000000000';
export const DEVICE_ENTROPY = '0102E2EB';

export const [GPO, RELAY, READ, READ_DATA, GENERATE, WRITE_DATA] = [
  0xa8, 0xea, 0xb2, 0x32, 0xae, 0x34,
] as const;

export interface ChannelStory {
  /** By default local authentication, offline capable, IAD MAC at the default offset, RRP. */
  readonly aip?: string;
  /** Changes to GET PROCESSING OPTIONS, known to the card. */
  readonly gpo?: Objects;
  /** Changes to the signed record. */
  readonly record?: Objects;
  /** The signed record goes in clear. */
  readonly inClear?: boolean;
  /** Changes to the records with certificates; a function gets the static data. */
  readonly certificates?: Objects | ((staticData: Uint8Array) => Objects);
  readonly issuerFacts?: Partial<EccIssuerFacts>;
  readonly iccFacts?: Partial<EccIccFacts>;
  /** The key that is certified, if it isn't the card's own. */
  readonly certified?: EccKey;
  /** Times of relay resistance: minimum, maximum, estimate; 2 bytes each. */
  readonly relayTimes?: string;
  /** Cryptogram types (00, 40, 80) by what was asked for. */
  readonly decides?: (asked: number) => number;
  /** Changes to GENERATE AC's answer that the MAC covers, and after it was made. */
  readonly cryptogram?: Objects;
  readonly afterwards?: Objects;
  /** What READ DATA finds, by tag. */
  readonly envelopes?: Objects;
  /** Whole answers by the command's instruction byte. */
  readonly answers?: Readonly<Record<number, string | 'timeout' | 'transmission' | 'protocol'>>;
  /** Changes an answer on its way, by its place from 0 (GPO). */
  readonly tampers?: (response: Uint8Array, index: number) => Uint8Array;
}

export const CARD_KEY = simulatedEccKey('the card of the tests');
const ISSUER_KEY = simulatedEccKey('the issuer of the tests');
const SEED = new Uint8Array(40).fill(0x77);

/** What the card remembers of a tap. */
interface Seen {
  channel: CardChannel | undefined;
  pdolValues: Uint8Array;
  relay: Uint8Array;
}

/** A card that opens the channel and proves what it says, whatever the terminal sends it. */
export const channelCard = (story: ChannelStory = {}): ScriptedCard => {
  const seen: Seen = { channel: undefined, pdolValues: NOTHING, relay: NOTHING };
  const signed = tlvs({ ...RECORD, ...story.record });
  const data = staticDataOf(story, signed);
  const certificates = certificatesOf(story, data);
  return (command, index) => {
    const whole = story.answers?.[command[1] ?? 0];
    if (whole === 'timeout' || whole === 'transmission' || whole === 'protocol') return whole;
    const response =
      whole === undefined ? respond(story, command, seen, signed, data, certificates) : hex(whole);
    return story.tampers?.(response, index) ?? response;
  };
};

export const RECORD: Objects = {
  '5A': PAN,
  '57': `${PAN}D31122010000000000000F`,
  '5F24': '311231',
  '5F34': '01',
  '9F07': 'FFC0',
  '9F810A': '8C50',
};

const NOTHING = new Uint8Array();
const AIP = '010B';

const staticDataOf = (story: ChannelStory, signed: Uint8Array): Uint8Array =>
  concat(
    signed,
    encodeTlv(0x8c, hex(story.gpo?.['8C'] ?? CDOL1)),
    encodeTlv(0x50, hex(LABEL)),
    hex(story.aip ?? AIP),
  );

const certificatesOf = (story: ChannelStory, staticData: Uint8Array): Objects => {
  const issuer = certifyEccIssuer(eccAuthorityKey(INDEX), ISSUER_KEY, {
    identifier: '999908',
    rid: AID.subarray(0, 5),
    index: INDEX,
    serial: '0000A8',
    ...story.issuerFacts,
  });
  const icc = certifyEccIcc(ISSUER_KEY, story.certified ?? CARD_KEY, {
    dataHash: sha256(staticData),
    ...story.iccFacts,
  });
  const { certificates = {} } = story;
  return {
    '8F': toHex(Uint8Array.of(INDEX)),
    '90': toHex(issuer),
    '9F46': toHex(icc),
    ...(typeof certificates === 'function' ? certificates(staticData) : certificates),
  };
};

const respond = (
  story: ChannelStory,
  command: Uint8Array,
  seen: Seen,
  signed: Uint8Array,
  staticData: Uint8Array,
  certificates: Objects,
): Uint8Array => {
  const [, ins = 0, , p2 = 0] = command;
  const { channel } = seen;
  if (ins === GPO) return processingOptions(story, command, seen);
  if (ins === RELAY) {
    const told = hex(DEVICE_ENTROPY + (story.relayTimes ?? '0000 0040 0018'));
    seen.relay = concat(command.subarray(5, 9), told);
    return answer(0x80, told);
  }
  if (channel === undefined) return hex('6985');
  if (ins === READ && p2 >> 3 === 2) return answer(0x70, certificates);
  if (ins === READ) {
    if (story.inClear) return answer(0x70, signed);
    return concat(encryptedRecord(channel, signed, false), hex('9000'));
  }
  if (ins === READ_DATA) {
    const name = toHex(command.subarray(5, -1));
    const envelope = tlvs({ [name]: story.envelopes?.[name] ?? '' });
    return concat(sealed(channel, envelope), hex('9000'));
  }
  if (ins === WRITE_DATA) {
    return concat(received(channel, command.subarray(5, -1)).mac, hex('9000'));
  }
  return ins === GENERATE ? cryptogram(story, command, seen, staticData) : hex('6D00');
};

const processingOptions = (story: ChannelStory, command: Uint8Array, seen: Seen): Uint8Array => {
  seen.pdolValues = command.subarray(7, -1);
  seen.relay = NOTHING;
  const opened = openCardChannel(CARD_KEY, seen.pdolValues.subarray(8, 72), SEED);
  seen.channel = opened?.channel;
  return answer(0x77, {
    '82': story.aip ?? AIP,
    '94': '0801010110010100',
    '9F8103': toHex(opened?.cardKeyData ?? NOTHING),
    '8C': CDOL1,
    ...story.gpo,
  });
};

const cryptogram = (
  story: ChannelStory,
  command: Uint8Array,
  { channel, pdolValues, relay }: Seen,
  staticData: Uint8Array,
): Uint8Array => {
  if (channel === undefined) return hex('6985');
  const p1 = command[2] ?? 0;
  const objects: Objects = {
    '9F27': toHex(Uint8Array.of(story.decides?.(p1) ?? p1)),
    '9F36': '0042',
    '9F8102': '00',
    '9F10': ISSUER_DATA,
    ...story.cryptogram,
  };
  const input = concat(
    new Uint8Array(2),
    pdolValues,
    command.subarray(5, -1),
    relay,
    tlvs(objects),
    sha256(staticData),
  );
  const iadMac = aesCmacPlus(channel.keys.integrity, input).subarray(0, 8);
  const edaMac = channelMac(channel.keys, 0, hex(CRYPTOGRAM), iadMac);
  return answer(0x77, {
    ...objects,
    '9F26': CRYPTOGRAM,
    '9F8105': toHex(edaMac),
    ...story.afterwards,
  });
};
