import { beforeAll, describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import {
  type GoodTap,
  neverApprovedForAnything,
  neverApprovedWhenCut,
  neverApprovedWhenPatched,
  neverApprovedWhenTurned,
  neverApprovedWithAnotherStatus,
  withOne,
} from '#test/kernels/damaged-answers.ts';
import type { ScriptedCard } from '#test/support/scripted-card.ts';
import { answer, newKeys, OVER, RECORD, signing, tap, trusting } from './support.ts';

const SEED = 4;

// A phone that has verified its owner, at a reader that takes a TC where nothing speaks against it.
let good: GoodTap;
beforeAll(() => {
  const keys = newKeys(144, 128, 112);
  const how = {
    authentication: trusting(keys),
    preprocessing: OVER,
    // Whatever is not as it should be is to be declined.
    terminal: { DF8120: 'FFFFFFFFFF', DF8121: '0000000000', DF8122: '0000000000' },
  };
  const run = (card: ScriptedCard) => tap(card, how).result;
  const card = signing(keys, {
    aip: '19C0',
    gpo: { '9F71': '010302' },
    signed: { '8E': '00000000000000000100' },
  });
  const exchanges: Uint8Array[] = [];
  run((command, index) => {
    const response = card(command, index);
    if (typeof response !== 'string') exchanges.push(response);
    return response;
  });
  good = { exchanges, with: run };
});

/** Of GPO the AIP (its value at byte 4); the records and GENERATE AC's answer whole. */
const signedBytes = (response: Uint8Array, at: number): ReadonlySet<number> =>
  at === 0 ? new Set([4, 5]) : new Set(Array.from({ length: response.length - 2 }, (_, i) => i));

describe('a tap that was good, with answers damaged', () => {
  it('[C-4 BAD-1] was good', () => {
    expect(good.exchanges).toHaveLength(5);
    expect(withOne(good, -1, 'timeout')).toMatchObject({
      outcome: 'approved',
      cvm: 'confirmationCodeVerified',
    });
  });

  it('[C-4 BAD-2] is never approved when any answer is cut short', () => {
    neverApprovedWhenCut(good);
  });

  it('[C-4 BAD-3] is never approved when a signed byte is turned, and never breaks', () => {
    neverApprovedWhenTurned(good, signedBytes);
    neverApprovedWhenPatched(good, 1, SEED);
  });

  it('[C-4 BAD-4] is never approved with any other status word', () => {
    neverApprovedWithAnotherStatus(good);
  });

  it('[C-4 BAD-5] is tried again when the card goes away at any command', () => {
    good.exchanges.forEach((_, at) => {
      for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
        expect(withOne(good, at, fault)).toMatchObject({ outcome: 'tryAgain', start: 'B' });
      }
    });
  });

  it('[C-4 BAD-6] is never approved for a card that answers anything', () => {
    neverApprovedForAnything(good, SEED);
  });

  it('[C-4 BAD-7] ends when the AFL lists every record there is', () => {
    const result = good.with((command) => {
      if (command[1] === 0xa8) return answer(0x77, { '82': '1880', '94': '0801FF00 1001FF00' });
      return command[1] === 0xb2 ? answer(0x70, RECORD) : hex('6D00');
    });
    expect(result.outcome).toBe('endApplication');
  });
});
