import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import type { Authentication } from '#kernels/shared/kernel.ts';
import { caPublicKeys, type IssuerKeyCache, revocationList } from '#oda/index.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import {
  cdaDynamicData,
  certifyIcc,
  certifyIssuer,
  generateTestKey,
  signDynamicData,
  type TestKey,
} from '#test/support/test-pki.ts';
import {
  AID,
  answer,
  GENERATE,
  GPO,
  type Objects,
  PAN,
  READ,
  RECORD,
  RELAY,
  tlvs,
  UN_AT,
} from './support.ts';

export interface Keys {
  readonly ca: TestKey;
  readonly issuer: TestKey;
  readonly icc: TestKey;
}

/** Lengths in bytes: certification authority, issuer, card. */
export const newKeys = (ca: number, issuer: number, icc: number): Keys => ({
  ca: generateTestKey(ca),
  issuer: generateTestKey(issuer),
  icc: generateTestKey(icc),
});

export const INDEX = 0x05;
const RID = AID.subarray(0, 5);

interface Trust {
  readonly revokedSerial?: string;
  readonly exceptions?: readonly string[];
  readonly index?: number;
  readonly expires?: string;
  readonly issuerKeys?: IssuerKeyCache;
  /** Of another scheme than Mastercard. */
  readonly rid?: Uint8Array;
}

/** A terminal that knows the authority of these keys. */
export const trusting = ({ ca }: Keys, { rid = RID, ...more }: Trust = {}): Authentication => ({
  caKeys: caPublicKeys([
    {
      rid,
      index: more.index ?? INDEX,
      modulus: ca.modulus,
      exponent: ca.exponent,
      ...(more.expires === undefined ? {} : { expires: more.expires }),
    },
  ]),
  revoked: revocationList(
    more.revokedSerial === undefined
      ? []
      : [{ rid, index: INDEX, serial: hex(more.revokedSerial) }],
  ),
  exceptionFile: new Set(more.exceptions ?? []),
  ...(more.issuerKeys ? { issuerKeys: more.issuerKeys } : {}),
});

export interface SignedStory {
  /** AIP: by default CDA, cardholder verification, EMV mode. */
  readonly aip?: string;
  /** More in the answer to GET PROCESSING OPTIONS. */
  readonly gpo?: Objects;
  /** Changes to the signed record before the issuer signs it. */
  readonly signed?: Objects;
  /** Changes to the signed record and the certificates after everything is signed. */
  readonly afterwards?: Objects;
  readonly issuerExpires?: string;
  readonly iccExpires?: string;
  readonly certifiedPan?: string;
  readonly signedSfi?: number;
  /** Times of relay resistance: minimum, maximum, estimate; 2 bytes each. */
  readonly relayTimes?: string;
  /** What the card signs of relay resistance, if that isn't what it answered. */
  readonly relaySigned?: (values: Uint8Array) => Uint8Array;
  /** Cryptogram types (00, 40, 80) by what was asked for. */
  readonly decides?: (asked: number) => number;
  /** Never signs; or signs although not asked. */
  readonly signs?: 'never' | 'always';
  /** CID inside the signature, if it isn't the one in clear. */
  readonly signedCid?: number;
  /** More in GENERATE AC's answer, which the card signs too. */
  readonly alsoSigned?: Objects;
  /** Changes to GENERATE AC's answer after it is signed. */
  readonly cryptogram?: Objects;
}

export const SIGNED_CRYPTOGRAM = '1122334455667788';
const DYNAMIC_NUMBER = 'A0A1A2A3A4A5A6A7';
export const DEVICE_ENTROPY = '0102E2EB';
const ISSUER_DATA = '0110A00003220000000000000000000000FF';

