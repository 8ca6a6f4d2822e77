import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys, type OfflineStory, offlineCard, trusting } from './offline-card.ts';
import { elementsOf, type Objects, ONLINE, onlineCard, type Tap, tap } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

const offline = (story: OfflineStory = {}, how: Tap = {}) =>
  tap(offlineCard(keys, story), { authentication: trusting(keys), ...how }).result;

describe('how a tap ends', () => {
  it('[C-3 5.8-1] declined wins over online', () => {
    // The reader needs an online cryptogram, the card declines.
    const { result } = tap(onlineCard({ '9F27': '00' }), { ttq: '20804000' });
    expect(result.outcome).toBe('declined');
  });

  it('[C-3 5.8-2] a reader that is offline only declines what would go online', () => {
    const { result } = tap(onlineCard(), { ttq: '28004000' });
    expect(result).toMatchObject({ outcome: 'declined', cvm: 'noCvm' });
  });

  it('[C-3 5.8-3] Online Request: authorising, with data, and the card is done', () => {
    expect(tap(onlineCard()).result).toMatchObject({
      outcome: 'onlineRequest',
      start: 'none',
      onlineResponseType: 'none',
      cvm: 'noCvm',
      uiOnOutcome: { messageId: '1B', status: 'none', valueQualifier: 'none' },
      uiOnRestart: null,
      alternateInterface: 'none',
      receipt: false,
      fieldOffMs: null,
      removalTimeoutMs: 0,
    });
  });

  it('[C-3 5.8-4] Online Request with issuer update on both sides wants the card again', () => {
    const { result } = tap(onlineCard({ '9F6C': '0040' }), { ttq: '2000C000' });
    expect(result).toMatchObject({
      outcome: 'onlineRequest',
      start: 'B',
      onlineResponseType: 'emvData',
      uiOnRestart: { messageId: '21', status: 'readyToRead' },
      fieldOffMs: 0,
      removalTimeoutMs: 0,
    });
  });

  it.each([
    ['reader', '2000C000', '0000'],
    ['card', '20004000', '0040'],
  ])('[C-3 5.8-4] with issuer update on the %s alone it does not', (_, ttq, ctq) => {
    const { result } = tap(onlineCard({ '9F6C': ctq }), { ttq });
    expect(result).toMatchObject({ start: 'none', onlineResponseType: 'none', fieldOffMs: null });
  });

  it('[C-3 5.8-5] Approved: message 03, with data', () => {
    const result = offline();
    expect(result).toMatchObject({
      outcome: 'approved',
      start: 'none',
      cvm: 'noCvm',
      uiOnOutcome: { messageId: '03', status: 'none' },
      uiOnRestart: null,
      receipt: false,
      fieldOffMs: null,
    });
    expect(elementsOf(result.dataRecord)['9F26']).toBe('8877665544332211');
  });

  it('[C-3 5.8-6] Declined: message 07, no CVM, with data, and no other interface', () => {
    const { result } = tap(onlineCard({ '9F27': '00', '9F6C': '8000' }), { ttq: '36004000' });
    expect(result).toMatchObject({
      outcome: 'declined',
      start: 'none',
      cvm: 'noCvm',
      uiOnOutcome: { messageId: '07', status: 'none' },
      uiOnRestart: null,
      alternateInterface: 'none',
      fieldOffMs: null,
    });
    expect(elementsOf(result.dataRecord)['9F26']).toBe(ONLINE['9F26']);
  });
});

describe('the available offline spending amount', () => {
  const balance = { '9F5D': '000000012345' };
  const shown = { valueQualifier: 'balance', value: 12345, currency: '0840' };

  it.each([
    ['online', () => tap(onlineCard(balance)).result],
    ['declined', () => tap(onlineCard({ ...balance, '9F27': '00' })).result],
    ['approved', () => offline({ gpo: balance })],
  ])('[C-3 5.8-7] is shown and handed over when the payment is %s', (_, run) => {
    const { uiOnOutcome, discretionaryData } = run();
    expect(uiOnOutcome).toMatchObject(shown);
    expect(elementsOf(discretionaryData)).toEqual(balance);
  });

  it('[C-3 5.8-7] is handed over but not shown where the reader has the option off', () => {
    const options = { showOfflineBalance: false };
    const { uiOnOutcome, discretionaryData } = tap(onlineCard(balance), { options }).result;
    expect(uiOnOutcome).toMatchObject({ messageId: '1B', valueQualifier: 'none', value: null });
    expect(elementsOf(discretionaryData)).toEqual(balance);
  });
});

describe('the data record', () => {
  const recordOf = (card: Objects = {}, how: Tap = {}) =>
    elementsOf(tap(onlineCard(card), how).result.dataRecord);

  it('[C-3 5.8-8] holds what authorisation and clearing need', () => {
    expect(recordOf()).toMatchObject({
      '9F02': '000000001250',
      '9F26': '1122334455667788',
      '82': '2020',
      '9F36': '0042',
      '5F34': '01',
      '9F6E': '20700000',
      '9F10': '06011203A00000',
      '9F1A': '0840',
      '95': '0000000000',
      '57': ONLINE['57'],
      '5F2A': '0840',
      '9A': '260615',
      '9C': '00',
      '9F37': 'C0FFEE01',
      '9F39': '07',
      '9F27': '80',
      '84': 'A0000000031010',
      '9F66': '20004000',
    });
  });

  it('[C-3 5.8-9] holds the other amount only with cashback', () => {
    const usage = { '9F07': '00C0', '5F28': '0840' };
    expect(recordOf()).not.toHaveProperty('9F03');
    expect(recordOf(usage, { type: 0x09 })['9F03']).toBe('000000000000');
    expect(recordOf(usage, { other: 500 })['9F03']).toBe('000000000500');
  });

  it('[C-3 5.8-10] holds what a card may leave out only where it is there', () => {
    const without = recordOf({ '5F34': undefined, '9F6E': undefined });
    for (const tag of ['5F34', '9F6E', '9F7C', '9F24', '5F24']) {
      expect(without).not.toHaveProperty(tag);
    }
    expect(recordOf({ '9F7C': 'AABB', '5F24': '281231' })).toMatchObject({
      '9F7C': 'AABB',
      '5F24': '281231',
    });
  });

  it('[C-3 5.8-11] sets the payment technology in the form factor to ISO 14443', () => {
    expect(recordOf({ '9F6E': '2370A5FF' })['9F6E']).toBe('2370A5F0');
  });

  it('[C-3 5.8-12] never holds cryptogram data where the kernel did not come to a decision', () => {
    const { dataRecord, discretionaryData } = tap(onlineCard({ '9F36': undefined })).result;
    expect(dataRecord).toEqual([]);
    expect(discretionaryData).toEqual([]);
  });
});
