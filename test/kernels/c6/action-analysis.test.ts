import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys } from '#test/kernels/c3/offline-card.ts';
import { cardOf, elementsOf, type Objects, PAN, why } from '#test/kernels/c3/support.ts';
import { type SignedStory, signingCard } from './signing-card.ts';
import { ONLINE, onlineCard, type Tap, tap, trusting, tvrOf } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

const offline = (story: SignedStory = {}, how: Tap = {}) =>
  tap(signingCard(keys, story), { authentication: trusting(keys), ...how }).result;

const online = (changes: Objects = {}, how: Tap = {}) => tap(onlineCard(changes), how).result;

describe('processing restrictions', () => {
  it('[C-6 PR-1] expiry is that of 5F24, else the end of track 2’s month, else long ago', () => {
    expect(tvrOf(offline({ signed: { '5F24': '260615' } }))).toBe('0000000000');
    expect(tvrOf(offline({ signed: { '5F24': '260614' } }))).toBe('0040000000');
    const track2 = (month: string) => online({ '57': `4761739001010119D${month}2011143878089` });
    expect(tvrOf(track2('2606'))).toBe('8000000000');
    expect(tvrOf(track2('2605'))).toBe('8040000000');
    const without = offline({ gpo: { '57': undefined }, signed: { '5F24': undefined } });
    expect(tvrOf(without)).toBe('0040000000');
  });

  it('[C-6 PR-2] the effective date, the version, the exception file are seen', () => {
    expect(tvrOf(online({ '5F25': '260616' }))).toBe('8020000000');
    expect(tvrOf(online({ '5F25': '260615' }))).toBe('8000000000');
    expect(tvrOf(online({ '9F08': '0002' }))).toBe('8080000000');
    const authentication = trusting(keys, { exceptions: [PAN] });
    expect(tvrOf(online({}, { authentication }))).toBe('9000000000');
  });

  it.each([
    ['domestic goods', 'FF00', '0840', 0x00, '8000000000'],
    ['only cash machines', 'FE00', '0840', 0x00, '8010000000'],
    ['no goods and services at home', 'D700', '0840', 0x00, '8010000000'],
    ['goods abroad', '1100', '0124', 0x00, '8000000000'],
    ['no cash abroad', 'BF00', '0124', 0x01, '8010000000'],
    ['no cashback at home', 'FF40', '0840', 0x09, '8010000000'],
    ['cashback at home', 'FF80', '0840', 0x09, '8000000000'],
  ])('[C-6 PR-3] usage control: %s', (_, usage, country, type, tvr) => {
    const other = type === 0x09 ? 100 : 0;
    const result = online({ '9F07': usage, '5F28': country }, { type, other });
    expect(tvrOf(result)).toBe(tvr);
  });
});

describe('what the card decided', () => {
  it('[C-6 TAA-1] AAC: declined', () => {
    expect(online({ '9F27': '00' })).toMatchObject({
      outcome: 'declined',
      uiOnOutcome: { messageId: '07' },
      dataRecord: expect.arrayContaining([expect.objectContaining({ tag: 0x9f26 })]),
    });
  });

  it('[C-6 TAA-2] AAC as the reward of a loyalty programme: approved, if it is proved', () => {
    const reward = { gpo: { '9F27': '00', '9F71': '2000' } };
    expect(offline(reward).outcome).toBe('approved');
    expect(offline({ ...reward, signedCid: 0x40 }).outcome).toBe('declined');
    expect(offline({ gpo: { '9F27': '00' } }).outcome).toBe('endApplication');
  });

  it('[C-6 TAA-3] the reserved type is declined', () => {
    expect(online({ '9F27': 'C0' }).outcome).toBe('declined');
  });

  it('[C-6 TAA-4] ARQC: online, where the reader can', () => {
    expect(online().outcome).toBe('onlineRequest');
    expect(online({}, { ttq: '28004000' }).outcome).toBe('declined');
  });

  it('[C-6 TAA-5] ARQC and a reader without a line: another interface, if the card says so', () => {
    expect(online({ '9F71': '0080' }, { ttq: '38004000' }).outcome).toBe('tryAnotherInterface');
    expect(online({ '9F71': '0080' }, { ttq: '28004000' }).outcome).toBe('declined');
    expect(online({}, { ttq: '38004000' }).outcome).toBe('declined');
  });

  it('[C-6 TAA-6] TC: approved, but not where an online cryptogram was required', () => {
    expect(offline().outcome).toBe('approved');
    expect(offline({}, { ttq: '20804000' }).outcome).toBe('declined');
  });

  it('[C-6 TAA-7] TC: declined where usage could not be checked', () => {
    for (const signed of [{ '9F07': undefined }, { '5F28': undefined }]) {
      const result = offline({ signed });
      expect(result.outcome).toBe('declined');
      expect(why(result)).toContain('usage');
    }
  });

  it('[C-6 TAA-8] usage not allowed and the exception file: declined, online or not', () => {
    const authentication = trusting(keys, { exceptions: [PAN] });
    expect(online({ '9F07': 'FE00', '5F28': '0840' }).outcome).toBe('declined');
    expect(offline({ signed: { '9F07': 'FE00' } }).outcome).toBe('declined');
    expect(online({}, { authentication }).outcome).toBe('declined');
    expect(offline({}, { authentication }).outcome).toBe('declined');
  });

  it('[C-6 TAA-9] expired: as the card wants it', () => {
    const expired = (requirements: string, how: Tap = {}) =>
      offline({ signed: { '5F24': '260614' }, gpo: { '9F71': requirements } }, how).outcome;
    expect(expired('0004')).toBe('declined');
    expect(expired('0008')).toBe('onlineRequest');
    expect(expired('0008', { ttq: '28004000' })).toBe('declined');
    expect(expired('000C')).toBe('declined');
    // The card has no wish: its TC stands.
    expect(expired('0000')).toBe('approved');
  });

  it('[C-6 TAA-10] not yet effective: online', () => {
    expect(offline({ signed: { '5F25': '260616' } }).outcome).toBe('onlineRequest');
  });

  it('[C-6 TAA-11] an online PIN takes a TC online', () => {
    const result = offline({ gpo: { '9F71': '8000' } }, { ttq: '24004000' });
    expect(result).toMatchObject({ outcome: 'onlineRequest', cvm: 'onlinePin' });
  });
});

