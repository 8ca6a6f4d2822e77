import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { type Keys, newKeys, type OfflineStory } from '#test/kernels/c3/offline-card.ts';
import { elementsOf, PAN, why } from '#test/kernels/c3/support.ts';
import { offlineCard, type Tap, tap, trusting } from './support.ts';

let keys: Keys;
let others: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
  others = newKeys(128, 112, 96);
});

const resultOf = (story: OfflineStory = {}, how: Tap = {}) =>
  tap(offlineCard(keys, story), { authentication: trusting(keys), ...how }).result;

describe('an application that pays offline', () => {
  it('[C-7 PR-1] is good through its last day, and declined the day after', () => {
    expect(resultOf({ signed: { '5F24': '260615' } }).outcome).toBe('approved');
    const late = resultOf({ signed: { '5F24': '260614' } });
    expect(late.outcome).toBe('declined');
    expect(why(late)).toContain('expired');
    expect(resultOf({ signed: { '5F24': '991231' } }).outcome).toBe('declined');
  });

  it('[C-7 PR-1] without an expiry has expired', () => {
    expect(resultOf({ signed: { '5F24': undefined } }).outcome).toBe('declined');
  });

  it('[C-7 PR-2] goes online when expired, if the card asks for that and the reader can', () => {
    const expired = { signed: { '5F24': '260614' }, gpo: { '9F6C': '0800' } };
    expect(resultOf(expired).outcome).toBe('onlineRequest');
    expect(resultOf(expired, { ttq: '68004000' }).outcome).toBe('declined');
  });

  it('[C-7 PR-3] is declined when its account is in the exception file', () => {
    const authentication = trusting(keys, { exceptions: [PAN] });
    expect(resultOf({}, { authentication }).outcome).toBe('declined');
  });
});

describe('fDDA', () => {
  it('[C-7 ODA-1] of version 01, over all of 9F69, approves offline', () => {
    for (const related of ['01CAFEBABE000000', `01CAFEBABE0000${'5A'.repeat(9)}`]) {
      expect(resultOf({ related })).toMatchObject({
        outcome: 'approved',
        report: { oda: 'fDDA succeeded' },
      });
    }
  });

  it.each<[string, OfflineStory]>([
    ['the AIP has no DDA (byte 1 bit 6)', { gpo: { '82': '0000' } }],
    ['9F69 is missing', { related: '' }],
    ['9F69 is of version 00', { related: '00CAFEBABE000000' }],
    ['9F69 is another than was signed', { afterwards: { '9F69': '01CAFEBABF000000' } }],
    ['9F4B is missing', { afterwards: { '9F4B': undefined } }],
    ['9F4B has the format of an online signature', { format: 0x95 }],
    ['the card signed another transaction counter', { dynamicData: '020044' }],
    ['the card signed a random number instead of its counter', { dynamicData: '0400430043' }],
    ['the counter in clear is another', { gpo: { '9F36': '0044' } }],
    ['the tag list asks for more than the AIP', { signed: { '9F4A': '8295' } }],
    ['the CA key is not ours', { afterwards: { '8F': '98' } }],
    ["the issuer's certificate is missing", { afterwards: { '90': undefined } }],
    ["the card's certificate is missing", { afterwards: { '9F46': undefined } }],
    ["the issuer's certificate has expired", { issuerExpires: '0526' }],
    ["the card's certificate has expired", { iccExpires: '0526' }],
  ])('[C-7 ODA-2] fails when %s', (_, story) => {
    const result = resultOf(story);
    expect(result.outcome).toBe('declined');
    expect(result.report?.oda).toMatch(/^fDDA failed: /);
  });

  it.each<[string, Tap]>([
    ['amount', { amount: 1251 }],
    ['currency', { terminal: { '5F2A': '0156' } }],
  ])('[C-7 ODA-3] fails when the card has signed another %s', (_, how) => {
    expect(resultOf({}, how).outcome).toBe('declined');
  });

  it('[C-7 ODA-4] fails without keys, for a revoked issuer, with another scheme’s keys', () => {
    expect(tap(offlineCard(keys)).result.outcome).toBe('declined');
    const revoked = trusting(keys, { revokedSerial: '000001' });
    expect(resultOf({}, { authentication: revoked }).report?.oda).toContain('revocation list');
    const visa = trusting(keys, { rid: Uint8Array.of(0xa0, 0, 0, 0, 3) });
    expect(resultOf({}, { authentication: visa }).outcome).toBe('declined');
    expect(tap(offlineCard(others), { authentication: trusting(keys) }).result.outcome).toBe(
      'declined',
    );
  });

  it('[C-7 ODA-5] leaves TVR and TSI zero, whatever became of it', () => {
    for (const story of [{}, { gpo: { '82': '0000', '9F6C': '2000' } }]) {
      const { report, dataRecord } = resultOf(story);
      expect(toHex(report?.tvr ?? new Uint8Array(0))).toBe('0000000000');
      expect(elementsOf(dataRecord)['95']).toBe('0000000000');
    }
  });
});

describe('when fDDA fails', () => {
  const failing = (ctq: string | undefined) => ({ gpo: { '82': '0000', '9F6C': ctq } });

  it('[C-7 ODA-6] the card may ask to go online, where the reader can', () => {
    expect(resultOf(failing('2000')).outcome).toBe('onlineRequest');
    expect(resultOf(failing('2000'), { ttq: '68004000' }).outcome).toBe('declined');
  });

  it('[C-7 ODA-7] the card may ask for its contact chip, where the reader has the slot', () => {
    expect(resultOf(failing('1000'), { ttq: '70004000' })).toMatchObject({
      outcome: 'tryAnotherInterface',
      uiOnOutcome: { messageId: '18' },
      alternateInterface: 'contactChip',
      dataRecord: [],
    });
    expect(resultOf(failing('1000')).outcome).toBe('declined');
    // Going online comes first.
    expect(resultOf(failing('3000'), { ttq: '70004000' }).outcome).toBe('onlineRequest');
  });

  it('[C-7 ODA-8] it is declined otherwise, and without CTQ', () => {
    expect(resultOf(failing('0000')).outcome).toBe('declined');
    expect(resultOf(failing(undefined), { ttq: '70004000' }).outcome).toBe('declined');
  });
});

describe('fDDA for online, which the reader asks for (TTQ byte 1 bit 1)', () => {
  const ttq = '61004000';
  const story = { gpo: { '9F27': '80' }, format: 0x95 };

  it('[C-7 ODA-9] verifies a signature of format 95, and the issuer is asked', () => {
    expect(resultOf(story, { ttq })).toMatchObject({
      outcome: 'onlineRequest',
      report: { oda: 'fDDA for online succeeded' },
    });
  });

  it('[C-7 ODA-10] leaves it to the qualifiers what becomes of one that fails', () => {
    for (const forged of [
      { ...story, format: 0x05 },
      { ...story, afterwards: { '9F4B': undefined } },
    ]) {
      expect(resultOf(forged, { ttq }).outcome).toBe('declined');
      const online = { ...forged, gpo: { ...forged.gpo, '9F6C': '2000' } };
      expect(resultOf(online, { ttq }).outcome).toBe('onlineRequest');
    }
  });

  it.each<[string, OfflineStory, string]>([
    ['the reader did not ask for it', story, '60004000'],
    ['the card can’t sign', { ...story, gpo: { '9F27': '80', '82': '0000' } }, ttq],
  ])('[C-7 ODA-11] is left out where %s', (_, card, how) => {
    const result = resultOf(card, { ttq: how });
    expect(result).toMatchObject({ outcome: 'onlineRequest', report: { oda: 'not performed' } });
  });
});
