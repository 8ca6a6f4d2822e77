import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { kernel4 } from '#kernels/c4/kernel.ts';
import type { Ask } from '#kernels/shared/step.ts';
import { PAN, plainCard } from '#test/kernels/c2/support.ts';
import {
  CHIP,
  ENDS,
  fciOf,
  GENERATE,
  GPO,
  kernelInput,
  ONLINE,
  OVER,
  PHONE,
  plainTap,
  READ,
  SEE_PHONE,
  tap,
  WITH_CONTACT,
} from './support.ts';

const gpoOf = (pdol: string | undefined, how: Parameters<typeof plainTap>[1] = {}) =>
  plainTap({}, { fci: fciOf({ '9F38': pdol }), ...how }).commands[0];

describe('what the card is told of its reader', () => {
  it('[C-4 GPO-1] a card without PDOL gets an empty template', () => {
    expect(gpoOf(undefined)).toBe('80A8000002830000');
  });

  it('[C-4 GPO-2] a PDOL with Terminal Type and without 9F6E gets the modified one', () => {
    expect(gpoOf('9F3501')).toBe('80A80000038301E200');
    expect(gpoOf('9F3501', { preprocessing: OVER })).toBe('80A80000038301EA00');
  });

  it('[C-4 GPO-2] a PDOL with both gets the plain one', () => {
    expect(gpoOf('9F3501 9F6E04')).toBe('80A80000078305 22 18E00003 00'.replaceAll(' ', ''));
  });

  it('[C-4 GPO-2] CDOL1 and acquirer get the plain one, whatever the PDOL asks for', () => {
    const { generate } = plainTap({}, { fci: fciOf({ '9F38': '9F3501' }) });
    // 9F35 stands before the three bytes of CVM Results.
    expect(generate?.data.slice(-8, -6)).toBe('22');
  });

  it.each([
    ['under the CVM limit', {}, 'C0', '18E00003'],
    ['over it', { preprocessing: OVER }, 'C8', '18E04003'],
    ['with a contact reader', { terminal: WITH_CONTACT }, 'C0', '9CE00003'],
    ['offline only', { terminal: { '9F35': '23' } }, 'C0', '18E08003'],
    ['without its host', { options: { unableToGoOnline: true } }, 'C0', '18E08003'],
    ['configured with what is gone', { terminal: { '9F6E': 'E4E0FF61' } }, 'C0', '9CE00063'],
    ['configured with nothing', { terminal: { '9F6E': undefined } }, 'C0', '18000003'],
  ])('[C-4 READER-1; C-4 READER-2] 9F6D and 9F6E: %s', (_, how, basic, enhanced) => {
    expect(gpoOf('9F6D01 9F6E04', how)).toBe(`80A80000078305${basic}${enhanced}00`);
  });

  it('[C-4 READER-3] a card that sends 9F6E of its own is not listened to', () => {
    const { result } = plainTap({ record: { '9F6E': '80000000' } });
    expect(result).toMatchObject(ONLINE);
  });
});

describe('the answer to GET PROCESSING OPTIONS', () => {
  it('[C-4 GPO-3] may come in format 1', () => {
    expect(plainTap({ answers: { [GPO]: '8006 1880 08010100 9000' } }).result).toMatchObject(
      ONLINE,
    );
  });

  it.each([
    ['nothing', '9000'],
    ['format 1 without an AFL', '8002 1880 9000'],
    ['format 1 of an odd length', '8007 1880 0801010000 9000'],
    ['no AIP', '7706 9404 08010100 9000'],
    ['no AFL', '7704 8202 1880 9000'],
    ['another template', '7008 8202 1880 9404 08010100 9000'],
    ['a broken template', '770A 8202 9000'],
  ])('[C-4 GPO-4] with %s ends the application', (_, bytes) => {
    expect(plainTap({ answers: { [GPO]: bytes } }).result).toMatchObject(ENDS);
  });

  it('[C-4 GPO-5] without EMV mode leads to the contact chip, else to the end', () => {
    const story = { gpo: { '82': '1800' } };
    expect(plainTap(story).result).toMatchObject(ENDS);
    expect(plainTap(story, { terminal: WITH_CONTACT }).result).toMatchObject(CHIP);
    const phone = { gpo: { '82': '1840' } };
    expect(plainTap(phone, { terminal: WITH_CONTACT }).result).toMatchObject(ENDS);
  });

  it('[C-4 GPO-6] 6985 leads to the next application', () => {
    const { result } = plainTap({ answers: { [GPO]: '6985' } });
    expect(result).toMatchObject({ outcome: 'selectNext', start: 'C', uiOnOutcome: null });
  });

  it.each(['6984', '6986'])('[C-4 GPO-7] %s asks for the phone once', (status) => {
    const story = { answers: { [GPO]: status } };
    expect(plainTap(story).result).toMatchObject(SEE_PHONE);
    expect(plainTap(story, { more: { restart: true } }).result).toMatchObject(ENDS);
  });

  it.each(['6A81', '6F00', '6283'])('[C-4 GPO-8] %s ends the application', (status) => {
    expect(plainTap({ answers: { [GPO]: status } }).result).toMatchObject(ENDS);
  });
});

describe('before and behind it', () => {
  it.each([
    ['an FCI that is broken', hex('6F20 8407')],
    ['a PDOL that is broken', fciOf({ '9F38': '9F35' })],
    ['a PDOL of over 252 bytes', fciOf({ '9F38': '9F02FF' })],
  ])('[C-4 GPO-9] %s ends the application before any command', (_, fci) => {
    const { commands, result } = plainTap({}, { fci });
    expect(commands).toEqual([]);
    expect(result).toMatchObject(ENDS);
  });

  it.each([GPO, READ, GENERATE])('[C-4 L1] a fault at %i: the same card again', (at) => {
    for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
      expect(plainTap({ answers: { [at]: fault } }).result).toMatchObject({
        outcome: 'tryAgain',
        start: 'B',
        uiOnOutcome: { messageId: '21', status: 'processingError' },
        uiOnRestart: { messageId: '21', status: 'readyToRead' },
        dataRecord: [],
      });
    }
  });

  it('[C-4 CLEAR] the terminal is asked when all is read, before GENERATE AC', () => {
    const card = plainCard({ gpo: { '82': PHONE } });
    const step = kernel4({ ...kernelInput(), clearance: true });
    const asked: Ask[] = [];
    let turn = step.next();
    while (turn.done !== true && turn.value.ask === 'exchange') {
      const response = card(turn.value.command, asked.push(turn.value));
      if (typeof response === 'string') throw new TypeError(response);
      turn = step.next({ to: 'exchange', response, microseconds: 1000 });
    }
    expect(asked).toHaveLength(2);
    expect(turn.value).toMatchObject({ ask: 'clearance', card: { kernelId: '04' } });
    if (turn.done !== true && turn.value.ask === 'clearance') {
      expect(turn.value.card.known(0x82)).toEqual(hex(PHONE));
      expect(turn.value.card.known(0x5a)).toEqual(hex(PAN));
    }
  });

  it('[C-4 ISSUER] issuer data goes to no card', () => {
    const { commands, result } = tap(() => hex('6D00'), {
      more: { issuerData: hex('910A11223344556677883030') },
    });
    expect(commands).toEqual([]);
    expect(result).toMatchObject({ outcome: 'endApplication', uiOnOutcome: null });
  });
});
