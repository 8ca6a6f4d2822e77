import { describe, expect, it } from 'vitest';
import { issuerKeyCache } from '#oda/index.ts';
import {
  newKeys,
  SIGNED_CRYPTOGRAM,
  type SignedStory,
  signingCard,
  trusting,
} from './signing-card.ts';
import { errorOf, fciOf, type How, type Objects, OTHER_CARD, type Tap, tap } from './support.ts';

const keys = newKeys(176, 144, 128);
const authentication = trusting(keys);

/** No action code says anything: the terminal asks for an approval. */
const OFFLINE: Objects = { DF8120: '0000000000', DF8121: '0000000000', DF8122: '0000000000' };

const signed = (story: SignedStory = {}, how: How = {}): Tap =>
  tap(signingCard(keys, story), { authentication, terminal: OFFLINE, ...how });

const CAM_FAILED = '00020000001C';
const CARD_DATA_ERROR = '00060000001C';

const refused = (played: Tap) => {
  expect(played.result).toMatchObject({ ...OTHER_CARD, dataRecord: [] });
  expect(played.tvr.slice(0, 2)).toBe('04');
  return errorOf(played);
};

describe('a card that signs its cryptogram (S910)', () => {
  it('[C-2 S910 CDA] is approved offline, with the cryptogram out of the signature', () => {
    const played = signed();
    expect(played.result).toMatchObject({
      outcome: 'approved',
      report: { oda: 'CDA succeeded' },
    });
    expect(played.tvr).toBe('0000000001');
    expect(played.record['9F26']).toBe(SIGNED_CRYPTOGRAM);
    expect(played.record['9F27']).toBe('40');
  });

  it('[C-2 S910 CDA] goes online, with the cryptogram out of the signature', () => {
    const played = signed({}, { terminal: {} });
    expect(played.result.outcome).toBe('onlineRequest');
    expect(played.record['9F26']).toBe(SIGNED_CRYPTOGRAM);
  });

  it('[C-2 S910 clear cryptogram] counts by what it signed, not by what it says in clear', () => {
    const clear = { '9F26': 'FFFFFFFFFFFFFFFF' };
    expect(refused(signed({ cryptogram: clear }))).toBe(CAM_FAILED);
    const both = signed({ alsoSigned: clear });
    expect(both.result.outcome).toBe('approved');
    expect(both.record['9F26']).toBe(SIGNED_CRYPTOGRAM);
  });

  it('[C-2 S910 hash] signs the PDOL’s values, CDOL1’s and its own answer', () => {
    const fci = fciOf({ '9F38': '9F02069F37049A03' });
    expect(signed({}, { fci }).result.outcome).toBe('approved');
    for (const cryptogram of [
      { '9F36': '0043' },
      { '9F10': '0110A00003220000000000000000000000FE' },
      { '9F6E': '0840000030300000' },
      { DF4B: '000000' },
      { '9F7A': '00' },
    ] as Objects[]) {
      expect(refused(signed({ cryptogram }))).toBe(CAM_FAILED);
    }
  });

  it('[C-2 S910 CID] signs the kind of cryptogram it claims', () => {
    expect(refused(signed({ signedCid: 0x80 }))).toBe(CAM_FAILED);
    expect(refused(signed({ signedCid: 0x80, decides: () => 0x40 }))).toBe(CAM_FAILED);
  });

  it('[C-2 S910 keys] whose issuer or card certificate is not good is refused', () => {
    expect(refused(signed({ issuerExpires: '0526' }))).toBe(CAM_FAILED);
    expect(refused(signed({ iccExpires: '0526' }))).toBe(CAM_FAILED);
    expect(refused(signed({ certifiedPan: '5413330089010020' }))).toBe(CAM_FAILED);
    expect(refused(signed({ afterwards: { '9F32': '010001' } }))).toBe(CAM_FAILED);
    expect(signed({ issuerExpires: '0626', iccExpires: '0626' }).result.outcome).toBe('approved');
  });

  it('[C-2 S910 revoked] whose issuer certificate is revoked is refused', () => {
    const revoking = { authentication: trusting(keys, { revokedSerial: '0000A1' }) };
    expect(refused(signed({}, revoking))).toBe(CAM_FAILED);
    const other = { authentication: trusting(keys, { revokedSerial: '0000A2' }) };
    expect(signed({}, other).result.outcome).toBe('approved');
  });

  it('[C-2 S910 static data] whose signed data was altered is refused', () => {
    for (const afterwards of [
      { '5F24': '291231' },
      { '8E': '00000000000000001F00' },
      { '9F07': 'FFFF' },
      { '9F0F': '0000000001' },
      { '57': '5413330089010012D29122010143878089' },
    ] as Objects[]) {
      expect(refused(signed({ afterwards }))).toBe(CAM_FAILED);
    }
  });

  it('[C-2 S910 cache] is as good with an issuer key of an earlier tap', () => {
    const issuerKeys = issuerKeyCache();
    const remembering = { authentication: trusting(keys, { issuerKeys }) };
    for (let i = 0; i < 2; i++) expect(signed({}, remembering).result.outcome).toBe('approved');
    const revoking = { authentication: trusting(keys, { issuerKeys, revokedSerial: '0000A1' }) };
    expect(refused(signed({}, revoking))).toBe(CAM_FAILED);
  });
});

