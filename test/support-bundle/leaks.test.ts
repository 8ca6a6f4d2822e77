import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leakIn, ownWords, withoutRiddles } from '#support-bundle/index.ts';
import { testAccounts } from '#test/support/account-numbers/numbers.ts';

// Of twelve digits only Maestro's ranges count: a retrieval reference has as many.
const accounts = testAccounts(7, 600).filter(({ pan }) => pan.length > 12);
const hexText = (text: string) => Buffer.from(text).toString('hex');
const packed = (pan: string) => pan + (pan.length % 2 === 0 ? '' : 'F');
const bytes = (text: string) => (text.length / 2).toString(16).padStart(2, '0').toUpperCase();
const inFours = (pan: string) => pan.replaceAll(/.{4}(?=.)/g, '$& ');

const FORMS: Readonly<Record<string, (pan: string) => string>> = {
  'as digits': (pan) => `{"pan":"${pan}"}`,
  'at the end of a sentence': (pan) => `the number is ${pan}.`,
  'as the hexadecimal of its digits': (pan) => `value ${hexText(pan)}`,
  'packed, behind its tag': (pan) => `answer 70125A${bytes(packed(pan))}${packed(pan)}9000`,
  'in track 2': (pan) => `57 ${pan}D311220112345`,
  'in track 2 of a stripe': (pan) => `;${pan}=31122011234500001?`,
  'in track 1': (pan) => `%B${pan}^NOBODY/NO^31122010000000000?`,
  'as a list of bytes': (pan) => `{"data":[${[...Buffer.from(pan)].join(',')}]}`,
};

describe.each(Object.entries(FORMS))('an account number %s', (_, form) => {
  test('is found, whichever it is', () => {
    const missed = accounts.filter(({ pan }) => leakIn(`first\n${form(pan)}`)?.line !== 2);
    expect(missed.map(({ pan }) => pan.length)).toEqual([]);
  });
});

test('a number that people group in fours is found', () => {
  const sixteen = accounts.filter(({ pan }) => pan.length === 16);
  const missed = sixteen.filter(({ pan }) => leakIn(inFours(pan)) === undefined);
  expect(missed.map(({ pan }) => pan.length)).toEqual([]);
});

test.each([
  ['-----BEGIN EC PRIVATE KEY-----', 'private key'],
  ['-----BEGIN PRIVATE KEY-----', 'private key'],
  [`MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg${'x'.repeat(50)}`, 'private key'],
  ['AGE-SECRET-KEY-1QQPQZRFG0WPC', 'private key'],
  ['D0112B1AX00E0000771D72A4D8C3F4A1B2C3D4E5F60718293A4B5C6D7E8F90', 'key block'],
  ['authorization: Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl', 'token'],
  ['{"pinBlock":"0412AC89ABCDEF67"}', 'PIN block'],
  ['"52":{"hex":"0412AC89ABCDEF67"}', 'PIN block'],
])('%s is found', (text, what) => {
  expect(leakIn(text)).toMatchObject({ what });
});

test.each([
  ['a moment', '{"atMs":1795974228097,"at":"2026-11-29T17:43:48.097Z"}'],
  ['a retrieval reference', '{"37":"633317000002"}'],
  ['a masked number', '476173******0043 and 4761730000000043'],
  ['a fraction', '{"ownMs":16.702999999999975,"cardMs":64.59100000000001}'],
  ['a transaction id', 'E7F47661E270 29DEBAF44E22'],
  ['another number of as many digits', '4761739001010011'],
  ['amounts side by side', '1250 840 261129174335 000002'],
  ['a public certificate', '-----BEGIN CERTIFICATE-----'],
])('%s is no leak', (_, text) => {
  expect(leakIn(text)).toBeUndefined();
});

test("the repository's own configurations and transcripts hold nothing that is taken for one", () => {
  const files = ['config', 'test/transcripts'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(json|tap)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  expect(files.length).toBeGreaterThan(20);
  const found = files
    .filter((path) => !path.includes('ca-public-keys'))
    .filter((path) => {
      const text = readFileSync(path, 'utf8');
      const except = path.endsWith('terminal.json')
        ? ownWords(JSON.parse(text))
        : new Set<string>();
      // Transcripts of test cards may hold their numbers as they are; those of shops may not.
      return !path.endsWith('.tap') && leakIn(text, { except }) !== undefined;
    });
  expect(found).toEqual([]);
});

test('long hexadecimal and base64 become their length; short ids and words stay', () => {
  const key = '0412AC89ABCDEF670412AC89ABCDEF67';
  const text = `key ${key} id E7F47661E270 at 1795974228097 fp 2C:31:F4:11:48:84:54:C1:93`;
  expect(withoutRiddles(text)).toBe(
    'key (32 hex digits) id E7F47661E270 at 1795974228097 fp (9 bytes)',
  );
  const base64 = Buffer.from('a secret of thirty-two bytes, no?').toString('base64');
  expect(withoutRiddles(`s=${base64}.`)).toMatch(/^s=\(44 characters\)\.$/);
  // What could be an account number is left to the search, which keeps the whole file out.
  expect(withoutRiddles('4761739001010010')).toBe('4761739001010010');
});