describe('where authorisation is deferred', () => {
  const options = { deferredAuthorisation: true };

  it('[C-6 DEFER-1] an ARQC that is proved is taken, any other is declined', () => {
    const story = { gpo: { '9F27': '80' } };
    expect(offline(story, { options, ttq: '21004000' }).outcome).toBe('approved');
    const forged = { ...story, signedCid: 0x40 };
    expect(offline(forged, { options, ttq: '21004000' }).outcome).toBe('declined');
    expect(online({}, { options }).outcome).toBe('declined');
  });

  it('[C-6 DEFER-2] whatever must go online goes elsewhere, or is declined', () => {
    const late = { gpo: { '9F27': '80' }, signed: { '5F25': '260616' } };
    expect(offline(late, { options, ttq: '21004000' }).outcome).toBe('declined');
    expect(offline(late, { options, ttq: '31004000' }).outcome).toBe('tryAnotherInterface');
  });

  it('[C-6 DEFER-3] a TC is declined: an online cryptogram was asked for', () => {
    expect(offline({}, { options }).outcome).toBe('declined');
  });
});

describe('outcomes', () => {
  it('[C-6 END-1] Approved: message 03, or 1A for a signature, with the balance', () => {
    expect(offline({ gpo: { D1: '000000012345' } })).toMatchObject({
      outcome: 'approved',
      cvm: 'noCvm',
      start: 'none',
      uiOnOutcome: {
        messageId: '03',
        status: 'cardReadSuccessfully',
        valueQualifier: 'balance',
        value: 12345,
        currency: '0840',
      },
    });
    const signs = offline({ gpo: { '9F71': '4000' } }, { ttq: '22004000' });
    expect(signs).toMatchObject({ cvm: 'obtainSignature', uiOnOutcome: { messageId: '1A' } });
  });

  it('[C-6 END-2] Online Request: message 1B, and the card is done', () => {
    expect(online()).toMatchObject({
      outcome: 'onlineRequest',
      start: 'none',
      onlineResponseType: 'none',
      uiOnOutcome: { messageId: '1B', status: 'cardReadSuccessfully', language: 'en' },
      uiOnRestart: null,
      fieldOffMs: null,
    });
  });

  it('[C-6 END-3] Online Request with issuer update on both sides wants the card again', () => {
    expect(online({ '9F71': '0010' }, { ttq: '2000C000' })).toMatchObject({
      start: 'B',
      onlineResponseType: 'emvData',
      uiOnRestart: { messageId: '21', status: 'readyToRead' },
    });
    for (const [requirements, ttq] of [
      ['0000', '2000C000'],
      ['0010', '20004000'],
    ] as const) {
      expect(online({ '9F71': requirements }, { ttq })).toMatchObject({ start: 'none' });
    }
  });

  it('[C-6 REC-1] the data record holds what authorisation and clearing need', () => {
    const records = {
      '1.1': { '9F07': 'FF00', '5F28': '0840', '5F20': '4142', '9F1F': '31', '5F24': '281231' },
    };
    const { result } = tap(cardOf({ ...ONLINE, '94': '08010100' }, records));
    expect(elementsOf(result.dataRecord)).toEqual({
      '9F02': '000000001250',
      '9F03': '000000000000',
      '9F06': 'A0000001523010',
      '9F09': '0001',
      '9F33': '0028C8',
      '9F1A': '0840',
      '9F35': '22',
      '5F2A': '0840',
      '9A': '260615',
      '9C': '00',
      '9F26': ONLINE['9F26'],
      '82': '0000',
      '5F34': '01',
      '9F36': '0042',
      '9F07': 'FF00',
      '5F20': '4142',
      '9F27': '80',
      '9F10': ONLINE['9F10'],
      '9F1F': '31',
      '57': ONLINE['57'],
      '5F24': '281231',
      '84': 'A0000001523010',
      '95': '8000000000',
      '9F37': 'C0FFEE01',
      '9F66': '20004000',
      '9F39': '07',
    });
  });
});
