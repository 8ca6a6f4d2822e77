import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { parseTerminalConfig } from '#config/terminal-config.ts';

const shipped = JSON.parse(readFileSync('config/base/terminal.json', 'utf8')) as object;

const parsed = (acceptance: unknown) => {
  const text = JSON.stringify({ ...shipped, ...(acceptance === undefined ? {} : { acceptance }) });
  return parseTerminalConfig({ name: 'terminal.json', text });
};
const section = (acceptance: unknown) => {
  const config = parsed(acceptance);
  if (isConfigProblem(config)) throw new Error(describeConfigProblem(config));
  return config.acceptance;
};

describe('what decisions may speak of', () => {
  it('is one lane, and one person decides, where nothing is said', () => {
    const plain = {
      lane: '1',
      lanes: ['1'],
      approval: { off: false, on: false, urgent: ['security'], roles: ['manager'] },
      alternatives: ['insert', 'cash'],
      wallets: [],
      tokenRanges: [],
      plasticBySigns: true,
    };
    expect(section(undefined)).toEqual(plain);
    expect(section({})).toEqual(plain);
  });

  it('is what the shop says', () => {
    const all = {
      lane: '3',
      lanes: ['1', '2', '3', 'garden centre'],
      timeZone: 'Europe/Berlin',
      approval: { off: true, on: true, urgent: [], roles: ['manager', 'technician'] },
      alternatives: ['insert', 'swipe', 'cash', 'qr', 'gift card'],
      wallets: ['alipay', 'wechat-pay'],
      tokenRanges: [{ from: '489900', to: '489999' }],
      plasticBySigns: false,
    };
    expect(section(all)).toEqual(all);
    expect(section({ lane: '7' }).lanes).toEqual(['7']);
  });

  test.each<[string, unknown, string]>([
    [
      'a zone that nobody knows',
      { timeZone: 'Europe/Bertin' },
      'acceptance.timeZone: expected a time zone of the IANA database such as "Europe/Berlin", ' +
        'found "Europe/Bertin"',
    ],
    [
      'a lane that the shop does not have',
      { lane: '4', lanes: ['1', '2'] },
      'acceptance.lane: expected one of the lanes that "lanes" lists, found "4"',
    ],
    ['no lane', { lanes: [] }, 'acceptance.lanes: expected at least one lane, found []'],
    ['a lane twice', { lanes: ['1', '1'] }, 'acceptance.lanes: expected each lane once'],
    ['a lane without a name', { lane: ' ' }, "acceptance.lane: expected a lane's name"],
    [
      'a strange role',
      { approval: { roles: ['owner'] } },
      'expected one of cashier, manager, tech',
    ],
    ['nobody who approves', { approval: { roles: [] } }, 'acceptance.approval.roles: expected at'],
    [
      'a strange reason',
      { approval: { urgent: ['mood'] } },
      'expected one of commercial, security',
    ],
    ['a wallet with capitals', { wallets: ['AliPay'] }, 'acceptance.wallets[0]: expected names of'],
    [
      'a range whose ends differ in length',
      { tokenRanges: [{ from: '48', to: '489' }] },
      'acceptance.tokenRanges[0]: expected "from" and "to" of equally many digits',
    ],
    [
      'a range that runs backwards',
      { tokenRanges: [{ from: '49', to: '48' }] },
      'expected "to" not before "from"',
    ],
    [
      'a whole account number',
      { tokenRanges: [{ from: '489900000000', to: '489999999999' }] },
      'acceptance.tokenRanges[0].from: expected 1 to 11 leading digits',
    ],
    ['a misspelt key', { timezone: 'UTC' }, 'acceptance.timezone: expected no such key'],
  ])('%s is a problem that names the key', (_, acceptance, words) => {
    const problem = parsed(acceptance);
    expect(isConfigProblem(problem) && describeConfigProblem(problem)).toContain(words);
  });
});
