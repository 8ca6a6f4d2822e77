import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import type { Authentication } from '#kernels/shared/kernel.ts';
import { caPublicKeys, revocationList } from '#oda/index.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import {
  certifyIcc,
  certifyIssuer,
  generateTestKey,
  signDynamicData,
  type TestKey,
} from '#test/support/test-pki.ts';
import { AID, answer, type Objects, PAN, tlvs } from './support.ts';

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

export const INDEX = 0x99;

/** A terminal that knows the authority of these keys. */
export const trusting = (
  { ca }: Keys,
  more: {
    revokedSerial?: string;
    exceptions?: readonly string[];
    index?: number;
    /** Of another scheme than Visa. */
    rid?: Uint8Array;
  } = {},
): Authentication => {
  const rid = more.rid ?? AID.subarray(0, 5);
  return {
    caKeys: caPublicKeys([
      { rid, index: more.index ?? INDEX, modulus: ca.modulus, exponent: ca.exponent },
    ]),
    revoked: revocationList(
      more.revokedSerial === undefined
        ? []
        : [{ rid, index: INDEX, serial: hex(more.revokedSerial) }],
    ),
    exceptionFile: new Set(more.exceptions ?? []),
  };
};

export interface OfflineStory {
  /** Changes to GET PROCESSING OPTIONS: the card's live data. */
  readonly gpo?: Objects;
  /** Changes to the signed record, before the issuer signs it. */
  readonly signed?: Objects;
  /** Changes to the records with certificates and 9F69, after everything is signed. */
  readonly afterwards?: Objects;
  readonly related?: string;
  readonly format?: number;
  readonly issuerExpires?: string;
  readonly iccExpires?: string;
  /** Short file identifier of the signed record. */
  readonly signedSfi?: number;
  /** ICC dynamic data, with its length; the transaction counter if not said. */
  readonly dynamicData?: string;
}

/** Offline approval: TC, DDA in the AIP, no qualifiers but "go online" where a story says so. */
const OFFLINE: Objects = {
  '82': '2020',
  '57': '4761739001010119D28122011143878089',
  '5F34': '01',
  '9F10': '06011203900000',
  '9F26': '8877665544332211',
  '9F27': '40',
  '9F36': '0043',
  '9F6C': '0000',
};

const RELATED = '01CAFEBABE0000';

/** A card that has signed what the terminal sends, as an offline-capable Visa card does. */
export const offlineCard = (keys: Keys, story: OfflineStory = {}): ScriptedCard => {
  const sfi = story.signedSfi ?? 2;
  const { signed, aip } = signedPart(story);
  const signedRecord = tlvs({ '70': toHex(signed) });
  const staticData = concat(sfi > 10 ? signedRecord : signed, aip);
  const records = [
    ...certificates(keys, story, staticData).flatMap(packed),
    ...packed(cardSignature(keys, story)),
  ];
  const afl = toHex(Uint8Array.of(sfi << 3, 1, 1, 1, 3 << 3, 1, records.length, 0));
  return (command) => {
    const [, ins = 0, p1 = 0, p2 = 0] = command;
    if (ins === 0xa8) return answer(0x77, { ...OFFLINE, '94': afl, ...story.gpo });
    if (ins !== 0xb2) return hex('6D00');
    if (p2 >> 3 === sfi && p1 === 1) return concat(signedRecord, hex('9000'));
    return answer(0x70, records[p1 - 1] ?? {});
  };
};

/** 9F69 and the signature over it. */
const cardSignature = ({ icc }: Keys, story: OfflineStory): Objects => {
  const { related = RELATED, format = 0x05, dynamicData = '020043', afterwards } = story;
  const terminalData = concat(sent.unpredictable, sent.amount, sent.currency, hex(related));
  return {
    '9F69': related === '' ? undefined : related,
    '9F4B': toHex(signDynamicData(icc, format, hex(dynamicData), terminalData)),
    ...only(afterwards, ['9F69', '9F4B']),
  };
};

/** In as many records as it takes: an answer holds 256 bytes. */
const packed = (objects: Objects): readonly Objects[] => {
  const records: Record<string, string | undefined>[] = [{}];
  for (const [tag, value] of Object.entries(objects)) {
    const last = records.at(-1) ?? {};
    if (tlvs({ ...last, [tag]: value }).length <= 252) last[tag] = value;
    else records.push({ [tag]: value });
  }
  return records;
};

/** What the terminal of support.ts sends in its PDOL. */
const sent = { unpredictable: hex('C0FFEE01'), amount: hex('000000001250'), currency: hex('0840') };

const signedPart = ({ signed = {}, gpo = {} }: OfflineStory) => {
  const objects: Objects = {
    '5A': PAN,
    '5F24': '281231',
    '5F28': '0840',
    '9F07': 'C080',
    '9F4A': '82',
    ...signed,
  };
  const aip = objects['9F4A'] === undefined ? '' : (gpo['82'] ?? OFFLINE['82'] ?? '');
  return { signed: tlvs(objects), aip: hex(aip) };
};

const certificates = (
  { ca, issuer, icc }: Keys,
  { issuerExpires = '1230', iccExpires = '1228', afterwards = {} }: OfflineStory,
  staticData: Uint8Array,
): readonly Objects[] => {
  const forIssuer = certifyIssuer(ca, issuer, { identifier: '47617390', expires: issuerExpires });
  const forIcc = certifyIcc(issuer, icc, { pan: PAN, expires: iccExpires, staticData });
  const remainder = (bytes: Uint8Array) => (bytes.length > 0 ? toHex(bytes) : undefined);
  return [
    {
      '8F': toHex(Uint8Array.of(INDEX)),
      '90': toHex(forIssuer.certificate),
      '92': remainder(forIssuer.remainder),
      '9F32': toHex(forIssuer.exponent),
      ...only(afterwards, ['8F', '90', '92', '9F32']),
    },
    {
      '9F46': toHex(forIcc.certificate),
      '9F47': toHex(forIcc.exponent),
      '9F48': remainder(forIcc.remainder),
      ...only(afterwards, ['9F46', '9F47', '9F48']),
    },
  ];
};

const only = (objects: Objects = {}, wanted: readonly string[]): Objects =>
  Object.fromEntries(Object.entries(objects).filter(([tag]) => wanted.includes(tag)));
