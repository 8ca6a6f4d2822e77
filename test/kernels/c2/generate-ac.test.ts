import { describe, expect, it } from 'vitest';
import {
  CDOL1,
  errorOf,
  field,
  GENERATE,
  type Objects,
  OTHER_CARD,
  PRESENT_AGAIN,
  plainTap,
  type Story,
} from './support.ts';

const answered = (response: string): Story => ({ answers: { [GENERATE]: response } });

/** No action code says anything: the terminal asks for an approval. */
const APPROVING: Objects = { DF8120: '0000000000', DF8121: '0000000000', DF8122: '0000000000' };

const CARD_READ = { messageId: '1E', status: 'cardReadSuccessfully', holdMs: 0 };

describe('GENERATE AC (S456, S9)', () => {
  it('[C-2 S456 GENERATE AC] carries what CDOL1 asks for, as it stands then', () => {
    const played = plainTap();
    expect(played.generate?.data).toBe(
      [
        '000000001250',
        '000000000000',
        '0840',
        played.tvr,
        '0840',
        '260615',
        '00',
        'C0FFEE01',
        '22',
        '1F0302',
      ].join(''),
    );
    expect(played.commands.at(-1)?.slice(0, 10)).toBe('80AE800021');
  });

  it('[C-2 S456 malformed CDOL1] ends with a CDOL1 that can’t be read, or asks too much', () => {
    for (const cdol1 of ['9F', `${CDOL1}9F37`, '9F0280 9F0280']) {
      const played = plainTap({ record: { '8C': cdol1 } });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe('00060000001C');
      expect(played.generate).toBeUndefined();
    }
    expect(plainTap({ record: { '8C': '9F02FF' } }).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 S9 L1] asks for the card again when it falls silent', () => {
    const errors = { timeout: '01', transmission: '02', protocol: '03' } as const;
    for (const [fault, l1] of Object.entries(errors)) {
      const played = plainTap({ answers: { [GENERATE]: fault as keyof typeof errors } });
      expect(played.result).toMatchObject({ ...PRESENT_AGAIN, dataRecord: [] });
      expect(errorOf(played)).toBe(`${l1}0000000021`);
      expect(played.ui).toEqual([]);
    }
  });

  it('[C-2 S9 status bytes] ends on any status but 9000', () => {
    for (const sw of ['6985', '6A80', '6300']) {
      const played = plainTap(answered(sw));
      expect(played.result).toMatchObject({ ...OTHER_CARD, dataRecord: [] });
      expect(errorOf(played)).toBe(`000300${sw}1C`);
    }
  });

  it('[C-2 S9 format 1] takes CID, ATC, cryptogram and issuer data side by side from 80', () => {
    const plain = plainTap(answered('800B 80 0042 1122334455667788 9000'));
    expect(plain.result.outcome).toBe('onlineRequest');
    expect(plain.record).toMatchObject({ '9F27': '80', '9F36': '0042' });
    expect(plain.record['9F10']).toBeUndefined();
    const more = plainTap(answered('800E 80 0042 1122334455667788 0110A0 9000'));
    expect(more.record['9F10']).toBe('0110A0');
  });

  it('[C-2 S9 parsing error] ends with an answer of another form', () => {
    for (const response of [
      '9000',
      '800A 80 0042 11223344556677 9000',
      `802C 80 0042 1122334455667788 ${'00'.repeat(33)} 9000`,
      '7003 9F2701 80 9000',
      '7704 9F270180 7700 9000',
      '7703 9F2702 9000',
      '7705 9F27028000 9000',
      '770C 9F270180 9F270180 9F360101 9000',
      '7708 9F270180 5A0199 9000',
    ]) {
      const played = plainTap(answered(response));
      expect(played.result).toMatchObject(OTHER_CARD);
      expect([response, errorOf(played)]).toEqual([response, '00040000001C']);
    }
  });

  it('[C-2 S9 mandatory] ends without transaction counter or cryptogram information', () => {
    for (const missing of ['9F36', '9F27']) {
      const played = plainTap({ cryptogram: { [missing]: undefined } });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe('00010000001C');
      expect(played.ui).toEqual([]);
    }
  });

  it('[C-2 S9 cryptogram] ends without a cryptogram', () => {
    const played = plainTap({ cryptogram: { '9F26': undefined } });
    expect(played.result).toMatchObject(OTHER_CARD);
    expect(errorOf(played)).toBe('00010000001C');
  });

  it('[C-2 S9 type] lets a card be stricter than asked, never more lenient', () => {
    const legal = (terminal: Objects) =>
      ['00', '40', '80', 'C0'].filter(
        (cid) => errorOf(plainTap({ cryptogram: { '9F27': cid } }, { terminal })) === OK,
      );
    expect(legal(APPROVING)).toEqual(['00', '40', '80']);
    expect(legal({})).toEqual(['00', '80']);
    expect(legal({ DF8121: '8000000000' })).toEqual(['00']);
    const wrong = plainTap({ cryptogram: { '9F27': '40' } });
    expect(wrong.result).toMatchObject(OTHER_CARD);
    expect(errorOf(wrong)).toBe('00060000001C');
  });

  it('[C-2 S9 card read] says that the card can go as soon as its answer makes sense', () => {
    expect(plainTap().ui).toMatchObject([CARD_READ]);
    expect(plainTap({ cryptogram: { '9F26': undefined } }).ui).toMatchObject([CARD_READ]);
  });

  it('[C-2 S9 unasked signature] a signature that nobody asked for and can check fails', () => {
    const played = plainTap({ cryptogram: { '9F4B': '00'.repeat(96) } });
    expect(played.result).toMatchObject(OTHER_CARD);
    expect(errorOf(played)).toBe('00020000001C');
  });

  it('[C-2 OUT no error] an outcome without error says so', () => {
    expect(errorOf(plainTap())).toBe(OK);
    expect(field(plainTap(), 25, 4)).toBe('C0FFEE01');
  });
});

const OK = '0000000000FF';
