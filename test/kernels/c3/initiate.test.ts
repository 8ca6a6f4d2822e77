import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import {
  always,
  answer,
  cardOf,
  elementsOf,
  fciOf,
  ONLINE,
  onlineCard,
  READER,
  tap,
  tlvs,
  why,
} from './support.ts';

const nothingElse = {
  onlineResponseType: 'none',
  cvm: 'none',
  dataRecord: [],
  discretionaryData: [],
  receipt: false,
  removalTimeoutMs: 0,
};

describe('a tap on kernel 3', () => {
  it('[C-3 5.1-1] with issuer data delivers that and starts no transaction', () => {
    const { commands } = tap(always('9000'), { issuerData: '910A 1122334455667788 3030' });
    expect(commands).toEqual(['008200000A11223344556677883030']);
  });

  it('[C-3 5.1-2] of a card with a data storage directory (D2) is an ordinary one', () => {
    const inside = { '9F38': '9F6604', D2: '0102' };
    const { result, commands } = tap(onlineCard(), { fci: fciOf(inside) });
    expect(result.outcome).toBe('onlineRequest');
    expect(commands).toEqual([`80A80000068304${READER.plain}00`]);
  });

  it('[C-3 5.1-3] never offers magnetic-stripe mode, whatever is configured', () => {
    const { commands } = tap(onlineCard(), { ttq: 'A2004000' });
    expect(commands[0]).toContain('832122004000');
  });
});

describe('GET PROCESSING OPTIONS', () => {
  it('[C-3 5.2-1] gives the card what its PDOL lists, in order, in the lengths it wants', () => {
    const fci = fciOf({ '9F38': '9F37049F02039C019F4E049F66045F2A03DF0102' });
    const { commands } = tap(onlineCard(), { fci, terminal: { '9F4E': '4142' } });
    const values = ['C0FFEE01', '001250', '00', '41420000', '20004000', '000840', '0000'];
    expect(commands[0]).toBe(`80A80000178315${values.join('')}00`);
  });

  it('[C-3 5.2-2] carries the TTQ as Entry Point set it for this amount', () => {
    const { commands } = tap(onlineCard(), { ttq: '26C04000' });
    expect(commands[0]).toContain('26C04000');
  });

  it('[C-3 5.2-3] is answered in template 77, with AIP and AFL or without AFL', () => {
    const { '94': afl, ...withoutAfl } = ONLINE;
    expect(afl).toBeUndefined();
    expect(tap(cardOf(withoutAfl)).result.outcome).toBe('onlineRequest');
    const split = cardOf(
      { ...ONLINE, '57': undefined, '94': '08010100' },
      { '1.1': { '57': ONLINE['57'] } },
    );
    expect(tap(split).result.outcome).toBe('onlineRequest');
  });

  it.each([
    ['format 1', '8006 2020 08010100 9000'],
    ['nothing', '9000'],
    ['something after 77', '7700 5000 9000'],
    ['an object that runs past its end', '7703 82 05 20 9000'],
  ])('[C-3 5.2-4] answered with %s ends the application', (_, response) => {
    expect(tap(always(response)).result.outcome).toBe('endApplication');
  });

  it('[C-3 5.2-5] refused with 6984 asks for another interface: insert or swipe', () => {
    expect(tap(always('6984')).result).toMatchObject({
      ...nothingElse,
      outcome: 'tryAnotherInterface',
      start: 'none',
      uiOnOutcome: { messageId: '18', status: 'processingError' },
      uiOnRestart: null,
      alternateInterface: 'none',
      fieldOffMs: null,
    });
  });

  it('[C-3 5.2-6] refused with 6985 goes on with the next application, silently', () => {
    expect(tap(always('6985')).result).toMatchObject({
      ...nothingElse,
      outcome: 'selectNext',
      start: 'C',
      uiOnOutcome: null,
      fieldOffMs: null,
    });
  });

  it('[C-3 5.2-7] refused with 6986 sends the shopper to the phone and waits for it', () => {
    expect(tap(always('6986')).result).toMatchObject({
      ...nothingElse,
      outcome: 'tryAgain',
      start: 'B',
      uiOnOutcome: { messageId: '20', status: 'processingError', holdMs: 1300 },
      uiOnRestart: { messageId: null, status: 'readyToRead' },
      fieldOffMs: 1300,
    });
  });

  it.each(['6283', '6300', '6700', '6A81', '6988', '6F00', '6D00'])(
    '[C-3 5.2-8] [C-3 2.3-1] refused with %s ends the application: another card or interface',
    (status) => {
      expect(tap(always(status)).result).toMatchObject({
        ...nothingElse,
        outcome: 'endApplication',
        start: 'none',
        uiOnOutcome: { messageId: '1C', status: 'processingError' },
        uiOnRestart: null,
        alternateInterface: 'none',
        fieldOffMs: null,
      });
    },
  );

  it.each([
    ['an FCI that is no TLV', hex('6F05A503')],
    ['a PDOL that ends inside an entry', fciOf({ '9F38': '9F6604 9F' })],
    ['a PDOL that wants more than a command holds', fciOf({ '9F38': '9F66FD' })],
  ])('[C-3 5.2-9] is not even sent with %s', (_, fci) => {
    const { result, commands } = tap(onlineCard(), { fci });
    expect(result.outcome).toBe('endApplication');
    expect(commands).toEqual([]);
  });

  it('[C-3 5.2-10] ignores what is unknown, and what a card has no business to send', () => {
    const card = onlineCard({ DF01: '01', '9F02': '000000000001', '9F66': 'FFFFFFFF', '95': '00' });
    const { result } = tap(card, { ttq: READER.both });
    expect(result.outcome).toBe('onlineRequest');
    expect(elementsOf(result.dataRecord)).toMatchObject({
      '9F02': '000000001250',
      '9F66': '26004000',
      '95': '0000000000',
    });
  });

  it('[C-3 5.2-11] is not judged before message 17 has let the card leave', () => {
    const { result, ui } = tap(onlineCard({ '9F26': undefined }));
    expect(ui.map(({ messageId }) => messageId)).toEqual(['17']);
    expect(result.outcome).toBe('endApplication');
  });
});

