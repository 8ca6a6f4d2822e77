import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { answer, why } from '#test/kernels/c3/support.ts';
import {
  CVM_REQUIRED,
  fciOf,
  LEGACY_FCI,
  legacyCard,
  plainCard,
  READER,
  RECORD,
  type Story,
  tap,
} from './support.ts';

const gpoOf = (commands: readonly string[]) => commands[0];

describe('what the reader tells the card', () => {
  it('[C-5 GPO-1] is what the PDOL lists: compatibility, profile, amount, random number', () => {
    expect(gpoOf(tap(plainCard()).commands)).toBe('80A8000010830E02500000000000001250C0FFEE0100');
  });

  it.each([
    ['below the CVM limit', {}, 0x00, '50'],
    ['at it', CVM_REQUIRED, 0x00, 'D0'],
    ['at it, for cash', CVM_REQUIRED, 0x01, 'D0'],
    ['at it, with cashback', CVM_REQUIRED, 0x09, 'D0'],
    ['at it, for a refund', CVM_REQUIRED, 0x20, '50'],
  ])(
    '[C-5 INIT-1] %s the profile says whether verification is required',
    (_, flags, type, byte) => {
      expect(gpoOf(tap(plainCard(), { flags, type }).commands)?.slice(16, 18)).toBe(byte);
    },
  );

  it('[C-5 INIT-1] is never what the configuration says of it', () => {
    expect(gpoOf(tap(plainCard(), { tip: 'D00000' }).commands)?.slice(16, 18)).toBe('50');
  });

  it('[C-5 INIT-1] is zeros where no profile is configured', () => {
    const { commands } = tap(plainCard(), { terminal: { '9F53': undefined } });
    expect(gpoOf(commands)?.slice(16, 22)).toBe('000000');
  });
});

describe('an application that will not do', () => {
  const without = (inside: string | undefined) => fciOf({ '9F38': inside });
  it.each([
    ['the FCI is broken', hex('6F0584')],
    ['there is no PDOL', without(undefined)],
    ['the PDOL is empty', without('')],
    ['the PDOL is broken', without('9F52')],
    ['the PDOL asks for more than a command holds', without('9F52019F4EFF')],
  ])('[C-5 INIT-2] is passed over when %s', (_, fci) => {
    const { result, commands } = tap(plainCard(), { fci });
    expect(result).toMatchObject({ outcome: 'selectNext', start: 'C', uiOnOutcome: null });
    expect(commands).toEqual([]);
  });

  it('[C-5 INIT-3] is passed over when it knows no EMV mode and the reader wants it', () => {
    const { result, commands } = tap(legacyCard(), { fci: LEGACY_FCI });
    expect(result.outcome).toBe('selectNext');
    expect(commands).toEqual([]);
  });

  it.each([
    [1249, 'selectNext'],
    [1250, 'selectNext'],
    [1251, 'onlineRequest'],
  ])('[C-5 RISK-1] in legacy mode, when 12.50 reaches its limit of %i', (transactionLimit, is) => {
    const options = { legacyMode: true, transactionLimit };
    expect(tap(legacyCard(), { fci: LEGACY_FCI, options }).result.outcome).toBe(is);
  });
});

describe('the answer to GET PROCESSING OPTIONS', () => {
  it('[C-5 GPO-2] 6F00: card error', () => {
    const { result } = tap(plainCard({ gpo: hex('6F00') }));
    expect(result).toMatchObject({
      outcome: 'endApplication',
      start: 'none',
      uiOnOutcome: { messageId: '06', status: 'readyToRead', language: 'jaen' },
    });
  });

  it.each(['6985', '6984', '6986', '6A81', '6283', '6100'])(
    '[C-5 GPO-3] %s: the next application',
    (status) => {
      const { result } = tap(plainCard({ gpo: hex(status) }));
      expect(result).toMatchObject({ outcome: 'selectNext', start: 'C' });
      expect(why(result)).toContain(status);
    },
  );

  it.each<[string, Story]>([
    ['no AIP', { gpo: answer(0x77, { '94': '08010100' }) }],
    ['no AFL', { gpo: answer(0x77, { '82': '1880' }) }],
    ['an empty AFL', { gpo: answer(0x77, { '82': '1880', '94': '' }) }],
    ['an AFL of three bytes', { gpo: answer(0x77, { '82': '1880', '94': '080101' }) }],
    ['an AFL of file 0', { gpo: answer(0x77, { '82': '1880', '94': '00010100' }) }],
    ['an AFL that counts down', { gpo: answer(0x77, { '82': '1880', '94': '08020100' }) }],
    ['an AIP of one byte', { gpo: answer(0x77, { '82': '18', '94': '08010100' }) }],
    ['another template', { gpo: answer(0x70, { '82': '1880', '94': '08010100' }) }],
    ['nothing', { gpo: hex('9000') }],
    ['format 1, too short', { gpo: answer(0x80, hex('1880080101')) }],
    ['no EMV mode in the AIP', { aip: '1800' }],
  ])('[C-5 GPO-4] %s: the next application', (_, story) => {
    expect(tap(plainCard(story)).result).toMatchObject({ outcome: 'selectNext', start: 'C' });
  });

  it('[C-5 GPO-5] may be in format 1 as well', () => {
    const { result } = tap(plainCard({ gpo: answer(0x80, hex('188008010100')) }));
    expect(result.outcome).toBe('onlineRequest');
  });
});

