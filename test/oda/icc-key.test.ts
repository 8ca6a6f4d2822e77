import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { rsaPublicKey } from '#crypto/rsa.ts';
import {
  caPublicKeys,
  type IccKeyInput,
  isOdaFailure,
  recoverIccKey,
  revocationList,
} from '#oda/index.ts';
import { tagText } from '#tlv/tlv.ts';
import {
  bitsTurned,
  caKeyOf,
  INDEX,
  issuedCard,
  newKeys,
  PAN,
  RID,
  STATIC_DATA,
  withElement,
} from './issued-card.ts';

const KEYS = newKeys([176, 144, 128]);
const CARD = issuedCard(KEYS);

const named = (tags: readonly number[]) => tags.map((tag) => [tagText(tag), tag] as const);

const failureOf = (input: IccKeyInput) => {
  const key = recoverIccKey(input);
  return isOdaFailure(key) ? [key.odaFailure, key.element.toString(16)] : 'authenticated';
};

describe('a card that its issuer and the authority vouch for is authenticated', () => {
  test.each([
    ['keys of different lengths, both with remainders', [176, 160, 152], 3],
    ['the issuer key short enough for the certificate', [176, 112, 96], 3],
    ['the longest keys there are', [248, 248, 248], 3],
    ['keys of equal length', [128, 128, 128], 65537],
    ['the exponent 65537 and remainders', [248, 240, 200], 65537],
    ['a card key that exactly fills its certificate', [176, 144, 102], 3],
    ['an issuer key that exactly fills its certificate', [176, 140, 96], 3],
  ] as const)('%s', (_, lengths, exponent) => {
    const keys = newKeys(lengths, exponent);
    const key = recoverIccKey(issuedCard(keys));
    expect(key).toEqual({ rsa: rsaPublicKey(keys.icc.modulus, exponent) });
  });

  test('with a key for account numbers of three digits, or eight', () => {
    expect(failureOf(issuedCard(KEYS, { identifier: '999' }))).toBe('authenticated');
    expect(failureOf(issuedCard(KEYS, { identifier: '99999901' }))).toBe('authenticated');
  });

  test('with an account number of 19 digits', () => {
    const pan = '9999990123456789012';
    const card = issuedCard(KEYS, { certifiedPan: pan });
    expect(failureOf({ ...card, pan })).toBe('authenticated');
    expect(failureOf(card)).toEqual(['wrong', '9f46']);
  });

  test('with an empty remainder where none is needed', () => {
    const card = issuedCard(newKeys([176, 112, 64]));
    expect(failureOf(withElement(withElement(card, 0x92, hex('')), 0x9f48, hex('')))).toBe(
      'authenticated',
    );
  });
});

describe('what the card has not sent is named', () => {
  test.each(named([0x8f, 0x90, 0x9f32, 0x9f46, 0x9f47]))('%s', (_, tag) => {
    const missing = ['dataMissing', tag.toString(16)];
    expect(failureOf(withElement(CARD, tag, undefined))).toEqual(missing);
    expect(failureOf(withElement(CARD, tag, hex('')))).toEqual(missing);
  });

  test('a remainder without which the key is not whole: the hash misses it too', () => {
    expect(failureOf(withElement(CARD, 0x92, undefined))).toEqual(['wrong', '90']);
    expect(failureOf(withElement(CARD, 0x9f48, undefined))).toEqual(['wrong', '9f46']);
  });

  test('even when the authority is not known', () => {
    const stranger = { ...CARD, caKeys: caPublicKeys([]) };
    expect(failureOf(withElement(stranger, 0x9f46, undefined))).toEqual(['dataMissing', '9f46']);
  });
});

