import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys } from '#test/kernels/c3/offline-card.ts';
import { elementsOf } from '#test/kernels/c3/support.ts';
import { SIGNED_CRYPTOGRAM, type SignedStory, signingCard } from './signing-card.ts';
import { type Tap, tap, trusting, tvrOf } from './support.ts';

let keys: Keys;
let others: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
  others = newKeys(128, 112, 96);
});

const resultOf = (story: SignedStory = {}, how: Tap = {}) =>
  tap(signingCard(keys, story), { authentication: trusting(keys), ...how }).result;

describe('CDA in the answer to GET PROCESSING OPTIONS', () => {
  it('[C-6 CDA-1] proves a TC, and the cryptogram comes out of it', () => {
    for (const story of [{}, { inRecord: true }, { more: '5A'.repeat(20) }]) {
      const result = resultOf(story);
      expect(result).toMatchObject({ outcome: 'approved', report: { oda: 'CDA succeeded' } });
      expect(tvrOf(result)).toBe('0000000000');
      expect(elementsOf(result.dataRecord)['9F26']).toBe(SIGNED_CRYPTOGRAM);
    }
  });

  it.each<[string, SignedStory]>([
    ['an object of the answer is another', { gpoAfterwards: { '9F71': '0001' } }],
    ['the counter is another', { gpoAfterwards: { '9F36': '0044' } }],
    ['the IAD is another', { gpoAfterwards: { '9F10': '01051000000000000001' } }],
    ['an object was added', { gpoAfterwards: { '9F7C': '00' } }],
    ['the type inside is another', { signedCid: 0x80 }],
    ["the issuer's certificate has expired", { issuerExpires: '0526' }],
    ["the card's certificate has expired", { iccExpires: '0526' }],
    ['the tag list asks for more than the AIP', { signed: { '9F4A': '8295' } }],
  ])('[C-6 CDA-2] fails when %s', (_, story) => {
    const result = resultOf(story);
    expect(result).toMatchObject({ outcome: 'declined', cvm: 'none' });
    expect(result.report?.oda).toMatch(/^CDA failed: /);
    expect(tvrOf(result)).toBe('0400000000');
  });

  it.each<[string, SignedStory]>([
    ['our key is missing', { afterwards: { '8F': '98' } }],
    ['the index is missing', { afterwards: { '8F': undefined } }],
    ["the issuer's certificate is missing", { afterwards: { '90': undefined } }],
    ["the issuer's exponent is missing", { afterwards: { '9F32': undefined } }],
    ["the card's certificate is missing", { afterwards: { '9F46': undefined } }],
  ])('[C-6 CDA-3] is "data missing" and failed when %s', (_, story) => {
    const result = resultOf(story);
    expect(result.outcome).toBe('declined');
    expect(tvrOf(result)).toBe('2400000000');
  });

  it('[C-6 CDA-4] fails without keys, for a revoked issuer, for another card’s signature', () => {
    expect(tap(signingCard(keys)).result.outcome).toBe('declined');
    const authentication = trusting(keys, { revokedSerial: '000001' });
    expect(resultOf({}, { authentication }).report?.oda).toContain('revocation list');
    const cloned = signingCard({ ...keys, icc: others.icc });
    const original = signingCard(keys);
    const mixed = tap((command, index) => (index === 0 ? cloned : original)(command, index), {
      authentication: trusting(keys),
    });
    expect(mixed.result.outcome).toBe('declined');
  });

  it('[C-6 CDA-5] needs an AFL and a signature, and no cryptogram in clear', () => {
    for (const gpoAfterwards of [
      { '94': undefined },
      { '9F4B': undefined },
      { '9F26': SIGNED_CRYPTOGRAM },
    ]) {
      const result = resultOf({ gpoAfterwards });
      expect(result).toMatchObject({ outcome: 'endApplication', dataRecord: [] });
      expect(tvrOf(result)).toBe('A000000000');
    }
  });

  it('[C-6 CDA-6] proves an ARQC where the reader asked for that', () => {
    const online = { gpo: { '9F27': '80' } };
    const result = resultOf(online, { ttq: '21004000' });
    expect(result).toMatchObject({ outcome: 'onlineRequest', report: { oda: 'CDA succeeded' } });
    // A card that was not asked must not hide its cryptogram.
    expect(resultOf(online, { ttq: '20004000' }).outcome).toBe('endApplication');
  });
});

describe('when CDA fails', () => {
  const failing = (requirements: string) => ({ gpo: { '9F71': requirements }, signedCid: 0x00 });

  it('[C-6 CDA-7] the card may ask for another interface, where there is one', () => {
    expect(resultOf(failing('0020'), { ttq: '30004000' })).toMatchObject({
      outcome: 'tryAnotherInterface',
      alternateInterface: 'contactChip',
      uiOnOutcome: { messageId: '18', status: 'readyToRead' },
    });
    expect(resultOf(failing('0020')).outcome).toBe('declined');
  });

  it('[C-6 CDA-8] or to go online, if it lies not at what is missing', () => {
    expect(resultOf(failing('0040')).outcome).toBe('onlineRequest');
    expect(resultOf(failing('0060'), { ttq: '30004000' }).outcome).toBe('tryAnotherInterface');
    const missing = { gpo: { '9F71': '0040' }, afterwards: { '8F': '98' } };
    expect(resultOf(missing).outcome).toBe('declined');
  });

  it('[C-6 CDA-9] a signed ARQC is treated likewise', () => {
    const story = { gpo: { '9F27': '80' }, signedCid: 0x40 };
    expect(resultOf(story, { ttq: '21004000' }).outcome).toBe('declined');
  });
});