describe('a card that does not sign (S910)', () => {
  it('[C-2 S910 unsigned] is refused where a signature was asked for', () => {
    for (const terminal of [OFFLINE, {}]) {
      const played = signed({ signs: 'never' }, { terminal });
      expect(played.result).toMatchObject({ ...OTHER_CARD, dataRecord: [] });
      expect(errorOf(played)).toBe(CARD_DATA_ERROR);
    }
  });

  it('[C-2 S910 unsigned AAC] may decline, unless a decline too was to be signed', () => {
    const declining: SignedStory = { decides: () => 0x00 };
    const played = signed(declining, { terminal: { ...OFFLINE, DF8117: '20' } });
    expect(played.result).toMatchObject({
      outcome: 'tryAnotherInterface',
      report: { oda: 'not performed: the card declined' },
    });
    const all = {
      fci: fciOf({}, { '9F5D': '000100' }),
      terminal: { ...OFFLINE, DF8121: '0000000001' },
    };
    const silent = signed({ ...declining, signs: 'never' }, all);
    expect(errorOf(silent)).toBe(CARD_DATA_ERROR);
    expect(signed(declining, all).result).toMatchObject({
      outcome: 'declined',
      report: { oda: 'CDA succeeded' },
    });
  });

  it('[C-2 S910 signed AAC] may sign a decline that nobody asked it to sign', () => {
    const played = signed({ decides: () => 0x00, signs: 'always' });
    expect(played.result).toMatchObject({
      outcome: 'declined',
      report: { oda: 'CDA succeeded' },
    });
  });
});

describe('CDA is prepared (S456)', () => {
  const WANTED = ['8F', '90', '9F32', '9F46', '9F47'];

  it('[C-2 S456.25] has failed when data is missing, and says which', () => {
    for (const missing of WANTED) {
      const played = signed({ afterwards: { [missing]: undefined } }, { terminal: {} });
      expect(played.tvr.slice(0, 2)).toBe('24');
      expect(played.generate?.p1).toBe('80');
      expect(played.result.report?.oda).toContain(missing);
      expect(signed({ afterwards: { [missing]: undefined } }, DENIAL).generate?.p1).toBe('00');
    }
  });

  it('[C-2 S456.26] has failed when the authority’s key is not known here', () => {
    const unknown = { authentication: trusting(keys, { index: 0x06 }) };
    const played = signed({}, { ...unknown, terminal: {} });
    expect(played.tvr.slice(0, 2)).toBe('04');
    expect(played.generate?.p1).toBe('80');
    expect(tap(signingCard(keys)).tvr.slice(0, 2)).toBe('04');
    const past = { authentication: trusting(keys, { expires: '2026-06-14' }) };
    expect(signed({}, past).tvr.slice(0, 2)).toBe('04');
    const today = { authentication: trusting(keys, { expires: '2026-06-15' }) };
    expect(signed({}, today).result.report?.oda).toBe('CDA succeeded');
  });

  it('[C-2 S456.27] ends unless the tag list names the AIP alone', () => {
    for (const list of [undefined, '', '8282', '84', '82 57', '57']) {
      const played = signed({ signed: { '9F4A': list } });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe(CARD_DATA_ERROR);
      expect(played.generate).toBeUndefined();
    }
    // Without CDA nobody looks.
    const without = signed({ signed: { '9F4A': '84' } }, { terminal: { DF811F: '00' } });
    expect(without.result.outcome).toBe('onlineRequest');
  });

  it('[C-2 S456 failed signature] a signature after CDA has failed is refused', () => {
    const unknown = { authentication: trusting(keys, { index: 0x06 }) };
    expect(refused(signed({ signs: 'always' }, unknown))).toBe(CAM_FAILED);
  });

  it('[C-2 TVR] sets CDA’s own bits alone', () => {
    expect(signed().tvr.slice(0, 2)).toBe('00');
    expect(signed({ signedCid: 0x80 }).tvr.slice(0, 2)).toBe('04');
  });
});

const DENIAL = { terminal: { ...OFFLINE, DF8121: '2000000000' } };
