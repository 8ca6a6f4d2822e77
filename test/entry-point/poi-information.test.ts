import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import type { PoiInformation } from '#entry-point/configuration.ts';
import { readerWith, tapDirectly } from '#test/support/direct-activation.ts';
import {
  type CardAnswer,
  entry,
  fci,
  OTHER,
  ppse,
  SELECT_PPSE,
  tlv,
} from '#test/support/lab-port.ts';

const GATE: PoiInformation = { terminalCategory: hex('0001'), items: [] };
const SDOL = tlv('9F3F', '9F02069F1A02');
const good = entry({ name: OTHER });

/** The commands between SELECT PPSE and SELECT (AID), and how it ends. */
const asked = (
  poiInformation: PoiInformation | undefined,
  directory: string,
  answer: CardAnswer = ppse(good),
) => {
  const reader = readerWith({
    ...(poiInformation ? { poiInformation } : {}),
    terminal: new Map([[0x9f1a, hex('0840')]]),
  });
  let sent = 0;
  const { commands, end } = tapDirectly(reader, (capdu) => {
    if (capdu === SELECT_PPSE) return directory;
    if (!capdu.startsWith('801A')) return fci(OTHER);
    sent += 1;
    // A fault happens once: a card that is held again answers.
    return typeof answer === 'string' || sent === 1 ? answer : ppse(good);
  });
  return {
    commands: commands.filter((one) => one.startsWith('801A')),
    count: commands.length,
    outcome: end.outcome?.outcome,
  };
};

describe('SEND POI INFORMATION (Book B 3.3.2, step 1a)', () => {
  test.each<[sentence: string, poi: PoiInformation | undefined, inside: string[], sent: string[]]>([
    ['is not sent where it is switched off', undefined, [SDOL, tlv('9F3E', '0001')], []],
    ['is not sent where the card asks nothing', GATE, [], []],
    ['is sent for what the SDOL asks', GATE, [SDOL], ['801A00000A8308000000000001084000']],
    [
      'names the category that the card knows',
      GATE,
      [tlv('9F3E', '00020001')],
      ['801A0000078305000102000100'],
    ],
    ['is not sent where the card knows other categories', GATE, [tlv('9F3E', '0002')], []],
    ['is not sent by a terminal of no category', { items: [] }, [tlv('9F3E', '0001')], []],
    [
      'has the items behind the category',
      { ...GATE, items: [{ id: 2, value: hex('ABCDEF') }] },
      [tlv('9F3E', '0001')],
      ['801A00000D830B0001020001000203ABCDEF00'],
    ],
    [
      'has no items without the category',
      { items: [{ id: 2, value: hex('ABCDEF') }] },
      [SDOL],
      ['801A00000A8308000000000001084000'],
    ],
    ['discards a list of categories of an odd length', GATE, [tlv('9F3E', '000100')], []],
    ['discards a malformed SDOL', GATE, [tlv('9F3F', '9F02069F')], []],
    [
      'fills what it does not know with zeros',
      GATE,
      [tlv('9F3F', '9F7C03')],
      ['801A000005830300000000'],
    ],
  ])('%s', (_, poi, inside, sent) => {
    const { commands, outcome } = asked(poi, ppse(good, ...inside));
    expect(commands).toEqual(sent);
    expect(outcome).toBe('approved');
  });

  test('its answer takes the place of the directory', () => {
    expect(asked(GATE, ppse(SDOL), ppse(good)).outcome).toBe('approved');
    expect(asked(GATE, ppse(good, SDOL), ppse()).outcome).toBe('endApplication');
  });

  test('its answer is asked for once, whatever it asks itself', () => {
    expect(asked(GATE, ppse(SDOL), ppse(good, SDOL)).commands).toHaveLength(1);
  });

  test('any other status word leaves no candidates', () => {
    expect(asked(GATE, ppse(good, SDOL), '6D00')).toMatchObject({
      count: 2,
      outcome: 'endApplication',
    });
  });

  test('a link error leads back to Start B', () => {
    const { commands, count, outcome } = asked(GATE, ppse(good, SDOL), { fault: 'timeout' });
    expect([commands.length, count, outcome]).toEqual([2, 5, 'approved']);
  });
});
