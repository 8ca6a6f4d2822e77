import { describe, expect, it } from 'vitest';
import { newKeys, signingCard, trusting } from './signing-card.ts';
import {
  errorOf,
  field,
  type How,
  OTHER_CARD,
  PRESENT_AGAIN,
  plainCard,
  plainTap,
  READ,
  RELAY,
  type Story,
  type Tap,
  tap,
  UN_AT,
} from './support.ts';

/** AIP with relay resistance. */
const AIP = '1881';
const ENTROPY = '0102E2EB';

/** A card that answers with these times (minimum, maximum, estimate: 2 bytes each). */
const card = (times = '0010 0040 0018', story: Story = {}) =>
  plainCard({
    ...story,
    gpo: { '82': AIP, ...story.gpo },
    answers: { [RELAY]: `800A${ENTROPY}${times.replaceAll(' ', '')}9000`, ...story.answers },
  });

// Terminal: 0012 for the command, 0018 for the answer; so 4.2 ms go for the air.
const AIR = 0x12 + 0x18;

/** A card that takes this long each time, in units of 100 microseconds. */
const taking = (times: readonly number[], how: How = {}, which = card()): Tap => {
  let turn = 0;
  return tap(which, {
    ...how,
    play: {
      random: Uint8Array.of(1, 2, 3, 4),
      microseconds: (command) =>
        command[1] === RELAY ? 100 * (times[turn++] ?? times.at(-1) ?? 0) : 1000,
    },
  });
};

const tries = ({ commands }: Tap) => commands.filter((one) => one.startsWith('80EA')).length;
const bits = ({ tvr }: Tap) => Number.parseInt(tvr.slice(8), 16);
const [THRESHOLD, LIMITS, PERFORMED] = [0x08, 0x04, 0x02];

