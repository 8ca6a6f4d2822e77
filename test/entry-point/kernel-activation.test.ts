import { describe, expect, test } from 'vitest';
import type { Authentication, KernelInput } from '#kernels/shared/kernel.ts';
import { readerWith, tapDirectly } from '#test/support/direct-activation.ts';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  fci,
  type Line,
  OTHER,
  play,
  ppse,
} from '#test/support/lab-port.ts';

const card = cardWith(ppse(entry({ name: `${OTHER}07` })));

const started = (configure: Line, more: Line = {}, transaction: Line = {}): Line =>
  play(configured(configure), activation(more, transaction), { card }).kernels[0] ?? {};

describe('a kernel is started (Book B 3.4)', () => {
  test('with everything that it may ask for', () => {
    const configure = {
      ...configuration({ ttq: '26004000', data: { '9F33': 'E0F8C8', DF8118: '60' } }),
      terminal: { '9F1A': '0840', '9F33': '000000', '9F1E': '3132333435363738', '9F09': '0002' },
    };
    const transaction = { amountAuthorised: 1500, amountOther: 500, currency: '0978' };
    expect(started(configure, { sequenceCounter: 12345 }, transaction)).toEqual({
      ask: 'kernel',
      kernelId: '22',
      start: 'A',
      restart: false,
      aid: `${OTHER}07`,
      fci: fci(`${OTHER}07`, '9F6604').slice(0, -4),
      sw: '9000',
      transaction: { type: '00', ...transaction },
      unpredictableNumber: 'ABABABAB',
      preprocessing: {
        statusCheckRequested: false,
        contactlessApplicationNotAllowed: false,
        zeroAmount: false,
        readerCvmRequiredLimitExceeded: false,
        readerContactlessFloorLimitExceeded: false,
        ttq: '26004000',
      },
      terminal: {
        '9F1A': '0840',
        // The set's data before the terminal's.
        '9F33': 'E0F8C8',
        '9F1E': '3132333435363738',
        DF8118: '60',
        '9A': '260131',
        '9F21': '123456',
        '9F41': '00012345',
        // The reader's AID, where the card's name is longer.
        '9F06': OTHER,
        '96': '2200000000000000',
      },
    });
  });

  test('with no qualifiers where none are configured', () => {
    expect(started(configuration())['preprocessing']).not.toHaveProperty('ttq');
  });

  test.each(['00', '01', '09', '20'])('with transaction type %s', (type) => {
    const configure = configuration({ transactionTypes: [type] });
    expect(started(configure, {}, { type })['transaction']).toMatchObject({ type });
  });

  test.each([
    ['2026-01-31T12:34:56Z', '260131', '123456'],
    ['2026-01-31T23:59:59+05:30', '260131', '235959'],
    ['2028-02-29T00:00:00', '280229', '000000'],
    ['1999-12-31T01:02:03.456Z', '991231', '010203'],
  ])('at %s by the digits of the clock alone', (clock, date, time) => {
    expect(started(configuration(), { clock })['terminal']).toMatchObject({
      '9A': date,
      '9F21': time,
    });
  });

  test.each([
    ['A1', 'A1A1A1A1'],
    ['0102', '01020102'],
    ['01020304050607', '01020304'],
  ])('with random %s, over and over', (random, unpredictableNumber) => {
    expect(started(configuration(), { random })).toMatchObject({ unpredictableNumber });
  });

  test('with the same random bytes from the first one in each activation', () => {
    const lab = configured(configuration());
    const random = '0102030405';
    const twice = [1, 2].map(
      (sequenceCounter) =>
        play(lab, activation({ sequenceCounter, random }), { card }).kernels[0]?.[
          'unpredictableNumber'
        ],
    );
    expect(twice).toEqual(['01020304', '01020304']);
  });
});

describe('Kernel Identifier - Terminal, 96 (Book B 3.4.1.2)', () => {
  const K8 = { '08': 'test', '22': 'test', '23': 'test', C10840: 'test', C1084001: 'test' };
  const identifier = (kernelId: string, more: Line, kernels: Line = K8) =>
    started({ ...configuration({ combinations: [{ aid: OTHER, kernelId }], ...more }), kernels })[
      'terminal'
    ];

  test.each<[sentence: string, kernelId: string, kernels: Line, value: string]>([
    ['a kernel of one byte', '22', { '22': 'test' }, '2200000000000000'],
    ['a domestic kernel', 'C10840', { C10840: 'test' }, 'C108400000000000'],
    ['the first three bytes of a longer one', 'C1084001', { C1084001: 'test' }, 'C108400000000000'],
    ['a reader that has kernel 8 for others', '22', K8, '2200008000000000'],
  ])('%s', (_, kernelId, kernels, value) => {
    expect(identifier(kernelId, {}, kernels)).toMatchObject({ '96': value });
  });

  test('kernel 8, configured for this AID', () => {
    const combinations = [
      { aid: OTHER, kernelId: '22' },
      { aid: OTHER, kernelId: '08' },
    ];
    expect(identifier('22', { combinations })).toMatchObject({ '96': '220000C000000000' });
  });

  test('kernel 8, configured for another AID', () => {
    const combinations = [
      { aid: OTHER, kernelId: '22' },
      { aid: `${OTHER}07`, kernelId: '08' },
    ];
    expect(identifier('22', { combinations })).toMatchObject({ '96': '2200008000000000' });
  });

  test('kernel 8, configured for another transaction type', () => {
    const configure = {
      ...configuration(),
      combinationSets: [
        { transactionTypes: ['00'], combinations: [{ aid: OTHER, kernelId: '22' }] },
        { transactionTypes: ['20'], combinations: [{ aid: OTHER, kernelId: '08' }] },
      ],
      kernels: K8,
    };
    expect(started(configure)['terminal']).toMatchObject({ '96': '2200008000000000' });
  });
});

test('what the reader configures for its kernels goes to them untouched', () => {
  const authentication: Authentication = {
    caKeys: { find: () => undefined, findEcc: () => undefined },
    revoked: { has: () => false },
    exceptionFile: new Set(['4761739001010010']),
  };
  const inputs: KernelInput[] = [];
  tapDirectly(readerWith({ authentication }, inputs), card);
  expect(inputs).toHaveLength(1);
  expect(inputs[0]?.authentication).toBe(authentication);
});