describe('the certification authority key', () => {
  test('must be one of ours, by provider and index', () => {
    expect(failureOf({ ...CARD, rid: hex('A000000998') })).toEqual(['caKeyUnknown', '8f']);
    expect(failureOf(withElement(CARD, 0x8f, Uint8Array.of(INDEX + 1)))).toEqual([
      'caKeyUnknown',
      '8f',
    ]);
  });

  test('counts up to the last day of its use', () => {
    const caKeys = caPublicKeys([{ ...caKeyOf(KEYS.ca), expires: '2026-06-15' }]);
    expect(failureOf({ ...CARD, caKeys })).toBe('authenticated');
    expect(failureOf({ ...CARD, caKeys, date: hex('260616') })).toEqual(['expired', '8f']);
  });

  test('must be the one that signed', () => {
    const others = newKeys([176, 144, 128]);
    const caKeys = caPublicKeys([caKeyOf(others.ca)]);
    expect(failureOf({ ...CARD, caKeys })).toEqual(['wrong', '90']);
    const longer = caPublicKeys([caKeyOf(newKeys([184, 64, 64]).ca)]);
    expect(failureOf({ ...CARD, caKeys: longer })).toEqual(['wrong', '90']);
  });
});

describe('certificates are good through the last day of their month', () => {
  const issuer = issuedCard(KEYS, { issuerExpires: '0626', iccExpires: '1249' });
  const icc = issuedCard(KEYS, { issuerExpires: '1249', iccExpires: '0626' });
  test.each([
    ['990101', 'authenticated', 'authenticated'],
    ['260601', 'authenticated', 'authenticated'],
    ['260630', 'authenticated', 'authenticated'],
    ['260701', ['expired', '90'], ['expired', '9f46']],
    ['270101', ['expired', '90'], ['expired', '9f46']],
  ])('on %s', (date, ofIssuer, ofIcc) => {
    expect(failureOf({ ...issuer, date: hex(date) })).toEqual(ofIssuer);
    expect(failureOf({ ...icc, date: hex(date) })).toEqual(ofIcc);
  });

  test('which may be the 31st', () => {
    const card = issuedCard(KEYS, { issuerExpires: '0726', iccExpires: '0726' });
    expect(failureOf({ ...card, date: hex('260731') })).toBe('authenticated');
  });

  test('a year from 50 lies in the last century', () => {
    expect(failureOf(issuedCard(KEYS, { issuerExpires: '1250' }))).toEqual(['expired', '90']);
    expect(failureOf(issuedCard(KEYS, { iccExpires: '1299' }))).toEqual(['expired', '9f46']);
  });

  test.each(['1326', '0026', '1A26', '122F'])('there is no month %s', (month) => {
    expect(failureOf(issuedCard(KEYS, { issuerExpires: month }))).toEqual(['wrong', '90']);
    expect(failureOf(issuedCard(KEYS, { iccExpires: month }))).toEqual(['wrong', '9f46']);
  });

  test.each(['', '2606', '261315', '26061A', '26061501'])('nor a transaction on "%s"', (date) => {
    expect(failureOf({ ...CARD, date: hex(date) })).toEqual(['wrong', '9a']);
  });
});

describe('an issuer on the revocation list', () => {
  const entry = { rid: RID, index: INDEX, serial: hex('0000A1') };

  test('takes all its cards with it', () => {
    expect(failureOf({ ...CARD, revoked: revocationList([entry]) })).toEqual(['revoked', '90']);
  });

  test('is one certificate under one key of one provider', () => {
    const others = [
      { ...entry, serial: hex('0000A2') },
      { ...entry, index: INDEX + 1 },
      { ...entry, rid: hex('A000000998') },
    ];
    expect(failureOf({ ...CARD, revoked: revocationList(others) })).toBe('authenticated');
    const all = revocationList([...others, entry]);
    expect(failureOf({ ...CARD, revoked: all })).toEqual(['revoked', '90']);
  });
});

describe("a certificate must be this card's own", () => {
  test.each(['999998', '99999902', '99', 'FFFFFFFF', '99F999'])(
    'not of issuer %s',
    (identifier) => {
      expect(failureOf(issuedCard(KEYS, { identifier }))).toEqual(['wrong', '90']);
    },
  );

  test.each(['9999990123456780', '99999901234567890', '999999012345678', '99999901234567F9'])(
    'not of account %s',
    (certifiedPan) => {
      expect(failureOf(issuedCard(KEYS, { certifiedPan }))).toEqual(['wrong', '9f46']);
    },
  );

  test('nor for other static data', () => {
    for (const staticData of [hex(''), STATIC_DATA.subarray(1), ...bitsTurned(STATIC_DATA)]) {
      expect(failureOf({ ...CARD, staticData })).toEqual(['wrong', '9f46']);
    }
  });
});

