import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { newKeys } from '#test/kernels/c3/offline-card.ts';
import { elementsOf, why } from '#test/kernels/c3/support.ts';
import { trusting } from './signing-card.ts';
import {
  askedFor,
  LEGACY_FCI,
  legacyCard,
  PAN,
  plainCard,
  READER,
  type Tap,
  tap,
  tvrOf,
} from './support.ts';

const keys = newKeys(128, 112, 96);

/** What the TVR comes to and what was asked for; without ODA byte 1 bit 8 is always there. */
const tapped = (how: Tap, record = {}) => {
  const { result, commands } = tap(plainCard({ record }), how);
  return { tvr: tvrOf(result), asked: askedFor(commands), result };
};

describe('Terminal Risk Management', () => {
  it.each([
    [1251, '8000000000'],
    [1250, '8000008000'],
    [1249, '8000008000'],
    [0, '8000008000'],
    [null, '8000000000'],
  ])('[C-5 RISK-2] an amount of 12.50 with a floor limit of %s', (floorLimit, tvr) => {
    expect(tapped({ options: { floorLimit } }).tvr).toBe(tvr);
  });

  it.each<[string, Tap]>([
    ['a unit with status check', { flags: { statusCheckRequested: true } }],
    ['Entry Point’s floor limit', { flags: { readerContactlessFloorLimitExceeded: true } }],
    ['an amount of zero', { flags: { zeroAmount: true }, amount: 0 }],
    ['a terminal that is online only (21)', { terminal: { '9F35': '21' } }],
    ['a terminal that is online only (14)', { terminal: { '9F35': '14' } }],
  ])('[C-5 RISK-3] %s: over the floor limit', (_, how) => {
    expect(tapped(how).tvr).toBe('8000008000');
  });

  const randomSelection = { threshold: 1000, targetPercentage: 20, maximumTargetPercentage: 70 };
  it.each([
    [500, 19, true],
    [500, 20, false],
    [1000, 19, true],
    [1500, 44, true],
    [1500, 45, false],
    [1999, 68, true],
    [1999, 69, false],
  ])('[C-5 RISK-4] of %i, the number %i after 1 is chosen: %s', (amount, drawn, chosen) => {
    const random = Uint8Array.of(0, drawn);
    const { result } = tap(
      plainCard(),
      { amount, options: { randomSelection, floorLimit: 2000 } },
      { random },
    );
    expect(tvrOf(result)).toBe(chosen ? '8000001000' : '8000000000');
  });

  it('[C-5 RISK-4] nothing is drawn where the floor limit is reached, or none is wanted', () => {
    const random = Uint8Array.of(0, 0);
    const over = { amount: 2000, options: { randomSelection, floorLimit: 2000 } };
    expect(tvrOf(tap(plainCard(), over, { random }).result)).toBe('8000008000');
    expect(tvrOf(tap(plainCard(), {}, { random }).result)).toBe('8000000000');
  });

  it('[C-5 RISK-5] an account in the exception file', () => {
    const authentication = trusting(keys, { exceptions: [PAN] });
    expect(tapped({ authentication }).tvr).toBe('9000000000');
    expect(tapped({ authentication, options: { exceptionFileCheck: false } }).tvr).toBe(
      '8000000000',
    );
  });

  it('[C-5 RISK-6] is declined at once at a transit gate', () => {
    const authentication = trusting(keys, { exceptions: [PAN] });
    const { result, commands } = tap(plainCard(), { authentication, tip: '040000' });
    expect(result.outcome).toBe('declined');
    expect(askedFor(commands)).toBeUndefined();
  });

  it('[C-5 RISK-7] a transit gate takes no legacy card', () => {
    const how = { fci: LEGACY_FCI, options: { legacyMode: true }, tip: '540000' };
    const { result, commands } = tap(legacyCard(), how);
    expect(result.outcome).toBe('declined');
    expect(askedFor(commands)).toBeUndefined();
  });
});

