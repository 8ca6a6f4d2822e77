import { beforeAll, describe, expect, it } from 'vitest';
import { issuerKeyCache } from '#oda/index.ts';
import type { SignedStory } from '#test/kernels/c2/signing-card.ts';
import {
  CHIP,
  DECLINED,
  type How,
  type Keys,
  LENIENT,
  newKeys,
  ONLINE,
  plainTap,
  signing,
  tap,
  trusting,
  WITH_CONTACT,
} from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(144, 128, 112);
});

const TC = { terminal: LENIENT };
const ARQC = { terminal: { DF8122: 'FFFFFFFFFF', '9F35': '21' } };

const sign = (story: SignedStory = {}, how: How = TC) =>
  tap(signing(keys, story), { authentication: trusting(keys), ...how });

describe('CDA', () => {
  it('[C-4 CDA-1] approves a TC that the card has signed', () => {
    const { result, generate, tvr, record } = sign();
    expect(generate?.p1).toBe('50');
    expect(result).toMatchObject({ outcome: 'approved', report: { oda: 'CDA succeeded' } });
    expect(tvr).toBe('0000000000');
    expect(record['9F26']).toBe('1122334455667788');
  });

  it('[C-4 CDA-1] sends an ARQC online that the card has signed', () => {
    const { result, generate } = sign({}, ARQC);
    expect(generate?.p1).toBe('90');
    expect(result).toMatchObject({ ...ONLINE, report: { oda: 'CDA succeeded' } });
  });

  it("[C-4 CDA-1] holds with the issuer's key of an earlier tap, too", () => {
    const issuerKeys = issuerKeyCache(4);
    for (const _ of [1, 2]) {
      const authentication = trusting(keys, { issuerKeys });
      expect(sign({}, { ...TC, authentication }).result.outcome).toBe('approved');
    }
  });

  it('[C-4 CDA-2] covers what both lists asked for and the whole answer', () => {
    const more = { alsoSigned: { '9F71': '010002' } };
    expect(sign(more).result.outcome).toBe('approved');
    expect(sign({ ...more, cryptogram: { '9F71': '010003' } }).result).toMatchObject(DECLINED);
  });

  it('[C-4 CDA-3] is not asked with an AAC, and then was not performed', () => {
    const how = { terminal: { ...LENIENT, DF8121: '0080000000', '9F09': '0003' } };
    const { generate, tvr, result } = sign({}, how);
    expect(generate?.p1).toBe('00');
    expect(tvr).toBe('8080000000');
    expect(result).toMatchObject(DECLINED);
  });

  it.each([
    ['the reader has it switched off', {}, { terminal: { ...LENIENT, '9F33': '006800' } }],
    ['the card does not do it', { aip: '1880' }, TC],
  ])('[C-4 CDA-4] was not performed where %s', (_, story, how) => {
    const { generate, tvr, result } = sign(story, how);
    expect(generate?.p1).toBe('40');
    expect(tvr).toBe('8000000000');
    expect(result).toMatchObject({ outcome: 'approved', report: { oda: 'not performed' } });
  });

  it('[C-4 CDA-5] an AAC needs no signature', () => {
    const { result } = sign({ decides: () => 0 });
    expect(result).toMatchObject(DECLINED);
    expect(result.report?.oda).toBe('not performed: the card declined');
  });
});

describe('CDA that has failed before GENERATE AC', () => {
  it.each(['8F', '90', '9F32', '9F46', '9F47'])(
    '[C-4 CDA-6] without %s data is missing, and the codes decide',
    (element) => {
      const { generate, tvr, result } = sign({ afterwards: { [element]: undefined } }, ARQC);
      expect(generate?.p1).toBe('80');
      expect(tvr).toBe('2400000000');
      expect(result).toMatchObject(ONLINE);
    },
  );

  it.each([
    ['no key of the authority', { index: 0x77 }],
    ['a key of another scheme', { rid: Uint8Array.of(1, 2, 3, 4, 5) }],
  ])('[C-4 CDA-7] with %s, the codes decide', (_, trust) => {
    const authentication = trusting(keys, trust);
    const { tvr, result } = sign({}, { ...ARQC, authentication });
    expect(tvr).toBe('0400000000');
    expect(result).toMatchObject(ONLINE);
  });

  it('[C-4 CDA-8] no TC is approved on it, whatever the codes say', () => {
    const authentication = trusting(keys, { index: 0x77 });
    expect(sign({}, { ...TC, authentication }).result).toMatchObject(DECLINED);
    const terminal = { ...LENIENT, ...WITH_CONTACT };
    expect(sign({}, { authentication, terminal }).result).toMatchObject(CHIP);
  });

  it('[C-4 CDA-7] in a terminal without keys', () => {
    const { tvr } = tap(signing(keys), ARQC);
    expect(tvr).toBe('0400000000');
  });
});

describe('CDA that fails behind GENERATE AC', () => {
  const failures: readonly (readonly [string, SignedStory])[] = [
    ['the card does not sign', { signs: 'never' }],
    ['a record was changed', { afterwards: { '5F24': '291231' } }],
    ["the issuer's certificate is past its month", { issuerExpires: '0526' }],
    ["the card's certificate is past its month", { iccExpires: '0526' }],
    ["the card's certificate is for another account", { certifiedPan: '5413330089010020' }],
    ['another cryptogram type was signed', { signedCid: 0 }],
    ['the counter was changed', { cryptogram: { '9F36': '0043' } }],
    ["the issuer's data was changed", { cryptogram: { '9F10': '0110A0000322' } }],
    ['the signature is cut', { cryptogram: { '9F4B': '00'.repeat(111) } }],
  ];

  it.each(failures)('[C-4 CDA-9] %s: the contact chip, else declined', (_, story) => {
    for (const how of [TC, ARQC]) {
      const failed = sign(story, how);
      expect(failed.result).toMatchObject(DECLINED);
      expect(failed.tvr).toMatch(/^[0-9A-F]4/);
      const terminal = { ...how.terminal, ...WITH_CONTACT };
      expect(sign(story, { terminal }).result).toMatchObject(CHIP);
    }
  });

  it('[C-4 CDA-9] for an issuer whose certificate is revoked', () => {
    const authentication = trusting(keys, { revokedSerial: '0000A1' });
    expect(sign({}, { ...TC, authentication }).result).toMatchObject(DECLINED);
  });

  it('[C-4 CDA-10] a signature nobody asked for stands for no cryptogram', () => {
    const { result } = sign({ aip: '1880', signs: 'always' }, TC);
    expect(result.outcome).toBe('endApplication');
  });
});

describe('authorised later', () => {
  const LATER = { terminal: { ...LENIENT, '9F6E': '18E00043' } };

  it('[C-4 END-5] a card that has proven itself is approved with its ARQC', () => {
    const story = { decides: () => 0x80 };
    const { result, record } = sign(story, LATER);
    expect(result).toMatchObject({ outcome: 'approved', uiOnOutcome: { messageId: '03' } });
    expect(record['9F27']).toBe('80');
    expect(plainTap({}, LATER).result.outcome).toBe('approved');
    expect(plainTap({ cryptogram: { '9F27': '80' } }, LATER).result).toMatchObject(DECLINED);
  });
});