describe('a certificate of another form is refused, though its hash is right', () => {
  const at = (offset: number, value: number) => ({
    beforeHash: (block: Uint8Array) => {
      block[offset] = value;
    },
  });
  test.each([
    ['format', 1, 0x05],
    ['hash algorithm', 11, 0x02],
    ['key algorithm', 12, 0x10],
    ['no key', 13, 0],
    ['a key too short', 13, 63],
    ['a key longer than its signer', 13, 177],
    ['a key longer than is there', 13, 145],
    ['a key shorter than is there', 13, 143],
  ])('issuer: %s', (_, offset, value) => {
    const failure = failureOf(issuedCard(KEYS, { issuerMeddling: at(offset, value) }));
    expect(failure).toEqual(['wrong', expect.stringMatching(/^9[02]$/)]);
  });

  test.each([
    ['format', 1, 0x02],
    ['hash algorithm', 17, 0x00],
    ['key algorithm', 18, 0x00],
    ['a key longer than its signer', 19, 145],
    ['a key longer than is there', 19, 129],
  ])('card: %s', (_, offset, value) => {
    const failure = failureOf(issuedCard(KEYS, { iccMeddling: at(offset, value) }));
    expect(failure).toEqual(['wrong', expect.stringMatching(/^9f4[68]$/)]);
  });

  test.each([
    ['header', 0, 0x4a],
    ['trailer', -1, 0xbb],
    ['hash', -2, 0x00],
  ])('%s', (_, offset, value) => {
    const meddling = {
      beforeSigning: (block: Uint8Array) => {
        const index = offset < 0 ? block.length + offset : offset;
        block[index] = block[index] === value ? value ^ 1 : value;
      },
    };
    expect(failureOf(issuedCard(KEYS, { issuerMeddling: meddling }))).toEqual(['wrong', '90']);
    expect(failureOf(issuedCard(KEYS, { iccMeddling: meddling }))).toEqual(['wrong', '9f46']);
  });
});

describe('an altered card is not authenticated', () => {
  test.each(named([0x8f, 0x90, 0x92, 0x9f32, 0x9f46, 0x9f47, 0x9f48]))('a bit of %s', (_, tag) => {
    const value = CARD.card.get(tag);
    expect(value?.length).toBeGreaterThan(0);
    for (const turned of bitsTurned(value ?? hex(''))) {
      expect(failureOf(withElement(CARD, tag, turned))).not.toBe('authenticated');
    }
  });

  test.each(named([0x90, 0x92, 0x9f32, 0x9f46, 0x9f47, 0x9f48]))('%s cut short', (_, tag) => {
    const value = CARD.card.get(tag) ?? hex('');
    for (let length = 0; length < value.length; length++) {
      expect(failureOf(withElement(CARD, tag, value.slice(0, length)))).not.toBe('authenticated');
    }
    expect(failureOf(withElement(CARD, tag, Uint8Array.of(...value, 0)))).not.toBe('authenticated');
  });

  test('an index of more than one byte is none, though its first byte fits', () => {
    const value = CARD.card.get(0x8f) ?? hex('');
    const longer = withElement(CARD, 0x8f, Uint8Array.of(...value, 0));
    expect(failureOf(longer)).toEqual(['wrong', '8f']);
  });

  test('chance bytes, which never make it throw', () => {
    const tags = [...CARD.card.keys()];
    fc.assert(
      fc.property(fc.constantFrom(...tags), fc.uint8Array({ maxLength: 255 }), (tag, bytes) => {
        const same = Buffer.compare(bytes, CARD.card.get(tag) ?? hex('')) === 0;
        expect(failureOf(withElement(CARD, tag, bytes)) === 'authenticated').toBe(same);
      }),
      { numRuns: 500 },
    );
  });
});

test('no failure tells the account number', () => {
  const failures = [
    issuedCard(KEYS, { certifiedPan: '9999990123456780' }),
    issuedCard(KEYS, { identifier: '999998' }),
  ].map(recoverIccKey);
  expect(JSON.stringify(failures)).not.toContain(PAN.slice(0, 8));
  expect(JSON.stringify(failures)).not.toContain('999998');
});
