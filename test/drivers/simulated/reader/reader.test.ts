import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getProcessingOptions, select } from '#apdu/command.ts';
import { hex, toHex } from '#bytes/hex.ts';
import {
  isCardFileProblem,
  memoryStore,
  openCard,
  openSimulatedReader,
  type SimulatedReader,
} from '#drivers/simulated/index.ts';
import type { Log } from '#ports/log.ts';
import { describeSilence } from '#test/ports/card-reader-silence.ts';
import {
  COMMAND,
  cardIs,
  describeCardReader,
  goodCard,
  kindOf,
  mutedCard,
  never,
  succeeded,
} from '#test/ports/card-reader-suite.ts';

const PPSE = select(new TextEncoder().encode('2PAY.SYS.DDF01'));
const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const open = (antennaCommand = true) =>
  openSimulatedReader({ monotonicMs: () => performance.now(), log: quiet, antennaCommand });

const bench = (antennaCommand: boolean) => ({
  open: async () => {
    const reader = open(antennaCommand);
    return { reader, insert: reader.place, remove: reader.remove, close: reader.close };
  },
});
describeCardReader('the simulated reader', bench(true));
describeSilence('the simulated reader', bench(true));
describeSilence('the simulated reader without a command for its antenna', bench(false));

describe('the simulated reader', () => {
  let reader: SimulatedReader;
  beforeEach(() => {
    reader = open();
  });
  afterEach(() => reader.close());

  const emulated = (name: string) => {
    const card = openCard(name, { store: memoryStore() });
    if (isCardFileProblem(card)) throw new Error(card.problem);
    return card;
  };
  const phone = () => emulated('mastercard-phone');
  const exchange = async (command: Uint8Array) =>
    toHex(succeeded(await reader.exchange(command, 500)).response);

  test('holds a phone until it has been read', async () => {
    const presented = reader.present(phone());
    succeeded(await reader.activate(never));
    expect(await exchange(select(hex('A0000000041010')))).toMatch(/9000$/);
    expect(await exchange(getProcessingOptions(new Uint8Array(11)))).toMatch(/^77.*9000$/);
    const { end, powered, commands } = await presented;
    expect([end, powered, commands.length]).toEqual(['read', true, 2]);
    await cardIs(reader, 'absent');
  });

  test('loses a phone that is torn away at its second command', async () => {
    const presented = reader.present(phone(), { tearAfter: 2 });
    succeeded(await reader.activate(never));
    expect(await exchange(select(hex('A0000000041010')))).toMatch(/9000$/);
    expect(kindOf(await reader.exchange(getProcessingOptions(new Uint8Array(11)), 500))).toBe(
      'cardLost',
    );
    expect((await presented).end).toBe('torn');
    await cardIs(reader, 'absent');
  });

  test('has given up on a card that has no directory: it leaves by itself', async () => {
    const presented = reader.present(emulated('visa-no-directory'), { patienceMs: 50 });
    succeeded(await reader.activate(never));
    expect(await exchange(PPSE)).toBe('6A82');
    expect((await presented).end).toBe('read');
    await cardIs(reader, 'absent');
  });

  test('measures that a relayed card is late, and an honest one is not', async () => {
    const measured = async (name: string) => {
      void reader.present(emulated(name), { holdMs: 2000 });
      succeeded(await reader.activate(never));
      await exchange(select(hex('A0000000041010')));
      await exchange(getProcessingOptions(new Uint8Array(11)));
      return succeeded(await reader.exchange(hex('80EA00000401020304'), 500)).microseconds;
    };
    expect(await measured('mastercard-relayed')).toBeGreaterThan(55_000);
    expect(await measured('mastercard-near')).toBeLessThan(55_000);
  });

  test('loses a late card that is taken away while it is waited for', async () => {
    reader.place(emulated('mastercard-relayed'));
    succeeded(await reader.activate(never));
    await exchange(select(hex('A0000000041010')));
    await exchange(getProcessingOptions(new Uint8Array(11)));
    const answer = reader.exchange(hex('80EA00000401020304'), 500);
    reader.remove();
    expect(kindOf(await answer)).toBe('cardLost');
  });

  test('makes a held phone leave when another card takes its place', async () => {
    const presented = reader.present(phone());
    reader.place(goodCard());
    expect((await presented).end).toBe('readerGone');
    succeeded(await reader.activate(never));
    expect(await exchange(COMMAND)).toBe('9000');
  });

  test('powers the phone down with the field, so that it forgets the transaction', async () => {
    void reader.present(phone(), { holdMs: 1000 });
    succeeded(await reader.activate(never));
    expect(await exchange(select(hex('A0000000041010')))).toMatch(/9000$/);
    await reader.fieldOff(10);
    succeeded(await reader.activate(never));
    expect(await exchange(getProcessingOptions(new Uint8Array(11)))).toBe('6985');
  });

  test('notices when a mute card is taken away before the deadline', async () => {
    reader.place(mutedCard);
    succeeded(await reader.activate(never));
    const answer = reader.exchange(COMMAND, 5000);
    reader.remove();
    expect(kindOf(await answer)).toBe('cardLost');
  });

  test('makes a held phone leave when it is closed', async () => {
    const presented = reader.present(phone());
    await reader.close();
    expect((await presented).end).toBe('readerGone');
  });

  test('ends every wait when it is closed', async () => {
    const waiting = reader.activate(never);
    await reader.close();
    expect(kindOf(await waiting)).toBe('readerLost');
    expect(kindOf(await reader.activate(never))).toBe('readerLost');
  });
});
