import { describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { CRYPTOGRAM, GENERATE, ISSUER_DATA, PAN } from './channel-card.ts';
import {
  answer,
  cardTap,
  errorOf,
  type Objects,
  OTHER_CARD,
  PRESENT_AGAIN,
  type Tap,
} from './support.ts';

const MAC_FAILED = '00130000001C';
const IAD = ISSUER_DATA.replaceAll(' ', '');

describe("GENERATE AC's answer", () => {
  test('[C-8 S26 L1] none: present again', () => {
    const torn = cardTap({ answers: { [GENERATE]: 'protocol' } });
    expect(torn.result).toMatchObject(PRESENT_AGAIN);
    expect(errorOf(torn)).toBe('030000000021');
  });

  test('[C-8 S26 SW] a refusal: another card', () => {
    const refused = cardTap({ answers: { [GENERATE]: '6985' } });
    expect(refused.result).toMatchObject(OTHER_CARD);
    expect(errorOf(refused)).toBe('00030069851C');
  });

  test.each([
    ['format 1', toHex(answer(0x80, {}))],
    ['nothing', '9000'],
    ['two templates', '770077009000'],
  ])('[C-8 S26 parsing] of %s: another card', (_, response) => {
    const odd = cardTap({ answers: { [GENERATE]: response } });
    expect(odd.result).toMatchObject(OTHER_CARD);
    expect(errorOf(odd)).toBe('00040000001C');
    expect(odd.ui).toEqual([]);
  });

  test.each(['9F36', '9F27', '9F26', '9F8102', '9F8105', '9F10'])(
    '[C-8 S26 missing] without %s: another card',
    (name) => {
      const missing = cardTap({
        cryptogram: { [name]: undefined },
        afterwards: { [name]: undefined },
      });
      expect(missing.result).toMatchObject(OTHER_CARD);
      expect(errorOf(missing)).toBe('00010000001C');
    },
  );

  test('[C-8 S26 missing] or without an account number', () => {
    const nameless = cardTap({ record: { '5A': undefined } });
    expect(errorOf(nameless)).toBe('00010000001C');
  });

  test('[C-8 S26 message] "card read" is shown before anything is computed', () => {
    const forged = cardTap({ afterwards: { '9F8105': '0000000000000000' } });
    expect(forged.ui).toMatchObject([{ messageId: '1E', status: 'cardReadSuccessfully' }]);
    expect(errorOf(forged)).toBe(MAC_FAILED);
  });

  test.each([
    ['40', 'TC', 'approved'],
    ['80', 'ARQC', 'onlineRequest'],
    ['00', 'AAC', 'declined'],
  ])('[C-8 AC type] asked for a TC, %s is a %s', (type, _, outcome) => {
    const decided = cardTap({ decides: () => Number.parseInt(type, 16) });
    expect(decided.result.outcome).toBe(outcome);
  });

  test.each([
    ['80', 0x40, '9F35', '21'],
    ['00', 0x80, '9F820B', '0000000002'],
    ['00', 0x40, '9F820B', '0000000002'],
    ['40', 0xc0, '9F35', '22'],
  ])('[C-8 AC type] asked for %s, never %i', (p1, type, name, value) => {
    const lenient = cardTap({ decides: () => type }, { terminal: { [name]: value } });
    expect(lenient.generate?.p1).toBe(p1);
    expect(lenient.result).toMatchObject(OTHER_CARD);
    expect(errorOf(lenient)).toBe('00060000001C');
  });
});

describe('the MAC of the exchange', () => {
  test.each(['9F26', '9F8105'])('[C-8 MAC EDA] is wrong once %s is changed', (name) => {
    const changed = cardTap({ afterwards: { [name]: '1122334455667789' } });
    expect(changed.result).toMatchObject(OTHER_CARD);
    expect(errorOf(changed)).toBe(MAC_FAILED);
  });

  test.each([
    ['9F36', '0043'],
    ['9F27', '80'],
    ['9F8102', '03'],
    ['9F10', IAD.replace('A6', 'A5')],
  ])('[C-8 MAC answer] or %s in the answer', (name, value) => {
    expect(errorOf(cardTap({ afterwards: { [name]: value } }))).toBe(MAC_FAILED);
  });

  test('[C-8 MAC answer] or something is added to it', () => {
    expect(errorOf(cardTap({ afterwards: { '9F8104': '0000000000' } }))).toBe(MAC_FAILED);
    expect(errorOf(cardTap({ afterwards: { '9F8106': 'AA' } }))).toBe(MAC_FAILED);
    expect(cardTap({ cryptogram: { '9F8106': 'AA' } }).record['9F8106']).toBe('AA');
  });

  test('[C-8 MAC static data] or a signed record', () => {
    const changed = cardTap({
      inClear: true,
      tampers: (response, at) =>
        at === 2 ? response.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) : response,
    });
    expect(errorOf(changed)).toBe(MAC_FAILED);
  });

  test("[C-8 MAC extended data] or an element that the card lists, the terminal's too", () => {
    const listed = (terminal: Objects) =>
      cardTap({ record: { '9F810A': '8C509F069F5A' } }, { terminal });
    // The card of these tests covers 8C and 50 alone.
    expect(errorOf(listed({}))).toBe(MAC_FAILED);
    expect(errorOf(cardTap({ record: { '9F810A': '8C9F' } }))).toBe('00060000001C');
  });

  test('[C-8 MAC without] is needed of a card without local authentication too', () => {
    const forged = cardTap({ aip: '000B', afterwards: { '9F26': '0000000000000000' } });
    expect(errorOf(forged)).toBe(MAC_FAILED);
  });
});

