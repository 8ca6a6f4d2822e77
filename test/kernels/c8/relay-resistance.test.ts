import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { kernel8 } from '#kernels/c8/kernel.ts';
import { play } from '#test/support/scripted-card.ts';
import { channelCard, DEVICE_ENTROPY, RELAY } from './channel-card.ts';
import { noted } from './noted.ts';
import {
  answer,
  cardTap,
  errorOf,
  field,
  kernelInput,
  OTHER_CARD,
  PRESENT_AGAIN,
  type Tap,
  TVR_AT,
} from './support.ts';

/** Milliseconds of each exchange of relay resistance data. */
const taking = (milliseconds: readonly number[], relayTimes = '0010 0064 0012'): Tap => {
  let asks = 0;
  return cardTap(
    { relayTimes },
    {
      play: {
        random: hex('A1B2C3D4E5F60718'),
        microseconds: (command) =>
          command[1] === RELAY ? 1000 * (milliseconds[asks++] ?? 0) : 1000,
      },
      terminal: { '9F821F': '9F8204 9F810C', '9F820C': '0000000000' },
    },
  );
};

const entropies = ({ commands }: Tap): readonly string[] =>
  commands.filter((one) => one.startsWith('80EA')).map((one) => one.slice(10, 18));

describe('relay resistance', () => {
  test('[C-8 S21 command] sends entropy, which becomes the random number', () => {
    const near = taking([5]);
    expect(entropies(near)).toEqual(['A1B2C3D4']);
    expect(near.record['9F37']).toBe('A1B2C3D4');
    expect(field(near, TVR_AT, 5)).toBe('0000000082');
    expect(near.result.outcome).toBe('approved');
  });

  test.each([
    ['the reader', {}, { '9F8209': '0800' }],
    ['the card', { aip: '010A' }, {}],
  ])('[C-8 S20 RRP] is left out where %s does not know it', (_, story, terminal) => {
    const without = cardTap(story, { terminal });
    expect(entropies(without)).toEqual([]);
    expect(field(without, TVR_AT, 5)).toBe('0000000081');
    expect(without.result.outcome).toBe('approved');
  });

  test('[C-8 S21 retry] a late card is asked thrice, each time with other entropy', () => {
    const late = taking([30, 30, 30]);
    expect(entropies(late)).toHaveLength(3);
    const order: string[] = [];
    const step = kernel8(kernelInput({}));
    play(noted(step, order), channelCard(), { microseconds: () => 60_000 });
    // Here every draw gives the same bytes; what counts is that each try draws.
    expect(order.filter((one) => one === 'random')).toHaveLength(3);
    // 300 - 18 on the way there - 18 on the way back - 100 that the card claims.
    expect(late.discretionary).toMatchObject({ '9F810C': '00A4' });
    expect(field(late, TVR_AT, 5)).toBe('0000000086');
  });

  test('[C-8 S21 retry] the answer that counts is the last one', () => {
    const second = taking([30, 5]);
    expect(entropies(second)).toHaveLength(2);
    expect(second.discretionary).toMatchObject({ '9F810C': '0000' });
    expect(second.result.outcome).toBe('approved');
  });

  test('[C-8 S21 limit] the grace period counts to the card, and not more', () => {
    // 100 claimed and 50 of grace, 36 on the air.
    expect(taking([18.6]).tvr).toBe('0000000082');
    expect(taking([18.7, 18.7, 18.7]).tvr).toBe('0000000086');
  });

  test('[C-8 S21 too fast] faster than it can be: another card', () => {
    const fast = taking([5], '07D0 0800 0012');
    expect(fast.result).toMatchObject(OTHER_CARD);
    expect(errorOf(fast)).toBe('00060000001C');
    // 20 units of grace: 50 - 36 is not under 34 - 20.
    expect(taking([5], '0022 0064 0012').result.outcome).toBe('approved');
    expect(errorOf(taking([5], '0023 0064 0012'))).toBe('00060000001C');
  });

  test.each([
    ['half of what is expected', '000C', '0000000082'],
    ['less than half', '000B', '000000008A'],
    ['twice of it', '0030', '0000000082'],
    ['more than twice', '0031', '000000008A'],
    ['zero, which exempts', '0000', '0000000082'],
  ])('[C-8 S21 mismatch] an estimate of %s', (_, estimate, tvr) => {
    expect(taking([5], `0000 0064 ${estimate}`).tvr).toBe(tvr);
  });

  test('[C-8 S21 accuracy] much longer than its shortest time', () => {
    expect(taking([33.6], '0000 0400 0012').tvr).toBe('0000000082');
    expect(taking([33.7], '0000 0400 0012').tvr).toBe('000000008A');
  });

  test('[C-8 S21 L1; C-8 S21 SW] not answered, or refused', () => {
    const torn = cardTap({ answers: { [RELAY]: 'timeout' } });
    expect(torn.result).toMatchObject(PRESENT_AGAIN);
    expect(errorOf(torn)).toBe('010000000021');
    const refused = cardTap({ answers: { [RELAY]: '6D00' } });
    expect(refused.result).toMatchObject(OTHER_CARD);
    expect(errorOf(refused)).toBe('0003006D001C');
  });

  test.each([
    ['nine bytes', toHex(answer(0x80, hex('010203040506070809')))],
    ['eleven', toHex(answer(0x80, hex('0102030405060708090A0B')))],
    ['another template', toHex(answer(0x77, hex('9F36020001')))],
    ['nothing', '9000'],
  ])('[C-8 S21 parsing] answered with %s: another card', (_, response) => {
    const odd = cardTap({ answers: { [RELAY]: response } });
    expect(odd.result).toMatchObject(OTHER_CARD);
    expect(errorOf(odd)).toBe('00040000001C');
  });

  test('[C-8 MAC relay] whoever answers for the card is found out by its MAC', () => {
    const other = hex(`${DEVICE_ENTROPY}000000400018`);
    other[0] = 0xff;
    const answered = cardTap({
      tampers: (response, at) => (at === 1 ? answer(0x80, other) : response),
    });
    expect(answered.result).toMatchObject(OTHER_CARD);
    expect(errorOf(answered)).toBe('00130000001C');
  });
});
