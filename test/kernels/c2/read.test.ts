import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import { newKeys, signingCard, trusting } from './signing-card.ts';
import {
  answer,
  errorOf,
  type Objects,
  OTHER_CARD,
  PRESENT_AGAIN,
  plainCard,
  plainTap,
  READ,
  RECORD,
  tap,
} from './support.ts';

const reads = (commands: readonly string[]) => commands.filter((one) => one.startsWith('00B2'));

/** A card without CDA whose records stand at SFI and number, such as '1.1'. */
const cardWith =
  (afl: string, records: Readonly<Record<string, Objects | string>>, aip = '1880'): ScriptedCard =>
  (command, index) => {
    const [, ins = 0, p1 = 0, p2 = 0] = command;
    if (ins !== READ) return plainCard({ gpo: { '82': aip, '94': afl } })(command, index);
    const content = records[`${p2 >> 3}.${p1}`];
    if (content === undefined) return hex('6A83');
    return typeof content === 'string' ? hex(content) : answer(0x70, content);
  };

describe('records are read (S3R1, S4)', () => {
  it('[C-2 S3R1 AFL] ends with an AFL that is out of its coding', () => {
    for (const afl of ['00010100', 'F8010100', '09010100', '08000100', '08020100', '08010102']) {
      const played = plainTap({ gpo: { '94': afl } });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect([afl, errorOf(played)]).toEqual([afl, '00060000001C']);
      expect(reads(played.commands)).toEqual([]);
    }
  });

  it('[C-2 S3R1 ODA] says that no offline authentication is done unless both sides do CDA', () => {
    const card = plainCard({ gpo: { '82': '1980' } });
    expect(tap(card, { terminal: { DF811F: '00' } }).tvr.slice(0, 2)).toBe('80');
    expect(plainTap({}, { terminal: { DF811F: '08' } }).tvr.slice(0, 2)).toBe('80');
    expect(plainTap().result.report?.oda).toBe('not performed');
  });

  it('[C-2 S4 order] in the order of the AFL, each record of each entry', () => {
    const all = { terminal: { DF811B: '04' } };
    const card = cardWith('10020300 08010100', { '2.2': RECORD, '2.3': {}, '1.1': {} });
    expect(reads(tap(card, all).commands)).toEqual(['00B2021400', '00B2031400', '00B2010C00']);
  });

  it('[C-2 S4 enough] without CDA only until all that is used is there', () => {
    const card = cardWith('08010300', { '1.1': { '9F08': '0002' }, '1.2': RECORD, '1.3': {} });
    expect(reads(tap(card).commands)).toEqual(['00B2010C00', '00B2020C00']);
    for (const wanted of [
      '5F24',
      '5A',
      '5F34',
      '9F07',
      '8E',
      '9F0D',
      '9F0E',
      '9F0F',
      '5F28',
      '57',
    ]) {
      const less = cardWith('08010200', { '1.1': { ...RECORD, [wanted]: undefined }, '1.2': {} });
      expect([wanted, reads(tap(less).commands).length]).toEqual([wanted, 2]);
    }
  });

  it('[C-2 S4 read all] or all of them, where the configuration says so', () => {
    const card = cardWith('08010300', { '1.1': RECORD, '1.2': {}, '1.3': {} });
    expect(reads(tap(card, { terminal: { DF811B: '24' } }).commands)).toHaveLength(3);
  });

  it('[C-2 S4 enough] with CDA all of them', () => {
    const card = cardWith(
      '08010300',
      { '1.1': { ...RECORD, '9F4A': '82' }, '1.2': {}, '1.3': {} },
      '1980',
    );
    expect(reads(tap(card).commands)).toHaveLength(3);
  });

  it('[C-2 S4 L1] asks for the card again when it falls silent', () => {
    const errors = { timeout: '01', transmission: '02', protocol: '03' } as const;
    for (const [fault, l1] of Object.entries(errors)) {
      const played = plainTap({ answers: { [READ]: fault as keyof typeof errors } });
      expect(played.result).toMatchObject({ ...PRESENT_AGAIN, dataRecord: [] });
      expect(errorOf(played)).toBe(`${l1}0000000021`);
    }
  });

  it('[C-2 S4 status bytes] ends on any status but 9000', () => {
    for (const sw of ['6A83', '6985', '6282']) {
      const played = plainTap({ answers: { [READ]: sw } });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe(`000300${sw}1C`);
    }
  });

  it('[C-2 S4.24] ends with a record that is no template 70', () => {
    for (const response of ['9000', '77009000', '7001 9000', '7000 7000 9000', '5A0112 9000']) {
      const played = plainTap({ answers: { [READ]: response } });
      expect(played.result).toMatchObject(OTHER_CARD);
      expect([response, errorOf(played)]).toEqual([response, '00040000001C']);
    }
  });

  it('[C-2 S4.27] parses a record before the next one is read', () => {
    const card = cardWith('08010200', { '1.1': '70035F24009000', '1.2': RECORD });
    expect(reads(tap(card).commands)).toEqual(['00B2010C00']);
  });

  it('[C-2 S4 empty template] takes an empty template for a record', () => {
    const card = cardWith('08010200', { '1.1': '70009000', '1.2': RECORD });
    expect(tap(card).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 S4 proprietary] reads files 11 to 30 without a look inside', () => {
    const card = cardWith('58010100 08010100', { '11.1': 'FFFF9000', '1.1': RECORD });
    expect(tap(card).result.outcome).toBe('onlineRequest');
    const named = cardWith('58010100 08010100', { '11.1': { '5A': '99' }, '1.1': RECORD });
    expect(tap(named).record['5A']).toBe(RECORD['5A']);
  });
});

describe('records are kept for CDA (S4)', () => {
  const keys = newKeys(144, 128, 128);
  const authentication = trusting(keys);

  it('[C-2 S4 signed record] the value of template 70 in files 1 to 10', () => {
    expect(tap(signingCard(keys), { authentication }).result.report?.oda).toBe('CDA succeeded');
  });

  it('[C-2 S4 signed record] the whole record in files 11 to 30', () => {
    // What the kernel uses must stand in files that it reads, so this card has it twice.
    const inner = signingCard(keys, { signedSfi: 12 });
    const card: ScriptedCard = (command, index) => {
      if (command[1] === 0xa8) return hex('7712 82021980 940C 60010101 18010200 08010100 9000');
      if (command[1] === READ && (command[3] ?? 0) >> 3 === 1) {
        return answer(0x70, { ...RECORD, '9F4A': '82' });
      }
      return inner(command, index);
    };
    expect(tap(card, { authentication }).result.report?.oda).toBe('CDA succeeded');
  });

  it('[C-2 S4 signed form] and CDA has failed with a signed record of another form', () => {
    const inner = signingCard(keys);
    const card: ScriptedCard = (command, index) => {
      if (command[1] === 0xa8) return hex('7712 82021980 940C 10010101 58010101 18010200 9000');
      if (command[1] === READ && (command[3] ?? 0) >> 3 === 11) return hex('42019000');
      return inner(command, index);
    };
    const played = tap(card, { authentication });
    expect(played.tvr.slice(0, 2)).toBe('04');
    expect(played.generate?.p1).toBe('80');
    expect(played.result.outcome).toBe('onlineRequest');
  });
});
