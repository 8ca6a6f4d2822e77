import { describe, expect, it } from 'vitest';
import { CHIP, DECLINED, LENIENT, ONLINE, OVER, plainTap, WITH_CONTACT } from './support.ts';

const TC = '40';
const ARQC = '80';
const AAC = '00';

const p1 = (...args: Parameters<typeof plainTap>) => plainTap(...args).generate?.p1;

/** Codes that name nothing but, where said, "ODA was not performed", which is so for each card. */
const codes = (denial: boolean, online: boolean, standard: boolean) => ({
  DF8121: denial ? '8000000000' : '0000000000',
  DF8122: online ? '8000000000' : '0000000000',
  DF8120: standard ? '8000000000' : '0000000000',
});

describe('terminal risk management', () => {
  it('[C-4 TRM-1] the floor limit is in the TVR, and nothing is left to chance', () => {
    const over = { readerContactlessFloorLimitExceeded: true };
    expect(plainTap({}, { preprocessing: over }).tvr).toBe('8000008000');
    // Whether or not the card wants risk management (AIP byte 1 bit 4).
    expect(plainTap({ gpo: { '82': '1080' } }, { preprocessing: over }).tvr).toBe('8000008000');
    expect(plainTap().tvr).toBe('8000000000');
  });

  it('[C-4 TRM-2] a card on the exception file', () => {
    const authentication = {
      caKeys: { find: () => undefined, findEcc: () => undefined },
      revoked: { has: () => false },
      exceptionFile: new Set(['5413330089010012']),
    };
    const { tvr, generate } = plainTap({}, { authentication });
    expect(tvr).toBe('9000000000');
    // The scheme's own codes leave it to the issuer, and decline where nobody can ask.
    expect(generate?.p1).toBe(ARQC);
    const terminal = { '9F35': '23', DF8120: '1000000000' };
    expect(plainTap({}, { authentication, terminal }).result).toMatchObject(DECLINED);
  });
});

describe('terminal action analysis', () => {
  it.each([
    ['22', codes(true, true, true), AAC],
    ['22', codes(false, true, true), ARQC],
    ['22', codes(false, false, true), TC],
    ['21', codes(true, false, false), AAC],
    ['21', codes(false, false, false), ARQC],
    ['23', codes(true, false, false), AAC],
    ['23', codes(false, true, false), TC],
    ['23', codes(false, false, true), AAC],
  ])('[C-4 TAA-1] type %s with %o asks for %s', (type, terminal, expected) => {
    expect(p1({}, { terminal: { ...terminal, '9F35': type } })).toBe(expected);
  });

  it.each([
    ['9F0E', AAC],
    ['9F0F', ARQC],
    ['9F0D', TC],
  ])("[C-4 TAA-2] the issuer's codes count as well: %s", (element, expected) => {
    expect(p1({ record: { [element]: '8000000000' } }, { terminal: LENIENT })).toBe(expected);
  });

  it('[C-4 TAA-3] a card without codes denies nothing, and sends all else online', () => {
    const record = { '9F0D': undefined, '9F0E': undefined, '9F0F': undefined };
    expect(p1({ record }, { terminal: LENIENT })).toBe(ARQC);
    expect(p1({ record }, { terminal: { ...LENIENT, '9F35': '23' } })).toBe(AAC);
  });

  it.each([
    ['22', codes(false, true, true), AAC],
    ['22', codes(false, true, false), TC],
    ['22', codes(false, false, true), TC],
    ['21', codes(false, false, false), AAC],
  ])('[C-4 TAA-4] without its host, type %s with %o asks for %s', (type, terminal, expected) => {
    const how = { terminal: { ...terminal, '9F35': type }, options: { unableToGoOnline: true } };
    expect(p1({}, how)).toBe(expected);
  });

  it('[C-4 TAA-5] authorised later: Denial and Online alone', () => {
    const later = { '9F6E': '18E00043', '9F35': '21' };
    expect(p1({}, { terminal: { ...later, ...codes(true, true, true) } })).toBe(AAC);
    expect(p1({}, { terminal: { ...later, ...codes(false, true, false) } })).toBe(ARQC);
    expect(p1({}, { terminal: { ...later, ...codes(false, false, true) } })).toBe(TC);
  });

  it.each(['zeroAmount', 'statusCheckRequested'])('[C-4 TAA-6] %s asks the issuer', (flag) => {
    const preprocessing = { [flag]: true };
    expect(p1({}, { preprocessing, terminal: LENIENT })).toBe(ARQC);
    expect(p1({}, { preprocessing, terminal: codes(true, false, false) })).toBe(AAC);
  });

  it("[C-4 TAA-7] without action codes of its own the reader has the scheme's", () => {
    expect(plainTap().generate?.p1).toBe(ARQC);
    const failed = { '8E': '00000000000000001F00' };
    expect(p1({ record: failed }, { preprocessing: OVER, terminal: { '9F35': '23' } })).toBe(AAC);
    expect(plainTap({}, { terminal: WITH_CONTACT }).result).toMatchObject(ONLINE);
    expect(
      plainTap({}, { terminal: { ...WITH_CONTACT, ...codes(true, true, true) } }).result,
    ).toMatchObject(CHIP);
  });
});
