import { describe, expect, it } from 'vitest';
import { newKeys, trusting } from './signing-card.ts';
import {
  errorOf,
  field,
  NEXT,
  type Objects,
  OTHER_CARD,
  PAN,
  plainTap,
  type Story,
  TVR_AT,
} from './support.ts';

const tvrWith = (record: Objects, terminal: Objects = {}): string =>
  field(plainTap({ record }, { terminal }), TVR_AT, 5);

/** Byte 2 of the TVR: processing restrictions. */
const restrictions = (record: Objects, terminal: Objects = {}) =>
  tvrWith(record, terminal).slice(2, 4);

describe('before GENERATE AC (S456)', () => {
  it('[C-2 S456 no amount] ends without a message when there is no amount', () => {
    for (const amount of [undefined, '']) {
      const played = plainTap({}, { terminal: { '9F02': amount } });
      expect(played.result).toMatchObject({
        outcome: 'endApplication',
        start: 'none',
        uiOnOutcome: null,
        uiOnRestart: null,
      });
      expect(errorOf(played)).toBe('0000030000FF');
    }
  });

  it('[C-2 S456 transaction limit] passes on to the next application over its limit', () => {
    const limit = { DF8124: '000000001250' };
    expect(plainTap({}, { terminal: limit }).result.outcome).toBe('onlineRequest');
    const played = plainTap({}, { terminal: { ...limit, '9F02': '000000001251' } });
    expect(played.result).toMatchObject(NEXT);
    expect(errorOf(played)).toBe('0005000000FF');
    expect(played.generate).toBeUndefined();
  });

  it('[C-2 S456 mandatory] ends without expiry date, account number or CDOL1', () => {
    for (const missing of ['5F24', '5A', '8C']) {
      const record = missing === '8C' ? { [missing]: '' } : { [missing]: undefined };
      const played = plainTap({ record });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect([missing, errorOf(played)]).toEqual([missing, '00010000001C']);
    }
  });

  it('[C-2 S456 format] ends with dates or an account number that are not digits', () => {
    for (const record of [
      { '5F24': '2812A1' },
      { '5F25': 'FFFFFF' },
      { '5A': '54133300890100A2' },
      { '5A': 'FFFFFFFFFFFFFFFF' },
    ] as Objects[]) {
      const played = plainTap({ record });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe('00060000001C');
    }
    expect(plainTap({ record: { '5A': '541333008901001F' } }).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 S456 CVM limit] over the CVM limit wants a receipt and the stricter capability', () => {
    const asking: Story = { record: { '8C': '9F3303' } };
    const under = plainTap(asking, { terminal: { '9F02': '000000010000' } });
    expect(field(under, 0, 3)).toBe('000808');
    expect(under.result.receipt).toBe(false);
    const over = plainTap(asking, { terminal: { '9F02': '000000010001' } });
    expect(field(over, 0, 3)).toBe('006008');
    expect(over.result.receipt).toBe(true);
    expect(over.record['9F33']).toBe('006008');
  });

  it('[C-2 S456 floor limit] says in the TVR when the amount is over the floor limit', () => {
    expect(tvrWith({}, { DF8123: '000000001250' }).slice(6, 8)).toBe('00');
    expect(tvrWith({}, { DF8123: '000000001249' }).slice(6, 8)).toBe('80');
  });

  it('[C-2 S456 exception file] says in the TVR that the card is on the exception file', () => {
    const authentication = trusting(newKeys(64, 64, 64), { exceptions: [PAN] });
    expect(plainTap({}, { authentication }).tvr.slice(0, 2)).toBe('90');
    const padded = { record: { '5A': `${PAN}FFFF` } };
    expect(plainTap(padded, { authentication }).tvr.slice(0, 2)).toBe('90');
    const other = { record: { '5A': '5413330089010020' } };
    expect(plainTap(other, { authentication }).tvr.slice(0, 2)).toBe('80');
    expect(plainTap().tvr.slice(0, 2)).toBe('80');
  });
});

