import { describe, expect, it } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import {
  answer,
  cardOf,
  elementsOf,
  fciOf,
  ONLINE,
  onlineCard,
  tap,
  tlvs,
  why,
} from './support.ts';

describe('once the card has been read', () => {
  it('[C-3 5.4-1] the shopper may take it away, in the languages the card prefers', () => {
    const [request] = tap(onlineCard()).ui;
    expect(request).toMatchObject({
      messageId: '17',
      status: 'cardReadSuccessfully',
      holdMs: 0,
      language: 'enes',
    });
  });

  it.each(['9F26', '9F36', '9F10', '82', '57'])(
    '[C-3 5.4-2] missing %s ends the application',
    (tag) => {
      const { result } = tap(onlineCard({ [tag]: undefined }));
      expect(result).toMatchObject({ outcome: 'endApplication', uiOnOutcome: { messageId: '1C' } });
      expect(result.why.at(-1)?.element).toBe(tag);
    },
  );

  it('[C-3 5.4-2] a card without PDOL ends the application', () => {
    const { result } = tap(onlineCard(), { fci: fciOf({ '50': '56495341' }) });
    expect(result.outcome).toBe('endApplication');
    expect(result.why.at(-1)?.element).toBe('9F38');
  });

  it.each(['9F26', '9F36', '9F10', '82', '57'])(
    '[C-3 5.4-3] %s without a value counts as missing',
    (tag) => {
      expect(tap(onlineCard({ [tag]: '' })).result.outcome).toBe('endApplication');
    },
  );

  it('[C-3 5.4-3] CTQ and 9F69 without a value count as not returned', () => {
    const { result } = tap(onlineCard({ '9F6C': '', '9F69': '' }), { ttq: '22404000' });
    expect(result).toMatchObject({ outcome: 'onlineRequest', cvm: 'obtainSignature' });
  });

  it.each([
    ['a record repeats an object of GPO', { '5F34': '01' }],
    ['a record repeats it without a value', { '5F34': '' }],
    ['a record repeats what had no value', { '9F7C': '01' }],
  ])('[C-3 5.4-4] %s: the application ends', (_, again) => {
    const card = cardOf({ ...ONLINE, '9F7C': '', '94': '08010100' }, { '1.1': again });
    const { result } = tap(card);
    expect(result.outcome).toBe('endApplication');
    const [element] = Object.keys(again);
    expect(result.why.at(-1)).toMatchObject({ why: 'the card sent it twice', element });
  });

  it('[C-3 5.4-4] an object twice in one answer ends the application', () => {
    const twice = concat(tlvs(ONLINE), tlvs({ '9F36': '0042' }));
    expect(tap(() => answer(0x77, twice)).result.outcome).toBe('endApplication');
  });

  it('[C-3 5.4-5] what the FCI said already is not "twice", nor are unknown objects', () => {
    const fci = fciOf({ '50': '56495341', '9F38': '9F6604' });
    const card = cardOf(
      { ...ONLINE, '50': '56495341', DF01: '00', '94': '08010100' },
      { '1.1': { DF01: '00' } },
    );
    expect(tap(card, { fci }).result.outcome).toBe('onlineRequest');
  });

  it.each([
    ['5A is another account number than 57', { '5A': '4761739001010118' }],
    ['5A is no number', { '5A': '47617390010101AA' }],
    ['57 has no separator', { '57': '476173900101011912281220111438780890' }],
    ['57 has no expiry', { '57': '4761739001010119D2' }],
  ])('[C-3 5.4-6] %s: the application ends', (_, changes) => {
    expect(tap(onlineCard(changes)).result.outcome).toBe('endApplication');
  });

  it('[C-3 5.4-6] 5A with its padding is the same number as in 57', () => {
    const odd = { '57': '476173900101011D28122011143878', '5A': '476173900101011F' };
    expect(tap(onlineCard(odd)).result.outcome).toBe('onlineRequest');
  });

  it.each([
    ['AIP of one byte', { '82': '20' }],
    ['cryptogram of seven bytes', { '9F26': '11223344556677' }],
    ['ATC of three bytes', { '9F36': '000042' }],
    ['IAD of 33 bytes', { '9F10': '06011203A0'.padEnd(66, '0') }],
    ['CTQ of three bytes', { '9F6C': '000000' }],
    ['form factor of three bytes', { '9F6E': '207000' }],
    ['9F69 of four bytes', { '9F69': '01CAFEBA' }],
    ['9F69 of 17 bytes', { '9F69': '01'.padEnd(34, '0') }],
    ['AUC of one byte', { '9F07': 'C0' }],
    ['expiry in month 13', { '5F24': '281301' }],
    ['expiry on day 0', { '5F24': '281200' }],
    ['expiry of letters', { '5F24': 'FFFFFF' }],
    ['issuer country of letters', { '5F28': '08A0' }],
    ['sequence number of letters', { '5F34': '0A' }],
    ['balance of letters', { '9F5D': '00000000A000' }],
  ])('[C-3 5.4-7] badly formatted data ends the application: %s', (_, changes) => {
    const { result } = tap(onlineCard(changes));
    expect(result.outcome).toBe('endApplication');
    expect(result.why.at(-1)?.element).toBe(Object.keys(changes)[0]);
  });
});

