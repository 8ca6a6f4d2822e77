import * as v from 'valibot';
import { equal } from '#bytes/bytes.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { isOnCurve, p256 } from '#crypto/elliptic-curve.ts';
import { sha1 } from '#crypto/sha1.ts';
import { sha256 } from '#crypto/sha2.ts';
import { hexBytes, text, wholeNumber } from './pieces.ts';
import type { ConfigProblem } from './problem.ts';
import { type ConfigFile, readConfig } from './read.ts';

const hexByte = v.pipe(
  v.string('a byte such as "09"'),
  v.regex(/^[0-9A-F]{2}$/, 'a byte such as "09"'),
  v.transform((digits) => Number.parseInt(digits, 16)),
);

const modulus = v.pipe(
  hexBytes(64, 248),
  v.check(
    (bytes) => bytes[0] !== 0 && ((bytes.at(-1) ?? 0) & 1) === 1,
    'a modulus: odd, without leading zeros',
  ),
);

const exponent = v.pipe(
  v.picklist(['03', '010001'], '"03" or "010001"'),
  v.transform((digits) => Number.parseInt(digits, 16)),
);

const day = v.pipe(v.string('a day such as "2030-12-31"'), v.isoDate('a day such as "2030-12-31"'));

const named = {
  scheme: text(40, "the scheme's name"),
  rid: hexBytes(5, 5),
  index: hexByte,
  expires: v.optional(day),
  /** How many independent sources agree on the key. */
  sources: wholeNumber(1, 1000, 'a number of sources'),
};

const rsaKey = v.pipe(
  v.strictObject({
    ...named,
    exponent,
    modulus,
    checksum: v.optional(hexBytes(20, 20)),
  }),
  v.forward(
    v.check(
      ({ checksum, ...row }) => checksum === undefined || equal(checksum, checksumOf(row)),
      'the SHA-1 of RID, index, modulus and exponent',
    ),
    ['checksum'],
  ),
);

/** Algorithm suite indicator of EC-SDSA with SHA-256 on P-256, kernel 8's. */
const SUITE_P256 = 0x10;

const eccKey = v.pipe(
  v.strictObject({
    ...named,
    curve: v.literal('P-256', '"P-256"'),
    point: v.pipe(
      hexBytes(64, 64),
      v.check((bytes) => isOnCurve(p256, bytes), 'x and y of a point on the curve'),
    ),
    checksum: v.optional(v.union([hexBytes(20, 20), hexBytes(32, 32)])),
  }),
  v.forward(
    v.check(
      ({ checksum, ...row }) =>
        checksum === undefined || equal(checksum, eccChecksum(row, checksum)),
      'the SHA-1 or SHA-256 of RID, index, suite and point',
    ),
    ['checksum'],
  ),
  v.transform(({ curve, ...row }) => ({ ...row, suite: SUITE_P256 })),
);

// A key on a curve says on which one.
const key = v.lazy((row) =>
  typeof row === 'object' && row !== null && 'curve' in row ? eccKey : rsaKey,
);

// Two keys for one RID and index: nobody could say which one counts.
const schema = v.pipe(
  v.array(key, 'a list of certification authority public keys'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const seen = new Set<string>();
    for (const [i, row] of dataset.value.entries()) {
      const name = `${toHex(row.rid)} ${toHex(Uint8Array.of(row.index))}`;
      if (seen.has(name)) {
        const path = [
          { type: 'array', origin: 'value', input: dataset.value, key: i, value: row },
        ] as const;
        addIssue({ message: 'one key for each RID and index', input: name, path: [...path] });
        return;
      }
      seen.add(name);
    }
  }),
);

/** One row of config/ca-public-keys/live.json or test.json. */
export type CaPublicKeyRow = v.InferOutput<typeof schema>[number];

export const parseCaPublicKeys = (file: ConfigFile): readonly CaPublicKeyRow[] | ConfigProblem =>
  readConfig(file, schema);

interface Key {
  readonly rid: Uint8Array;
  readonly index: number;
  readonly modulus: Uint8Array;
  readonly exponent: number;
}

// Certification Authority Public Key Check Sum, Book 2 §11.2.2.
const checksumOf = (row: Key): Uint8Array =>
  sha1(row.rid, Uint8Array.of(row.index), row.modulus, exponentBytes(row.exponent));

// C-8, CA Public Key Database: over the point in place of modulus and exponent.
const eccChecksum = (
  { rid, index, point }: { rid: Uint8Array; index: number; point: Uint8Array },
  { length }: Uint8Array,
): Uint8Array => (length === 20 ? sha1 : sha256)(rid, Uint8Array.of(index, SUITE_P256), point);

const exponentBytes = (value: number): Uint8Array =>
  fromHex(value === 3 ? '03' : '010001') ?? new Uint8Array(0);
