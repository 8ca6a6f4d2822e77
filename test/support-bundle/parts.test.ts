import { describe, expect, test } from 'vitest';
import {
  extractLine,
  LEFT_OUT,
  replayTerminal,
  transcriptForElsewhere,
  withoutSecrets,
} from '#support-bundle/index.ts';

const PAN = '4761739001010010';

const exported = {
  ...{ sequence: 7, payment: 'E7F47661E270', event: 'approved', atMs: 1000 },
  ...{ at: '1970-01-01T00:00:01.000Z', previous: '00', hash: 'abcdef0123456789' },
  data: {
    ...{ amountMinor: 1250, currency: 840, pan: PAN },
    card: { scheme: 'Visa', maskedPan: '476173******0010', token: '1E5E9DB9600B845098CE4838' },
    request: { mti: '0100', fields: { '37': '633317000002', '55': { hex: '9F2608AA' } } },
    result: { status: 'approved', reason: 'approved', cardToken: '1E5E9DB9600B845098CE4838' },
  },
  attached: { row: { state: 'approved', open: false, tillId: 'till-0001-7788' } },
};

describe('an entry of the journal', () => {
  test('tells event, state, time and result, and nothing that leads to a card', () => {
    const line = extractLine(JSON.stringify(exported), 0) ?? '';
    expect(JSON.parse(line)).toEqual({
      ...{ sequence: 7, at: exported.at, payment: 'E7F47661E270', event: 'approved' },
      ...{ state: 'approved', open: false, till: '…7788', hash: 'abcdef01…' },
      data: {
        ...{ amountMinor: 1250, currency: 840, 'request.mti': '0100' },
        ...{ 'card.scheme': 'Visa', 'card.maskedPan': '476173******0010' },
        ...{ 'result.status': 'approved', 'result.reason': 'approved' },
      },
    });
  });

  test('of the terminal itself tells that it happened, and names nobody', () => {
    const own = { ...exported, payment: null, event: 'audit', data: { person: 'Ann' } };
    expect(extractLine(JSON.stringify(own), 0)).not.toContain('Ann');
  });

  test('that is older, or no JSON, is none', () => {
    expect(extractLine(JSON.stringify(exported), 1001)).toBeUndefined();
    expect(extractLine('{"seq', 0)).toBeUndefined();
  });
});

test('a configuration loses the paths of keys, tokens and PINs, wherever they stand', () => {
  const safe = withoutSecrets({
    host: { connection: { address: 'h', certificate: 'c.pem', privateKey: 'k.pem' } },
    wallets: [{ kind: 'alipay', appPrivateKey: 'a.pem', appId: '1' }],
    till: { relay: { tokenFile: 't' } },
    securityModule: { library: 'l', pinFile: 'p' },
    ...{ newPassword: 'x', pins: ['1'], pinPad: true },
  });
  expect(safe).toEqual({
    host: { connection: { address: 'h', certificate: 'c.pem', privateKey: LEFT_OUT } },
    wallets: [{ kind: 'alipay', appPrivateKey: LEFT_OUT, appId: '1' }],
    till: { relay: { tokenFile: LEFT_OUT } },
    securityModule: { library: 'l', pinFile: LEFT_OUT },
    ...{ newPassword: LEFT_OUT, pins: LEFT_OUT, pinPad: true },
  });
});

test('what replay needs of a configuration names no host, till or module', () => {
  const terminal = {
    ...{ merchant: { name: 'M', id: 'M1' }, terminal: { id: 'T' }, reader: { kind: 'pcsc' } },
    host: { connection: { kind: 'tls', privateKey: 'k.pem' } },
    securityModule: { pinFile: 'p' },
  };
  const text = JSON.stringify(replayTerminal(terminal));
  expect(text).not.toMatch(/k\.pem|pinFile|tls/);
  expect(text).toContain('"simulated"');
});

test('a transcript is redacted once more, whatever the journal had kept', () => {
  const text = [
    '# payment X',
    'config: /etc/countertap',
    'clock: 2026-11-29T17:43:44Z',
    'random: E7EEB20A',
    'transaction: type=00 amount=1300 other=0 currency=0840',
    '',
    '> 00B2011C00',
    `< 700A5A08${PAN}9000 @100us`,
  ].join('\n');
  const safe = transcriptForElsewhere(text, './configuration') ?? '';
  expect(safe).toContain('5A084761730000000010');
  expect(safe).not.toContain(PAN);
  expect(safe).toContain('config: ./configuration');
  expect(transcriptForElsewhere(`no transcript ${PAN}`, 'base')).toBeUndefined();
});
