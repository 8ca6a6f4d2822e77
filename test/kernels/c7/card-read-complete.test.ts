import { beforeAll, describe, expect, it } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { type Keys, newKeys } from '#test/kernels/c3/offline-card.ts';
import { answer, cardOf, elementsOf, tlvs, why } from '#test/kernels/c3/support.ts';
import { ONLINE, offlineCard, onlineCard, tap, trusting } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

describe('once the card has been read', () => {
  it.each(['82', '9F36', '57', '9F10', '9F26'])(
    '[C-7 DATA-1] an ARQC without %s ends the application, without a word',
    (tag) => {
      const { result, ui } = tap(onlineCard({ [tag]: undefined }));
      expect(result).toMatchObject({
        outcome: 'endApplication',
        uiOnOutcome: null,
        dataRecord: [],
      });
      expect(result.why.at(-1)?.element).toBe(tag);
      expect(ui).toEqual([]);
      expect(tap(onlineCard({ [tag]: '' })).result.outcome).toBe('endApplication');
    },
  );

  it.each(['82', '9F36', '9F10', '9F26'])(
    '[C-7 DATA-2] a TC without %s ends the application',
    (tag) => {
      const { result } = tap(offlineCard(keys, { gpo: { [tag]: undefined } }));
      expect(result).toMatchObject({ outcome: 'endApplication', dataRecord: [] });
      expect(result.why.at(-1)?.element).toBe(tag);
    },
  );

  it('[C-7 DATA-2] a TC without an AFL ends the application, even with an account', () => {
    const { result } = tap(onlineCard({ '9F27': '40' }));
    expect(result).toMatchObject({ outcome: 'endApplication' });
    expect(result.why.at(-1)?.element).toBe('94');
  });

  it('[C-7 DATA-3] a card that proves itself may keep its account in the records', () => {
    const authentication = trusting(keys);
    const { result } = tap(offlineCard(keys, { gpo: { '57': undefined } }), { authentication });
    expect(result.outcome).toBe('approved');
    expect(elementsOf(result.dataRecord)['5A']).toBe('4761739001010119');
    const nowhere = offlineCard(keys, { gpo: { '57': undefined }, signed: { '5A': undefined } });
    expect(tap(nowhere, { authentication }).result.outcome).toBe('endApplication');
  });

  it.each([
    ['a record repeats an object of GPO', { '5F34': '01' }],
    ['a record repeats it without a value', { '5F34': '' }],
    ['a record repeats what had no value', { '9F7C': '01' }],
  ])('[C-7 DATA-4] %s: the application ends', (_, again) => {
    const card = cardOf({ ...ONLINE, '9F7C': '', '94': '08010100' }, { '1.1': again });
    const { result } = tap(card);
    expect(result.outcome).toBe('endApplication');
    expect(why(result)).toContain('twice');
  });

  it('[C-7 DATA-4] an object twice in one answer ends the application', () => {
    const twice = concat(tlvs(ONLINE), tlvs({ '9F36': '0042' }));
    expect(tap(() => answer(0x77, twice)).result.outcome).toBe('endApplication');
  });

  it.each([
    ['AIP of one byte', { '82': '20' }],
    ['cryptogram of seven bytes', { '9F26': '11223344556677' }],
    ['ATC of three bytes', { '9F36': '000042' }],
    ['CTQ of three bytes', { '9F6C': '000000' }],
    ['9F69 of seven bytes, which is one of Visa', { '9F69': '01CAFEBABE0000' }],
    ['9F69 of 17 bytes', { '9F69': '01'.padEnd(34, '0') }],
    ['expiry in month 13', { '5F24': '281301' }],
    ['sequence number of letters', { '5F34': '0A' }],
    ['balance of letters', { '9F5D': '00000000A000' }],
    ['5A of another account than 57', { '5A': '4761739001010118' }],
    ['57 without separator', { '57': '476173900101011912281220111438780890' }],
  ])('[C-7 DATA-5] badly formatted data ends the application: %s', (_, changes) => {
    const { result } = tap(onlineCard(changes));
    expect(result).toMatchObject({ outcome: 'endApplication', uiOnOutcome: null });
    expect(result.why.at(-1)?.element).toBe(Object.keys(changes)[0]);
  });
});

describe('the cryptogram type', () => {
  it.each([
    ['07010103A0000001', '80', 'onlineRequest'],
    ['0701010380000001', '00', 'declined'],
  ])('[C-7 TYPE-1] without 9F27 is read from the IAD %s', (iad, cid, outcome) => {
    const { result } = tap(onlineCard({ '9F27': undefined, '9F10': iad }));
    expect(result.outcome).toBe(outcome);
    expect(elementsOf(result.dataRecord)['9F27']).toBe(cid);
  });

  it('[C-7 TYPE-1] without 9F27 and with too short an IAD, 9F27 is missing', () => {
    const { result } = tap(onlineCard({ '9F27': undefined, '9F10': '07010103' }));
    expect(result).toMatchObject({ outcome: 'endApplication' });
    expect(result.why.at(-1)?.element).toBe('9F27');
  });

  it('[C-7 TYPE-2] AAC: declined', () => {
    const { result } = tap(onlineCard({ '9F27': '00' }));
    expect(result.outcome).toBe('declined');
    expect(why(result)).toContain('AAC');
  });

  it('[C-7 TYPE-3] the reserved type is declined, whatever the reader needs', () => {
    for (const ttq of ['60004000', '60804000']) {
      expect(tap(onlineCard({ '9F27': 'C0' }), { ttq }).result.outcome).toBe('declined');
    }
  });

  it('[C-7 TYPE-4] a TC goes online where the reader needs an online cryptogram', () => {
    const { result } = tap(offlineCard(keys), {
      ttq: '60804000',
      authentication: trusting(keys),
    });
    expect(result).toMatchObject({ outcome: 'onlineRequest', report: { oda: 'not performed' } });
  });
});
