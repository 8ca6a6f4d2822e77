import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import type { CardFault } from '#kernels/shared/step.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { type Keys, newKeys, offlineCard, trusting } from './offline-card.ts';
import { onlineCard, type Tap, tap } from './support.ts';

const SEED = 7;

let keys: Keys;
/** What an offline-capable card answered in a good tap, in order. */
let exchanges: readonly Uint8Array[];
let how: Tap;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
  how = { authentication: trusting(keys) };
  // With CDCVM, so that the qualifiers have their signed copy in 9F69 as well.
  exchanges = recorded(offlineCard(keys, { gpo: { '9F6C': '0080' }, related: '01CAFEBABE0080' }));
});

const recorded = (card: ScriptedCard): readonly Uint8Array[] => {
  const answers: Uint8Array[] = [];
  tap((command, index) => {
    const answer = card(command, index);
    if (typeof answer !== 'string') answers.push(answer);
    return answer;
  }, how);
  return answers;
};

/** The same tap with one answer changed; beyond what was recorded the card has no such record. */
const tapWith = (at: number, changed: Uint8Array | CardFault, answers = exchanges) =>
  tap((_, index) => (index === at ? changed : (answers[index] ?? NOT_FOUND)), how).result;

const NOT_FOUND = Uint8Array.of(0x6a, 0x83);

/** Where the bytes stand that the issuer or the card signed, or that lead to the keys. */
const signedBytes = (answer: Uint8Array, at: number): ReadonlySet<number> => {
  const last = answer.length - 2;
  // GPO: the AIP, which 9F4A asks to authenticate. All records: certificates, signed data, 9F69.
  if (at > 0) return new Set(Array.from({ length: last }, (_, i) => i));
  const aip = toHex(answer).indexOf('8202') / 2 + 2;
  return new Set([aip, aip + 1]);
};

describe('a tap that was good, with one answer changed', () => {
  it('[C-3 B-1] was good', () => {
    expect(exchanges).toHaveLength(5);
    expect(tapWith(-1, NOT_FOUND)).toMatchObject({
      outcome: 'approved',
      cvm: 'confirmationCodeVerified',
    });
  });

  it('[C-3 B-2] is never approved when any answer is cut short', () => {
    exchanges.forEach((answer, at) => {
      for (let length = 2; length < answer.length; length++) {
        expect(tapWith(at, answer.subarray(0, length)).outcome).not.toBe('approved');
        // Cut by the card itself, with a good status word behind.
        const cut = Uint8Array.of(...answer.subarray(0, length - 2), 0x90, 0x00);
        expect(tapWith(at, cut).outcome).not.toBe('approved');
      }
    });
  });

  it('[C-3 B-3] is never approved when a signed byte is turned, and never breaks', () => {
    exchanges.forEach((answer, at) => {
      const signed = signedBytes(answer, at);
      for (let i = 0; i < answer.length; i++) {
        for (const mask of [0x01, 0x80, 0xff]) {
          const turned = Uint8Array.from(answer);
          turned[i] = (turned[i] ?? 0) ^ mask;
          const { outcome } = tapWith(at, turned);
          if (signed.has(i) || i >= answer.length - 2) expect(outcome).not.toBe('approved');
        }
      }
    });
  });

  it('[C-3 B-4] is never approved with any other status word', () => {
    exchanges.forEach((answer, at) => {
      for (const high of [0x61, 0x62, 0x63, 0x65, 0x67, 0x69, 0x6a, 0x6c, 0x6f, 0x90, 0x00]) {
        for (const low of [0x01, 0x82, 0x83, 0x84, 0x85, 0x86, 0xff]) {
          const changed = Uint8Array.from(answer);
          changed.set([high, low], answer.length - 2);
          expect(tapWith(at, changed).outcome).not.toBe('approved');
          expect(tapWith(at, Uint8Array.of(high, low)).outcome).not.toBe('approved');
        }
      }
    });
  });

  it('[C-3 B-5] is tried again when the card goes away at any command', () => {
    exchanges.forEach((_, at) => {
      for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
        expect(tapWith(at, fault)).toMatchObject({ outcome: 'tryAgain', start: 'B' });
      }
    });
  });

  it('[C-3 B-6] is never approved when records change places', () => {
    for (let a = 1; a < exchanges.length; a++) {
      for (let b = a + 1; b < exchanges.length; b++) {
        const swapped = [...exchanges];
        [swapped[a], swapped[b]] = [swapped[b] ?? NOT_FOUND, swapped[a] ?? NOT_FOUND];
        // Certificates may stand in any record; what is signed as static data may not.
        const { outcome } = tapWith(-1, NOT_FOUND, swapped);
        if (a === 1) expect(outcome).not.toBe('approved');
      }
    }
  });
});

describe('a card that answers anything', () => {
  const bytes = fc.uint8Array({ minLength: 2, maxLength: 258 });
  const template = fc
    .tuple(fc.constantFrom(0x77, 0x70, 0x80, 0x6f), fc.uint8Array({ maxLength: 120 }))
    .map(([tag, value]) => Uint8Array.of(tag, value.length, ...value, 0x90, 0x00));
  const anything = fc.array(fc.oneof(bytes, template), { minLength: 1, maxLength: 8 });

  it('[C-3 B-7] gets an outcome, and no approval', () => {
    fc.assert(
      fc.property(anything, (answers) => {
        const { result } = tap((_, index) => answers[index % answers.length] ?? NOT_FOUND, how);
        expect(result.outcome).not.toBe('approved');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('[C-3 B-7] among good answers it gets no approval either, if it breaks what is signed', () => {
    const change = fc.record({
      at: fc.integer({ min: 1, max: 4 }),
      from: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(change, ({ at, from, bytes: patch }) => {
        const original = exchanges[at] ?? NOT_FOUND;
        const changed = Uint8Array.from(original);
        const start = from % (original.length - 2);
        changed.set(patch.subarray(0, original.length - 2 - start), start);
        fc.pre(toHex(changed) !== toHex(original));
        expect(tapWith(at, changed).outcome).not.toBe('approved');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('[C-3 B-9] ends where templates nest without end', () => {
    let nested: Uint8Array = Uint8Array.of(0x77, 0x00);
    while (nested.length < 60_000) {
      const layers = Array.from({ length: 500 }, () => nested.length);
      nested = layers.reduce<Uint8Array>((inside) => encodeTlv(0x77, inside), nested);
    }
    const result = tap(() => Uint8Array.of(...nested, 0x90, 0x00), how).result;
    expect(result.outcome).toBe('endApplication');
  });

  it('[C-3 B-8] an AFL of every record there is gets what the card has, and an end', () => {
    const everything = onlineCard({ '94': '0801FF00 1001FF00 1801FF00' });
    expect(tap(everything).result.outcome).toBe('endApplication');
  });
});
