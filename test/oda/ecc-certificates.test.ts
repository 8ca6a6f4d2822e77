import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { ecSdsaP256, ecSdsaP521 } from '#crypto/ec-sdsa.ts';
import { pointFromX, publicPoint } from '#crypto/elliptic-curve.ts';
import { signEcSdsa } from '#drivers/simulated/issuer/ec-sdsa.ts';
import { readEccIccCertificate, readEccIssuerCertificate } from '#oda/ecc-certificates.ts';
import { caPublicKeys, isOdaFailure } from '#oda/index.ts';
import { given, type Vector, vectors } from '#test/crypto/kernel-8-vectors.ts';

const NOTHING = new Uint8Array();

const suiteOf = ({ id }: Vector) => (id.endsWith('p521') ? ecSdsaP521 : ecSdsaP256);
const signerOf = (vector: Vector, privateKey: string) => {
  const suite = suiteOf(vector);
  return { suite, point: publicPoint(suite.curve, given(vector.in, privateKey)) ?? NOTHING };
};

describe("an issuer's certificate", () => {
  test.each(vectors(/^cert-issuer/))('$id is made and read', (vector) => {
    const [d, k, body] = ['dCA', 'k', 'body'].map((name) => given(vector.in, name));
    const certificate = given(vector.out, 'certificate90');
    const signature = signEcSdsa(ecSdsaP256, d ?? NOTHING, k ?? NOTHING, body ?? NOTHING);
    expect(signature).toEqual(given(vector.out, 'signature'));
    expect(concat(body ?? NOTHING, signature)).toEqual(certificate);
    expect(certificate).toHaveLength(Number(vector.out['length']));
    expect(readEccIssuerCertificate(certificate, signerOf(vector, 'dCA'))).toMatchObject({
      issuer: '54133390',
      expires: 20991231,
      serial: 0x123456,
      rid: hex('A000000004'),
      index: 0xe0,
      publicKey: pointFromX(ecSdsaP256.curve, body?.subarray(21) ?? NOTHING),
    });
  });

  test.each(vectors(/^worked-ecsdsa-issuer/))('$id is read on its curve', (vector) => {
    const read = readEccIssuerCertificate(given(vector.out, 'certificate'), signerOf(vector, 'd'));
    expect(read).toMatchObject({ issuer: '54133390', suite: suiteOf(vector) });
  });

  test('is not read with the key of another curve', () => {
    const [p256, p521] = vectors(/^worked-ecsdsa-issuer/);
    if (p256 === undefined || p521 === undefined) throw new RangeError('no vectors');
    const certificate = given(p256.out, 'certificate');
    expect(isOdaFailure(readEccIssuerCertificate(certificate, signerOf(p521, 'd')))).toBe(true);
  });
});

describe("a card's certificate", () => {
  test.each(vectors(/^cert-icc/))('$id is made and read', (vector) => {
    const [d, k, body] = ['dIssuer', 'k', 'body'].map((name) => given(vector.in, name));
    const certificate = given(vector.out, 'certificate9F46');
    const signature = signEcSdsa(ecSdsaP256, d ?? NOTHING, k ?? NOTHING, body ?? NOTHING);
    expect(signature).toEqual(given(vector.out, 'signature'));
    expect(certificate).toHaveLength(Number(vector.out['length']));
    const hash = given(vector.in, 'iccdHash');
    expect(readEccIccCertificate(certificate, signerOf(vector, 'dIssuer'), hash)).toEqual({
      expires: 20991231,
      expiresAt: 2359,
      cardKey: body?.slice(-32),
    });
    const other = hash.with(0, (hash[0] ?? 0) ^ 1);
    const refused = readEccIccCertificate(certificate, signerOf(vector, 'dIssuer'), other);
    expect(isOdaFailure(refused)).toBe(true);
  });

  test.each(vectors(/^worked-ecsdsa-icc/))('$id may be signed on either curve', (vector) => {
    const certificate = given(vector.out, 'certificate');
    const hash = certificate.slice(17, 49);
    const read = readEccIccCertificate(certificate, signerOf(vector, 'd'), hash);
    expect(read).toMatchObject({ expires: 20291231, expiresAt: 2359 });
  });

  test('never throws, however it is cut', () => {
    const [vector] = vectors(/^cert-icc/);
    const [issuers] = vectors(/^cert-issuer/);
    if (vector === undefined || issuers === undefined) throw new RangeError('no vectors');
    const icc = given(vector.out, 'certificate9F46');
    const issuer = given(issuers.out, 'certificate90');
    const hash = given(vector.in, 'iccdHash');
    for (let length = 0; length < icc.length; length++) {
      const short = icc.subarray(0, length);
      const read = readEccIccCertificate(short, signerOf(vector, 'dIssuer'), hash);
      expect(isOdaFailure(read)).toBe(true);
    }
    for (let length = 0; length < issuer.length; length++) {
      const short = issuer.subarray(0, length);
      expect(isOdaFailure(readEccIssuerCertificate(short, signerOf(issuers, 'dCA')))).toBe(true);
    }
  });
});

describe('keys of certification authorities', () => {
  const rid = hex('F043544150');
  const point = publicPoint(ecSdsaP256.curve, new Uint8Array(32).fill(5)) ?? NOTHING;

  test('are found by kind', () => {
    const keys = caPublicKeys([
      { rid, index: 1, suite: 0x10, point },
      { rid, index: 2, modulus: new Uint8Array(64).fill(0xff), exponent: 3 },
    ]);
    expect(keys.findEcc(rid, 1)).toMatchObject({ indicator: 0x10, point });
    expect(keys.find(rid, 1)).toBeUndefined();
    expect(keys.findEcc(rid, 2)).toBeUndefined();
    expect(keys.find(rid, 2)).toBeDefined();
    expect(keys.findEcc(hex('F043544151'), 1)).toBeUndefined();
  });

  test('are left out where they can not be used', () => {
    const off = point.with(63, (point[63] ?? 0) ^ 1);
    for (const key of [
      { rid, index: 1, suite: 0x10, point: off },
      { rid, index: 1, suite: 0x12, point },
      { rid, index: 1, suite: 0x11, point },
      { rid, index: 1, suite: 0x10, point: NOTHING },
    ]) {
      expect(caPublicKeys([key]).findEcc(rid, 1)).toBeUndefined();
    }
  });
});
