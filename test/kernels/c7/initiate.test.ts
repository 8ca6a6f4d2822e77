import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { kernel7 } from '#kernels/c7/kernel.ts';
import { always, answer, cardOf, elementsOf, PDOL, why } from '#test/kernels/c3/support.ts';
import { fciOf, kernelInput, ONLINE, onlineCard, READER, tap } from './support.ts';

const nothingElse = {
  onlineResponseType: 'none',
  cvm: 'none',
  dataRecord: [],
  discretionaryData: [],
  receipt: false,
  removalTimeoutMs: 0,
};

const selectNext = { ...nothingElse, outcome: 'selectNext', start: 'C', uiOnOutcome: null };

const ended = {
  ...nothingElse,
  outcome: 'endApplication',
  start: 'none',
  uiOnOutcome: null,
  uiOnRestart: null,
  alternateInterface: 'none',
  fieldOffMs: null,
};

describe('a tap on kernel 7', () => {
  it.each([
    ['no PDOL', fciOf({ '50': '554E494F4E' })],
    ['a PDOL that does not ask for 9F66', fciOf({ '9F38': '9F02069F3704' })],
    ['a PDOL that ends inside an entry', fciOf({ '9F38': '9F6604 9F' })],
    ['an FCI that is no TLV', hex('6F05A503')],
  ])('[C-7 GPO-1] with %s goes on with the next application, silently', (_, fci) => {
    const { result, commands } = tap(onlineCard(), { fci });
    expect(result).toMatchObject(selectNext);
    expect(commands).toEqual([]);
  });

  it.each([
    ['what is configured', '62004000', '62004080'],
    ['the amount’s needs', '62C04000', '62C04080'],
    ['no issuer update and nothing reserved in byte 3', '6200FF00', '62004080'],
    ['no magnetic-stripe mode', 'E2004000', '62004080'],
  ])('[C-7 GPO-2] tells the card in its TTQ: %s, and fDDA 01', (_, ttq, sent) => {
    const { commands } = tap(onlineCard(), { ttq, fci: fciOf({ '9F38': '9F6604' }) });
    expect(commands).toEqual([`80A80000068304${sent}00`]);
  });

  it('[C-7 GPO-3] gives the card what its PDOL lists, in order, in the lengths it wants', () => {
    const { commands } = tap(onlineCard(), {
      fci: fciOf({ '9F38': '9F37049F02039C019F66045F2A03' }),
    });
    const values = ['C0FFEE01', '001250', '00', '60004080', '000840'];
    expect(commands[0]).toBe(`80A8000011830F${values.join('')}00`);
  });

  it('[C-7 GPO-4] ends where the PDOL wants more than a command holds', () => {
    const { result, commands } = tap(onlineCard(), { fci: fciOf({ '9F38': '9F66FD' }) });
    expect(result).toMatchObject(ended);
    expect(commands).toEqual([]);
  });

  it('[C-7 GPO-5] delivers no issuer data: the kernel is not activated again', () => {
    const { result, commands } = tap(always('9000'), { issuerData: '910A11223344556677883030' });
    expect(result).toMatchObject(ended);
    expect(commands).toEqual([]);
  });
});

describe('a gate of public transport', () => {
  const options = { transitReader: true };
  const pdol = { '9F38': '9F6604' };

  it('[C-7 TRANSIT-1] asks a card that is fit for it for a signed ARQC', () => {
    const fci = fciOf({ ...pdol, BF0C: 'DF610140' });
    const { commands } = tap(onlineCard(), { fci, options, ttq: '60004000' });
    // Byte 1 without bit 7, with bits 6 and 1; byte 2 bit 8.
    expect(commands[0]).toBe('80A800000683042180408000');
  });

  it.each([
    ['without DF61', pdol],
    ['whose DF61 has not bit 7', { ...pdol, BF0C: 'DF610180' }],
  ])('[C-7 TRANSIT-2] passes a card over %s', (_, inside) => {
    const { result, commands } = tap(onlineCard(), { fci: fciOf(inside), options });
    expect(result).toMatchObject(selectNext);
    expect(commands).toEqual([]);
  });

  it('[C-7 TRANSIT-3] is none unless configured: DF61 changes nothing', () => {
    const fci = fciOf({ ...pdol, BF0C: 'DF610140' });
    expect(tap(onlineCard(), { fci }).commands[0]).toContain('60004080');
  });
});