describe('the records', () => {
  it.each(['8C', '57', '5F24', '5A'])('[C-5 READ-1] without %s: the next application', (tag) => {
    const { result } = tap(plainCard({ record: { [tag]: undefined } }));
    expect(result).toMatchObject({ outcome: 'selectNext', start: 'C' });
    expect(result.why.at(-1)?.element).toBe(tag);
    expect(tap(plainCard({ record: { [tag]: '' } })).result.outcome).toBe('selectNext');
  });

  it.each([
    ['another account number', { '5A': '3566002020360513' }],
    ['no account number', { '57': 'ABCD' }],
    ['an expiry that is no date', { '5F24': '301399' }],
    ['an effective date that is no date', { '5F25': '240001' }],
    ['a country that is no number', { '5F28': '0A40' }],
    ['an action code of four bytes', { '9F0E': '00000000' }],
  ])('[C-5 READ-2] with %s: the next application', (_, record) => {
    expect(tap(plainCard({ record })).result.outcome).toBe('selectNext');
  });

  it('[C-5 READ-3] that say something twice: the next application', () => {
    const twice = (command: Uint8Array, index: number) =>
      command[1] === 0xa8
        ? answer(0x77, { '82': '1880', '94': '08010100', '5F34': '01' })
        : plainCard()(command, index);
    const { result } = tap(twice);
    expect(result.outcome).toBe('selectNext');
    expect(why(result)).toContain('twice');
  });

  it.each(['6A83', '6985'])('[C-5 READ-4] that are not there (%s): the next one', (status) => {
    const { result } = tap((command, index) =>
      command[1] === 0xb2 ? hex(status) : plainCard()(command, index),
    );
    expect(result.outcome).toBe('selectNext');
  });

  it('[C-5 READ-5] may hold what nobody knows, and what is not the card’s to say', () => {
    const record = { DF01: 'AA', '9F02': '000000999999', '95': 'FFFFFFFFFF' };
    const { result, commands } = tap(plainCard({ record }));
    expect(result.outcome).toBe('onlineRequest');
    expect(commands.at(-1)).toContain('000000001250');
  });
});

describe('a card that goes away', () => {
  it.each([0, 1, 2])('[C-5 LINK-1] at command %i is wanted again', (at) => {
    for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
      const good = plainCard();
      const { result } = tap((command, index) => (index === at ? fault : good(command, index)));
      expect(result).toMatchObject({
        outcome: 'endApplication',
        start: 'B',
        uiOnOutcome: { messageId: '21', status: 'processingError', holdMs: 1300 },
        uiOnRestart: { messageId: '21', status: 'readyToRead' },
        fieldOffMs: null,
      });
    }
  });
});

describe('the terminal that decides whether a card is asked for a cryptogram', () => {
  it('[C-5 AC-1] is asked when all has been read, and before GENERATE AC', () => {
    const seen: string[] = [];
    const good = plainCard();
    const { result } = tap(
      (command, index) => {
        seen.push(command[1] === 0xae ? 'GENERATE AC' : 'another');
        return good(command, index);
      },
      { clearance: true, tip: READER.pin },
    );
    expect(seen).toEqual(['another', 'another', 'GENERATE AC']);
    expect(result.report?.known?.(0x9f6e)).toEqual(hex(RECORD['9F6E'] ?? ''));
  });
});
