import { describe, expect, it } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import {
  AID,
  errorOf,
  fciOf,
  GENERATE,
  GPO,
  NEXT,
  OTHER_CARD,
  PRESENT_AGAIN,
  plainTap,
  READ,
  type Story,
  tlvs,
} from './support.ts';

const gpo = (response: string): Story => ({ answers: { [GPO]: response } });

describe('kernel 2 begins (S1)', () => {
  it('[C-2 S1 FCI] passes on to the next application if the FCI is no FCI', () => {
    for (const fci of ['', '6F', '6F05A503', '77028400', '6F00 6F00', '5A0102']) {
      const played = plainTap({}, { fci: hex(fci) });
      expect(played.result).toMatchObject(NEXT);
      expect(played.commands).toEqual([]);
      expect(played.result.why.length).toBeGreaterThan(0);
    }
    expect(errorOf(plainTap({}, { fci: hex('6F05A503') }))).toBe('0004000000FF');
  });

  it('[C-2 S1 DF Name] passes on if the FCI names no application', () => {
    const empty = hex('6F00');
    expect(errorOf(plainTap({}, { fci: empty }))).toBe('0001000000FF');
    expect(plainTap({}, { fci: encodeTlv(0x6f, tlvs({ A5: '' })) }).result).toMatchObject(NEXT);
    // Empty is too short for 84, so it is a parsing error.
    expect(errorOf(plainTap({}, { fci: hex('6F028400') }))).toBe('0004000000FF');
  });

  it('[C-2 S1 FCI check] demands of the FCI what it demands of every answer', () => {
    const wrong = [
      encodeTlv(0x6f, encodeTlv(0x84, AID), encodeTlv(0x84, AID)),
      encodeTlv(0x6f, encodeTlv(0x84, AID), encodeTlv(0x50, hex('41'))),
      fciOf({ '9F11': '0101' }),
      fciOf({ '95': '0000000000' }),
      fciOf({ '9F38': `9F3704${'9A03'.repeat(119)}` }),
      fciOf({}, { '9F6E': '0840' }),
      encodeTlv(0x6f, encodeTlv(0x84, AID), encodeTlv(0xbf0c, hex(''))),
    ];
    for (const fci of wrong) {
      const played = plainTap({}, { fci });
      expect(played.result).toMatchObject(NEXT);
      expect(errorOf(played)).toBe('0004000000FF');
    }
  });

  it('[C-2 S1 empty A5] lets an empty A5 pass', () => {
    const fci = encodeTlv(0x6f, encodeTlv(0x84, AID), hex('A500'));
    expect(plainTap({}, { fci }).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 S1 language] names the card’s languages, the dearest first, from then on', () => {
    expect(plainTap().result.uiOnOutcome?.language).toBe('enes');
    expect(plainTap({ answers: { [READ]: '6A83' } }).result.uiOnOutcome?.language).toBe('enes');
    const french = fciOf({ '5F2D': '66726465' });
    expect(plainTap({}, { fci: french }).result.uiOnOutcome?.language).toBe('frde');
  });

  it('[C-2 S1 field off] turns the field off at the end for a card that watches for it', () => {
    const fci = fciOf({}, { '9F5D': '000400' });
    expect(plainTap({}, { fci }).result.fieldOffMs).toBe(1300);
    expect(plainTap({}, { fci, terminal: { DF8130: '02' } }).result.fieldOffMs).toBe(200);
    expect(plainTap().result.fieldOffMs).toBeNull();
  });

  it('[C-2 S1 Terminal Capabilities] tells the card its input and security capabilities', () => {
    const fci = fciOf({ '9F38': '9F3303' });
    const { commands } = plainTap({}, { fci, terminal: { DF8117: 'E0' } });
    expect(commands[0]).toBe('80A80000058303E0000800');
  });

  it('[C-2 S1 no PDOL] sends an empty template without a PDOL', () => {
    expect(plainTap().commands[0]).toBe('80A8000002830000');
  });

  it('[C-2 S1 PDOL] fills what the card asks for, in its order', () => {
    const fci = fciOf({ '9F38': '9F37049F02069F3501' });
    expect(plainTap({}, { fci }).commands[0]).toBe('80A800000D830BC0FFEE010000000012502200');
  });

  it('[C-2 S1 malformed PDOL] ends with a PDOL that can’t be read, or asks too much', () => {
    for (const pdol of ['9F', '9F37', '9F02FC9F0201', '9F0206FF']) {
      const played = plainTap({}, { fci: fciOf({ '9F38': pdol }) });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe('00060000001C');
      expect(played.commands).toEqual([]);
    }
    const longest = plainTap({}, { fci: fciOf({ '9F38': '9F02FC' }) });
    expect(longest.commands[0]?.slice(0, 16)).toBe('80A80000FF8381FC');
  });
});

