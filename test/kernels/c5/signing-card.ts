import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import type { Authentication } from '#kernels/shared/kernel.ts';
import { caPublicKeys, revocationList } from '#oda/index.ts';
import type { Keys } from '#test/kernels/c3/offline-card.ts';
import { answer, type Objects, tlvs } from '#test/kernels/c3/support.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import {
  cdaDynamicData,
  certifyIcc,
  certifyIssuer,
  signDynamicData,
} from '#test/support/test-pki.ts';
import { AID, CRYPTOGRAM, LIVE, PAN, RECORD, type Story, UN_AT } from './support.ts';

export const INDEX = 0x05;
const RID = AID.subarray(0, 5);

interface Trust {
  readonly revokedSerial?: string;
  readonly exceptions?: readonly string[];
  readonly index?: number;
  readonly expires?: string;
}

/** A terminal that knows the authority of these keys. */
export const trusting = ({ ca }: Keys, more: Trust = {}): Authentication => ({
  caKeys: caPublicKeys([
    {
      rid: RID,
      index: more.index ?? INDEX,
      modulus: ca.modulus,
      exponent: ca.exponent,
      ...(more.expires === undefined ? {} : { expires: more.expires }),
    },
  ]),
  revoked: revocationList(
    more.revokedSerial === undefined
      ? []
      : [{ rid: RID, index: INDEX, serial: hex(more.revokedSerial) }],
  ),
  exceptionFile: new Set(more.exceptions ?? []),
});

export interface SignedStory extends Story {
  /** Changes to records and certificates after everything is signed. */
  readonly afterwards?: Objects;
  readonly iccExpires?: string;
  readonly signs?: 'never' | 'always';
  /** CID inside the signature, if it isn't the one in clear. */
  readonly signedCid?: number;
  /** More in the answer, which the card signs too. */
  readonly alsoSigned?: Objects;
}

/** A card that proves its cryptogram by CDA, whatever the terminal sends it. */
export const signingCard = (keys: Keys, story: SignedStory = {}): ScriptedCard => {
  const aip = story.aip ?? '1980';
  const signed = { ...RECORD, '9F4A': '82', ...story.record };
  const altered = tlvs({ ...signed, ...only(story.afterwards, (tag) => !CERTIFIED.has(tag)) });
  const certificates = certificatesOf(keys, story, concat(tlvs(signed), hex(aip)));
  let pdolValues = new Uint8Array(0);
  return (command) => {
    const [, ins = 0, p1 = 0, p2 = 0] = command;
    if (ins === 0xa8) {
      pdolValues = Uint8Array.from(command.subarray(7, -1));
      return answer(0x77, { '82': aip, '94': '10010101 18010200' });
    }
    if (ins === 0xb2) return answer(0x70, p2 >> 3 === 3 ? (certificates[p1 - 1] ?? {}) : altered);
    return ins === 0xae ? cryptogram(keys, story, command, pdolValues) : hex('6D00');
  };
};

const CERTIFIED: ReadonlySet<string> = new Set(['8F', '90', '92', '9F32', '9F46', '9F47', '9F48']);

const only = (objects: Objects = {}, wanted: (tag: string) => boolean): Objects =>
  Object.fromEntries(Object.entries(objects).filter(([tag]) => wanted(tag)));

const cryptogram = (
  { icc }: Keys,
  story: SignedStory,
  command: Uint8Array,
  pdolValues: Uint8Array,
): Uint8Array => {
  const p1 = command[2] ?? 0;
  const cdol1 = command.subarray(5, -1);
  const cid = story.decides?.(p1 & 0xc0) ?? p1 & 0xc0;
  const clear = { '9F27': toHex(Uint8Array.of(cid)), ...LIVE, ...story.alsoSigned };
  const asked = (p1 & 0x10) !== 0 && cid !== 0;
  if (story.signs === 'never' || !(asked || story.signs === 'always')) {
    return answer(0x77, { ...clear, '9F26': CRYPTOGRAM, ...story.cryptogram });
  }
  const dynamicData = cdaDynamicData(
    hex('A0A1A2A3A4A5A6A7'),
    story.signedCid ?? cid,
    hex(CRYPTOGRAM),
    concat(pdolValues, cdol1, tlvs(clear)),
  );
  const number = cdol1.subarray(UN_AT, UN_AT + 4);
  const signature = toHex(signDynamicData(icc, 0x05, dynamicData, number));
  return answer(0x77, { ...clear, '9F4B': signature, ...story.cryptogram });
};

const certificatesOf = (
  { ca, issuer, icc }: Keys,
  { afterwards, iccExpires = '1228' }: SignedStory,
  staticData: Uint8Array,
): readonly Objects[] => {
  const forIssuer = certifyIssuer(ca, issuer, {
    identifier: '356600',
    expires: '1230',
    serial: '0000A1',
  });
  const forIcc = certifyIcc(issuer, icc, { pan: PAN, expires: iccExpires, staticData });
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
  return [first, second].map((one) => ({ ...one, ...only(afterwards, (tag) => tag in one) }));
};
