import { describe, expect, it } from 'vitest';
import { ENDS, ONLINE, plainTap, READ, RECORD } from './support.ts';

describe('reading the records', () => {
  it('[C-4 READ-1] reads what the AFL lists, in its order', () => {
    const { commands } = plainTap({ gpo: { '94': '08010100 10020200' } });
    expect(commands.slice(1, 3)).toEqual(['00B2010C00', '00B2021400']);
  });

  it.each(['6A83', '6985', '6200'])('[C-4 READ-2] %s ends the application', (status) => {
    expect(plainTap({ answers: { [READ]: status } }).result).toMatchObject(ENDS);
  });

  it.each([
    ['no template', '9000'],
    ['another template', '7703 5F3401 9000'],
    ['a broken object', '7003 5A08 9000'],
  ])('[C-4 READ-2] a record of %s ends the application', (_, bytes) => {
    expect(plainTap({ answers: { [READ]: bytes } }).result).toMatchObject(ENDS);
  });

  it.each(['00010100', 'F8010100', '08000100', '08020100', '08010102', '0C010100'])(
    '[C-4 READ-3] an AFL of %s ends the application',
    (afl) => {
      expect(plainTap({ gpo: { '94': afl } }).result).toMatchObject(ENDS);
    },
  );

  it.each(['5A', '5F24', '8C'])('[C-4 READ-4] without %s the application ends', (element) => {
    const { result, commands } = plainTap({ record: { [element]: undefined } });
    expect(result).toMatchObject(ENDS);
    expect(commands.at(-1)).toMatch(/^00B2/);
  });

  it.each(['57', '5F34', '8E', '9F07', '9F0D', '9F0E', '9F0F'])(
    '[C-4 READ-4] without %s it goes on',
    (element) => {
      expect(plainTap({ record: { [element]: undefined } }).result).toMatchObject(ONLINE);
    },
  );

  it('[C-4 READ-5] an object that came twice ends the application', () => {
    const again = plainTap({ gpo: { '94': '08010100 10010100' } });
    expect(again.result).toMatchObject(ENDS);
    expect(again.result.why.at(-1)?.why).toBe('the card sent it twice');
    expect(plainTap({ gpo: { '5F34': '01' } }).result).toMatchObject(ENDS);
  });

  it.each([
    ['a date that is none', { '5F24': '281331' }],
    ['an account number that differs from track 2', { '5A': '374245001751006F' }],
    ['an account number of letters', { '5A': '5A1333008901001A' }],
    ['an effective date that is none', { '5F25': '2A0101' }],
    ['an odd CVM list', { '8E': '0000000000000000420300' }],
    ['a CVM list without amounts', { '8E': '4203' }],
    ['an action code of four bytes', { '9F0D': '00000000' }],
    ['a country of letters', { '5F28': '0A40' }],
  ])('[C-4 READ-6] %s ends the application', (_, record) => {
    expect(plainTap({ record }).result).toMatchObject(ENDS);
  });

  it('[C-4 READ-7] what the kernel does not use may look as it likes', () => {
    const record = { ...RECORD, '9F5A': '', '9F67': '01', '9F42': '0840', C1: '00' };
    expect(plainTap({ record }).result).toMatchObject(ONLINE);
  });
});
