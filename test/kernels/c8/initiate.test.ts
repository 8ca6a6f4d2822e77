import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { ephemeralKey } from '#crypto/blinded-diffie-hellman.ts';
import { channelCard, GPO } from './channel-card.ts';
import {
  answer,
  CDOL1,
  cardTap,
  errorOf,
  fciOf,
  NEXT,
  OTHER_CARD,
  OWN_KEY,
  PDOL,
  READER,
  type Tap,
  tap,
} from './support.ts';

const MANDATORY = [
  ...['9F40', '9F06', '9F09', '9F8206', '9F8207', '9F8208', '9F821E', '9F821F', '9F8212', '9F8209'],
  ...['9F821A', '9F8214', '9F8211', '9F821D', '9F8213', '9F820D', '9F820E', '9F8217', '9F8218'],
  ...['9F820A', '9F820B', '9F820C', '9F1A', '9F8215', '9F8216', '9F1D', '9F35', '9F820F', '9C'],
];

/** The first command's data: template 83 without its head. */
const pdolValues = ({ commands }: Tap): string => (commands[0] ?? '').slice(14, -2);

describe('the configuration', () => {
  test.each(MANDATORY)('[C-8 config mandatory] without %s no card is asked', (name) => {
    const absent = cardTap({}, { terminal: { [name]: undefined } });
    expect(absent.result).toMatchObject(NEXT);
    expect(errorOf(absent)).toBe('000F000000FF');
    expect(absent.commands).toEqual([]);
    const empty = cardTap({}, { terminal: { [name]: '' } });
    expect(errorOf(empty)).toBe('000F000000FF');
  });

  test.each([
    ...['9F8209', '9F820C', '9F8211', '9F1A', '9F40'].map((name) => [name, '00'] as const),
    ['9F8220', '00'.repeat(251)],
    ['5F2A', '08'],
    ['9F1E', '41'],
  ] as const)('[C-8 config length] %s of a wrong length is none', (name, value) => {
    const wrong = cardTap({}, { terminal: { [name]: value } });
    expect(wrong.result).toMatchObject(NEXT);
    expect(errorOf(wrong)).toBe('000F000000FF');
  });
});

describe('the answer to SELECT', () => {
  test.each([
    ['no template', hex('')],
    ['another template', answer(0x77, {}).slice(0, -2)],
    ['a second object', hex(`${toHex(fciOf())}500141`)],
    ['a length past the end', fciOf().slice(0, -1)],
    ['an element of a wrong length', fciOf({ '5F2D': '656E65' }, { '9F0C': '1234' })],
  ])('[C-8 S2 parsing] %s: the next application', (_, fci) => {
    const next = cardTap({}, { fci });
    expect(next.result).toMatchObject(NEXT);
    expect(errorOf(next)).toBe('0004000000FF');
    expect(next.commands).toEqual([]);
  });

  test.each([
    ['no Card Qualifier', undefined],
    ['one of version 1', '0100FFFF000000'],
    ['one of version 0', '0000FFFF000000'],
    ['one of version 3', '0300FFFF000000'],
  ])('[C-8 S2 card qualifier] %s: the next application', (_, qualifier) => {
    const next = cardTap({}, { fci: fciOf({}, { '9F2C': qualifier }) });
    expect(next.result).toMatchObject(NEXT);
    expect(errorOf(next)).toBe('0001000000FF');
  });

  test('[C-8 S2 no suite] no channel that both know: another card', () => {
    const none = cardTap({}, { fci: fciOf({}, { '9F2C': '02010203800000' }) });
    expect(none.result).toMatchObject(OTHER_CARD);
    expect(errorOf(none)).toBe('00060000001C');
    expect(none.commands).toEqual([]);
  });

  test('[C-8 S2 suite] the first suite of the list that the reader has', () => {
    const second = cardTap({}, { fci: fciOf({}, { '9F2C': '02070000000000' }) });
    expect(second.result.outcome).toBe('approved');
    expect(pdolValues(second).slice(4, 6)).toBe('00');
  });

  test('[C-8 S2 field off] a card that wants to see the field go, and one that does not', () => {
    expect(cardTap().result.fieldOffMs).toBe(1300);
    const stays = cardTap({}, { fci: fciOf({}, { '9F2C': '0200FFFF000000' }) });
    expect(stays.result.fieldOffMs).toBeNull();
  });

  test('[C-8 S2 language] its languages are in all messages', () => {
    const { result, ui } = cardTap({}, { fci: fciOf({ '5F2D': '66726465' }) });
    expect(result.uiOnOutcome?.language).toBe('frde');
    expect(ui.map(({ language }) => language)).toEqual(['frde']);
  });
});