describe('GET PROCESSING OPTIONS is answered (S3)', () => {
  it('[C-2 S3 L1] tries again when the card falls silent', () => {
    const errors = { timeout: '01', transmission: '02', protocol: '03' } as const;
    for (const [fault, l1] of Object.entries(errors)) {
      const played = plainTap({ answers: { [GPO]: fault as keyof typeof errors } });
      expect(played.result).toMatchObject({
        outcome: 'tryAgain',
        start: 'B',
        uiOnOutcome: null,
        uiOnRestart: null,
      });
      expect(errorOf(played)).toBe(`${l1}00000000FF`);
    }
  });

  it('[C-2 S3 status bytes] passes on to the next application on any status but 9000', () => {
    for (const sw of ['6985', '6984', '6986', '6A81', '6300', '9001', '0000']) {
      const played = plainTap(gpo(sw), { fci: fciOf({}, { '9F5D': '000400' }) });
      expect(played.result).toMatchObject(NEXT);
      expect(errorOf(played)).toBe(`000300${sw}FF`);
    }
  });

  it('[C-2 S3 format 2] takes AIP and AFL from template 77', () => {
    expect(plainTap().commands[1]).toBe('00B2010C00');
  });

  it('[C-2 S3 format 1] takes AIP and AFL side by side from 80', () => {
    const { commands, result } = plainTap(gpo('80061880100101009000'));
    expect(commands[1]).toBe('00B2011400');
    expect(result.outcome).toBe('onlineRequest');
  });

  it('[C-2 S3 parsing error] ends with an answer of another form', () => {
    const wrong = [
      '9000',
      '770A 82021880 94040801 9000',
      '770A 82021880 940408010100 9F 9000',
      '8002 1880 9000',
      '8005 1880080101 9000',
      '8007 18800801010000 9000',
      '770A 82021880 940408010100 7700 9000',
      '7709 820118 940408010100 9000',
      '770E 82021880 82021880 940408010100 9000',
      '7000 9000',
      '82021880 9000',
    ];
    for (const response of wrong) {
      const played = plainTap(gpo(response));
      expect(played.result).toMatchObject(OTHER_CARD);
      expect([response, errorOf(played)]).toEqual([response, '00040000001C']);
    }
  });

  it('[C-2 S3 AFL length] calls an AFL that is no multiple of four a parsing error', () => {
    for (const afl of ['9405 0801010008', '9403 080101', '9400']) {
      const body = hex(`82021880 ${afl}`);
      const played = plainTap({
        answers: { [GPO]: `${Buffer.from(concat(encodeTlv(0x77, body))).toString('hex')}9000` },
      });
      expect(errorOf(played)).toBe('00040000001C');
    }
  });

  it('[C-2 S3 missing] ends without AIP or AFL', () => {
    expect(errorOf(plainTap({ gpo: { '94': undefined } }))).toBe('00010000001C');
    expect(errorOf(plainTap({ gpo: { '82': undefined } }))).toBe('00010000001C');
    expect(errorOf(plainTap(gpo('77009000')))).toBe('00010000001C');
  });

  it('[C-2 S3 mag-stripe] ends with a card that knows no EMV mode', () => {
    const played = plainTap({ gpo: { '82': '1800' } });
    expect(played.result).toMatchObject(OTHER_CARD);
    expect(errorOf(played)).toBe('00070000001C');
  });

  it('[C-2 S3.31] reads record 1 of file 1 like any other', () => {
    const { commands } = plainTap({ gpo: { '94': '0801010010010100' } });
    expect(commands.slice(1, 2)).toEqual(['00B2010C00']);
  });

  it('[C-2 S3 transaction limit] allows more where a phone verifies its owner', () => {
    const between = { '9F02': '000000150000' };
    expect(plainTap({}, { terminal: between }).result).toMatchObject(NEXT);
    const phone = { gpo: { '82': '1A80' } };
    expect(plainTap(phone, { terminal: between }).result.outcome).toBe('onlineRequest');
    // The same phone at a reader that leaves verification by devices out.
    const plain = { ...between, DF811B: '00' };
    expect(plainTap(phone, { terminal: plain }).result).toMatchObject(NEXT);
  });

  it('[C-2 S3 no relay resistance] says so in the TVR unless both sides do it', () => {
    expect(plainTap().tvr.slice(8)).toBe('01');
    const card = { gpo: { '82': '1881' } };
    const played = plainTap(card, { terminal: { DF811B: '20' } });
    expect(played.tvr.slice(8)).toBe('01');
    expect(played.commands.some((command) => command.startsWith('80EA'))).toBe(false);
  });

  it('[C-2 OUT errors] ends an error with one message, and one to try again with another', () => {
    expect(plainTap({ answers: { [READ]: '6A83' } }).result).toMatchObject(OTHER_CARD);
    expect(plainTap({ answers: { [READ]: 'timeout' } }).result).toMatchObject(PRESENT_AGAIN);
    expect(plainTap({ answers: { [GENERATE]: '6985' } }).result).toMatchObject(OTHER_CARD);
  });
});
