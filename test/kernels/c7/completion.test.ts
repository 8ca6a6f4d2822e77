import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys } from '#test/kernels/c3/offline-card.ts';
import { elementsOf, PDOL } from '#test/kernels/c3/support.ts';
import { fciOf, ONLINE, offlineCard, onlineCard, tap, trusting } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

const offline = (gpo = {}) =>
  tap(offlineCard(keys, { gpo }), { authentication: trusting(keys) }).result;

describe('how a tap ends', () => {
  it('[C-7 END-1] Online Request: authorising, card read, and the card is done', () => {
    const { result, ui } = tap(onlineCard(), { ttq: '6200C000' });
    expect(result).toMatchObject({
      outcome: 'onlineRequest',
      start: 'none',
      onlineResponseType: 'none',
      cvm: 'none',
      uiOnOutcome: { messageId: '1B', status: 'cardReadSuccessfully', language: 'zhen' },
      uiOnRestart: null,
      alternateInterface: 'none',
      receipt: false,
      fieldOffMs: null,
      removalTimeoutMs: 0,
    });
    // The tone sounds with the outcome, once.
    expect(ui).toEqual([]);
  });

  it('[C-7 END-2] Approved: message 03, with a receipt', () => {
    expect(offline()).toMatchObject({
      outcome: 'approved',
      start: 'none',
      uiOnOutcome: { messageId: '03', status: 'cardReadSuccessfully' },
      receipt: true,
      fieldOffMs: null,
    });
  });

  it('[C-7 END-3] Declined: message 07, no verification, and no other interface', () => {
    const { result } = tap(onlineCard({ '9F27': '00', '9F6C': '8000' }), { ttq: '76004000' });
    expect(result).toMatchObject({
      outcome: 'declined',
      cvm: 'none',
      uiOnOutcome: { messageId: '07' },
      alternateInterface: 'none',
      receipt: false,
    });
    expect(elementsOf(result.dataRecord)['9F26']).toBe(ONLINE['9F26']);
  });

  it('[C-7 END-4] a reader that is offline only declines what would go online', () => {
    expect(tap(onlineCard(), { ttq: '68004000' }).result.outcome).toBe('declined');
  });

  it.each([
    ['online', () => tap(onlineCard({ '9F5D': '000000012345' })).result],
    ['approved', () => offline({ '9F5D': '000000012345' })],
  ])('[C-7 END-5] what the card has left is shown and handed over when it is %s', (_, run) => {
    const { uiOnOutcome, discretionaryData } = run();
    expect(uiOnOutcome).toMatchObject({
      valueQualifier: 'balance',
      value: 12345,
      currency: '0840',
    });
    expect(elementsOf(discretionaryData)).toEqual({ '9F5D': '000000012345' });
  });
});

describe('the data record', () => {
  const recordOf = (card = {}, fci = fciOf()) =>
    elementsOf(tap(onlineCard(card), { fci, terminal: { '9F33': '0028C8' } }).result.dataRecord);

  it('[C-7 REC-1] holds what authorisation and clearing need', () => {
    expect(recordOf()).toEqual({
      '9F02': '000000001250',
      '9F03': '000000000000',
      '9F33': '0028C8',
      '9F1A': '0840',
      '5F2A': '0840',
      '9A': '260615',
      '9C': '00',
      '9F26': '1122334455667788',
      '82': '2000',
      '5F34': '01',
      '9F36': '0042',
      '9F27': '80',
      '9F10': '07010103A0000001',
      '57': ONLINE['57'],
      '9F6C': '0000',
      '84': 'A0000000031010',
      '95': '0000000000',
      '9F37': 'C0FFEE01',
      '9F66': '60004080',
      '9F39': '07',
    });
  });

  it('[C-7 REC-2] holds what a card may leave out only where it is there', () => {
    const more = {
      '9F24': '41'.repeat(29),
      '9F63': '00'.repeat(16),
      '9F1F': '31',
      '9F7C': 'AABB',
      '9F25': '8806',
      '9F19': '062000000001',
      '5A': '4761739001010119',
    };
    expect(recordOf(more)).toMatchObject(more);
    expect(recordOf({}, fciOf({ '9F38': PDOL, '9F0A': '0001' }))['9F0A']).toBe('0001');
  });

  it('[C-7 REC-3] is empty where the kernel did not come to a decision', () => {
    const { dataRecord, discretionaryData } = tap(onlineCard({ '9F36': undefined })).result;
    expect(dataRecord).toEqual([]);
    expect(discretionaryData).toEqual([]);
  });
});