describe('the MAC in the issuer application data', () => {
  const macOf = ({ record }: Tap) => record['9F8109'] ?? '';

  test('[C-8 IAD none] stays out of it', () => {
    const none = cardTap({ aip: '0109' });
    expect(none.record['9F10']).toBe(IAD);
    expect(macOf(none)).toMatch(/^[0-9A-F]{16}$/);
    expect(cardTap({ aip: '010F' }).record['9F10']).toBe(IAD);
  });

  test('[C-8 IAD default] stands where the terminal has it', () => {
    const copied = cardTap();
    expect(copied.record['9F10']).toBe(IAD.slice(0, 48) + macOf(copied));
    const first = cardTap({}, { terminal: { '9F821E': '00' } });
    expect(first.record['9F10']).toBe(macOf(first) + IAD.slice(16));
  });

  test('[C-8 IAD own] or where the card has it', () => {
    const own = cardTap({ aip: '010D', cryptogram: { '9F8107': '10' } });
    expect(own.record['9F10']).toBe(IAD.slice(0, 32) + macOf(own) + IAD.slice(48));
  });

  test.each([
    ['behind its end', { aip: '010D', cryptogram: { '9F8107': '19' } }],
    ['nowhere', { aip: '010D' }],
    ['in an IAD that is too short', { cryptogram: { '9F10': IAD.slice(2) } }],
  ])('[C-8 IAD range] %s: another card', (_, story) => {
    const odd = cardTap(story);
    expect(odd.result).toMatchObject(OTHER_CARD);
    expect(errorOf(odd)).toBe('00060000001C');
  });
});

describe('what the card decided', () => {
  const CVM = { '9F02': '000000005000' };
  test.each([
    ['00', '000000001250', 'noCvm', '1F0002', '0000000082'],
    ['01', '000000005000', 'obtainSignature', '1E0000', '0000000082'],
    ['02', '000000005000', 'onlinePin', '020000', '0000040082'],
    ['03', '000000005000', 'confirmationCodeVerified', '010002', '0000000082'],
    ['0F', '000000005000', 'none', '3F0000', '0000000082'],
    ['FF', '000000001250', 'none', '3F0001', '0000800082'],
    ['00', '000000005000', 'none', '3F0001', '0000800082'],
    ['01', '000000001250', 'none', '3F0001', '0000800082'],
    ['02', '000000001250', 'none', '3F0001', '0000800082'],
    ['04', '000000005000', 'none', '3F0001', '0000800082'],
  ])('[C-8 CV decision] %s at %s is %s', (decision, amount, cvm, results, tvr) => {
    const decided = cardTap(
      { cryptogram: { '9F8102': decision } },
      { terminal: { '9F02': amount, '9F820C': '0000000000' } },
    );
    expect(decided.result.cvm).toBe(cvm);
    expect(decided.record).toMatchObject({ '9F34': results, '95': tvr });
  });

  test('[C-8 CV decision] 03 needs a terminal that takes it', () => {
    const without = { ...CVM, '9F8207': '60' };
    const decided = cardTap({ cryptogram: { '9F8102': '03' } }, { terminal: without });
    expect(decided.record).toMatchObject({ '9F34': '3F0001', '95': '0000800082' });
    expect(decided.result.outcome).toBe('onlineRequest');
  });

  test("[C-8 card TVR] counts in all bits but the kernel's own", () => {
    const all = cardTap({ cryptogram: { '9F8104': 'FFFFFFFFFF' } });
    expect(all.record['95']).toBe('7BFFFF7FB2');
    const none = cardTap({ cryptogram: { '9F8104': '0000000000' } });
    expect(none.record['95']).toBe('0000000082');
  });

  test('[C-8 TAA again] the second analysis counts what came of it', () => {
    const expired = cardTap(
      { cryptogram: { '9F8104': '0040000000' } },
      { terminal: { '9F820B': '0040000000' } },
    );
    expect(expired.generate?.p1).toBe('40');
    expect(expired.result.outcome).toBe('declined');
    expect(expired.record['9F27']).toBe('40');
    expect(expired.record).toMatchObject({ '9F26': CRYPTOGRAM, '5A': PAN });
  });
});
