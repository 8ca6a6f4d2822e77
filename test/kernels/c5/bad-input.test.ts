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
import { signingCard, trusting } from './signing-card.ts';
import { plainCard, tap } from './support.ts';

const SEED = 7;

let good: GoodTap;
beforeAll(() => {
  const keys = newKeys(128, 112, 96);
  const how = { authentication: trusting(keys) };
  const run = (card: ScriptedCard) => tap(card, how).result;
  const card = signingCard(keys, { alsoSigned: { '9F50': '31' } });
  good = { exchanges: recorded(card, run), with: run };
});

/** Of GPO the AIP and the AFL's entry of the signed record; records and GENERATE AC whole. */
const signedBytes = (answer: Uint8Array, at: number): ReadonlySet<number> =>
  new Set(
    Array.from({ length: answer.length - 2 }, (_, i) => i).filter((i) => at > 0 || GPO.has(i)),
  );

describe('a tap that was good, with answers damaged', () => {
  it('[C-5 BAD-1] was good', () => {
    expect(good.exchanges).toHaveLength(5);
    expect(withOne(good, -1, 'timeout')).toMatchObject({
      outcome: 'approved',
      cvm: 'confirmationCodeVerified',
    });
  });

  it('[C-5 BAD-2] is never approved when any answer is cut short', () => {
    neverApprovedWhenCut(good);
  });

  it('[C-5 BAD-3] is never approved when a signed byte is turned, and never breaks', () => {
    neverApprovedWhenTurned(good, signedBytes);
    neverApprovedWhenPatched(good, 1, SEED);
  });

  it('[C-5 BAD-4] is never approved with any other status word', () => {
    neverApprovedWithAnotherStatus(good);
  });

  it('[C-5 BAD-5] is wanted again when the card goes away at any command', () => {
    good.exchanges.forEach((_, at) => {
      for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
        expect(withOne(good, at, fault)).toMatchObject({ outcome: 'endApplication', start: 'B' });
      }
    });
  });

  it('[C-5 BAD-6] is never approved for a card that answers anything', () => {
    neverApprovedForAnything(good, SEED);
  });

  it('[C-5 BAD-7] goes on with the next application for an AFL of every record there is', () => {
    const everything = plainCard();
    const result = good.with((command, index) =>
      command[1] === 0xa8
        ? Uint8Array.of(0x77, 0x12, 0x82, 0x02, 0x19, 0x80, 0x94, 0x0c, ...AFL, 0x90, 0x00)
        : everything(command, index),
    );
    expect(result.outcome).toBe('selectNext');
  });
});

const GPO: ReadonlySet<number> = new Set([4, 5, 8, 9, 10, 11]);

const AFL = [0x08, 0x01, 0xff, 0x00, 0x10, 0x01, 0xff, 0x00, 0x18, 0x01, 0xff, 0x00];
