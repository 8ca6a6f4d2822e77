import { describe, expect, it } from 'vitest';
import { LENIENT, type Objects, plainTap } from './support.ts';

/** TVR byte 2, as GENERATE AC told it. */
const second = (record: Objects, terminal: Objects = {}, gpo: Objects = {}) =>
  plainTap({ record, gpo }, { terminal: { ...LENIENT, ...terminal } }).tvr.slice(2, 4);

describe('processing restrictions', () => {
  it('[C-4 PR-1] another application version', () => {
    expect(second({})).toBe('00');
    expect(second({ '9F08': '0001' })).toBe('80');
    expect(second({ '9F08': undefined })).toBe('00');
  });

  it('[C-4 PR-2] dates', () => {
    expect(second({ '5F24': '260615' })).toBe('00');
    expect(second({ '5F24': '260614' })).toBe('40');
    expect(second({ '5F24': '991231' })).toBe('40');
    expect(second({ '5F25': '260615' })).toBe('00');
    expect(second({ '5F25': '260616' })).toBe('20');
  });

  it('[C-4 PR-3] what the issuer lets the application be used for', () => {
    expect(second({ '9F07': '0000' })).toBe('10');
    expect(second({ '9F07': '2100' })).toBe('00');
    expect(second({ '9F07': '2100', '5F28': '0826' })).toBe('10');
    expect(second({ '9F07': '1100', '5F28': '0826' })).toBe('00');
    expect(second({ '9F07': '2100' }, { '9C': '01' })).toBe('10');
    expect(second({ '9F07': undefined })).toBe('00');
  });

  it.each([
    ['says nothing', '0000', '0840', '00'],
    ['is valid at home, at home', '00C0', '0840', '00'],
    ['is valid at home, abroad', '00C0', '0826', '10'],
    ['is valid abroad, abroad', '00A0', '0826', '00'],
    ['is valid abroad, at home', '00A0', '0840', '10'],
    ['is valid nowhere', '0080', '0840', '10'],
    ['is valid at home, its country unknown', '00C0', undefined, '10'],
  ])('[C-4 PR-4] authorised later: a card that %s', (_, capabilities, country, expected) => {
    const record = { '9F70': capabilities, '5F28': country };
    expect(second(record, { '9F6E': '18E00043' })).toBe(expected);
    // Where it is not a question of later, it isn't looked at.
    expect(second(record)).toBe('00');
  });
});
