import * as v from 'valibot';
import { equal } from '#bytes/bytes.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { sha1 } from '#crypto/sha1.ts';
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

const key = v.pipe(
  v.strictObject({
    scheme: text(40, "the scheme's name"),
    rid: hexBytes(5, 5),
    index: hexByte,
    exponent,
    modulus,
    checksum: v.optional(hexBytes(20, 20)),
    expires: v.optional(day),
    /** How many independent sources agree on the key. */
    sources: wholeNumber(1, 1000, 'a number of sources'),
  }),
  v.forward(
    v.check(
      ({ checksum, ...row }) => checksum === undefined || equal(checksum, checksumOf(row)),
      'the SHA-1 of RID, index, modulus and exponent',
    ),
    ['checksum'],
  ),
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

const exponentBytes = (value: number): Uint8Array =>
  fromHex(value === 3 ? '03' : '010001') ?? new Uint8Array(0);
