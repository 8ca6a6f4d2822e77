import fc from 'fast-check';
import { expect } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import type { CardFault } from '#kernels/shared/step.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';

/** A tap that was approved offline, to be run again with some of its answers damaged. */
export interface GoodTap {
  readonly exchanges: readonly Uint8Array[];
  /** The same reader with another card. */
  readonly with: (card: ScriptedCard) => Outcome;
}

/** What the card answered in a tap, in order. */
export const recorded = (
  card: ScriptedCard,
  run: (card: ScriptedCard) => Outcome,
): readonly Uint8Array[] => {
  const answers: Uint8Array[] = [];
  run((command, index) => {
    const answer = card(command, index);
    if (typeof answer !== 'string') answers.push(answer);
    return answer;
  });
  return answers;
};

const NOT_FOUND = Uint8Array.of(0x6a, 0x83);

/** The tap with one answer changed; beyond what was recorded the card has no such record. */
export const withOne = (tap: GoodTap, at: number, changed: Uint8Array | CardFault): Outcome =>
  tap.with((_, index) => (index === at ? changed : (tap.exchanges[index] ?? NOT_FOUND)));

/** Every answer cut at every place: by the way to the reader, and by the card itself. */
export const neverApprovedWhenCut = (tap: GoodTap): void => {
  tap.exchanges.forEach((answer, at) => {
    for (let length = 2; length < answer.length; length++) {
      expect(withOne(tap, at, answer.subarray(0, length)).outcome).not.toBe('approved');
      const cut = Uint8Array.of(...answer.subarray(0, length - 2), 0x90, 0x00);
      expect(withOne(tap, at, cut).outcome).not.toBe('approved');
    }
  });
};

/**
 * Every byte of every answer turned.
 * @param signed where in answer `at` the bytes stand that somebody signed
 */
export const neverApprovedWhenTurned = (
  tap: GoodTap,
  signed: (answer: Uint8Array, at: number) => ReadonlySet<number>,
): void => {
  tap.exchanges.forEach((answer, at) => {
    const places = signed(answer, at);
    for (let i = 0; i < answer.length; i++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const turned = Uint8Array.from(answer);
        turned[i] = (turned[i] ?? 0) ^ mask;
        const { outcome } = withOne(tap, at, turned);
        if (places.has(i) || i >= answer.length - 2) {
          expect(`${outcome} with byte ${i} of answer ${at} turned`).not.toMatch(/^approved/);
        }
      }
    }
  });
};

export const neverApprovedWithAnotherStatus = (tap: GoodTap): void => {
  tap.exchanges.forEach((answer, at) => {
    for (const high of [0x61, 0x62, 0x63, 0x65, 0x67, 0x69, 0x6a, 0x6c, 0x6f, 0x90, 0x00]) {
      for (const low of [0x01, 0x82, 0x83, 0x84, 0x85, 0x86, 0xff]) {
        const changed = Uint8Array.from(answer);
        changed.set([high, low], answer.length - 2);
        expect(withOne(tap, at, changed).outcome).not.toBe('approved');
        expect(withOne(tap, at, Uint8Array.of(high, low)).outcome).not.toBe('approved');
      }
    }
  });
};

/** Whatever a card answers, there is an outcome, and it is no approval. */
export const neverApprovedForAnything = (tap: GoodTap, seed: number): void => {
  const bytes = fc.uint8Array({ minLength: 2, maxLength: 258 });
  const template = fc
    .tuple(fc.constantFrom(0x77, 0x70, 0x80, 0x6f), fc.uint8Array({ maxLength: 120 }))
    .map(([tag, value]) => Uint8Array.of(tag, value.length, ...value, 0x90, 0x00));
  const anything = fc.array(fc.oneof(bytes, template), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(anything, (answers) => {
      const result = tap.with((_, index) => answers[index % answers.length] ?? NOT_FOUND);
      expect(result.outcome).not.toBe('approved');
    }),
    { seed, numRuns: 500 },
  );
};

/** A patch of bytes anywhere in the answers from `first` on, all of which are signed. */
export const neverApprovedWhenPatched = (tap: GoodTap, first: number, seed: number): void => {
  const change = fc.record({
    at: fc.integer({ min: first, max: tap.exchanges.length - 1 }),
    from: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
  });
  fc.assert(
    fc.property(change, ({ at, from, bytes }) => {
      const original = tap.exchanges[at] ?? NOT_FOUND;
      const changed = Uint8Array.from(original);
      const start = from % (original.length - 2);
      changed.set(bytes.subarray(0, original.length - 2 - start), start);
      fc.pre(toHex(changed) !== toHex(original));
      expect(withOne(tap, at, changed).outcome).not.toBe('approved');
    }),
    { seed, numRuns: 500 },
  );
};
