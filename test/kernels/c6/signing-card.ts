import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { INDEX, type Keys } from '#test/kernels/c3/offline-card.ts';
import { answer, type Objects, PAN, tlvs } from '#test/kernels/c3/support.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import {
  cdaDynamicData,
  certifyIcc,
  certifyIssuer,
  signDynamicData,
} from '#test/support/test-pki.ts';

export interface SignedStory {
  /** Changes to GET PROCESSING OPTIONS before the card signs it. */
  readonly gpo?: Objects;
  /** Changes to that answer afterwards. */
  readonly gpoAfterwards?: Objects;
  /** Changes to the signed record before the issuer signs it. */
  readonly signed?: Objects;
  /** Changes to the certificates after everything is signed. */
  readonly afterwards?: Objects;
  readonly issuerExpires?: string;
  readonly iccExpires?: string;
  /** Cryptogram information data inside the signature, if it isn't the one in clear. */
  readonly signedCid?: number;
  /** Behind the transaction data hash: a card with data storage signs more. */
  readonly more?: string;
  /** The signature stands in a record of its own. */
  readonly inRecord?: boolean;
}

/** Offline approval: TC, CDA in the AIP. */
export const OFFLINE: Objects = {
  '82': '0100',
  '9F36': '0043',
  '9F10': '01051000000000000000',
  '9F27': '40',
  '9F71': '0000',
  '57': '4761739001010119D28122011143878089',
  '5F34': '01',
};

export const SIGNED_CRYPTOGRAM = '8877665544332211';

/** A card that proves its cryptogram with the answer to GET PROCESSING OPTIONS. */
export const signingCard = (keys: Keys, story: SignedStory = {}): ScriptedCard => {
  const aip = story.gpo?.['82'] ?? OFFLINE['82'] ?? '';
  const signedRecord: Objects = {
    '5A': PAN,
    '5F24': '281231',
    '5F25': '240101',
    '5F28': '0840',
    '9F07': 'FFC0',
    '9F08': '0001',
    '9F4A': '82',
    ...story.signed,
  };
  const signed = tlvs(signedRecord);
  const asked = signedRecord['9F4A'] === undefined ? new Uint8Array(0) : hex(aip);
  const records = certificates(keys, story, concat(signed, asked));
  let signature = '';
  return (command) => {
    const [, ins = 0, p1 = 0, p2 = 0] = command;
    if (ins === 0xa8) {
      const last = records.length + (story.inRecord ? 1 : 0);
      const afl = toHex(Uint8Array.of(2 << 3, 1, 1, 1, 3 << 3, 1, last, 0));
      const clear = { ...OFFLINE, '94': afl, ...story.gpo };
      signature = signatureOver(keys, story, command, clear);
      const whole = { ...clear, ...(story.inRecord ? {} : { '9F4B': signature }) };
      return answer(0x77, { ...whole, ...story.gpoAfterwards });
    }
    if (ins !== 0xb2) return hex('6D00');
    if (p2 >> 3 === 2) return answer(0x70, signed);
    return answer(0x70, records[p1 - 1] ?? { '9F4B': signature });
  };
};

const signatureOver = (
  { icc }: Keys,
  { signedCid, more = '' }: SignedStory,
  command: Uint8Array,
  clear: Objects,
): string => {
  const pdolValues = command.subarray(7, -1);
  const cid = Number.parseInt(clear['9F27'] ?? '', 16);
  const dynamicData = cdaDynamicData(
    hex('A0A1A2A3'),
    signedCid ?? cid,
    hex(SIGNED_CRYPTOGRAM),
    concat(pdolValues, tlvs(clear)),
    hex(more),
  );
  // The random number is the last that the PDOL asks for.
  return toHex(signDynamicData(icc, 0x05, dynamicData, pdolValues.subarray(-4)));
};

const certificates = (
  { ca, issuer, icc }: Keys,
  { issuerExpires = '1230', iccExpires = '1228', afterwards = {} }: SignedStory,
  staticData: Uint8Array,
): readonly Objects[] => {
  const forIssuer = certifyIssuer(ca, issuer, { identifier: '47617390', expires: issuerExpires });
  const forIcc = certifyIcc(issuer, icc, { pan: PAN, expires: iccExpires, staticData });
  const remainder = (bytes: Uint8Array) => (bytes.length > 0 ? toHex(bytes) : undefined);
  const rows: readonly Objects[] = [
    { '8F': toHex(Uint8Array.of(INDEX)), '90': toHex(forIssuer.certificate) },
    { '92': remainder(forIssuer.remainder), '9F32': toHex(forIssuer.exponent) },
    {
      '9F46': toHex(forIcc.certificate),
      '9F47': toHex(forIcc.exponent),
      '9F48': remainder(forIcc.remainder),
    },
  ];
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([tag, value]) => [tag, tag in afterwards ? afterwards[tag] : value]),
    ),
  );
};
