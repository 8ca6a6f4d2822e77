import { beforeAll, describe, expect, it } from 'vitest';
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
import { signingCard } from './signing-card.ts';
import { onlineCard, tap, trusting } from './support.ts';

const SEED = 7;

let good: GoodTap;
beforeAll(() => {
  const keys = newKeys(128, 112, 96);
  const how = { authentication: trusting(keys), ttq: '20404000' };
  const run = (card: ScriptedCard) => tap(card, how).result;
  const card = signingCard(keys, { gpo: { '9F71': '1000', '9F10': '01051002000000000000' } });
  good = { exchanges: recorded(card, run), with: run };
});

// The card signs its whole answer to GPO; template 77 itself and its length are counted with it.
// Every record is signed or holds a certificate.
const signedBytes = (answer: Uint8Array): ReadonlySet<number> =>
  new Set(Array.from({ length: answer.length - 2 }, (_, i) => i));

describe('a tap that was good, with answers damaged', () => {
  it('[C-6 BAD-1] was good', () => {
    expect(good.exchanges).toHaveLength(5);
    expect(withOne(good, -1, 'timeout')).toMatchObject({
      outcome: 'approved',
      cvm: 'confirmationCodeVerified',
    });
  });

  it('[C-6 BAD-2] is never approved when any answer is cut short', () => {
    neverApprovedWhenCut(good);
  });

  it('[C-6 BAD-3] is never approved when any byte is turned or patched, and never breaks', () => {
    neverApprovedWhenTurned(good, signedBytes);
    neverApprovedWhenPatched(good, 0, SEED);
  });

  it('[C-6 BAD-4] is never approved with any other status word', () => {
    neverApprovedWithAnotherStatus(good);
  });

  it('[C-6 BAD-5] ends when the card goes away at any command', () => {
    good.exchanges.forEach((_, at) => {
      for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
        expect(withOne(good, at, fault)).toMatchObject({ outcome: 'endApplication' });
      }
    });
  });

  it('[C-6 BAD-6] is never approved for a card that answers anything', () => {
    neverApprovedForAnything(good, SEED);
  });

  it('[C-6 BAD-7] ends when the AFL lists every record there is', () => {
    const everything = onlineCard({ '94': '0801FF00 1001FF00 1801FF00' });
    expect(good.with(everything).outcome).toBe('endApplication');
  });
});