describe('relay resistance (SR1)', () => {
  it('[C-2 SR1 command] sends a fresh random number, which is 9F37 from then on', () => {
    const played = taking([AIR + 0x20]);
    expect(played.commands[1]).toBe('80EA00000401020304' + '00');
    expect(field(played, UN_AT, 4)).toBe('01020304');
    expect(played.record['9F37']).toBe('01020304');
  });

  it('[C-2 SR1 performed] says in the TVR that it was done', () => {
    expect(bits(taking([AIR + 0x20]))).toBe(PERFORMED);
  });

  it('[C-2 SR1 L1] asks for the card again when it falls silent', () => {
    const played = tap(card('', { answers: { [RELAY]: 'timeout' } }));
    expect(played.result).toMatchObject(PRESENT_AGAIN);
    expect(errorOf(played)).toBe('010000000021');
  });

  it('[C-2 SR1 status bytes] ends on any status but 9000', () => {
    const played = tap(card('', { answers: { [RELAY]: '6985' } }));
    expect(played.result).toMatchObject(OTHER_CARD);
    expect(errorOf(played)).toBe('00030069851C');
  });

  it('[C-2 SR1 form] ends with an answer that is not ten bytes in 80', () => {
    const ten = `${ENTROPY}001000400018`;
    for (const response of [
      '9000',
      `8009${ten.slice(2)}9000`,
      `770A${ten}9000`,
      `800B${ten}009000`,
    ]) {
      const played = tap(card('', { answers: { [RELAY]: response } }));
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe('00040000001C');
    }
  });

  it('[C-2 SR1 measured] takes the time on the air off, by the smaller estimate', () => {
    // 0040 with a grace of 0032 is the longest: 72 hexadecimal.
    expect(tries(taking([AIR + 0x72]))).toBe(1);
    expect(tries(taking([AIR + 0x73, AIR]))).toBe(2);
    // A card that estimates 10 for its answer: 8 less are taken off.
    const quick = card('0010 0040 0010');
    expect(tries(taking([AIR - 8 + 0x72], {}, quick))).toBe(1);
    expect(tries(taking([AIR - 8 + 0x73, AIR], {}, quick))).toBe(2);
  });

  it('[C-2 SR1 measured] is never less than nothing', () => {
    expect(taking([0], { terminal: { DF8132: '0010' } }).result.outcome).toBe('onlineRequest');
  });

  it('[C-2 SR1 too fast] ends with a card that is faster than it says it can be', () => {
    // Minimum 0020 less a grace of 0014: 000C.
    const slow = card('0020 0040 0018');
    expect(taking([AIR + 0x0c], {}, slow).result.outcome).toBe('onlineRequest');
    const played = taking([AIR + 0x0b], {}, slow);
    expect(played.result).toMatchObject(OTHER_CARD);
    expect(errorOf(played)).toBe('00060000001C');
  });

  it('[C-2 SR1 repeat] tries three times at most, each time with a new random number', () => {
    let turn = 0;
    const late = AIR + 0x100;
    expect(tries(taking([late, late, AIR + 0x30]))).toBe(3);
    expect(bits(taking([late, late, AIR + 0x30]))).toBe(PERFORMED);
    expect(tries(taking([late, AIR + 0x30]))).toBe(2);
    const played = taking([late, late, late, AIR]);
    expect(tries(played)).toBe(3);
    expect(bits(played)).toBe(PERFORMED | LIMITS);
    const random = Uint8Array.of(1, 1, 1, 1);
    const fresh = tap(card(), {
      play: {
        random,
        microseconds: (command) => {
          if (command[1] === RELAY) random.fill(2);
          return command[1] === RELAY && turn++ < 1 ? 99_999 : 5000;
        },
      },
    });
    expect(fresh.commands.slice(1, 3)).toEqual(['80EA0000040101010100', '80EA0000040202020200']);
    expect(field(fresh, UN_AT, 4)).toBe('02020202');
  });

  it('[C-2 SR1 threshold] notes a card that takes much longer than its shortest time', () => {
    const terminal = { DF8133: '1000' };
    // Accuracy 012C over a minimum of 0010.
    expect(bits(taking([AIR + 0x10 + 0x12c], { terminal }))).toBe(PERFORMED);
    expect(bits(taking([AIR + 0x10 + 0x12d], { terminal }))).toBe(PERFORMED | THRESHOLD);
  });

  it('[C-2 SR1 mismatch] notes when both sides disagree on the answer’s time on the air', () => {
    // Half of 0018 and twice as much are just good enough.
    for (const [estimate, wrong] of [
      ['000C', false],
      ['000B', true],
      ['0030', false],
      ['0031', true],
      ['0000', true],
    ] as const) {
      const played = taking([AIR + 0x20], {}, card(`0010 0040 ${estimate}`));
      expect([estimate, bits(played)]).toEqual([
        estimate,
        wrong ? PERFORMED | THRESHOLD : PERFORMED,
      ]);
    }
    expect(bits(taking([AIR], { terminal: { DF8135: '0000' } }))).toBe(PERFORMED | THRESHOLD);
  });

  it('[C-2 SR1 TAC] leaves what becomes of a late card to the action codes', () => {
    const late = [AIR + 0x1000];
    const denial = { terminal: { DF8121: '000000000C' } };
    expect(taking(late, denial).generate?.p1).toBe('00');
    expect(taking(late).result.outcome).toBe('onlineRequest');
    // The default codes refuse it.
    const defaults = { DF8120: undefined, DF8121: undefined, DF8122: undefined };
    expect(taking(late, { terminal: defaults }).generate?.p1).toBe('00');
  });

  it('[C-2 SR1 stored time] holds a time of over 6.5 seconds', () => {
    expect(bits(taking([0x20000]))).toBe(PERFORMED | LIMITS | THRESHOLD);
    const far = card('0010 FFFF 0018');
    expect(bits(taking([0x20000], {}, far))).toBe(PERFORMED | LIMITS | THRESHOLD);
  });
});

