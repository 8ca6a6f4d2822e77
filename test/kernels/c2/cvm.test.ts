import { describe, expect, it } from 'vitest';
import {
  CVM_RESULTS_AT,
  errorOf,
  field,
  type Objects,
  OTHER_CARD,
  plainTap,
  type Story,
  TVR_AT,
} from './support.ts';

/** Over the CVM limit, online PIN and signature; under it, no CVM. */
const OVER = { '9F02': '000000020000' };
const XY = '0000000000000000';

/** The CVM, the results, and byte 3 of the TVR, of a tap with a list of these rules. */
const cvmOf = (rules: string, terminal: Objects = OVER, story: Story = {}) => {
  const list = rules.length > 0 ? XY + rules.replaceAll(' ', '') : undefined;
  return resultOf({ ...story, record: { '8E': list, ...story.record } }, terminal);
};

const resultOf = (story: Story, terminal: Objects) => {
  const played = plainTap(story, { terminal });
  return [
    played.result.cvm,
    field(played, CVM_RESULTS_AT, 3),
    field(played, TVR_AT + 2, 1),
    ...(field(played, TVR_AT, 1) === '80' ? [] : [field(played, TVR_AT, 1)]),
  ];
};

const FAILED = ['noCvm', '3F0001', '80'];

describe('the cardholder is verified (CVM)', () => {
  const phone: Story = { gpo: { '82': '1A80' } };

  it('[C-2 CVM on device] by the phone itself, over the limit', () => {
    expect(resultOf(phone, OVER)).toEqual(['confirmationCodeVerified', '010002', '00']);
  });

  it('[C-2 CVM on device] or not at all, up to the limit', () => {
    const at = { '9F02': '000000010000' };
    expect(resultOf(phone, at)).toEqual(['noCvm', '3F0002', '00']);
  });

  it('[C-2 CVM on device] and by the list at a reader that leaves that out', () => {
    expect(resultOf(phone, { ...OVER, DF811B: '00' })).toEqual(['onlinePin', '420300', '04']);
  });

  it('[C-2 CVM not supported] not at all with a card that knows no verification', () => {
    expect(resultOf({ gpo: { '82': '0880' } }, OVER)).toEqual(['noCvm', '3F0000', '00']);
  });

  it('[C-2 CVM no list] not at all without a list, which is noted', () => {
    expect(cvmOf('')).toEqual(['noCvm', '3F0000', '00', 'A0']);
  });

  it('[C-2 CVM odd list] a list of an odd length ends the transaction', () => {
    const played = plainTap({ record: { '8E': `${XY}1F031F` } });
    expect(played.result).toMatchObject(OTHER_CARD);
    expect(errorOf(played)).toBe('00060000001C');
    // Nobody looks at the list of a card without verification.
    const unused = { record: { '8E': `${XY}1F031F` }, gpo: { '82': '0880' } };
    expect(plainTap(unused).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 CVM.18] by online PIN: the results are not known yet', () => {
    expect(cvmOf('0200')).toEqual(['onlinePin', '020000', '04']);
    expect(cvmOf('4203 1F03')).toEqual(['onlinePin', '420300', '04']);
  });

  it('[C-2 CVM.18] by signature, with a receipt', () => {
    expect(cvmOf('1E00')).toEqual(['obtainSignature', '1E0000', '00']);
    const under = { record: { '8E': `${XY}1E00` } };
    const played = plainTap(under, { terminal: { DF8119: '20' } });
    expect(played.result).toMatchObject({ cvm: 'obtainSignature', receipt: true });
  });

  it('[C-2 CVM.18] by none, which is a success', () => {
    expect(cvmOf('1F00', {})).toEqual(['noCvm', '1F0002', '00']);
  });

  it('[C-2 CVM.16] goes on after a method it can’t do, where the rule lets it', () => {
    expect(cvmOf('4200 1F00', {})).toEqual(['noCvm', '1F0002', '00']);
    expect(cvmOf('4100 1E00')).toEqual(['obtainSignature', '1E0000', '00']);
  });

  it('[C-2 CVM.17] stops there, where it does not', () => {
    expect(cvmOf('0200 1F00', {})).toEqual(FAILED);
  });

  it('[C-2 CVM.19] has failed when no rule is left', () => {
    expect(cvmOf('4200 5E00', {})).toEqual(FAILED);
    expect(cvmOf('0201')).toEqual(FAILED);
    expect(cvmOf('0200 0201', {})).toEqual(FAILED);
  });

  it('[C-2 CVM.19 fail] a rule to fail says so in the results', () => {
    expect(cvmOf('0000')).toEqual(['noCvm', '000001', '80']);
    expect(cvmOf('4000')).toEqual(['noCvm', '400001', '80']);
    expect(cvmOf('4000 0200')).toEqual(['onlinePin', '020000', '04']);
    expect(cvmOf('0003')).toEqual(['noCvm', '000301', '80']);
    // The last rule's condition is not met: nothing failed that could be named.
    expect(cvmOf('0001')).toEqual(FAILED);
  });

  it('[C-2 CVM unrecognised] notes a method nobody knows, and takes it for one it can’t do', () => {
    expect(cvmOf('3E00')).toEqual(['noCvm', '3F0001', 'C0']);
    expect(cvmOf('7E00 0200')).toEqual(['onlinePin', '020000', '44']);
    expect(cvmOf('2000')).toEqual(['noCvm', '3F0001', 'C0']);
  });

  it('[C-2 CVM offline PIN] does no offline PIN, whatever the bits say', () => {
    for (const code of ['41', '43', '44', '45']) {
      expect(cvmOf(`${code}00 1F00`, { DF8119: '98' })).toEqual(['noCvm', '1F0002', '00']);
    }
    expect(cvmOf('0100', { DF8119: 'FF' })).toEqual(FAILED);
  });
});