describe('Processing Restrictions', () => {
  it.each([
    ['expired yesterday', { '5F24': '260614' }, '8040000000'],
    ['expires today', { '5F24': '260615' }, '8000000000'],
    ['expired in the last century', { '5F24': '991231' }, '8040000000'],
    ['begins tomorrow', { '5F25': '260616' }, '8020000000'],
    ['begins today', { '5F25': '260615' }, '8000000000'],
    ['has no beginning', { '5F25': undefined }, '8000000000'],
    ['has no usage control', { '9F07': undefined }, '8000000000'],
  ])('[C-5 RESTRICT-1] an application that %s', (_, record, tvr) => {
    expect(tapped({}, record).tvr).toBe(tvr);
  });

  it('[C-5 RESTRICT-2] one that may not be used here for goods and services is denied', () => {
    const { tvr, asked, result } = tapped({}, { '9F07': 'C100' });
    expect(tvr).toBe('8010000000');
    expect(asked).toBeUndefined();
    expect(result).toMatchObject({ outcome: 'declined', uiOnOutcome: { messageId: '07' } });
  });

  it('[C-5 RESTRICT-2] in legacy mode usage control is not looked at', () => {
    const how = { fci: LEGACY_FCI, options: { legacyMode: true } };
    const { result } = tap(legacyCard({ record: { '9F07': '0000' } }), how);
    expect(tvrOf(result)).toBe('8000008000');
    expect(result.outcome).toBe('onlineRequest');
  });
});

describe('Terminal Action Analysis', () => {
  const zeros = hex('0000000000');
  const quiet = { actionCodeOnline: zeros, actionCodeDefault: zeros, actionCodeDenial: zeros };
  const silent = { '9F0D': '0000000000', '9F0E': '0000000000', '9F0F': '0000000000' };

  it.each<[string, Partial<Tap['options'] & object>, object, string | undefined]>([
    ['nothing concerns it: a TC', quiet, silent, '40'],
    [
      'the terminal’s code: an ARQC',
      { ...quiet, actionCodeOnline: hex('8000000000') },
      silent,
      '80',
    ],
    ['the issuer’s code: an ARQC', quiet, { ...silent, '9F0F': '8000000000' }, '80'],
    ['no issuer’s code: an ARQC', quiet, { ...silent, '9F0F': undefined }, '80'],
    [
      'denied by the terminal',
      { ...quiet, actionCodeDenial: hex('8000000000') },
      silent,
      undefined,
    ],
    ['denied by the issuer', quiet, { ...silent, '9F0E': '8000000000' }, undefined],
    ['no issuer’s denial: a TC', quiet, { ...silent, '9F0E': undefined }, '40'],
  ])('[C-5 TAA-1] %s', (_, options, record, asked) => {
    const { commands, result } = tap(plainCard({ record: record as never }), { options });
    expect(askedFor(commands)).toBe(asked);
    if (asked === undefined) expect(result.outcome).toBe('declined');
  });

  it.each([
    ['23', silent, '40'],
    ['26', silent, '40'],
    ['23', { ...silent, '9F0D': '8000000000' }, undefined],
    ['23', { ...silent, '9F0D': undefined }, undefined],
    ['23', { ...silent, '9F0F': 'FFFFFFFFFF' }, '40'],
  ])(
    '[C-5 TAA-2] a terminal that is offline only (%s) asks by its default codes',
    (type, record, asked) => {
      const how = { options: quiet, terminal: { '9F35': type } };
      const { commands, result } = tap(plainCard({ record }), how);
      expect(askedFor(commands)).toBe(asked);
      if (asked === undefined) expect(why(result)).toContain('never does');
    },
  );

  it('[C-5 TAA-3] the shipped codes send what is not authenticated online', () => {
    expect(tapped({}, silent).asked).toBe('80');
  });

  it('[C-5 TAA-4] legacy mode is online or nothing', () => {
    const how = { fci: LEGACY_FCI, options: { ...quiet, legacyMode: true } };
    expect(askedFor(tap(legacyCard({ record: silent }), how).commands)).toBe('80');
    const offline = { ...how, terminal: { '9F35': '23' } };
    expect(tap(legacyCard({ record: silent }), offline).result.outcome).toBe('declined');
  });

  it('[C-5 TAA-5] in legacy mode the issuer’s codes are not looked at', () => {
    const how = { fci: LEGACY_FCI, options: { ...quiet, legacyMode: true } };
    const record = { ...silent, '9F0E': 'FFFFFFFFFF' };
    expect(tap(legacyCard({ record }), how).result.outcome).toBe('onlineRequest');
  });

  it('[C-5 TAA-6] a refund asks for no cryptogram: declined means done, with the account', () => {
    const { result, commands } = tap(plainCard(), { type: 0x20, tip: READER.pin });
    expect(result).toMatchObject({ outcome: 'declined', cvm: 'none' });
    expect(elementsOf(result.dataRecord)).toMatchObject({
      '5A': PAN,
      '5F24': '301130',
      '9C': '20',
    });
    expect(askedFor(commands)).toBeUndefined();
  });
});