describe('the cryptogram type', () => {
  it.each([
    ['06011203A00000', '80', 'onlineRequest'],
    ['06011203900000', '40', 'declined'],
    ['06011203800000', '00', 'declined'],
    // CVN 22 (format 2): the CVR stands one byte further from the front, and so does its byte 2.
    ['1F220103200000', '80', 'onlineRequest'],
  ])('[C-3 5.4-8] without 9F27 is read from the IAD %s', (iad, cid, outcome) => {
    const { result } = tap(onlineCard({ '9F27': undefined, '9F10': iad, '5F24': '281231' }));
    expect(result.outcome).toBe(outcome);
    expect(elementsOf(result.dataRecord)['9F27']).toBe(cid);
  });

  it('[C-3 5.4-9] AAC: declined', () => {
    const { result } = tap(onlineCard({ '9F27': '00' }));
    expect(result.outcome).toBe('declined');
    expect(why(result)).toContain('AAC');
  });

  it('[C-3 5.4-10] ARQC: online', () => {
    expect(tap(onlineCard({ '9F27': '80' })).result.outcome).toBe('onlineRequest');
  });

  it('[C-3 5.4-10] TC goes online where the reader needs an online cryptogram', () => {
    const { result } = tap(onlineCard({ '9F27': '40', '5F24': '281231' }), { ttq: '20804000' });
    expect(result).toMatchObject({ outcome: 'onlineRequest', report: { oda: 'not performed' } });
  });

  it('[C-3 5.4-11] the reserved type is declined, whatever the reader needs', () => {
    expect(tap(onlineCard({ '9F27': 'C0' })).result.outcome).toBe('declined');
    expect(tap(onlineCard({ '9F27': 'C0' }), { ttq: '20804000' }).result.outcome).toBe('declined');
  });

  it('[C-3 5.4-11] an IAD under five bytes is declined, but harmless beside 9F27', () => {
    const short = { '9F10': '06011203' };
    expect(tap(onlineCard({ ...short, '9F27': undefined })).result.outcome).toBe('declined');
    expect(tap(onlineCard(short)).result.outcome).toBe('onlineRequest');
  });

  it('[C-3 5.4-12] a refund that the card ends with an AAC hands over its data as well', () => {
    const { result } = tap(onlineCard({ '9F27': '00' }), { type: 0x20 });
    expect(result.outcome).toBe('declined');
    expect(elementsOf(result.dataRecord)).toMatchObject({
      '9C': '20',
      '9F27': '00',
      '9F26': ONLINE['9F26'],
    });
  });
});
