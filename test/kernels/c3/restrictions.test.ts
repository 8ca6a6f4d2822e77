import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys, offlineCard, trusting } from './offline-card.ts';
import { type Objects, ONLINE, onlineCard, PAN, type Tap, tap, why } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

/** An offline approval but for what the test changes. */
const offline = (gpo: Objects, signed: Objects, how: Tap = {}) =>
  tap(offlineCard(keys, { gpo, signed }), { authentication: trusting(keys), ...how }).result;

describe('expiry', () => {
  it('[C-3 5.5-1] lets an offline approval through on its last day', () => {
    expect(offline({}, { '5F24': '260615' }).outcome).toBe('approved');
    expect(offline({}, { '5F24': '491231' }).outcome).toBe('approved');
  });

  it.each([
    ['the day after', { '5F24': '260614' }],
    ['in the last century', { '5F24': '991231' }],
    ['without an expiry date', { '5F24': undefined }],
  ])('[C-3 5.5-1] %s sends it online if the CTQ says so, else declines', (_, signed) => {
    expect(offline({ '9F6C': '0800' }, signed).outcome).toBe('onlineRequest');
    expect(offline({ '9F6C': '0000' }, signed).outcome).toBe('declined');
    const withoutCtq = offline({ '9F6C': undefined }, signed);
    expect(withoutCtq.outcome).toBe('declined');
    expect(why(withoutCtq)).toContain('expired');
  });

  it('[C-3 5.5-1] is the issuer’s to judge where the card asks to go online', () => {
    expect(tap(onlineCard({ '5F24': '200101' })).result.outcome).toBe('onlineRequest');
  });
});

describe('the exception file', () => {
  it('[C-3 5.5-2] declines a listed account that would be approved offline', () => {
    const authentication = trusting(keys, { exceptions: [PAN] });
    const declined = offline({}, {}, { authentication });
    expect(declined.outcome).toBe('declined');
    expect(why(declined)).not.toContain(PAN);
    const others = trusting(keys, { exceptions: ['4761739001010118'] });
    expect(offline({}, {}, { authentication: others }).outcome).toBe('approved');
  });

  it('[C-3 5.5-2] is not looked up for an online cryptogram, nor where it is switched off', () => {
    const authentication = trusting(keys, { exceptions: [PAN] });
    expect(tap(onlineCard(), { authentication }).result.outcome).toBe('onlineRequest');
    const options = { exceptionFileCheck: false };
    expect(offline({}, {}, { authentication, options }).outcome).toBe('approved');
  });
});

describe('usage control', () => {
  const uses = [
    { use: 'cash', how: { type: 0x01 }, domestic: '8000', international: '4000', ctq: '0400' },
    { use: 'cashback', how: { type: 0x09 }, domestic: '0080', international: '0040', ctq: '0200' },
    {
      use: 'cashback on a purchase',
      how: { type: 0x00, other: 500 },
      domestic: '0080',
      international: '0040',
      ctq: '0200',
    },
  ];
  const card = (usage: string | undefined, country: string | undefined, ctq?: string) =>
    onlineCard({ '9F07': usage, '5F28': country, '9F6C': ctq });

  it.each(uses)('[C-3 5.5-3] allows $use at home and abroad as its bits say', (use) => {
    const { how, domestic, international } = use;
    const outcome = (usage: string, country: string) =>
      tap(card(usage, country), how).result.outcome;
    expect(outcome(domestic, '0840')).toBe('onlineRequest');
    expect(outcome(domestic, '0826')).toBe('declined');
    expect(outcome(international, '0826')).toBe('onlineRequest');
    expect(outcome(international, '0840')).toBe('declined');
  });

  it.each(uses)('[C-3 5.5-4] refused $use goes to another interface if the CTQ says so', (use) => {
    const refused = tap(card('0000', '0840', use.ctq), use.how).result;
    expect(refused).toMatchObject({
      outcome: 'tryAnotherInterface',
      start: 'none',
      uiOnOutcome: { messageId: '18', status: 'processingError' },
      alternateInterface: 'none',
      dataRecord: [],
    });
    expect(tap(card('0000', '0840', '0000'), use.how).result.outcome).toBe('declined');
  });

  it.each(uses)('[C-3 5.5-5] $use is refused when usage control or country is missing', (use) => {
    expect(tap(card(undefined, '0840'), use.how).result.outcome).toBe('declined');
    expect(tap(card(use.domestic, undefined), use.how).result.outcome).toBe('declined');
    const noCountry = { ...use.how, terminal: { '9F1A': undefined } };
    expect(tap(card(use.domestic, '0840'), noCountry).result.outcome).toBe('declined');
  });

  it.each(uses)('[C-3 5.5-6] for $use is an option of the reader', (use) => {
    const options = { usageControlForCash: false, usageControlForCashback: false };
    const { result } = tap(card('0000', '0840', use.ctq), { ...use.how, options });
    expect(result.outcome).toBe('onlineRequest');
  });

  it('[C-3 5.5-7] says nothing about a purchase or a refund', () => {
    expect(tap(card('0000', '0840')).result.outcome).toBe('onlineRequest');
    expect(tap(card('0000', '0840'), { type: 0x20 }).result.outcome).toBe('onlineRequest');
  });

  it('[C-3 5.5-8] sends nobody to another interface whom the card has declined', () => {
    const aac = onlineCard({ '9F27': '00', '9F07': '0000', '5F28': '0840', '9F6C': '0600' });
    expect(tap(aac, { type: 0x01 }).result.outcome).toBe('declined');
  });

  it('[C-3 5.5-9] takes CTQ byte 1 bit 1, an ATM’s affair, for nothing', () => {
    expect(tap(onlineCard({ '9F6C': '0100' })).result).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'noCvm',
    });
    expect(ONLINE['9F6C']).toBe('0000');
  });
});