describe('a rule counts where its condition is met (CVM)', () => {
  const met = (condition: string, terminal: Objects = {}, record: Objects = {}) =>
    cvmOf(`1F${condition} 0000`, { DF8118: '08', ...terminal }, { record })[1] ===
    `1F${condition}02`;

  it('[C-2 CVM condition 00] always', () => expect(met('00')).toBe(true));

  it('[C-2 CVM condition 01] cash at an unattended terminal', () => {
    expect(met('01', { '9C': '01', '9F35': '24' })).toBe(true);
    expect(met('01', { '9C': '17', '9F35': '16' })).toBe(true);
    expect(met('01', { '9C': '01', '9F35': '22' })).toBe(false);
    expect(met('01', { '9C': '00', '9F35': '24' })).toBe(false);
  });

  it('[C-2 CVM condition 02] neither cash nor cashback', () => {
    expect(met('02')).toBe(true);
    expect(met('02', { '9C': '20' })).toBe(true);
    expect(met('02', { '9C': '01' })).toBe(false);
    expect(met('02', { '9C': '01', '9F35': '24' })).toBe(false);
    expect(met('02', { '9C': '09' })).toBe(false);
    expect(met('02', { '9F03': '000000000001' })).toBe(false);
  });

  it('[C-2 CVM condition 03] the terminal can do it; if not, bit 7 does not matter', () => {
    expect(met('03')).toBe(true);
    expect(cvmOf('0203 1F00', {})).toEqual(['noCvm', '1F0002', '00']);
    expect(cvmOf('3E03 1F00', {})).toEqual(['noCvm', '1F0002', '00']);
    expect(cvmOf('0203', {})).toEqual(FAILED);
  });

  it('[C-2 CVM condition 04] cash where somebody attends', () => {
    expect(met('04', { '9C': '01' })).toBe(true);
    expect(met('04', { '9C': '01', '9F35': '24' })).toBe(false);
    expect(met('04')).toBe(false);
  });

  it('[C-2 CVM condition 05] cashback', () => {
    expect(met('05', { '9C': '09' })).toBe(true);
    expect(met('05', { '9F03': '000000000001' })).toBe(true);
    expect(met('05')).toBe(false);
  });

  // X 12.50 and Y 200.00.
  const amounts = (condition: string, amount: string, more: Objects = {}) => {
    const record = { '8E': `000004E200004E201F${condition}0000`, ...more };
    const terminal = { '9F02': amount.padStart(12, '0'), DF8118: '08' };
    return resultOf({ record }, terminal)[1] === `1F${condition}02`;
  };

  it('[C-2 CVM condition 06; C-2 CVM condition 07] under X, over X', () => {
    expect(['1249', '1250', '1251'].map((amount) => amounts('06', amount))).toEqual([
      true,
      false,
      false,
    ]);
    expect(['1249', '1250', '1251'].map((amount) => amounts('07', amount))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('[C-2 CVM condition 08; C-2 CVM condition 09] under Y, over Y', () => {
    expect(['19999', '20000', '20001'].map((amount) => amounts('08', amount))).toEqual([
      true,
      false,
      false,
    ]);
    expect(['19999', '20000', '20001'].map((amount) => amounts('09', amount))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('[C-2 CVM currency] amounts count in the card’s own currency alone', () => {
    expect(amounts('06', '1', { '9F42': '0978' })).toBe(false);
    expect(amounts('06', '1', { '9F42': undefined })).toBe(false);
  });

  it('[C-2 CVM condition unknown] a condition that nobody knows is not met', () => {
    expect(['0A', '7F', '80', 'FF'].map((condition) => met(condition))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(cvmOf('020A 1F00', {})).toEqual(['noCvm', '1F0002', '00']);
  });
});