describe('processing restrictions (PRE)', () => {
  it('[C-2 PRE versions] compares version numbers where the card has one', () => {
    expect(restrictions({ '9F08': '0002' })).toBe('00');
    expect(restrictions({ '9F08': '0003' })).toBe('80');
    expect(restrictions({ '9F08': undefined })).toBe('00');
    expect(restrictions({ '9F08': '0003' }, { '9F09': '0003' })).toBe('00');
  });

  it('[C-2 PRE effective] a card is good from its effective date on', () => {
    expect(restrictions({ '5F25': '260615' })).toBe('00');
    expect(restrictions({ '5F25': '260616' })).toBe('20');
    expect(restrictions({ '5F25': '991231' })).toBe('00');
  });

  it('[C-2 PRE expired] and to the end of its expiration date', () => {
    expect(restrictions({ '5F24': '260615' })).toBe('00');
    expect(restrictions({ '5F24': '260614' })).toBe('40');
    expect(restrictions({ '5F24': '991231' })).toBe('40');
    expect(restrictions({ '5F24': '491231' })).toBe('00');
  });

  it('[C-2 PRE ATM] usage control tells cash machines from other terminals', () => {
    expect(restrictions({ '9F07': 'FDC0' })).toBe('00');
    expect(restrictions({ '9F07': 'FEC0' })).toBe('10');
    const atm = { '9F35': '14', '9F40': '8000F0A001' };
    expect(restrictions({ '9F07': 'FEC0' }, atm)).toBe('00');
    expect(restrictions({ '9F07': 'FDC0' }, atm)).toBe('10');
    // Without cash among its capabilities it is no cash machine, and no other type is.
    expect(restrictions({ '9F07': 'FEC0' }, { ...atm, '9F40': '0000F0A001' })).toBe('10');
    expect(restrictions({ '9F07': 'FEC0' }, { ...atm, '9F35': '24' })).toBe('10');
    expect(restrictions({ '9F07': undefined })).toBe('00');
  });

  it('[C-2 PRE goods] payments need goods or services, at home or abroad', () => {
    const abroad = { '9F1A': '0276' };
    expect(restrictions({ '9F07': '21C0' })).toBe('00');
    expect(restrictions({ '9F07': '09C0' })).toBe('00');
    expect(restrictions({ '9F07': 'D5C0' })).toBe('10');
    expect(restrictions({ '9F07': '11C0' }, abroad)).toBe('00');
    expect(restrictions({ '9F07': '05C0' }, abroad)).toBe('00');
    expect(restrictions({ '9F07': 'E9C0' }, abroad)).toBe('10');
    expect(restrictions({ '9F07': '0140', '5F28': undefined })).toBe('00');
  });

  it('[C-2 PRE cash] cash needs cash', () => {
    for (const type of ['01', '17']) {
      expect(restrictions({ '9F07': '81C0' }, { '9C': type })).toBe('00');
      expect(restrictions({ '9F07': '7DC0' }, { '9C': type })).toBe('10');
      expect(restrictions({ '9F07': '41C0' }, { '9C': type, '9F1A': '0276' })).toBe('00');
      expect(restrictions({ '9F07': 'BDC0' }, { '9C': type, '9F1A': '0276' })).toBe('10');
    }
  });

  it('[C-2 PRE cashback] cashback needs cashback', () => {
    const back = { '9C': '09', '9F03': '000000000100' };
    expect(restrictions({ '9F07': 'FF80' }, back)).toBe('00');
    expect(restrictions({ '9F07': 'FF40' }, back)).toBe('10');
    expect(restrictions({ '9F07': 'FF40' }, { ...back, '9F1A': '0276' })).toBe('00');
    expect(restrictions({ '9F07': 'FF00' }, { '9C': '09' })).toBe('00');
  });
});
