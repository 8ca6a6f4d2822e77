import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import { channelCard } from './channel-card.ts';
import { type How, type Tap, tap } from './support.ts';

/** Everything that the kernel can do with a card: envelopes to read and to write too. */
const FULL: How = {
  terminal: { '9F8203': '9F8111', BF8104: '9F81120101', '9F820B': '8400000040' },
};

const honest = (): readonly Uint8Array[] => {
  const card = channelCard({ envelopes: { '9F8111': 'AA' } });
  const answers: Uint8Array[] = [];
  const whole = tap((command, index) => {
    const response = card(command, index);
    if (typeof response !== 'string') answers.push(response);
    return response;
  }, FULL);
  if (whole.result.outcome !== 'approved') throw new Error(`not approved: ${whole.why}`);
  return answers;
};

const ANSWERS = honest();
const [GPO, , , RECORD, CERTIFICATES, CRYPTOGRAM] = [0, 1, 2, 3, 4, 5];

/** A card that answers as recorded, but for one answer. */
const recorded =
  (at: number, changed: Uint8Array | 'timeout' | 'transmission' | 'protocol'): ScriptedCard =>
  (_, index) =>
    index === at ? changed : (ANSWERS[index] ?? 'timeout');

const played = (card: ScriptedCard): Tap => tap(card, { ...FULL, play: { atMost: 60 } });

const flipped = (bytes: Uint8Array, at: number, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
};

const place = fc
  .integer({ min: 0, max: ANSWERS.length - 1 })
  .chain((at) =>
    fc.tuple(
      fc.constant(at),
      fc.integer({ min: 0, max: (ANSWERS[at]?.length ?? 1) - 1 }),
      fc.nat({ max: 7 }),
    ),
  );

/** What decides, and so must not be changed: all but the envelopes, which no approval rests on. */
const decides = (at: number): boolean => at !== 2 && at <= CRYPTOGRAM;

describe('a card whose answers were changed on the way', () => {
  test('[C-8 bad input] is not approved after one flipped bit, and nothing throws', () => {
    fc.assert(
      fc.property(place, ([at, byte, bit]) => {
        const { result } = played(recorded(at, flipped(ANSWERS[at] ?? hex(''), byte, bit)));
        if (decides(at)) expect(result.outcome).not.toBe('approved');
      }),
      { numRuns: 400 },
    );
  });

  test('[C-8 bad input] nor cut short, with status word 9000 or without', () => {
    fc.assert(
      fc.property(place, fc.boolean(), ([at, byte], ok) => {
        const cut = (ANSWERS[at] ?? hex('')).subarray(0, byte);
        const { result } = played(
          recorded(at, ok ? concat(cut, hex('9000')) : concat(cut, cut, hex('6F00'))),
        );
        const whole = byte >= (ANSWERS[at]?.length ?? 0) - 2 && ok;
        if (decides(at) && !whole) expect(result.outcome).not.toBe('approved');
      }),
      { numRuns: 300 },
    );
  });

  test('[C-8 bad input] nor torn away or silent before its cryptogram', () => {
    for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
      for (let at = 0; at <= CRYPTOGRAM; at++) {
        const { outcome, start } = played(recorded(at, fault)).result;
        expect([outcome, start]).toEqual([at === GPO ? 'tryAgain' : 'endApplication', 'B']);
      }
    }
  });

  test('[C-8 bad input] nor with the answers of another place', () => {
    for (let at = 0; at <= CRYPTOGRAM; at++) {
      for (const [other, answer] of ANSWERS.entries()) {
        if (at === other || !decides(at)) continue;
        expect(played(recorded(at, answer)).result.outcome).not.toBe('approved');
      }
    }
  });

  test('[C-8 bad input] nor with any bytes at all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: ANSWERS.length - 1 }),
        fc.uint8Array({ minLength: 2, maxLength: 258 }),
        (at, bytes) => {
          const { result } = played(recorded(at, bytes));
          if (decides(at)) expect(result.outcome).not.toBe('approved');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a recording of an earlier tap', () => {
  test('[C-8 replay] is of no use against another key of the terminal', () => {
    const again = tap((_, index) => ANSWERS[index] ?? 'timeout', {
      ...FULL,
      withoutKey: true,
      play: { random: hex('0102030405') },
    });
    expect(again.result.outcome).toBe('endApplication');
    expect(again.generate).toBeUndefined();
  });

  test('[C-8 replay] nor against another random number', () => {
    const again = tap((_, index) => ANSWERS[index] ?? 'timeout', {
      ...FULL,
      play: { random: hex('0102030405') },
    });
    expect(again.result.outcome).toBe('endApplication');
    expect(again.discretionary['9F8204']).toBe('00130000001C');
  });

  test('[C-8 replay] nor for another amount', () => {
    const again = tap((_, index) => ANSWERS[index] ?? 'timeout', {
      terminal: { ...FULL.terminal, '9F02': '000000001251' },
    });
    expect(again.discretionary['9F8204']).toBe('00130000001C');
  });

  test('the places are what the tests take them for', () => {
    expect(ANSWERS).toHaveLength(7);
    expect(ANSWERS[GPO]?.[0]).toBe(0x77);
    expect(ANSWERS[RECORD]?.[0]).toBe(0xda);
    expect(ANSWERS[CERTIFICATES]?.[0]).toBe(0x70);
    expect(ANSWERS[CRYPTOGRAM]?.[0]).toBe(0x77);
  });
});
