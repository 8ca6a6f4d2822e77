import { describe, expect, test } from 'vitest';
import { cardTap, errorOf, type Objects } from './support.ts';

const wishing = (indicator: string, terminal: Objects = {}) =>
  cardTap({ decides: () => 0x00, cryptogram: { '9F8108': indicator } }, { terminal });

describe('the outcome', () => {
  test('[C-8 S2930 approved] of a TC that the terminal accepts', () => {
    const { result } = cardTap();
    expect(result).toMatchObject({
      outcome: 'approved',
      start: 'none',
      uiOnOutcome: { messageId: '03', status: 'notReady', holdMs: 1300 },
      uiOnRestart: null,
    });
    const signed = cardTap(
      { cryptogram: { '9F8102': '01' } },
      { terminal: { '9F02': '000000005000' } },
    );
    expect(signed.result.uiOnOutcome).toMatchObject({ messageId: '1A' });
  });

  test.each([
    ['an ARQC, and the terminal accepts', 0x80, {}],
    ['an ARQC, and the terminal wants it too', 0x80, { '9F35': '21' }],
    ['a TC, and the terminal wants the issuer by then', 0x40, {}],
  ])('[C-8 S2930 online] %s', (_, type, terminal) => {
    const failing = type === 0x40 ? { '9F8102': 'FF' } : {};
    const online = cardTap({ decides: () => type, cryptogram: failing }, { terminal });
    expect(online.result).toMatchObject({
      outcome: 'onlineRequest',
      uiOnOutcome: { messageId: '1B', status: 'notReady', holdMs: 0 },
    });
    expect(errorOf(online)).toBe('0000000000FF');
  });

  test.each([
    ['an AAC', 0x00, {}],
    ['a TC that the terminal declines by then', 0x40, { '9F820B': '0000800000' }],
    ['an ARQC, likewise', 0x80, { '9F820B': '0000800000' }],
  ])('[C-8 S2930 declined] %s', (_, type, terminal) => {
    const declined = cardTap({ decides: () => type, cryptogram: { '9F8102': 'FF' } }, { terminal });
    expect(declined.result).toMatchObject({
      outcome: 'declined',
      start: 'none',
      uiOnOutcome: { messageId: '07', status: 'notReady', holdMs: 1300 },
      alternateInterface: 'none',
    });
  });

  test.each(['00', '01', '09', '17'])('[C-8 S2930 refund] type %s is declined', (type) => {
    const declined = cardTap({ decides: () => 0x00 }, { terminal: { '9C': type } });
    expect(declined.result.outcome).toBe('declined');
  });

  test('[C-8 S2930 refund] any other ends: the card has done its part', () => {
    const refund = cardTap({ decides: () => 0x00 }, { terminal: { '9C': '20' } });
    expect(refund.result).toMatchObject({
      outcome: 'endApplication',
      uiOnOutcome: { messageId: '1E', status: 'notReady', holdMs: 0 },
    });
    expect(refund.record['9F26']).toBeDefined();
  });
});

describe('a card that wants something', () => {
  test.each([
    ['2020', '20'],
    ['2018', '18'],
    ['2000', '21'],
    ['201D', '21'],
  ])('[C-8 S2930 restart] %s: present again, message %s', (indicator, messageId) => {
    const again = wishing(indicator);
    expect(again.result).toMatchObject({
      outcome: 'endApplication',
      start: 'B',
      uiOnOutcome: { messageId, status: 'notReady', holdMs: 1300 },
      uiOnRestart: { messageId, status: 'readyToRead', holdMs: 0 },
    });
    expect(again.record['5A']).toBeDefined();
  });

  test('[C-8 S2930 restart] comes before any approval', () => {
    const approving = cardTap({ cryptogram: { '9F8108': '2020' } });
    expect(approving.result).toMatchObject({ outcome: 'endApplication', start: 'B' });
  });

  test.each([
    ['3118', 'contactChip', '18'],
    ['3200', 'magneticStripe', '18'],
    ['3F20', 'both', '20'],
    ['3321', 'none', '21'],
  ])('[C-8 S2930 interface] %s: try another interface', (indicator, alternate, messageId) => {
    expect(wishing(indicator).result).toMatchObject({
      outcome: 'tryAnotherInterface',
      alternateInterface: alternate,
      start: 'none',
      uiOnOutcome: { messageId, status: 'notReady', holdMs: 1300 },
    });
    const accepted = cardTap({ cryptogram: { '9F8108': indicator } });
    expect(accepted.result.outcome).toBe('approved');
  });

  test.each([
    ['1020', '20'],
    ['F01D', '07'],
    ['0000', '07'],
  ])('[C-8 S2930 message] %s: declined, message %s', (indicator, messageId) => {
    expect(wishing(indicator).result).toMatchObject({
      outcome: 'declined',
      uiOnOutcome: { messageId },
    });
  });

  test('[C-8 S2930 message] only what the terminal lists', () => {
    expect(wishing('3120', { '9F821D': '18' }).result.uiOnOutcome).toMatchObject({
      messageId: '18',
    });
  });
});

describe('what the terminal gets', () => {
  test('[C-8 S2930 report] a failed local authentication, where it is configured', () => {
    const how = (configuration: string) =>
      cardTap({}, { authentication: null, terminal: { '9F8209': configuration } });
    expect(how('1800').record['95']).toBe('0400000082');
    expect(how('1000').record['95']).toBe('0000000082');
    // The decision is taken with it all the same.
    expect(how('1000').result.outcome).toBe('onlineRequest');
  });

  test('[C-8 data record] those that are there, in their order', () => {
    const names = Object.keys(cardTap().record);
    expect(new Set(names).size).toBe(names.length);
    expect(cardTap().result.dataRecord.map(({ tag }) => tag.toString(16))).toEqual([
      ...['9f02', '9f03', '9f26', '5f24', '82', '50', '5a', '5f34', '9f36', '9f07', '9f09', '9f27'],
      ...['9f34', '84', '9f10', '9f8109', '9f33', '9f1a', '9f35', '95', '57', '5f2a', '9a', '9c'],
      '9f37',
    ]);
  });

  test('[C-8 tag mapping] under the names that the terminal gives them', () => {
    const mapped = cardTap({}, { terminal: { '9F8221': '9F8109DF0157DF02' } });
    expect(mapped.record['DF01']).toBeDefined();
    expect(mapped.record['DF02']).toBeDefined();
    expect(mapped.record['57']).toBeUndefined();
    const broken = cardTap({}, { terminal: { '9F8221': '9F' } });
    expect(broken.result.outcome).toBe('approved');
  });

  test('[C-8 discretionary data] the error, and what its list names, each once', () => {
    const listed = cardTap({}, { terminal: { '9F821F': '82 9F8204 9F5D 9F36' } });
    expect(Object.keys(listed.discretionary).sort()).toEqual(['82', '9F36', '9F8204']);
    const broken = cardTap({}, { terminal: { '9F821F': '9F' } });
    expect(Object.keys(broken.discretionary)).toEqual(['9F8204']);
  });
});