describe('without a signature the issuer hears of it in track 2 (S910)', () => {
  const track2 = (played: Tap) => played.record['57'];
  const withTrack2 = (value: string, more: Story['record'] = {}) =>
    card('0010 0040 0018', { record: { '57': value, ...more } });

  it('[C-2 S910 track 2] with key index, repeats, entropy and time', () => {
    // 5A = 90: 9.0 ms measured. Entropy 0102E2EB: 02 -> 002, E2EB -> 58091.
    const played = taking(
      [AIR + 0x5a],
      {},
      withTrack2('5413330089010012D28122010143878089', { '8F': '05' }),
    );
    expect(track2(played)).toBe(
      '5413330089010012D2812201' + '5' + '0' + '58091' + '002' + '009' + 'F',
    );
    const again = taking(
      [AIR + 0x100, AIR + 0x5a],
      {},
      withTrack2('5413330089010012D28122010143878089'),
    );
    expect(track2(again)).toBe(
      '5413330089010012D2812201' + '0' + '1' + '58091' + '002' + '009' + 'F',
    );
  });

  it('[C-2 S910 track 2] an index over 9 is 0, a time over 999 is 999', () => {
    const played = taking(
      [AIR + 0x5000],
      {},
      withTrack2('5413330089010012D28122010143878089', { '8F': 'FA' }),
    );
    expect(track2(played)).toBe(
      '5413330089010012D2812201' + '0' + '2' + '58091' + '002' + '999' + 'F',
    );
  });

  it('[C-2 S910 track 2] an account number of over 16 digits leaves room for less', () => {
    const played = taking(
      [AIR + 0x5a],
      {},
      withTrack2('6799998900000000018D281220112345'.padEnd(34, 'F')),
    );
    expect(track2(played)).toBe('6799998900000000018D2812201' + '0' + '0' + '58091' + '009' + 'F');
  });

  it('[C-2 S910 track 2] an account number of 15 digits needs no padding', () => {
    const played = taking(
      [AIR + 0x5a],
      {},
      withTrack2('541333008901001D2812201123456FFF'.slice(0, 30)),
    );
    expect(track2(played)).toBe('541333008901001D2812201' + '0058091002009');
  });

  it('[C-2 S910 track 2] nothing for a card that declines, or has no track 2', () => {
    const declining = card('0010 0040 0018', { cryptogram: { '9F27': '00' } });
    expect(track2(taking([AIR + 0x5a], {}, declining))).toBe('5413330089010012D28122010143878089');
    const without = card('0010 0040 0018', { record: { '57': undefined } });
    expect(taking([AIR + 0x5a], {}, without).result.outcome).toBe('onlineRequest');
    expect(plainTap().record['57']).toBe('5413330089010012D28122010143878089');
  });

  it('[C-2 S910 track 2] and one of another form is a card data error', () => {
    for (const wrong of [
      '5413330089010012',
      'D28122010143878089',
      '5413330089010012D281',
      '54133A0089010012D2812201',
    ]) {
      const played = taking([AIR + 0x5a], {}, withTrack2(wrong));
      expect(played.result).toMatchObject(OTHER_CARD);
      expect(errorOf(played)).toBe('00060000001C');
    }
  });
});

describe('with CDA the card signs what was exchanged (S910)', () => {
  const keys = newKeys(176, 144, 128);
  const how = { authentication: trusting(keys) };

  it('[C-2 S910 relay data] and it must be what was exchanged last', () => {
    const honest = signingCard(keys, { aip: '1981' });
    const late = AIR + 0x100;
    for (const times of [[AIR + 0x20], [late, late, AIR + 0x20]]) {
      const played = taking(times, how, honest);
      expect(played.result).toMatchObject({
        outcome: 'onlineRequest',
        report: { oda: 'CDA succeeded' },
      });
      expect(played.record['57']).toBe('5413330089010012D28122010143878089');
    }
  });

  it('[C-2 S910 relay data] not another entropy or time, and not less', () => {
    for (let i = 0; i < 14; i++) {
      const relayed = signingCard(keys, {
        aip: '1981',
        relaySigned: (values) => values.map((byte, at) => (at === i ? byte ^ 1 : byte)),
      });
      expect(errorOf(taking([AIR + 0x20], how, relayed))).toBe('00020000001C');
    }
    const short = signingCard(keys, { aip: '1981', relaySigned: (values) => values.slice(0, 13) });
    expect(errorOf(taking([AIR + 0x20], how, short))).toBe('00020000001C');
    const silent = signingCard(keys, { aip: '1981', relaySigned: () => new Uint8Array(0) });
    expect(errorOf(taking([AIR + 0x20], how, silent))).toBe('00020000001C');
  });

  it('[C-2 SR1 before records] relay resistance comes before the first record', () => {
    const { commands } = taking([AIR + 0x20], how, signingCard(keys, { aip: '1981' }));
    expect(commands.map((command) => command.slice(2, 4))).toEqual([
      'A8',
      'EA',
      'B2',
      'B2',
      'B2',
      'AE',
    ]);
    expect(READ).toBe(0xb2);
  });
});
