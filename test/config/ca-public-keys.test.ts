import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { type CaPublicKeyRow, parseCaPublicKeys } from '#config/ca-public-keys-config.ts';
import { isConfigProblem } from '#config/problem.ts';
import { rsaPublicKey } from '#crypto/rsa.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'config', 'ca-public-keys');

type RsaRow = Extract<CaPublicKeyRow, { readonly modulus: Uint8Array }>;

const shipped = (environment: 'live' | 'test'): readonly RsaRow[] => {
  const name = `${environment}.json`;
  const rows = parseCaPublicKeys({ name, text: readFileSync(join(FOLDER, name), 'utf8') });
  if (isConfigProblem(rows)) throw new Error(`${rows.key}: ${rows.expected}`);
  const rsa = rows.filter((row) => 'modulus' in row);
  if (rsa.length < rows.length) throw new Error(`${name}: no scheme has published other keys`);
  return rsa;
};

const nameOf = ({ rid, index }: CaPublicKeyRow): string =>
  `${toHex(rid)} ${toHex(Uint8Array.of(index))}`;

const [LIVE, TEST] = [shipped('live'), shipped('test')];

describe('the keys we ship', () => {
  test.each([
    ['live', LIVE, 22],
    ['test', TEST, 124],
  ])('%s ones are all fit for use, and each is vouched for', (_, rows, count) => {
    expect(rows).toHaveLength(count);
    for (const { modulus, exponent, checksum, sources } of rows) {
      expect(rsaPublicKey(modulus, exponent)).toBeDefined();
      expect(checksum !== undefined || sources >= 2).toBe(true);
    }
  });

  test('stand in one file only', () => {
    const moduli = new Set(LIVE.map(({ modulus }) => toHex(modulus)));
    const both = TEST.filter(({ modulus }) => moduli.has(toHex(modulus)));
    expect(both.map(nameOf)).toEqual([]);
  });

  test('of Mastercard 05 differ, live and test', () => {
    const lengthIn = (rows: readonly RsaRow[]) =>
      rows.find((row) => nameOf(row) === 'A000000004 05')?.modulus.length;
    expect(lengthIn(LIVE)).toBe(176);
    expect(lengthIn(TEST)).toBe(128);
  });

  test('end, if live, with the life of their length', () => {
    const ends = new Map(LIVE.map(({ modulus, expires }) => [8 * modulus.length, expires]));
    expect(ends).toEqual(
      new Map([
        [1024, '2009-12-31'],
        [1152, '2017-12-31'],
        [1408, '2024-12-31'],
        [1984, undefined],
      ]),
    );
    expect(TEST.every(({ expires }) => expires === undefined)).toBe(true);
  });

  test('are what laboratories put on test cards', () => {
    const names = TEST.map(nameOf);
    for (const name of ['A000000003 92', 'A000000003 94', 'A000000004 F1', 'A000000004 EF']) {
      expect(names).toContain(name);
    }
  });
});

const GOOD = {
  scheme: 'Visa',
  rid: 'A000000003',
  index: '95',
  exponent: '03',
  modulus: toHex(TEST.find((row) => nameOf(row) === 'A000000003 95')?.modulus ?? new Uint8Array(0)),
  checksum: 'EE1511CEC71020A9B90443B37B1D5F6E703030F6',
  sources: 2,
};

const problemWith = (...rows: readonly object[]) => {
  const parsed = parseCaPublicKeys({ name: 'keys.json', text: JSON.stringify(rows) });
  return isConfigProblem(parsed) ? `${parsed.key}: ${parsed.expected}` : 'none';
};

describe('a file of keys', () => {
  test('is read', () => {
    expect(problemWith(GOOD)).toBe('none');
    expect(problemWith({ ...GOOD, checksum: undefined, expires: '2030-12-31' })).toBe('none');
    expect(problemWith()).toBe('none');
  });

  test('is refused when a published checksum does not match', () => {
    const expected = '[1].checksum: the SHA-1 of RID, index, modulus and exponent';
    const other = { ...GOOD, index: '94' };
    expect(problemWith(GOOD, other)).toBe(expected);
    for (const change of [{ rid: 'A000000004' }, { exponent: '010001' }]) {
      expect(
        problemWith({ ...GOOD, index: '00', checksum: undefined }, { ...GOOD, ...change }),
      ).toBe(expected);
    }
  });

  test('may hold keys on P-256, each with its own checksum', () => {
    const [row] = JSON.parse(readFileSync(join(FOLDER, 'simulated.json'), 'utf8')).filter(
      (one: { curve?: string }) => one.curve !== undefined,
    );
    expect(problemWith(row)).toBe('none');
    expect(problemWith({ ...row, checksum: undefined })).toBe('none');
    expect(problemWith({ ...row, index: 'E1' })).toBe(
      '[0].checksum: the SHA-1 or SHA-256 of RID, index, suite and point',
    );
    expect(problemWith({ ...row, curve: 'P-521' })).toBe('[0].curve: "P-256"');
    const off = `${row.point.slice(0, -2)}00`;
    expect(problemWith({ ...row, point: off, checksum: undefined })).toBe(
      '[0].point: x and y of a point on the curve',
    );
    expect(problemWith(row, { ...GOOD, rid: row.rid, index: row.index, checksum: undefined })).toBe(
      '[1]: one key for each RID and index',
    );
  });

  test('is refused when a RID and index stand twice', () => {
    expect(problemWith(GOOD, { ...GOOD, checksum: undefined })).toBe(
      '[1]: one key for each RID and index',
    );
  });

  test.each([
    [{ rid: 'A0000000' }, '[0].rid: 5 bytes in hexadecimal'],
    [{ index: '195' }, '[0].index: a byte such as "09"'],
    [{ exponent: '11' }, '[0].exponent: "03" or "010001"'],
    [{ modulus: 'FF'.repeat(249) }, '[0].modulus: 64 to 248 bytes in hexadecimal'],
    [{ modulus: 'FF'.repeat(63) }, '[0].modulus: 64 to 248 bytes in hexadecimal'],
    [{ modulus: `${'FF'.repeat(127)}FE` }, '[0].modulus: a modulus: odd, without leading zeros'],
    [{ modulus: `00${'FF'.repeat(127)}` }, '[0].modulus: a modulus: odd, without leading zeros'],
    [{ expires: '31.12.2030' }, '[0].expires: a day such as "2030-12-31"'],
    [{ secret: '00' }, '[0].secret: no such key'],
  ])('is refused with %o', (change, expected) => {
    expect(problemWith({ ...GOOD, checksum: undefined, ...change })).toBe(expected);
  });
});
