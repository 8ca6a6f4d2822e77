import { describe, expect, it } from 'vitest';
import {
  CHIP,
  DECLINED,
  ENDS,
  GENERATE,
  LENIENT,
  ONLINE,
  OVER,
  plainTap,
  SEE_PHONE,
  WITH_CONTACT,
} from './support.ts';

const OFFLINE = { terminal: LENIENT };
const READ_OK = { messageId: '17', status: 'cardReadSuccessfully', holdMs: 300 };

describe('what GENERATE AC is asked', () => {
  it('[C-4 AC-1] carries what CDOL1 lists: TVR, random number and CVM Results of this tap', () => {
    expect(plainTap({}, { preprocessing: OVER }).generate).toEqual({
      p1: '80',
      data: '000000001250000000000000084080000400000840260615' + '00C0FFEE0122420300',
    });
  });

  it.each([
    ['broken', '9F02'],
    ['for over 255 bytes', '9F02FF9F0301'],
  ])('[C-4 AC-2] a CDOL1 that is %s ends the application', (_, cdol1) => {
    const { result, commands } = plainTap({ record: { '8C': cdol1 } });
    expect(result).toMatchObject(ENDS);
    expect(commands).toHaveLength(2);
  });
});

describe('what it answers', () => {
  it('[C-4 AC-3] 6984 asks for the phone once', () => {
    const story = { answers: { [GENERATE]: '6984' } };
    expect(plainTap(story).result).toMatchObject(SEE_PHONE);
    expect(plainTap(story, { more: { restart: true } }).result).toMatchObject(ENDS);
  });

  it.each(['6985', '6F00', '6200'])('[C-4 AC-4] %s: the contact chip, else the end', (status) => {
    const story = { answers: { [GENERATE]: status } };
    expect(plainTap(story).result).toMatchObject(ENDS);
    expect(plainTap(story, { terminal: WITH_CONTACT }).result).toMatchObject(CHIP);
  });

  it.each([
    ['nothing', '9000'],
    ['format 1 that is too short', '800A 80 0042 11223344556677 9000'],
    ['another template', '7003 9F2701 9000'],
    ['a broken object', '7704 9F2702 9000'],
    [
      'a cryptogram twice',
      '7720 9F270180 9F36020042 9F26081122334455667788 9F2701 80 9F100106 9000',
    ],
    ['a counter of one byte', '7717 9F270180 9F360142 9F26081122334455667788 9F100106 9000'],
  ])('[C-4 AC-5] with %s leads to the contact chip, else to the end', (_, bytes) => {
    const story = { answers: { [GENERATE]: bytes } };
    expect(plainTap(story).result).toMatchObject(ENDS);
    expect(plainTap(story, { terminal: WITH_CONTACT }).result).toMatchObject(CHIP);
  });

  it.each(['9F27', '9F36', '9F26', '9F10'])('[C-4 AC-5] without %s likewise', (element) => {
    const story = { cryptogram: { [element]: undefined } };
    expect(plainTap(story).result).toMatchObject(ENDS);
    // What a record holds is no cryptogram.
    const inRecord = { ...story, record: { [element]: '80' } };
    expect(plainTap(inRecord).result.outcome).toBe('endApplication');
  });

  it('[C-4 AC-5] a reserved cryptogram type likewise', () => {
    expect(plainTap({ cryptogram: { '9F27': 'C0' } }).result).toMatchObject(ENDS);
  });

  it('[C-4 AC-6] may come in format 1', () => {
    const bytes = '8013 80 0042 1122334455667788 06010203A4000000 9000';
    const { result, record } = plainTap({ answers: { [GENERATE]: bytes } });
    expect(result).toMatchObject(ONLINE);
    expect(record).toMatchObject({
      '9F26': '1122334455667788',
      '9F36': '0042',
      '9F10': '06010203A4000000',
    });
  });

  it.each([
    ['a TC where an ARQC was asked for', '40', {}],
    ['a TC where an AAC was asked for', '40', { DF8121: 'FFFFFFFFFF' }],
    ['an ARQC where an AAC was asked for', '80', { DF8121: 'FFFFFFFFFF' }],
  ])('[C-4 AC-7] %s is declined', (_, type, terminal) => {
    const tap = plainTap(
      { cryptogram: { '9F27': type } },
      { terminal: { ...WITH_CONTACT, ...terminal } },
    );
    expect(tap.result).toMatchObject(DECLINED);
  });

  it('[C-4 AC-8] the card may leave as soon as it has given a cryptogram', () => {
    for (const type of ['00', '40', '80']) {
      expect(plainTap({ cryptogram: { '9F27': type } }, OFFLINE).ui).toMatchObject([READ_OK]);
    }
    expect(plainTap({ answers: { [GENERATE]: '6985' } }).ui).toEqual([]);
  });
});

