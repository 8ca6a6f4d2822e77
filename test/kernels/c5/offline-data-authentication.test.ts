import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys } from '#test/kernels/c3/offline-card.ts';
import { elementsOf, why } from '#test/kernels/c3/support.ts';
import { type SignedStory, signingCard, trusting } from './signing-card.ts';
import { askedFor, CRYPTOGRAM, CVM_REQUIRED, READER, type Tap, tap, tvrOf } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

const signed = (story: SignedStory = {}, how: Tap = {}) =>
  tap(signingCard(keys, story), { authentication: trusting(keys), ...how });

describe('a card that signs', () => {
  it('[C-5 ODA-1] is approved without the host', () => {
    const { result, commands, ui } = signed();
    expect(askedFor(commands)).toBe('50');
    expect(ui).toMatchObject([{ messageId: '17' }]);
    expect(result).toMatchObject({
      outcome: 'approved',
      start: 'none',
      cvm: 'noCvm',
      receipt: true,
      uiOnOutcome: { messageId: '03', status: 'cardReadSuccessfully', valueQualifier: 'none' },
      report: { oda: 'CDA succeeded' },
    });
    expect(elementsOf(result.dataRecord)).toMatchObject({
      '9F26': CRYPTOGRAM,
      '9F27': '40',
      '95': '0000000000',
      '84': 'A0000000651010',
      '50': '4A4342',
    });
  });

  it('[C-5 ODA-2] signs what the host is to see, too', () => {
    const { result, commands } = signed({}, { options: { floorLimit: 0 } });
    expect(askedFor(commands)).toBe('90');
    expect(result).toMatchObject({ outcome: 'onlineRequest', report: { oda: 'CDA succeeded' } });
    expect(elementsOf(result.dataRecord)['9F26']).toBe(CRYPTOGRAM);
  });

  it('[C-5 ODA-2] may ask for the host where it was not asked to', () => {
    const { result } = signed({ decides: () => 0x80 });
    expect(result).toMatchObject({ outcome: 'onlineRequest', report: { oda: 'CDA succeeded' } });
  });

  it('[C-5 OUT-1] is shown its balance, and asks for a signature on paper', () => {
    const alsoSigned = { '9F5F': '000000004250', '9F50': '10' };
    expect(signed({ alsoSigned }, { flags: CVM_REQUIRED }).result).toMatchObject({
      outcome: 'approved',
      cvm: 'obtainSignature',
      uiOnOutcome: {
        messageId: '1A',
        valueQualifier: 'balance',
        value: 4250,
        currency: '0840',
        language: 'jaen',
      },
    });
  });

  it('[C-5 OUT-2] is not approved offline with a PIN that only the host could verify', () => {
    const { result } = signed({ alsoSigned: { '9F50': '20' } }, { tip: READER.pin });
    expect(result.outcome).toBe('declined');
  });
});

describe('authentication that is not wanted', () => {
  it.each<[string, SignedStory, Tap]>([
    ['is switched off', {}, { options: { offlineDataAuthentication: false } }],
    ['is not in the AIP', { aip: '1880' }, {}],
  ])('[C-5 ODA-3] when it %s: the TVR says so, and the host is asked', (_, story, how) => {
    const { result, commands } = signed(story, how);
    expect(askedFor(commands)).toBe('80');
    expect(tvrOf(result)).toBe('8000000000');
    expect(result).toMatchObject({ outcome: 'onlineRequest', report: { oda: 'not performed' } });
  });
});

describe('what is missing before GENERATE AC', () => {
  it.each(['8F', '90', '9F32', '9F46', '9F47'])('[C-5 ODA-4] %s: denied', (tag) => {
    const { result, commands } = signed({ afterwards: { [tag]: undefined } });
    expect(tvrOf(result)).toBe('2400000000');
    expect(result).toMatchObject({
      outcome: 'declined',
      report: { oda: `CDA failed: ${tag} is missing` },
    });
    expect(askedFor(commands)).toBeUndefined();
  });

  it('[C-5 ODA-5] the authority’s key: not performed, and the host is asked without CDA', () => {
    for (const authentication of [
      trusting(keys, { index: 0x06 }),
      trusting(keys, { expires: '20251231' }),
      undefined,
    ]) {
      const { result, commands } = tap(
        signingCard(keys),
        authentication === undefined ? {} : { authentication },
      );
      expect(tvrOf(result)).toBe('8000000004');
      expect(askedFor(commands)).toBe('80');
      expect(result.outcome).toBe('onlineRequest');
    }
  });
});

describe('a signature that proves nothing', () => {
  const stories: readonly [string, SignedStory][] = [
    ['over another type', { signedCid: 0x80 }],
    ['over another counter', { cryptogram: { '9F36': '0043' } }],
    ['over another status', { cryptogram: { '9F50': '31' } }],
    ['that is cut', { cryptogram: { '9F4B': '11223344' } }],
    ['of a changed record', { afterwards: { '5F24': '351130' } }],
    ['of a card certified for too short', { iccExpires: '0526' }],
    ['of a list other than the AIP', { record: { '9F4A': '8482' } }],
  ];

  it.each(stories)('[C-5 ODA-6] %s: declined', (_, story) => {
    const { result } = signed(story);
    expect(result).toMatchObject({ outcome: 'declined', cvm: 'none' });
    expect(result.report?.oda).toMatch(/^CDA failed/);
    expect(tvrOf(result)).toBe('0400000000');
  });

  it.each(stories)('[C-5 ODA-7] %s: the chip, where there is a slot', (_, story) => {
    expect(signed(story, { tip: READER.chip }).result).toMatchObject({
      outcome: 'tryAnotherInterface',
      alternateInterface: 'contactChip',
      uiOnOutcome: { messageId: '1D' },
    });
  });

  it.each(stories)('[C-5 ODA-8] %s: no request either', (_, story) => {
    const how = { options: { floorLimit: 0 } };
    if (story.signedCid !== undefined) return;
    expect(signed(story, how).result.outcome).toBe('declined');
  });

  it('[C-5 ODA-6] of a revoked issuer', () => {
    const authentication = trusting(keys, { revokedSerial: '0000A1' });
    expect(signed({}, { authentication }).result.outcome).toBe('declined');
  });

  it('[C-5 ODA-9] none where one was asked for', () => {
    for (const floorLimit of [null, 0]) {
      const { result } = signed({ signs: 'never' }, { options: { floorLimit } });
      expect(result.outcome).toBe('declined');
      expect(why(result)).toContain('9F4B');
    }
  });

  it('[C-5 ODA-10] one that was not asked for', () => {
    const options = { offlineDataAuthentication: false };
    const { result } = signed({ signs: 'always', decides: () => 0x80 }, { options });
    expect(result.outcome).toBe('declined');
  });

  it.each(['9F36', '9F50', '9F10'])('[C-5 AC-7] signed, but without %s', (tag) => {
    const { result } = signed({ alsoSigned: { [tag]: undefined } });
    expect(result.outcome).toBe('declined');
  });
});
