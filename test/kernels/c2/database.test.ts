import { describe, expect, it } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import {
  errorOf,
  fciOf,
  field,
  GPO,
  type Objects,
  OTHER_CARD,
  PAN,
  plainTap,
  READ,
  RECORD,
  tlvs,
} from './support.ts';

const record = (content: Objects | Uint8Array) =>
  plainTap({
    answers: {
      [READ]: toHex(
        concat(encodeTlv(0x70, content instanceof Uint8Array ? content : tlvs(content)), OK),
      ),
    },
  });
const OK = hex('9000');

const PARSING_ERROR = '00040000001C';

describe('what a card sends is stored', () => {
  it('[C-2 DB unknown] passing over what the kernel does not know', () => {
    const known = {
      '5F20': '41',
      '9F49': '9F3704',
      '8D': '8A02',
      DF7F: '00',
      '5F30': '0201',
      '9F45': '0000',
    };
    expect(record({ ...RECORD, ...known }).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 DB storage unknown] passing over data exchange and storage', () => {
    const storage: Objects = {
      '9F54': '00',
      '9F5B': '00',
      '9F5F': '',
      '9F6F': '0000',
      '9F70': '00',
      '9F79': '00',
      '9F7D': '00',
      '9F7F': '00',
      DF60: '0000',
      DF61: '00',
      DF62: '00',
      DF63: '00',
      DF8101: '00',
      DF8102: '00',
      DF8106: '00',
      DF810B: '00',
      DF8110: '00',
      DF8112: '00',
      DF8127: '00',
      DF8128: '00',
    };
    expect(plainTap({}, { fci: fciOf({}, storage) }).result.outcome).toBe('onlineRequest');
    expect(record({ ...RECORD, ...storage }).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 DB mag-stripe unknown] passing over what magnetic-stripe mode left behind', () => {
    const old: Objects = {
      '56': '42',
      '9F60': '0000',
      '9F61': '0000',
      '9F62': '00',
      '9F67': '00',
      '9F69': '00',
      '9F6A': '00',
      '9F6B': '00',
      '9F6C': '0000',
      '9F7E': '00',
    };
    expect(record({ ...RECORD, ...old }).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 DB twice] unless it is there already', () => {
    const twice = concat(tlvs(RECORD), encodeTlv(0x5a, hex('5413330089010012')));
    expect(errorOf(record(twice))).toBe(PARSING_ERROR);
    const readAll = { terminal: { DF811B: '04' } };
    expect(errorOf(plainTap({ gpo: { '94': '08010200' } }, readAll))).toBe(PARSING_ERROR);
    expect(errorOf(plainTap({ gpo: { '5A': '5413330089010012' } }))).toBe(PARSING_ERROR);
  });

  it('[C-2 DB empty before] or it was there, but empty', () => {
    const emptyFirst = plainTap({ gpo: { '57': '', '5A': '' } });
    expect(emptyFirst.result.outcome).toBe('onlineRequest');
    expect(emptyFirst.record['57']).toBe(RECORD['57']);
  });

  it('[C-2 DB length] unless its length is not legal', () => {
    const wrong: Objects = {
      '57': '00'.repeat(20),
      '5A': '00'.repeat(11),
      '5F24': '2812',
      '5F28': '08',
      '8F': '',
      '9F07': 'FF',
      '9F0D': '00000000',
      '9F42': '084000',
      '9F6E': '00000000',
      '9F32': '0101',
      '9F47': '01000100',
    };
    for (const [tag, value] of Object.entries(wrong)) {
      expect([tag, errorOf(record({ ...RECORD, [tag]: value }))]).toEqual([tag, PARSING_ERROR]);
    }
    expect(record({ ...RECORD, '9F32': '03', '9F47': '010001' }).result.outcome).toBe(
      'onlineRequest',
    );
  });

  it('[C-2 DB CVM list length] a CVM list has 10 to 250 bytes', () => {
    for (const length of [8, 9, 251, 252]) {
      expect(errorOf(record({ ...RECORD, '8E': '00'.repeat(length) }))).toBe(PARSING_ERROR);
    }
    const { '57': _, ...short } = RECORD;
    for (const length of [10, 150]) {
      const played = record({ ...short, '8E': '00'.repeat(length) });
      expect(played.result.outcome).toBe('onlineRequest');
    }
  });

  it('[C-2 DB DOL length] CDOL1 has up to 250 bytes, the PDOL up to 240', () => {
    const cdol = (count: number) => ({ '5A': PAN, '5F24': '281231', '8C': '9500'.repeat(count) });
    expect(record(cdol(125)).result.outcome).toBe('onlineRequest');
    expect(errorOf(record(cdol(126)))).toBe(PARSING_ERROR);
    const pdol = (count: number) => fciOf({ '5F2D': undefined, '9F38': '9500'.repeat(count) });
    expect(plainTap({}, { fci: pdol(120) }).result.outcome).toBe('onlineRequest');
    expect(plainTap({}, { fci: pdol(121) }).result.outcome).toBe('selectNext');
  });

  it('[C-2 DB update] unless a card may not send it', () => {
    for (const [tag, value] of Object.entries({
      '95': '0000000000',
      '9F02': '000000000001',
      '9F33': '000000',
      '9F37': '00000000',
      '9F53': '41',
      '9F7C': '00'.repeat(20),
      '9F35': '22',
      DF8115: '000000000000',
      DF811B: '00',
      DF8124: '999999999999',
      DF8301: '00000000',
    })) {
      expect([tag, errorOf(record({ ...RECORD, [tag]: value }))]).toEqual([tag, PARSING_ERROR]);
    }
    const limit = fciOf({}, { DF8124: '999999999999' });
    expect(plainTap({}, { fci: limit }).result.outcome).toBe('selectNext');
  });

  it('[C-2 DB template] unless it stands where it does not belong', () => {
    const misplaced: Objects = {
      '50': '41',
      '84': 'A0000000041010',
      '82': '1880',
      '94': '08010100',
      '9F38': '9F3704',
      '5F2D': '656E',
      '9F26': '1122334455667788',
      '9F27': '80',
      '9F36': '0001',
      '9F4B': '00'.repeat(100),
      '9F5D': '000000',
      DF4B: '000000',
      DF8302: '00000000',
      A5: '',
      BF0C: '',
      '77': '',
    };
    for (const [tag, value] of Object.entries(misplaced)) {
      const { '57': _, ...short } = RECORD;
      expect([tag, errorOf(record({ ...short, [tag]: value }))]).toEqual([tag, PARSING_ERROR]);
    }
    const pan = fciOf({}, { '5A': '5413330089010012' });
    expect(plainTap({}, { fci: pan }).result.outcome).toBe('selectNext');
  });

  it('[C-2 DB template] and real cards have some in more than one place', () => {
    const device = '0840000030310000';
    expect(plainTap({}, { fci: fciOf({}, { '9F6E': device }) }).discretionary['9F6E']).toBe(device);
    expect(record({ ...RECORD, '9F6E': device }).discretionary['9F6E']).toBe(device);
    expect(plainTap({ cryptogram: { DF4B: '000000' } }).result.outcome).toBe('onlineRequest');
    const par = '51'.repeat(29);
    expect(plainTap({ cryptogram: { '9F24': par } }).record['9F24']).toBe(par);
  });

  it('[C-2 DB unknown template] without a look into templates that nobody knows', () => {
    const strange = concat(tlvs(RECORD), hex('73 05 5A02 FFFF FF'));
    expect(record(strange).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 DB padding] with zeros between objects, and lengths longer than need be', () => {
    const padded = concat(
      hex('0000'),
      tlvs({ ...RECORD, '5A': undefined }),
      hex('00 5A8108'),
      hex(RECORD['5A'] ?? ''),
      hex('00'),
    );
    expect(record(padded).result.outcome).toBe('onlineRequest');
    expect(record(padded).record['5A']).toBe(RECORD['5A']);
  });

  it('[C-2 DB malformed] and broken TLV is a parsing error that says where', () => {
    const played = plainTap({ answers: { [GPO]: '7705 8202188094 9000' } });
    expect(played.result).toMatchObject(OTHER_CARD);
    expect(errorOf(played)).toBe(PARSING_ERROR);
    expect(played.result.why.at(-1)?.why).toContain('77 › 94 at 6');
  });
});

describe('what a card asks for is cut and filled', () => {
  const asked = (dol: string, length: number, terminal: Objects = {}) =>
    field(plainTap({ record: { '8C': dol } }, { terminal }), 0, length);

  it('[C-2 DOL numeric] numbers from the left', () => {
    expect(asked('9F0202', 2)).toBe('1250');
    expect(asked('9F0208', 8)).toBe('0000000000001250');
  });

  it('[C-2 DOL compressed] compressed numbers with F on the right', () => {
    expect(asked('5A0A', 10)).toBe('5413330089010012FFFF');
  });

  it('[C-2 DOL others] all else on the right', () => {
    expect(asked('9F4002', 2)).toBe('6000');
    expect(asked('9F4006', 6)).toBe('6000F0A00100');
  });

  it('[C-2 DOL unknown] zeros for what is unknown, absent, empty or a template', () => {
    expect(asked('9F7B03', 3)).toBe('000000');
    expect(asked('9F1602', 2)).toBe('0000');
    expect(asked('7003', 3)).toBe('000000');
    expect(asked('9F0102', 2, { '9F01': '' })).toBe('0000');
  });
});