/** A card that proves its cryptogram by CDA, whatever the terminal sends it. */
export const signingCard = (keys: Keys, story: SignedStory = {}): ScriptedCard => {
  const aip = story.aip ?? '1980';
  const sfi = story.signedSfi ?? 2;
  const signed = tlvs({ ...RECORD, '9F4A': '82', ...story.signed });
  const record = (value: Uint8Array) => answer(0x70, value);
  const staticData = concat(sfi > 10 ? record(signed).slice(0, -2) : signed, hex(aip));
  const certificates = certificatesOf(keys, story, staticData);
  const altered = tlvs({
    ...RECORD,
    '9F4A': '82',
    ...story.signed,
    ...Object.fromEntries(
      Object.entries(story.afterwards ?? {}).filter(([tag]) => !CERTIFICATE_DATA.includes(tag)),
    ),
  });
  const afl = toHex(Uint8Array.of(sfi << 3, 1, 1, 1, 3 << 3, 1, 2, 0));
  const seen: Seen = { pdolValues: '', relay: new Uint8Array(0) };
  return (command) => {
    const [, ins = 0, p1 = 0, p2 = 0] = command;
    switch (ins) {
      case GPO:
        seen.pdolValues = toHex(command.subarray(7, -1));
        seen.relay = new Uint8Array(0);
        return answer(0x77, { '82': aip, '94': afl, ...story.gpo });
      case RELAY: {
        const device = hex(DEVICE_ENTROPY + (story.relayTimes ?? '0010 0040 0018'));
        seen.relay = concat(command.subarray(5, 9), device);
        return answer(0x80, device);
      }
      case READ:
        if (p2 >> 3 === 3) return answer(0x70, certificates[p1 - 1] ?? {});
        return record(sfi > 10 ? signed : altered);
      case GENERATE:
        return cryptogram(keys, story, command, seen);
      default:
        return hex('6D00');
    }
  };
};

const CERTIFICATE_DATA = ['8F', '90', '92', '9F32', '9F46', '9F47', '9F48'];

/** What the card remembers of a tap, for its signature. */
interface Seen {
  pdolValues: string;
  relay: Uint8Array;
}

const cryptogram = (
  { icc }: Keys,
  story: SignedStory,
  command: Uint8Array,
  seen: Seen,
): Uint8Array => {
  const p1 = command[2] ?? 0;
  const cdol1 = command.subarray(5, -1);
  const cid = story.decides?.(p1 & 0xc0) ?? p1 & 0xc0;
  const cidText = toHex(Uint8Array.of(cid));
  const clear = { '9F27': cidText, '9F36': '0042', '9F10': ISSUER_DATA, ...story.alsoSigned };
  const asked = (p1 & 0x10) !== 0 && (cid !== 0 || (p1 & 0xc0) === 0);
  if (story.signs === 'never' || !(asked || story.signs === 'always')) {
    return answer(0x77, { ...clear, '9F26': SIGNED_CRYPTOGRAM, ...story.cryptogram });
  }
  const dynamicData = cdaDynamicData(
    hex(DYNAMIC_NUMBER),
    story.signedCid ?? cid,
    hex(SIGNED_CRYPTOGRAM),
    concat(hex(seen.pdolValues), cdol1, tlvs(clear)),
    story.relaySigned?.(seen.relay) ?? seen.relay,
  );
  const unpredictableNumber = cdol1.subarray(UN_AT, UN_AT + 4);
  const signature = signDynamicData(icc, 0x05, dynamicData, unpredictableNumber);
  return answer(0x77, { ...clear, '9F4B': toHex(signature), ...story.cryptogram });
};

const certificatesOf = (
  { ca, issuer, icc }: Keys,
  story: SignedStory,
  staticData: Uint8Array,
): readonly Objects[] => {
  const forIssuer = certifyIssuer(ca, issuer, {
    identifier: '541333',
    expires: story.issuerExpires ?? '1230',
    serial: '0000A1',
  });
  const pan = story.certifiedPan ?? PAN;
  const forIcc = certifyIcc(issuer, icc, { pan, expires: story.iccExpires ?? '1228', staticData });
  const remainder = (bytes: Uint8Array) => (bytes.length > 0 ? toHex(bytes) : undefined);
  const first: Objects = {
    '8F': toHex(Uint8Array.of(INDEX)),
    '90': toHex(forIssuer.certificate),
    '92': remainder(forIssuer.remainder),
    '9F32': toHex(forIssuer.exponent),
  };
  const second: Objects = {
    '9F46': toHex(forIcc.certificate),
    '9F47': toHex(forIcc.exponent),
    '9F48': remainder(forIcc.remainder),
  };
  return [first, second].map((objects) =>
    Object.fromEntries(
      Object.entries(objects).map(([tag, value]) => [
        tag,
        story.afterwards !== undefined && tag in story.afterwards ? story.afterwards[tag] : value,
      ]),
    ),
  );
};