describe('GET PROCESSING OPTIONS', () => {
  it.each([
    ['format 1', '8006 2000 08010100 9000'],
    ['nothing', '9000'],
    ['something after 77', '7700 5000 9000'],
    ['an object that runs past its end', '7703 82 05 20 9000'],
  ])('[C-7 GPO-6] answered with %s ends the application', (_, response) => {
    expect(tap(always(response)).result).toMatchObject(ended);
  });

  it('[C-7 GPO-7] refused with 6986 sends the shopper to the phone and waits for it', () => {
    expect(tap(always('6986')).result).toMatchObject({
      ...nothingElse,
      outcome: 'tryAgain',
      start: 'B',
      uiOnOutcome: { messageId: '20', status: 'processingError', holdMs: 1300 },
      uiOnRestart: { messageId: null, status: 'readyToRead' },
      fieldOffMs: 1300,
    });
  });

  it.each(['6984', '6985', '6283', '6700', '6A81', '6F00'])(
    '[C-7 GPO-8] refused with %s goes to the chip, else to the stripe, else to the end',
    (status) => {
      const result = (ttq: string, capabilities?: string) =>
        tap(always(status), { ttq, terminal: { '9F33': capabilities } }).result;
      const message18 = { uiOnOutcome: { messageId: '18', status: 'processingError' } };
      const other = { ...nothingElse, outcome: 'tryAnotherInterface', start: 'none', ...message18 };
      expect(result('70004000', '6028C8')).toMatchObject({
        ...other,
        alternateInterface: 'contactChip',
      });
      expect(result('60004000', '4028C8')).toMatchObject({
        ...other,
        alternateInterface: 'magneticStripe',
      });
      expect(result('60004000', '2028C8')).toMatchObject(ended);
      expect(result('60004000')).toMatchObject(ended);
      expect(why(result('60004000'))).toContain(status);
    },
  );

  it('[C-7 GPO-9] ignores what is unknown, and what a card has no business to send', () => {
    const card = onlineCard({ DF01: '01', '9F02': '000000000001', '9F66': 'FFFFFFFF', '95': '00' });
    const { result } = tap(card, { ttq: READER.both });
    expect(result.outcome).toBe('onlineRequest');
    expect(elementsOf(result.dataRecord)).toMatchObject({
      '9F02': '000000001250',
      '9F66': '66004080',
      '95': '0000000000',
    });
  });
});

describe('a Level 1 error', () => {
  const records = { '1.1': { '5F24': '301231' }, '1.2': { '5F28': '0156' } };
  const card = cardOf({ ...ONLINE, '94': '08010200' }, records);

  it.each([
    [0, 'timeout'],
    [1, 'transmission'],
    [2, 'protocol'],
  ] as const)('[C-7 L1-1] at command %i (%s) asks for the same card again', (at, fault) => {
    const { result } = tap((command, index) => (index === at ? fault : card(command, index)));
    expect(result).toMatchObject({
      ...nothingElse,
      outcome: 'tryAgain',
      start: 'B',
      uiOnOutcome: { messageId: '21', status: 'processingError', holdMs: 1300 },
      uiOnRestart: { messageId: null, status: 'readyToRead' },
      fieldOffMs: 1300,
    });
  });
});

describe('READ RECORD', () => {
  it('[C-7 READ-1] fetches what the AFL lists, in its order, and nothing without an AFL', () => {
    expect(tap(onlineCard()).commands).toHaveLength(1);
    const records = { '3.2': {}, '1.1': { '5F24': '301231' }, '1.2': { '5F28': '0156' } };
    const { commands, result } = tap(cardOf({ ...ONLINE, '94': '18020200 08010200' }, records));
    expect(commands.slice(1)).toEqual(['00B2021C00', '00B2010C00', '00B2020C00']);
    expect(result.outcome).toBe('onlineRequest');
  });

  it.each(['6A83', '6283', '6985', '6986'])(
    '[C-7 READ-2] answered with %s ends the application',
    (status) => {
      const card = cardOf({ ...ONLINE, '94': '08010100' });
      const { result } = tap((command, index) =>
        index === 1 ? hex(status) : card(command, index),
      );
      expect(result).toMatchObject(ended);
    },
  );

  it.each([
    ['no template 70', answer(0x77, {})],
    ['two templates', hex('7000 7000 9000')],
    ['TLV that breaks off', hex('7003 5F24 03 9000')],
  ])('[C-7 READ-3] answered with %s ends the application', (_, response) => {
    const card = cardOf({ ...ONLINE, '94': '08010100' });
    const { result } = tap((command, index) => (index === 1 ? response : card(command, index)));
    expect(result).toMatchObject(ended);
  });

  it.each([
    ['an entry cut off', '080101'],
    ['record 0', '08000100'],
    ['last before first', '08020100'],
    ['more signed than there are', '08010102'],
    ['file 31', 'F8010100'],
    ['file 0', '00010100'],
  ])('[C-7 READ-4] is not sent for an AFL with %s: the application ends', (_, afl) => {
    const { result, commands } = tap(onlineCard({ '94': afl }));
    expect(result).toMatchObject(ended);
    expect(commands).toHaveLength(1);
  });
});

it('[C-7 CLEAR-1] asks the terminal before the card computes a cryptogram', () => {
  const step = kernel7({ ...kernelInput({ fci: fciOf({ '9F38': PDOL }) }), clearance: true });
  const asked = step.next();
  expect(asked.value).toMatchObject({ ask: 'clearance', card: { kernelId: '07' } });
  expect(step.next({ to: 'clearance' }).value).toMatchObject({ ask: 'exchange' });
});
