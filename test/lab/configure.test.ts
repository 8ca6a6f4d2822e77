import { describe, expect, test } from 'vitest';
import {
  activation,
  cardWith,
  configuration,
  configured,
  entry,
  errorCode,
  errorMessage,
  type Line,
  OTHER,
  openLab,
  play,
  ppse,
} from '#test/support/lab-port.ts';

const card = cardWith(ppse(entry({ name: OTHER })));
const MODULUS = `${'A'.repeat(127)}B`;

describe('a configuration with a fault is refused, and its message names the path', () => {
  const key = { rid: 'A000000003', index: '92', exponent: '03', modulus: MODULUS };
  test.each<[path: string, configure: Line]>([
    ['combinationSets', { op: 'configure', kernels: {} }],
    ['combinationSets', { ...configuration(), combinationSets: {} }],
    ['combinationSets[0].transactionTypes', configuration({ transactionTypes: null })],
    ['combinationSets[0].transactionTypes[0]', configuration({ transactionTypes: ['0'] })],
    ['combinationSets[0].transactionTypes[1]', configuration({ transactionTypes: ['00', 9] })],
    ['combinationSets[0].combinations', configuration({ combinations: 'all' })],
    [
      'combinationSets[0].combinations[0].aid',
      configuration({ combinations: [{ aid: 'A0', kernelId: '22' }] }),
    ],
    [
      'combinationSets[0].combinations[0].aid',
      configuration({ combinations: [{ aid: OTHER.padEnd(34, '0'), kernelId: '22' }] }),
    ],
    [
      'combinationSets[0].combinations[0].kernelId',
      configuration({ combinations: [{ aid: OTHER }] }),
    ],
    [
      'combinationSets[0].combinations[0].kernelId',
      configuration({ combinations: [{ aid: OTHER, kernelId: '99' }] }),
    ],
    [
      'combinationSets[0].combinations[1].aid',
      configuration({
        combinations: [
          { aid: OTHER, kernelId: '22' },
          { aid: OTHER, kernelId: '22' },
        ],
      }),
    ],
    ['combinationSets[0].statusCheck', configuration({ statusCheck: 1 })],
    ['combinationSets[0].zeroAmountAllowed', configuration({ zeroAmountAllowed: 'yes' })],
    ['combinationSets[0].readerCvmRequiredLimit', configuration({ readerCvmRequiredLimit: -1 })],
    ['combinationSets[0].readerCvmRequiredLimit', configuration({ readerCvmRequiredLimit: 1.5 })],
    ['combinationSets[0].terminalFloorLimit', configuration({ terminalFloorLimit: '100' })],
    ['combinationSets[0].ttq', configuration({ ttq: '260000' })],
    ['combinationSets[0].ttq', configuration({ ttq: '2600000G' })],
    ['combinationSets[0].ttq', configuration({ ttq: '26 00 00 00' })],
    ['combinationSets[0].statuscheck', configuration({ statuscheck: true })],
    [
      'combinationSets[0].fixedIndicators.zeroAmount',
      configuration({ fixedIndicators: { zeroAmount: 0 } }),
    ],
    ['combinationSets[0].fixedIndicators.ttq', configuration({ fixedIndicators: { ttq: '' } })],
    ['combinationSets[0].data.DF8118', configuration({ data: { DF8118: '6' } })],
    ['combinationSets[0].data.9F', configuration({ data: { '9F': '60' } })],
    ['terminal.9F1A', { ...configuration(), terminal: { '9F1A': 840 } }],
    ['terminal.9F1A02', { ...configuration(), terminal: { '9F1A02': '0840' } }],
    ['kernels.22', { ...configuration(), kernels: { '22': 'mine' } }],
    ['kernels.22', { ...configuration(), kernels: { '22': 'built-in' } }],
    ['kernels.2', { ...configuration(), kernels: { '22': 'test', '2': 'test' } }],
    ['autorun.amountAuthorised', configuration({}, { autorun: { transactionType: '00' } })],
    ['caPublicKeys[0].rid', configuration({}, { caPublicKeys: [{ ...key, rid: 'A0' }] })],
    ['caPublicKeys[0].exponent', configuration({}, { caPublicKeys: [{ ...key, exponent: '05' }] })],
    ['caPublicKeys[0].modulus', configuration({}, { caPublicKeys: [{ ...key, modulus: 'AB' }] })],
    [
      'caPublicKeys[0].expires',
      configuration({}, { caPublicKeys: [{ ...key, expires: '2030-02-30' }] }),
    ],
    ['caPublicKeys[1]', configuration({}, { caPublicKeys: [key, key] })],
    [
      'revoked[0].serial',
      configuration({}, { revoked: [{ rid: 'A000000003', index: '92', serial: '1' }] }),
    ],
    ['exceptionFile[0]', configuration({}, { exceptionFile: ['47617390 01010010'] })],
  ])('%s', (path, configure) => {
    const refused = openLab().send(configure);
    expect(errorCode(refused)).toBe('configuration');
    expect(errorMessage(refused)).toContain(`${path}: `);
  });

  test('and the old one stays', () => {
    const lab = configured(configuration());
    expect(errorCode(lab.send(configuration({ ttq: '26' })))).toBe('configuration');
    expect(play(lab, activation(), { card }).trace.at(-1)).toBe('approved');
  });

  test('and so does the transaction', () => {
    const lab = configured(configuration());
    play(lab, activation(), { card, kernel: [{ outcome: 'endApplication', start: 'D' }] });
    lab.send(configuration({ ttq: '26' }));
    expect(play(lab, activation({ start: 'D' }), { card }).trace.at(-1)).toBe('approved');
  });

  test('an account number of the exception file is not repeated in the message', () => {
    const refused = openLab().send(configuration({}, { exceptionFile: ['476173900101001X'] }));
    expect(errorMessage(refused)).not.toContain('4761739');
  });
});

