import { hex } from '#bytes/hex.ts';
import {
  type CaPublicKey,
  caPublicKeys,
  type IccKey,
  type IccKeyInput,
  isOdaFailure,
  recoverIccKey,
  revocationList,
} from '#oda/index.ts';
import {
  certifyIcc,
  certifyIssuer,
  generateTestKey,
  type Meddling,
  type TestKey,
} from '#test/support/test-pki.ts';

export interface Keys {
  readonly ca: TestKey;
  readonly issuer: TestKey;
  readonly icc: TestKey;
}

/** Keys of these lengths in bytes. Making them takes time: once a file. */
export const newKeys = (
  [ca, issuer, icc]: readonly [number, number, number],
  exponent: 3 | 65537 = 3,
): Keys => ({
  ca: generateTestKey(ca, exponent),
  issuer: generateTestKey(issuer, exponent),
  icc: generateTestKey(icc, exponent),
});

export const RID = hex('A000000999');
export const INDEX = 0x42;
export const PAN = '9999990123456789';

export interface Story {
  /** MMYY of the certificates. */
  readonly issuerExpires?: string;
  readonly iccExpires?: string;
  readonly identifier?: string;
  readonly issuerSerial?: string;
  /** Account number in the card's certificate, where it isn't the card's. */
  readonly certifiedPan?: string;
  readonly issuerMeddling?: Meddling;
  readonly iccMeddling?: Meddling;
}

/** What a kernel would hand in for a card that our own authority's issuer has issued. */
export const issuedCard = (keys: Keys, story: Story = {}): IccKeyInput & { card: CardMap } => {
  const { ca, issuer, icc } = keys;
  const issuerCertificate = certifyIssuer(ca, issuer, {
    identifier: story.identifier ?? '999999',
    expires: story.issuerExpires ?? '1230',
    serial: story.issuerSerial ?? '0000A1',
    ...story.issuerMeddling,
  });
  const iccCertificate = certifyIcc(issuer, icc, {
    pan: story.certifiedPan ?? PAN,
    expires: story.iccExpires ?? '1128',
    staticData: STATIC_DATA,
    ...story.iccMeddling,
  });
  const card = new Map([
    [0x8f, Uint8Array.of(INDEX)],
    [0x90, issuerCertificate.certificate],
    [0x9f32, issuerCertificate.exponent],
    [0x9f46, iccCertificate.certificate],
    [0x9f47, iccCertificate.exponent],
  ]);
  if (issuerCertificate.remainder.length > 0) card.set(0x92, issuerCertificate.remainder);
  if (iccCertificate.remainder.length > 0) card.set(0x9f48, iccCertificate.remainder);
  return {
    caKeys: caPublicKeys([caKeyOf(ca)]),
    rid: RID,
    card,
    staticData: STATIC_DATA,
    pan: PAN,
    date: hex('260615'),
    revoked: revocationList([]),
  };
};

export type CardMap = Map<number, Uint8Array>;

export const STATIC_DATA = hex('5A089999990123456789 5F2403281130 3900');

export const caKeyOf = (ca: TestKey): CaPublicKey => ({
  rid: RID,
  index: INDEX,
  modulus: ca.modulus,
  exponent: ca.exponent,
});

/** The same card with one element changed, or without it. */
export const withElement = <Input extends IccKeyInput>(
  input: Input,
  tag: number,
  value: Uint8Array | undefined,
): Input => {
  const card = new Map(input.card);
  if (value === undefined) card.delete(tag);
  else card.set(tag, value);
  return { ...input, card };
};

export const iccKeyOf = (input: IccKeyInput): IccKey => {
  const key = recoverIccKey(input);
  if (isOdaFailure(key)) throw new Error(`${key.element.toString(16)} ${key.problem}`);
  return key;
};

/** Copies with one bit each turned over. */
export function* bitsTurned(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < 8 * bytes.length; i++) {
    const copy = Uint8Array.from(bytes);
    copy[i >> 3] = (copy[i >> 3] ?? 0) ^ (0x80 >> (i & 7));
    yield copy;
  }
}
