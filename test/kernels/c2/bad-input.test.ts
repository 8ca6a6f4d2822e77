import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import type { CardFault } from '#kernels/shared/step.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import { newKeys, signingCard, trusting } from './signing-card.ts';
import { fciOf, type How, type Objects, plainCard, type Tap, tap } from './support.ts';

const keys = newKeys(144, 128, 112);
const authentication = trusting(keys);

/** As a scheme sets them: what isn't authenticated goes online, or is declined offline. */
const CODES: Objects = { DF8120: 'F45084800C', DF8121: '0000000000', DF8122: 'F45084800C' };

interface Case {
  readonly card: ScriptedCard;
  readonly how: How;
  readonly outcome: string;
}

const FCI = fciOf({ '9F38': '9F02069F37049A03' }, { '9F5D': '000000', '9F6E': '0840000030300000' });

/** A card whose answers are worked out once for each story that a terminal tells it. */
const remembered = (card: ScriptedCard): ScriptedCard => {
  const known = new Map<string, Uint8Array | CardFault>();
  let story = '';
  return (command, index) => {
    story = (index === 0 ? '' : story) + toHex(command);
    const before = known.get(story);
    // The card must see every command, for it remembers; only its signature is dear.
    if (before !== undefined && command[1] === 0xae) return before;
    const response = card(command, index);
    known.set(story, response);
    return response;
  };
};

const CASES: Readonly<Record<string, Case>> = {
  'a card that goes online without CDA': {
    card: plainCard(),
    how: { fci: FCI },
    outcome: 'onlineRequest',
  },
  'a card that is approved offline with CDA': {
    card: remembered(signingCard(keys)),
    how: { authentication, fci: FCI, terminal: CODES },
    outcome: 'approved',
  },
  'a card with relay resistance that goes online with CDA': {
    card: remembered(signingCard(keys, { aip: '1981' })),
    how: {
      authentication,
      fci: FCI,
      terminal: { ...CODES, '9F35': '21' },
      play: { microseconds: () => 5000 },
    },
    outcome: 'onlineRequest',
  },
};

/** A tap in which one answer is another. */
const altered = (
  { card, how }: Case,
  at: number,
  alter: (response: Uint8Array) => Uint8Array | CardFault,
): Tap =>
  tap(
    (command, index) => {
      const response = card(command, index);
      return index === at && typeof response !== 'string' ? alter(response) : response;
    },
    { ...how, play: { atMost: 800, ...how.play } },
  );

/** The lengths of a card's honest answers. */
const answersOf = ({ card, how }: Case): readonly Uint8Array[] => {
  const answers: Uint8Array[] = [];
  tap((command, index) => {
    const response = card(command, index);
    if (typeof response !== 'string') answers.push(response);
    return response;
  }, how);
  return answers;
};

// What CDA proves: the card's static data, and its cryptogram with what goes with it.
const PROVEN = ['57', '5A', '5F24', '5F34', '82', '9F07', '9F10', '9F26', '9F27', '9F36'];

/** Nothing is approved, or sent online as proven, that rests on other data than the card's own. */
const expectSafe = (played: Tap, honest: Tap, what: string): void => {
  const { outcome, report } = played.result;
  if (outcome !== 'approved' && outcome !== 'onlineRequest') return;
  const proven = report?.oda === 'CDA succeeded';
  if (proven) {
    for (const tag of PROVEN) {
      expect([what, tag, played.record[tag]]).toEqual([what, tag, honest.record[tag]]);
    }
    return;
  }
  // Not performed, or failed: the TVR tells the issuer, and nobody approves offline.
  expect([what, outcome]).toEqual([what, 'onlineRequest']);
  expect([what, Number.parseInt(played.tvr.slice(0, 2), 16) & 0x84]).not.toEqual([what, 0]);
};

describe.each(Object.entries(CASES))('%s', (_, one) => {
  const honest = tap(one.card, one.how);
  const answers = answersOf(one);

  it('[C-2 bad input] is honest to begin with', () => {
    expect(honest.result.outcome).toBe(one.outcome);
    expect(answers.length).toBeGreaterThan(2);
  });

  it('[C-2 bad input] is never believed with an answer cut short', () => {
    answers.forEach((answer, at) => {
      for (let length = 0; length < answer.length; length++) {
        const cut = altered(one, at, (response) => response.subarray(0, length));
        expectSafe(cut, honest, `answer ${at} cut to ${length}`);
        const whole = altered(one, at, (response) =>
          concat(response.subarray(0, Math.min(length, response.length - 2)), hex('9000')),
        );
        if (length < answer.length - 2) expectSafe(whole, honest, `answer ${at}, ${length} data`);
      }
    });
  });

  it('[C-2 bad input] is never believed with a byte turned over', () => {
    answers.forEach((answer, at) => {
      for (let i = 0; i < answer.length; i++) {
        for (const mask of [0xff, 0x01, 0x80, 0x20]) {
          const turned = altered(one, at, (response) => {
            const copy = Uint8Array.from(response);
            copy[i] = (copy[i] ?? 0) ^ mask;
            return copy;
          });
          expectSafe(turned, honest, `answer ${at}, byte ${i} ^ ${mask}`);
        }
      }
    });
  });

  it('[C-2 bad input] ends with another status word, or a tear, at any command', () => {
    answers.forEach((_answer, at) => {
      for (const sw of ['6283', '6300', '6700', '6984', '6985', '6986', '6A82', '6A83', '6D00']) {
        const played = altered(one, at, (response) => concat(response.subarray(0, -2), hex(sw)));
        expect(['selectNext', 'endApplication']).toContain(played.result.outcome);
        expect(played.commands).toHaveLength(at + 1);
      }
      for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
        const played = altered(one, at, () => fault);
        expect(played.result.outcome).toBe(at === 0 ? 'tryAgain' : 'endApplication');
        expect(played.result.start).toBe('B');
        expect(played.commands).toHaveLength(at + 1);
      }
    });
  });

  it('[C-2 bad input] is never believed whatever is done to its answers', () => {
    const change = fc.record({
      answer: fc.nat(answers.length - 1),
      at: fc.nat(250),
      drop: fc.nat(6),
      put: fc.uint8Array({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const played = tap(
          (command, index) => {
            let response = one.card(command, index);
            for (const { answer, at, drop, put } of changes) {
              if (answer !== index || typeof response === 'string') continue;
              const from = Math.min(at, response.length);
              response = concat(response.subarray(0, from), put, response.subarray(from + drop));
            }
            return response;
          },
          { ...one.how, play: { atMost: 800, ...one.how.play } },
        );
        expectSafe(played, honest, 'changed');
      }),
      { numRuns: 400, seed: 7 },
    );
  });
});

describe('an FCI', () => {
  it('[C-2 bad input] that is broken never makes the kernel throw', () => {
    const one = CASES['a card that is approved offline with CDA'];
    if (one === undefined) throw new Error('no such case');
    const honest = tap(one.card, one.how);
    for (let i = 0; i < FCI.length; i++) {
      expectSafe(tap(one.card, { ...one.how, fci: FCI.subarray(0, i) }), honest, `cut to ${i}`);
      for (const mask of [0xff, 0x01, 0x20]) {
        const fci = FCI.map((byte, at) => (at === i ? byte ^ mask : byte));
        expectSafe(tap(one.card, { ...one.how, fci }), honest, `byte ${i} ^ ${mask}`);
      }
    }
  });
});