describe('a configuration may hold', () => {
  test.each<[sentence: string, configure: Line]>([
    ['no combination at all', { op: 'configure', combinationSets: [], kernels: {} }],
    [
      'null and "none" for what is not configured',
      configuration({ ttq: null, statusCheck: 'none' }),
    ],
    [
      'kernels without a combination',
      { ...configuration(), kernels: { '22': 'test', '03': 'built-in', '02': 'built-in' } },
    ],
    [
      'a kernel id of 8 bytes',
      {
        ...configuration({ combinations: [{ aid: OTHER, kernelId: 'C108400000000001' }] }),
        kernels: { C108400000000001: 'test' },
      },
    ],
    ['lower-case digits', configuration({ combinations: [{ aid: 'a000000999', kernelId: '22' }] })],
    ['tags that only a test kernel knows', configuration({ data: { DF01: '', DFFF7F: '00' } })],
    ['autorun', configuration({}, { autorun: { transactionType: '00', amountAuthorised: 1000 } })],
    ['no autorun', configuration({}, { autorun: null })],
    [
      'keys and lists',
      configuration(
        {},
        {
          caPublicKeys: [
            {
              rid: 'A000000003',
              index: '92',
              exponent: '03',
              modulus: MODULUS,
              expires: '2030-12-31',
            },
            { rid: 'A000000003', index: '94', exponent: '010001', modulus: MODULUS },
          ],
          revoked: [{ rid: 'A000000003', index: '92', serial: '000001' }],
          exceptionFile: ['4761739001010010'],
        },
      ),
    ],
  ])('%s', (_, configure) => {
    expect(openLab().send(configure)).toEqual([{ ok: true }]);
  });

  test('and replaces the whole one before, and its transaction', () => {
    const lab = configured(configuration({ ttq: '26004000' }));
    play(lab, activation(), { card, kernel: [{ outcome: 'endApplication', start: 'D' }] });
    expect(lab.send(configuration())).toEqual([{ ok: true }]);
    expect(errorCode(lab.send({ op: 'activate', ...activation({ start: 'D' }) }))).toBe(
      'notAllowed',
    );
    const { kernels } = play(lab, activation(), { card });
    expect(kernels[0]?.['preprocessing']).not.toHaveProperty('ttq');
  });
});