describe('GET PROCESSING OPTIONS', () => {
  test('[C-8 S2 kernel qualifier] tells version, local authentication and suites', () => {
    expect(pdolValues(cardTap()).slice(0, 16)).toBe('02800010FFFF0000');
    const without = cardTap({}, { terminal: { '9F820A': '00' } });
    expect(pdolValues(without).slice(0, 16)).toBe('02000010FFFF0000');
    const withRsa = cardTap({}, { terminal: { '9F8209': '3800' } });
    expect(pdolValues(withRsa).slice(0, 16)).toBe('0280000110FF0000');
  });

  test('[C-8 S2 key data] carries the key that was made ahead, and the random number', () => {
    expect(pdolValues(cardTap()).slice(16, -8)).toBe(toHex(OWN_KEY.publicKey));
    expect(pdolValues(cardTap()).slice(-8)).toBe('C0FFEE01');
  });

  test('[C-8 S2 key data] or one of entropy, which is all that the kernel draws', () => {
    const seed = Uint8Array.from({ length: 40 }, (_, i) => 7 * i + 1);
    const drawn = tap(channelCard(), { withoutKey: true, play: { random: seed } });
    expect(drawn.result.outcome).toBe('approved');
    expect(pdolValues(drawn).slice(16, -8)).toBe(toHex(ephemeralKey(seed).publicKey));
  });

  test('[C-8 S2 PDOL] a card without a PDOL gets an empty template', () => {
    const bare = cardTap({}, { fci: fciOf({ '9F38': undefined }) });
    expect(bare.commands[0]).toBe('80A8000002830000');
  });

  test.each([
    ['ends inside an entry', '9F2B089F'],
    ['asks for over 252 bytes', `${PDOL}9F7FFF`],
  ])('[C-8 S2 PDOL] one that %s: another card', (_, pdol) => {
    const broken = cardTap({}, { fci: fciOf({ '9F38': pdol }) });
    expect(broken.result).toMatchObject(OTHER_CARD);
    expect(errorOf(broken)).toBe('00060000001C');
  });

  test.each(['timeout', 'transmission', 'protocol'] as const)(
    '[C-8 S20 L1] %s: try again',
    (fault) => {
      const torn = cardTap({ answers: { [GPO]: fault } });
      expect(torn.result).toMatchObject({ outcome: 'tryAgain', start: 'B', uiOnOutcome: null });
      const l1 = { timeout: '01', transmission: '02', protocol: '03' }[fault];
      expect(errorOf(torn)).toBe(`${l1}00000000FF`);
    },
  );

  test.each(['6985', '6A81', '6283'])('[C-8 S20 SW] %s: the next application', (status) => {
    const refused = cardTap({ answers: { [GPO]: status } });
    expect(refused.result).toMatchObject(NEXT);
    expect(errorOf(refused)).toBe(`000300${status}FF`);
  });

  test.each([
    ['format 1', '80060000080101009000'],
    ['nothing', '9000'],
    ['a length past the end', '7705820200009000'],
  ])('[C-8 S20 parsing] answered with %s: another card', (_, response) => {
    const odd = cardTap({ answers: { [GPO]: response } });
    expect(odd.result).toMatchObject(OTHER_CARD);
    expect(errorOf(odd)).toBe('00040000001C');
  });

  test.each(['82', '94', '9F8103', '8C'])('[C-8 S20 missing] without %s: another card', (name) => {
    const missing = cardTap({ gpo: { [name]: undefined } });
    expect(missing.result).toMatchObject(OTHER_CARD);
    expect(errorOf(missing)).toBe('00010000001C');
  });

  test('[C-8 S20 default CDOL1] the configured CDOL1 counts where the card has none', () => {
    const own = cardTap({ gpo: { '8C': undefined } }, { terminal: { '9F8220': CDOL1 } });
    expect(own.generate?.data).toHaveLength(2 * 43);
    const cards = cardTap({}, { terminal: { '9F8220': '9F0206' } });
    expect(cards.generate?.data).toHaveLength(2 * 43);
  });

  const off = '0000000000000000000000000000000000000000000000000000000000000007';
  test.each([
    ['an x that no point has', off + '00'.repeat(32)],
    ["an x above the field's modulus", 'FF'.repeat(64)],
    ['the lengths of P-521', '11'.repeat(132)],
  ])('[C-8 S20 privacy] a card key of %s: decryption failed', (_, key) => {
    const odd = cardTap({ gpo: { '9F8103': key } });
    expect(odd.result).toMatchObject(OTHER_CARD);
    expect(errorOf(odd)).toBe('00100000001C');
  });

  test("[C-8 S2 terminal data] the random number of the reader is not the kernel's to keep", () => {
    const asked = cardTap({}, { terminal: { ...READER, '9F37': '00000000' } });
    expect(pdolValues(asked).slice(-8)).toBe('C0FFEE01');
  });
});
