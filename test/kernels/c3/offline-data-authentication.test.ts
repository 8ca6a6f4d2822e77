import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { type Keys, newKeys, type OfflineStory, offlineCard, trusting } from './offline-card.ts';
import { elementsOf, onlineCard, READER, type Tap, tap } from './support.ts';

let keys: Keys;
let others: Keys;
beforeAll(() => {
  keys = newKeys(144, 128, 96);
  others = newKeys(144, 128, 96);
});

const outcomeOf = (story: OfflineStory = {}, how: Tap = {}): Outcome =>
  tap(offlineCard(keys, story), { authentication: trusting(keys), ...how }).result;

describe('fDDA of an offline approval', () => {
  it('[C-3 5.6-1] approves what the card has signed, with certificates up to our own key', () => {
    const result = outcomeOf();
    expect(result).toMatchObject({ outcome: 'approved', report: { oda: 'fDDA succeeded' } });
  });

  it.each([1, 10])('[C-3 5.6-2] authenticates the content of records in file %i', (signedSfi) => {
    expect(outcomeOf({ signedSfi }).outcome).toBe('approved');
  });

  it.each([11, 30])('[C-3 5.6-2] authenticates whole records of file %i', (signedSfi) => {
    expect(outcomeOf({ signedSfi }).outcome).toBe('approved');
  });

  it('[C-3 5.6-2] covers the AIP only if the tag list asks for it', () => {
    expect(outcomeOf({ signed: { '9F4A': undefined } }).outcome).toBe('approved');
  });

  const unsigned = (story: OfflineStory) => () => story;
  it.each<[string, () => OfflineStory]>([
    ['the AIP has no DDA (byte 1 bit 6)', unsigned({ gpo: { '82': '0020' } })],
    ['9F69 is missing', unsigned({ related: '' })],
    ['9F69 is of version 00', unsigned({ related: '00CAFEBABE0000' })],
    ['9F69 is of version 02', unsigned({ related: '02CAFEBABE0000' })],
    ['9F69 is another than was signed', unsigned({ afterwards: { '9F69': '01CAFEBABF0000' } })],
    ['9F4B is missing', unsigned({ afterwards: { '9F4B': undefined } })],
    ['9F4B has the format of an online signature', unsigned({ format: 0x95 })],
    ['the tag list asks for more than the AIP', unsigned({ signed: { '9F4A': '8295' } })],
    ['the CA key index is missing', unsigned({ afterwards: { '8F': undefined } })],
    ['the CA key is not ours', unsigned({ afterwards: { '8F': '98' } })],
    ["the issuer's certificate is missing", unsigned({ afterwards: { '90': undefined } })],
    ["the issuer's exponent is missing", unsigned({ afterwards: { '9F32': undefined } })],
    ["the card's certificate is missing", unsigned({ afterwards: { '9F46': undefined } })],
    ["the card's exponent is another", unsigned({ afterwards: { '9F47': '010001' } })],
    [
      'the certificate is for another account number than 57',
      unsigned({
        gpo: { '57': '4761739001010127D28122011143878089' },
        signed: { '5A': undefined },
      }),
    ],
    ["the issuer's certificate has expired", unsigned({ issuerExpires: '0526' })],
    ["the card's certificate has expired", unsigned({ iccExpires: '0526' })],
  ])('[C-3 5.6-3] fails when %s', (_, story) => {
    const result = outcomeOf(story());
    expect(result.outcome).toBe('declined');
    expect(result.report?.oda).toMatch(/^fDDA failed: /);
  });

  it('[C-3 5.6-3] fails with the certificate of another authority, or of another card', () => {
    const foreign = tap(offlineCard(others), { authentication: trusting(keys) });
    expect(foreign.result.outcome).toBe('declined');
    const cloned = offlineCard({ ...keys, icc: others.icc });
    const original = offlineCard(keys);
    const mixed = tap((command, index) => (index === 3 ? original : cloned)(command, index), {
      authentication: trusting(keys),
    });
    expect(mixed.result.outcome).toBe('declined');
  });

  it.each<[string, Tap]>([
    ['amount', { amount: 1251 }],
    ['currency', { terminal: { '5F2A': '0978' } }],
  ])('[C-3 5.6-4] fails when the card has signed another %s', (_, how) => {
    expect(outcomeOf({}, how).outcome).toBe('declined');
  });

  it('[C-3 5.6-5] fails in a terminal without keys, and for a revoked issuer', () => {
    expect(tap(offlineCard(keys)).result.outcome).toBe('declined');
    const authentication = trusting(keys, { revokedSerial: '000001' });
    const revoked = outcomeOf({}, { authentication });
    expect(revoked.outcome).toBe('declined');
    expect(revoked.report?.oda).toContain('revocation list');
  });
});

