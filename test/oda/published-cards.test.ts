import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromCompressedNumeric } from '#bytes/bcd.ts';
import { hex } from '#bytes/hex.ts';
import { recover, rsaPublicKey } from '#crypto/rsa.ts';
import { recoverSigned } from '#oda/certificate.ts';
import { readCertificate } from '#oda/certified-key.ts';
import {
  caPublicKeys,
  isOdaFailure,
  recoverIccKey,
  revocationList,
  verifyCda,
} from '#oda/index.ts';
import { recoverDynamicData } from '#oda/signed-dynamic-data.ts';

interface PublishedCard {
  readonly name: string;
  readonly source: string;
  readonly ca: { rid: string; index: string; exponent: string; modulus: string };
  readonly card: Readonly<Record<string, string>>;
  readonly wrong: Readonly<Record<string, string>>;
  readonly pan: string;
  readonly unpredictableNumber: string;
  readonly issuer: { identifier: string; expiry: string; serial: string; modulus: string };
  readonly iccCertificate: string;
  readonly iccModulus: string;
  readonly iccDynamicData: string;
  readonly iccDynamicNumber: string;
}

// Test cards whose data is published with the results another implementation finds. Their static
// data is not, so that of the card's certificate only the recovery can be held against them.
const CARDS: PublishedCard[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'published-cards.json'), 'utf8'),
);

const ISSUER = { certificate: 0x90, remainder: 0x92, exponent: 0x9f32, format: 2, ownerLength: 4 };

const keyOf = (modulus: string) => {
  const key = rsaPublicKey(hex(modulus), 3);
  if (key === undefined) throw new Error('no key');
  return key;
};

describe.each(CARDS)('$name, $source', ({ ca, card, wrong, issuer, ...published }) => {
  const element = (tag: string) => hex(card[tag] ?? '');
  const signed = (certificate: Uint8Array) =>
    recoverSigned(keyOf(ca.modulus), 0x90, certificate, 2, 11, [element('92'), element('9F32')]);

  test("the issuer's certificate says what is published", () => {
    const recovered = signed(element('90'));
    if (isOdaFailure(recovered)) throw new Error(recovered.problem);
    expect(readCertificate(ISSUER, recovered, element('92'), element('9F32'))).toEqual({
      owner: issuer.identifier.replace(/F+$/, ''),
      expires: Number(`20${issuer.expiry.slice(2)}${issuer.expiry.slice(0, 2)}31`),
      serial: Number.parseInt(issuer.serial, 16),
      rsa: keyOf(issuer.modulus),
    });
  });

  test("the card's certificate is recovered as published", () => {
    expect(recover(keyOf(issuer.modulus), element('9F46'))).toEqual(hex(published.iccCertificate));
  });

  test('without its static data the card is not authenticated, and its certificate is why', () => {
    const result = recoverIccKey({
      caKeys: caPublicKeys([
        { rid: hex(ca.rid), index: 0x01, modulus: hex(ca.modulus), exponent: 3 },
      ]),
      rid: hex(ca.rid),
      card: new Map([
        [0x8f, hex('01')],
        ...Object.entries(card).map(([tag, value]) => [Number(`0x${tag}`), hex(value)] as const),
      ]),
      staticData: hex(''),
      pan: fromCompressedNumeric(hex(published.pan)) ?? '',
      date: hex('220615'),
      revoked: revocationList([]),
    });
    expect(result).toMatchObject({
      odaFailure: 'wrong',
      element: 0x9f46,
      problem: 'the hash does not match',
    });
  });

  const iccKey = { rsa: keyOf(published.iccModulus) };
  const number = hex(published.unpredictableNumber);

  test('the signed dynamic data says what is published', () => {
    expect(recoverDynamicData(iccKey, element('9F4B'), 5, [number])).toEqual({
      iccDynamicNumber: hex(published.iccDynamicNumber),
      rest: hex(published.iccDynamicData).slice(1 + published.iccDynamicNumber.length / 2),
    });
  });

  test('a signature over another number or of other bytes is wrong', () => {
    const other = number.with(0, 0xff);
    const failure = { odaFailure: 'wrong', element: 0x9f4b };
    expect(recoverDynamicData(iccKey, element('9F4B'), 5, [other])).toMatchObject(failure);
    const altered = hex(wrong['9F4B'] ?? '');
    expect(recoverDynamicData(iccKey, altered, 5, [number])).toMatchObject(failure);
    if (wrong['90'] !== undefined) {
      expect(signed(hex(wrong['90']))).toMatchObject({ odaFailure: 'wrong', element: 0x90 });
    }
  });
});

test('the published cryptogram is not taken for another exchange', () => {
  const cda = CARDS.find(({ name }) => name === 'CDA');
  expect(
    verifyCda({
      iccKey: { rsa: keyOf(cda?.iccModulus ?? '') },
      signature: hex(cda?.card['9F4B'] ?? ''),
      unpredictableNumber: hex(cda?.unpredictableNumber ?? ''),
      cryptogramInformationData: 0x00,
      transactionData: [hex('9F270100')],
    }),
  ).toMatchObject({ problem: 'the transaction data hash code does not match' });
});
