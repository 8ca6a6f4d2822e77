import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { newKeys } from '#test/kernels/c3/offline-card.ts';
import {
  type GoodTap,
  neverApprovedForAnything,
  neverApprovedWhenCut,
  neverApprovedWhenPatched,
  neverApprovedWhenTurned,
  neverApprovedWithAnotherStatus,
  recorded,
  withOne,
} from '#test/kernels/damaged-answers.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import { offlineCard, onlineCard, tap, trusting } from './support.ts';

const SEED = 7;

let good: GoodTap;
beforeAll(() => {
  const keys = newKeys(128, 112, 96);
  const how = { authentication: trusting(keys) };
  const run = (card: ScriptedCard) => tap(card, how).result;
  // With CDCVM, so that the qualifiers have their signed copy in 9F69 as well.
  const card = offlineCard(keys, { gpo: { '9F6C': '0080' }, related: '01CAFEBABE008000' });
  good = { exchanges: recorded(card, run), with: run };
});

/** Of GPO the AIP and the counter; of the records everything. */
const signedBytes = (answer: Uint8Array, at: number): ReadonlySet<number> => {
  if (at > 0) return new Set(Array.from({ length: answer.length - 2 }, (_, i) => i));
  const after = (tagAndLength: string) => toHex(answer).indexOf(tagAndLength) / 2;
  const [aip, counter] = [after('8202') + 2, after('9F3602') + 3];
  return new Set([aip, aip + 1, counter, counter + 1]);
};

describe('a tap that was good, with answers damaged', () => {
  it('[C-7 BAD-1] was good', () => {
    expect(good.exchanges).toHaveLength(5);
    expect(withOne(good, -1, 'timeout')).toMatchObject({
      outcome: 'approved',
      cvm: 'confirmationCodeVerified',
    });
  });

  it('[C-7 BAD-2] is never approved when any answer is cut short', () => {
    neverApprovedWhenCut(good);
  });

  it('[C-7 BAD-3] is never approved when a signed byte is turned, and never breaks', () => {
    neverApprovedWhenTurned(good, signedBytes);
    neverApprovedWhenPatched(good, 1, SEED);
  });

  it('[C-7 BAD-3] never counts as verified by the device when the qualifiers are turned', () => {
    const answer = good.exchanges[0] ?? new Uint8Array(0);
    const ctq = toHex(answer).indexOf('9F6C02') / 2 + 3;
    for (const [at, mask] of [
      [0, 0x80],
      [0, 0x08],
      [1, 0x80],
      [1, 0x01],
    ] as const) {
      const turned = Uint8Array.from(answer);
      turned[ctq + at] = (turned[ctq + at] ?? 0) ^ mask;
      expect(withOne(good, 0, turned).cvm).not.toBe('confirmationCodeVerified');
    }
  });

  it('[C-7 BAD-4] is never approved with any other status word', () => {
    neverApprovedWithAnotherStatus(good);
  });

  it('[C-7 BAD-5] is tried again when the card goes away at any command', () => {
    good.exchanges.forEach((_, at) => {
      for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
        expect(withOne(good, at, fault)).toMatchObject({ outcome: 'tryAgain', start: 'B' });
      }
    });
  });

  it('[C-7 BAD-6] is never approved for a card that answers anything', () => {
    neverApprovedForAnything(good, SEED);
  });

  it('[C-7 BAD-7] ends when the AFL lists every record there is', () => {
    const everything = onlineCard({ '94': '0801FF00 1001FF00 1801FF00' });
    expect(good.with(everything).outcome).toBe('endApplication');
  });
});