describe('what comes of it', () => {
  it('[C-4 END-1] a TC approves', () => {
    expect(plainTap({}, OFFLINE).result).toMatchObject({
      outcome: 'approved',
      start: 'none',
      cvm: 'noCvm',
      receipt: false,
      uiOnOutcome: { messageId: '03', status: 'cardReadSuccessfully' },
    });
  });

  it('[C-4 END-1] with a signature if that is how the holder is verified', () => {
    const record = { '8E': '00000000000000001E00' };
    const how = { ...OFFLINE, preprocessing: OVER };
    expect(plainTap({ record }, how).result).toMatchObject({
      outcome: 'approved',
      cvm: 'obtainSignature',
      receipt: true,
      uiOnOutcome: { messageId: '1A' },
    });
  });

  it('[C-4 END-2] an AAC leads to the contact chip, else it is declined', () => {
    const story = { cryptogram: { '9F27': '00' } };
    expect(plainTap(story).result).toMatchObject(DECLINED);
    expect(plainTap(story, { terminal: WITH_CONTACT }).result).toMatchObject(CHIP);
  });

  it.each([
    ['has another interface', {}, CHIP],
    ['is a phone', { gpo: { '82': '18C0' } }, DECLINED],
    ['is an account in a phone', { gpo: { '82': '18A0' } }, DECLINED],
    ['has contacts', { record: { '9F70': '2000' } }, CHIP],
    ['has none', { record: { '9F70': '1000' } }, DECLINED],
  ])('[C-4 ALT] whether a card %s', (_, story, expected) => {
    const declines = { cryptogram: { '9F27': '00' }, ...story };
    expect(plainTap(declines, { terminal: WITH_CONTACT }).result).toMatchObject(expected);
    expect(plainTap(declines).result).toMatchObject(DECLINED);
  });

  it('[C-4 END-3] an ARQC goes online, and the card is done', () => {
    const { result } = plainTap();
    expect(result).toMatchObject(ONLINE);
    expect(plainTap({ cryptogram: { '9F27': '80' } }, OFFLINE).result).toMatchObject(ONLINE);
  });

  it.each([
    ['a terminal that is offline only', { terminal: { ...LENIENT, '9F35': '23' } }],
    ['one without its host', { terminal: LENIENT, options: { unableToGoOnline: true } }],
  ])('[C-4 END-4] an ARQC at %s leads to the contact chip, else it is declined', (_, how) => {
    const story = { cryptogram: { '9F27': '80' } };
    expect(plainTap(story, how).result).toMatchObject(DECLINED);
    const terminal = { ...how.terminal, ...WITH_CONTACT };
    expect(plainTap(story, { ...how, terminal }).result).toMatchObject(CHIP);
  });

  it('[C-4 END-5] authorised later: no card that has not proven itself', () => {
    const later = { terminal: { ...LENIENT, '9F6E': '18E00043', DF8122: '8000000000' } };
    expect(plainTap({}, later).result).toMatchObject(DECLINED);
  });
});

describe('the data record', () => {
  const DEVICE = {
    '9F67': '030000',
    '9F25': '4521',
    '9F24': '50'.repeat(29),
    '9F19': '010000000001',
    '9F5A': '4142',
    '9F5B': '3132',
  };

  it('[C-4 REC-1] has what the cryptogram covers, and more', () => {
    expect(plainTap().record).toEqual({
      '9F02': '000000001250',
      '9F03': '000000000000',
      '9F26': '1122334455667788',
      '82': '1880',
      '5F34': '01',
      '9F36': '0042',
      '9F27': '80',
      '9F10': '0110A00003220000000000000000000000FF',
      '9F1A': '0840',
      '57': '5413330089010012D28122010143878089',
      '5F2A': '0840',
      '9A': '260615',
      '9C': '00',
      '5A': '5413330089010012',
      '5F24': '281231',
      '50': '414D4558',
      '84': 'A000000025010402',
      '95': '8000000000',
      '9F34': '1F0302',
      '9F37': 'C0FFEE01',
    });
  });

  it('[C-4 REC-2] has what a card says of itself', () => {
    expect(plainTap({ record: DEVICE }).record).toMatchObject(DEVICE);
  });

  it('[C-4 REC-3] is empty where nothing was decided', () => {
    const ends = [
      plainTap({ answers: { [GENERATE]: '6984' } }),
      plainTap({ answers: { [GENERATE]: '6985' } }),
      plainTap({ cryptogram: { '9F27': '00' } }, { terminal: WITH_CONTACT }),
    ];
    for (const { result } of ends) expect(result.dataRecord).toEqual([]);
  });
});