describe('when fDDA fails', () => {
  const failing = (ctq: string | undefined) => ({ gpo: { '82': '0020', '9F6C': ctq } });

  it('[C-3 5.6-6] the card may ask to go online, where the reader can', () => {
    expect(outcomeOf(failing('2000')).outcome).toBe('onlineRequest');
    expect(outcomeOf(failing('2000'), { ttq: '28004000' }).outcome).toBe('declined');
  });

  it('[C-3 5.6-7] the card may ask for its contact chip, where the reader has the slot', () => {
    expect(outcomeOf(failing('1000'), { ttq: '30004000' })).toMatchObject({
      outcome: 'tryAnotherInterface',
      uiOnOutcome: { messageId: '1D', status: 'processingError' },
      alternateInterface: 'contactChip',
      dataRecord: [],
    });
    expect(outcomeOf(failing('1000')).outcome).toBe('declined');
  });

  it('[C-3 5.6-7] going online comes before the contact chip', () => {
    expect(outcomeOf(failing('3000'), { ttq: '30004000' }).outcome).toBe('onlineRequest');
    const offlineOnly = outcomeOf(failing('3000'), { ttq: '38004000' });
    expect(offlineOnly.outcome).toBe('tryAnotherInterface');
  });

  it('[C-3 5.6-8] it is declined otherwise, and without CTQ', () => {
    expect(outcomeOf(failing('0000')).outcome).toBe('declined');
    expect(outcomeOf(failing(undefined), { ttq: '30004000' }).outcome).toBe('declined');
  });
});

describe('no fDDA', () => {
  it('[C-3 5.6-9] is performed for a transaction that goes online or is declined anyway', () => {
    for (const cid of ['80', '00']) {
      const result = outcomeOf({ gpo: { '9F27': cid }, format: 0x95 });
      expect(result.report?.oda).toBe('not performed');
    }
  });
});

describe('fDDA for online (special-purpose readers)', () => {
  const options = { fddaForOnline: true };
  const ttq = '21004000';
  const story = { gpo: { '9F27': '80' }, format: 0x95 };

  it('[C-3 5.6-10] verifies a signature of format 95 and reports it', () => {
    const result = outcomeOf(story, { options, ttq });
    expect(result).toMatchObject({
      outcome: 'onlineRequest',
      report: { oda: 'fDDA for online succeeded' },
    });
  });

  it('[C-3 5.6-10] changes nothing in the outcome when it fails', () => {
    const fails = outcomeOf({ ...story, format: 0x05 }, { options, ttq });
    expect(fails.report?.oda).toMatch(/^fDDA for online failed: /);
    expect(fails).toMatchObject({ outcome: 'onlineRequest', why: [] });
  });

  it.each<[string, OfflineStory, Tap]>([
    ['the option is off', story, { ttq }],
    ['the TTQ does not ask for it', story, { options }],
    ['the card has not signed', { ...story, afterwards: { '9F4B': undefined } }, { options, ttq }],
    [
      'the cryptogram is a TC that only the reader sends online',
      { format: 0x95 },
      { options, ttq: '21804000' },
    ],
  ])('[C-3 5.6-11] is left out when %s', (_, card, how) => {
    expect(outcomeOf(card, how).report?.oda).toBe('not performed');
  });
});

describe('TVR and TSI', () => {
  it('[C-3 5.6-12] stay zero, whatever became of the authentication', () => {
    for (const story of [{}, { gpo: { '82': '0020' } }]) {
      const { report, dataRecord } = outcomeOf(story, { ttq: READER.plain });
      expect(toHex(report?.tvr ?? new Uint8Array(0))).toBe('0000000000');
      expect(toHex(report?.tsi ?? new Uint8Array(0))).toBe('0000');
      expect(elementsOf(dataRecord)['95']).toBe('0000000000');
    }
    expect(elementsOf(tap(onlineCard()).result.dataRecord)['95']).toBe('0000000000');
  });
});