describe('a Level 1 error', () => {
  const records = { '1.1': { '5F24': '301231' }, '1.2': { '5F28': '0840' } };
  const card = cardOf({ ...ONLINE, '94': '08010200' }, records);

  it.each([
    [0, 'timeout'],
    [1, 'transmission'],
    [2, 'protocol'],
  ] as const)('[C-3 2.4-1] at command %i (%s) asks for the same card again', (at, fault) => {
    const { result } = tap((command, index) => (index === at ? fault : card(command, index)));
    expect(result).toMatchObject({
      ...nothingElse,
      outcome: 'tryAgain',
      start: 'B',
      uiOnOutcome: null,
      uiOnRestart: null,
      fieldOffMs: null,
    });
  });
});

describe('READ RECORD', () => {
  it('[C-3 5.3-1] is not sent without an AFL', () => {
    expect(tap(onlineCard()).commands).toHaveLength(1);
    expect(tap(onlineCard({ '94': '' })).commands).toHaveLength(1);
  });

  it("[C-3 5.3-2] fetches the AFL's records in its order", () => {
    const records = { '3.2': {}, '1.1': { '5F24': '301231' }, '1.2': { '5F28': '0840' } };
    const { commands, result } = tap(cardOf({ ...ONLINE, '94': '18020200 08010200' }, records));
    expect(commands.slice(1)).toEqual(['00B2021C00', '00B2010C00', '00B2020C00']);
    expect(result.outcome).toBe('onlineRequest');
  });

  it.each(['6A83', '6A82', '6283', '6985', '6986'])(
    '[C-3 5.3-3] answered with %s ends the application',
    (status) => {
      const card = cardOf({ ...ONLINE, '94': '08010100' });
      const { result } = tap((command, index) =>
        index === 1 ? hex(status) : card(command, index),
      );
      expect(result).toMatchObject({ outcome: 'endApplication', start: 'none' });
      expect(why(result)).toContain(status);
    },
  );

  it.each([
    ['no template 70', answer(0x77, {})],
    ['two templates', hex('7000 7000 9000')],
    ['nothing', hex('9000')],
    ['TLV that breaks off', hex('7003 5F24 03 9000')],
  ])('[C-3 5.3-4] answered with %s ends the application', (_, response) => {
    const card = cardOf({ ...ONLINE, '94': '08010100' });
    const { result } = tap((command, index) => (index === 1 ? response : card(command, index)));
    expect(result.outcome).toBe('endApplication');
  });

  it.each(['080101', '08000100', '08020100', '08010102', '0C010100', 'F8010100', '00010100'])(
    '[C-3 5.3-5] is not sent for an AFL that makes no sense (%s)',
    (afl) => {
      const { result, commands } = tap(onlineCard({ '94': afl }));
      expect(result.outcome).toBe('endApplication');
      expect(commands).toHaveLength(1);
    },
  );

  it("[C-3 5.3-6] takes zero bytes around a record's objects for nothing", () => {
    const card = cardOf(
      { ...ONLINE, '94': '08010100', '5F34': undefined },
      {
        '1.1': Uint8Array.of(0, 0, ...tlvs({ '5F34': '02' }), 0),
      },
    );
    expect(elementsOf(tap(card).result.dataRecord)).toMatchObject({ '5F34': '02' });
  });
});
